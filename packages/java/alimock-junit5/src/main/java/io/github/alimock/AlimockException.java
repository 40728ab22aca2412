package io.github.alimock;

/** Signals that alimock did not start, or that it rejected a call of the control API. */
public final class AlimockException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Error code of the rejected call; empty for other causes. */
    private final String code;

    AlimockException(String message) {
        this(message, "", null);
    }

    AlimockException(String message, Throwable cause) {
        this(message, "", cause);
    }

    AlimockException(String message, String code, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /**
     * Returns the error code of a rejected call of the control API.
     *
     * @return a code such as {@code world_exists}; empty if no call was rejected
     */
    public String code() {
        return code;
    }
}
