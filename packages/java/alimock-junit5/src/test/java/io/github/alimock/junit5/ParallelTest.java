package io.github.alimock.junit5;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.alimock.AlimockServer;
import io.github.alimock.AlimockWorld;
import io.github.alimock.Client;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;

class ParallelTest {
    private static final int THREADS = 20;

    @Alimock
    static class Sixty {
        static final Set<String> SERVERS = ConcurrentHashMap.newKeySet();
        static final Set<String> WORLDS = ConcurrentHashMap.newKeySet();
        static final CountDownLatch ALL_THREADS = new CountDownLatch(THREADS);

        static IntStream numbers() {
            return IntStream.range(0, 60);
        }

        @ParameterizedTest
        @MethodSource("numbers")
        void one(int number, AlimockServer server, AlimockWorld world) throws Exception {
            // Twenty tests are here at the same time.
            ALL_THREADS.countDown();
            assertTrue(ALL_THREADS.await(30, TimeUnit.SECONDS));
            world.key().disable("demo/dev");
            for (int call = 0; call <= number; call++) {
                assertEquals(400, Client.refusedCall(world.endpoint()));
            }
            assertEquals(number + 1, world.calls().size());
            SERVERS.add(server.endpoint());
            WORLDS.add(world.name());
        }
    }

    @Test
    void twenty_threads_share_one_server_and_no_world() {
        EngineTestKit.engine("junit-jupiter").selectors(selectClass(Sixty.class))
            .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
            .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
            .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
            .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", String.valueOf(THREADS))
            .execute().testEvents().assertStatistics(statistics -> statistics.started(60).succeeded(60));

        assertEquals(1, Sixty.SERVERS.size());
        assertEquals(60, Sixty.WORLDS.size());
    }
}
