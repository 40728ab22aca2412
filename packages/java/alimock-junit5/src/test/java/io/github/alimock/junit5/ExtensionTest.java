package io.github.alimock.junit5;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.github.alimock.AlimockException;
import io.github.alimock.AlimockServer;
import io.github.alimock.AlimockWorld;
import io.github.alimock.Client;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs classes of tests as a user does, and reads what JUnit says about each test. */
class ExtensionTest {
    static EngineExecutionResults run(DiscoverySelector... selectors) {
        return EngineTestKit.engine("junit-jupiter").selectors(selectors).execute();
    }

    /** Runs a class. Returns the failures by name of the test. */
    private static Map<String, Throwable> failures(Class<?> tests, int passed) {
        EngineExecutionResults results = run(selectClass(tests));
        Map<String, Throwable> failures = new TreeMap<>();
        results.testEvents().failed().stream().forEach(event -> failures.put(
            event.getTestDescriptor().getDisplayName().replaceFirst("\\(.*", ""),
            event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow()));
        assertEquals(passed, results.testEvents().succeeded().count(), failures.toString());
        return failures;
    }

    @Alimock
    static class Worlds {
        static final List<AlimockWorld> SEEN = new ArrayList<>();
        AlimockWorld before;

        @BeforeAll
        static void once(AlimockServer server) {
            SEEN.clear();
            assertTrue(server.endpoint().startsWith("http://127.0.0.1:"));
        }

        @BeforeEach
        void before(AlimockWorld world) {
            before = world;
        }

        @RepeatedTest(3)
        void each_has_one(AlimockWorld world, AlimockServer server) throws Exception {
            assertSame(before, world);
            assertEquals(List.of(), world.calls());
            assertEquals(400, Client.refusedCall(world.endpoint()));
            // The seed, this world and `default`.
            assertEquals(3, server.call("GET", "/worlds").get("worlds").list().size());
            SEEN.add(world);
        }

        @Nested
        class Within {
            @Test
            void too(AlimockWorld world) {
                SEEN.add(world);
            }
        }
    }

    @Test
    void each_test_has_a_world_of_one_server() {
        assertEquals(Map.of(), failures(Worlds.class, 4));
        assertEquals(4, Worlds.SEEN.stream().map(AlimockWorld::name).distinct().count());
        List<String> first = Worlds.SEEN.stream().map(AlimockWorld::name).toList();
        assertTrue(first.get(0).startsWith("Worlds.each_has_one"), first.toString());

        AlimockException stopped = assertThrows(AlimockException.class, Worlds.SEEN.get(0)::calls);

        assertTrue(stopped.getMessage().contains("no emulator answers"), stopped.getMessage());
        assertEquals(Map.of(), failures(Worlds.class, 4));
        assertEquals(first, Worlds.SEEN.stream().map(AlimockWorld::name).toList());
    }

    @Alimock("key-leaked")
    static class Scenarios {
        @Test
        void expected() {}

        @Test
        @Alimock(value = "key-leaked", expect = false)
        void not_checked() {}

        @Test
        @Alimock(file = "shop.yaml", as = "shop/ci")
        void file(AlimockWorld world) {
            assertEquals(world.caller("shop/ci"), world.caller());
        }

        @Test
        @Alimock(file = "src/test/resources/io/github/alimock/junit5/shop.yaml")
        void path(AlimockWorld world) {
            assertEquals("shop", world.accounts().get(0).get("name").text());
        }

        @Test
        @Alimock("accounts: [{name: shop}]")
        void text(AlimockWorld world) {
            assertEquals("shop", world.accounts().get(0).get("name").text());
        }

        @Test
        @Alimock(file = "none.yaml")
        void absent() {}

        @Test
        @Alimock("no-such")
        void unknown() {}

        @Test
        @Alimock(value = "key-leaked", file = "shop.yaml")
        void both() {}
    }

    @Test
    void a_scenario_is_chosen_and_its_expectations_are_checked() {
        Map<String, Throwable> failures = failures(Scenarios.class, 4);

        assertEquals(List.of("absent", "both", "expected", "unknown"), List.copyOf(failures.keySet()));
        String expected = failures.get("expected").getMessage();
        assertTrue(expected.startsWith("alimock: not as the scenario expects: the leaked key is replaced"), expected);
        assertTrue(failures.get("expected") instanceof AssertionError);
        assertTrue(failures.get("absent").getMessage().contains("none.yaml"));
        assertEquals("unknown_scenario", ((AlimockException) failures.get("unknown")).code());
    }

