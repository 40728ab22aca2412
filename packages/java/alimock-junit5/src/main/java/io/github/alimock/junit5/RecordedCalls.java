package io.github.alimock.junit5;

/** The calls of the world of a test that failed. It is suppressed in the failure, so that reports show it. */
final class RecordedCalls extends RuntimeException {
    private static final long serialVersionUID = 1;

    RecordedCalls(String calls) {
        // Without a stack trace, which would say nothing.
        super(calls, null, false, false);
    }
}
