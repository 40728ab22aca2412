package io.github.alimock.junit5;

import io.github.alimock.AlimockException;
import io.github.alimock.AlimockServer;
import io.github.alimock.AlimockWorld;
import io.github.alimock.Call;
import io.github.alimock.Scenario;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Gives each test a world, and checks it at the end. {@link Alimock} registers it; without the annotation, worlds start
 * as the server did.
 *
 * <p>All tests of a run share one emulator: the one in {@code ALIMOCK_ENDPOINT}, or one that is started at first use
 * and stopped at the end.
 */
public final class AlimockExtension
    implements BeforeEachCallback, AfterTestExecutionCallback, AfterEachCallback, ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(AlimockExtension.class);
    /** Calls that the report of a failure shows. */
    private static final int SHOWN = 20;

    /** Makes the extension. */
    public AlimockExtension() {}

    /** The world of one test. JUnit itself would close a world in its store once more. */
    private record Current(AlimockWorld world) {}

    /** A world that tests fork. */
    private record Seed(AlimockWorld world) implements AutoCloseable {
        @Override
        public void close() {
            try {
                world.delete();
            } catch (AlimockException error) {
                // The server ended before the tests did.
            }
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Optional<Alimock> wanted = annotation(context);
        Scenario scenario = wanted.map(one -> scenario(one, context)).orElse(Scenario.OF_THE_SERVER);
        String as = wanted.map(Alimock::as).filter(caller -> !caller.isEmpty()).orElse(null);
        AlimockServer server = server(context);
        // The record of a scenario is its key.
        Seed seed = root(context).getOrComputeIfAbsent(scenario, one -> new Seed(server.world(one)), Seed.class);
        context.getStore(NAMESPACE).put(Current.class, new Current(fork(server, seed.world(), name(context), as)));
    }

    /** Forks a world under the name of the test, which gives it the same ids in every run. */
    private static AlimockWorld fork(AlimockServer server, AlimockWorld seed, String name, String as) {
        try {
            return server.fork(seed, name, as);
        } catch (AlimockException error) {
            // Another run uses the same emulator, or the test runs twice at a time.
            if (!error.code().equals("world_exists")) {
                throw error;
            }
            return server.fork(seed, null, as);
        }
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        AlimockWorld world = world(context);
        if (world == null || context.getExecutionException().isPresent()) {
            return;
        }
        List<String> wrong = new ArrayList<>();
        Optional<Alimock> wanted = annotation(context);
        if (wanted.map(Alimock::expect).orElse(true)) {
            world.verify().forEach(one -> wrong.add("not as the scenario expects: " + one));
        }
        wanted.filter(Alimock::failOnRefusals)
            .ifPresent(one -> wrong.addAll(refusals(world, Arrays.asList(one.refusals()))));
        if (!wrong.isEmpty()) {
            throw new AssertionError("alimock: " + String.join("; ", wrong));
        }
    }

    private static List<String> refusals(AlimockWorld world, List<String> expected) {
        return world.refusedCalls().stream()
            .filter(call -> !call.step().equals("rule") && !expected.contains(call.code()))
            .map(call -> "unexpected refusal: " + call).toList();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        AlimockWorld world = world(context);
        if (world != null) {
            try {
                context.getExecutionException().ifPresent(failure -> report(context, world, failure));
            } finally {
                world.delete();
            }
        }
    }

    /** Adds the calls to the failure: build tools and IDEs show suppressed exceptions with the failure itself. */
    private static void report(ExtensionContext context, AlimockWorld world, Throwable failure) {
        RecordedCalls calls = new RecordedCalls(text(world));
        failure.addSuppressed(calls);
        if (!Arrays.asList(failure.getSuppressed()).contains(calls)) {
            context.publishReportEntry("alimock", calls.getMessage());
        }
    }

    private static String text(AlimockWorld world) {
        List<Call> calls = world.calls();
        StringBuilder text = new StringBuilder("calls in world ").append(world.name()).append(':');
        if (calls.size() > SHOWN) {
            text.append("\n  (").append(calls.size() - SHOWN).append(" earlier calls)");
        }
        calls.stream().skip(Math.max(0, calls.size() - SHOWN)).forEach(call -> text.append("\n  ").append(call));
        return text.append(calls.isEmpty() ? " no call arrived" : "").toString();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == AlimockWorld.class || type == AlimockServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (parameter.getParameter().getType() == AlimockServer.class) {
            return server(context);
        }
        AlimockWorld world = world(context);
        if (world == null) {
            throw new ParameterResolutionException("a world belongs to one test: make it a parameter of the test method "
                + "or of @BeforeEach, or take an AlimockServer here");
        }
        return world;
    }

    private static AlimockServer server(ExtensionContext context) {
        return root(context).getOrComputeIfAbsent(
            AlimockServer.class, key -> AlimockServer.runningOrStarted(), AlimockServer.class);
    }

    private static Store root(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE);
    }

    private static AlimockWorld world(ExtensionContext context) {
        Current current = context.getStore(NAMESPACE).get(Current.class, Current.class);
        return current == null ? null : current.world();
    }

    /**
     * Returns a name that begins with class and method for readers. The unique id distinguishes repetitions and
     * parameters.
     */
    private static String name(ExtensionContext context) {
        return context.getRequiredTestClass().getSimpleName() + "." + context.getRequiredTestMethod().getName() + " "
            + context.getUniqueId();
    }

    /** Returns the annotation of the method, or of the nearest class around it. */
    private static Optional<Alimock> annotation(ExtensionContext context) {
        for (Optional<ExtensionContext> one = Optional.of(context); one.isPresent(); one = one.get().getParent()) {
            Optional<Alimock> found = AnnotationSupport.findAnnotation(one.get().getElement(), Alimock.class);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Scenario scenario(Alimock wanted, ExtensionContext context) {
        String text = wanted.value();
        if (!wanted.file().isEmpty()) {
            if (!text.isEmpty()) {
                throw new ExtensionConfigurationException("@Alimock has both a scenario and a file; remove one");
            }
            return file(wanted.file(), context.getRequiredTestClass());
        }
        if (text.isEmpty()) {
            return Scenario.OF_THE_SERVER;
        }
        return text.contains(":") || text.contains("\n") ? Scenario.text(text) : Scenario.named(text);
    }

    private static Scenario file(String name, Class<?> test) {
        for (String resource : List.of(name, "/" + name)) {
            try (InputStream found = test.getResourceAsStream(resource)) {
                if (found != null) {
                    return Scenario.text(new String(found.readAllBytes(), StandardCharsets.UTF_8));
                }
            } catch (IOException error) {
                throw new UncheckedIOException(error);
            }
        }
        return Scenario.file(Path.of(name));
    }
}