    @Alimock("key-leaked")
    static class Reports {
        @Test
        void few(AlimockWorld world) throws Exception {
            Client.refusedCall(world.endpoint());
            fail("few");
        }

        @Test
        void many(AlimockWorld world) throws Exception {
            for (int call = 0; call < 22; call++) {
                Client.refusedCall(world.endpoint());
            }
            throw new IllegalStateException("many");
        }

        @Test
        void none() {
            fail("none");
        }

        @Test
        void aborted() {
            Assumptions.abort("not here");
        }
    }

    @Test
    void a_failure_shows_the_calls_with_reasons() {
        Map<String, Throwable> failures = failures(Reports.class, 0);

        assertEquals(List.of("few", "many", "none"), List.copyOf(failures.keySet()));
        // The test failed already, so nobody checks the expectations.
        failures.forEach((name, failure) -> assertEquals(name, failure.getMessage()));
        String few = suppressed(failures.get("few"));
        assertTrue(few.startsWith("calls in world Reports.few"), few);
        assertTrue(few.matches("(?s).*:\n  400 Ram.ListUsers - MissingAccessKeyId: AccessKeyId is mandatory .*"), few);
        String many = suppressed(failures.get("many"));
        assertTrue(many.contains(":\n  (2 earlier calls)\n  400 "), many);
        assertEquals(22, many.lines().count());
        assertTrue(suppressed(failures.get("none")).endsWith(": no call arrived"));
    }

    private static String suppressed(Throwable failure) {
        assertEquals(1, failure.getSuppressed().length, Arrays.toString(failure.getSuppressed()));
        return failure.getSuppressed()[0].getMessage();
    }

    static class Refusals {
        @Test
        @Alimock(failOnRefusals = true)
        void unexpected(AlimockWorld world) throws Exception {
            Client.refusedCall(world.endpoint());
        }

        @Test
        @Alimock(failOnRefusals = true, refusals = {"NoPermission", "MissingAccessKeyId"})
        void expected(AlimockWorld world) throws Exception {
            Client.refusedCall(world.endpoint());
        }

        @Test
        @Alimock(failOnRefusals = true)
        void by_a_rule(AlimockWorld world) throws Exception {
            world.faults().add(Map.of("action", "ListUsers"), Map.of("error", Map.of("code", "Throttling.User")));
            Client.refusedCall(world.endpoint());
        }

        @Test
        @Alimock
        void not_checked(AlimockWorld world) throws Exception {
            Client.refusedCall(world.endpoint());
        }
    }

    @Test
    void unexpected_refusals_are_failures_if_the_test_says_so() {
        Map<String, Throwable> failures = failures(Refusals.class, 3);

        String message = failures.remove("unexpected").getMessage();
        assertTrue(message.startsWith("alimock: unexpected refusal: 400 Ram.ListUsers - MissingAccessKey"), message);
        assertEquals(Map.of(), failures);
    }

    @Alimock
    static class Constructor {
        Constructor(AlimockWorld world) {
            fail(world.name());
        }

        @Test
        void never() {}
    }

    @Test
    void a_world_outside_of_a_test_is_an_error_that_says_what_to_do() {
        String message = failures(Constructor.class, 0).get("never").getMessage();

        assertTrue(message.contains("a world belongs to one test: make it a parameter"), message);
    }

    @Alimock
    static class Twice {
        @Test
        void a(AlimockServer server, AlimockWorld world) {
            // As if the same test ran in another process.
            server.fork(world, "Twice.b " + B, null);
        }

        @Test
        void b(AlimockWorld world) {
            assertTrue(!world.name().startsWith("Twice"), world.name());
        }
    }

    static final String B = "[engine:junit-jupiter]/[class:" + Twice.class.getName() + "]/[method:b("
        + AlimockWorld.class.getName() + ")]";

    @Test
    void a_name_that_is_taken_is_replaced() {
        EngineExecutionResults results = run(
            selectMethod(Twice.class, "a", AlimockServer.class, AlimockWorld.class),
            selectMethod(Twice.class, "b", AlimockWorld.class));

        results.testEvents().assertStatistics(statistics -> statistics.succeeded(2));
    }
}
