package io.github.alimock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {
    /** A program with tests in a JVM that a test starts. */
    static final class Child {
        public static void main(String[] how) throws Exception {
            if (how[0].equals("running")) {
                System.out.println(AlimockServer.runningOrStarted().world().name());
                return;
            }
            AlimockServer server = AlimockServer.start();
            // A proxy of the environment would get this call.
            server.world();
            System.out.println(server.pid());
            if (how[0].equals("exit")) {
                System.exit(0);
            }
            Thread.sleep(60_000);
        }
    }

    private static List<ProcessHandle> processes(long pid) {
        List<ProcessHandle> processes = new ArrayList<>(ProcessHandle.of(pid).orElseThrow().children().toList());
        assertEquals(1, processes.size(), "the process that waits for the end of the JVM");
        processes.add(ProcessHandle.of(pid).orElseThrow());
        return processes;
    }

    private static void assertEnds(List<ProcessHandle> processes) throws Exception {
        for (ProcessHandle process : processes) {
            process.onExit().get(10, TimeUnit.SECONDS);
        }
    }

    private static Process child(String how, Map<String, String> environment) throws Exception {
        ProcessBuilder java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dhttp.proxyHost=127.0.0.1", "-Dhttp.proxyPort=1", "-Dhttp.nonProxyHosts=",
            "-cp", System.getProperty("java.class.path"), Child.class.getName(), how);
        java.environment().put("HTTP_PROXY", "http://127.0.0.1:1");
        java.environment().putAll(environment);
        return java.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    @Test
    void a_stopped_server_leaves_no_process() throws Exception {
        AlimockServer server = AlimockServer.start();
        List<ProcessHandle> processes = processes(server.pid());

        server.stop();

        assertFalse(processes.get(1).isAlive());
        assertEnds(processes);
        server.stop();
    }

    @Test
    void the_program_ends_when_the_jvm_is_killed() throws Exception {
        Process java = child("sleep", Map.of());
        long pid = Long.parseLong(new BufferedReader(java.inputReader()).readLine());
        List<ProcessHandle> processes = processes(pid);

        java.destroyForcibly();

        assertEnds(processes);
    }

    @Test
    void the_program_ends_when_the_jvm_exits_without_a_stop() throws Exception {
        Process java = child("exit", Map.of());
        long pid = Long.parseLong(new BufferedReader(java.inputReader()).readLine());

        assertEquals(0, java.waitFor());

        assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
    }

    @Test
    void a_running_emulator_is_used_instead_of_a_program() throws Exception {
        try (AlimockServer server = AlimockServer.start("--control-token", "not-for-everybody")) {
            Process java = child("running", Map.of("ALIMOCK_ENDPOINT", server.endpoint(),
                "ALIMOCK_CONTROL_TOKEN", "not-for-everybody", "ALIMOCK_BIN", "/nowhere/alimock"));

            String world = new BufferedReader(java.inputReader()).readLine();

            AlimockServer same = AlimockServer.at(server.endpoint(), "not-for-everybody");
            assertEquals(world, same.call("GET", "/worlds/" + world).get("world").text());
            assertEquals("token_required", assertThrows(AlimockException.class, server::world).code());
        }
    }

    @Test
    void a_long_log_does_not_block_the_program() throws Exception {
        try (AlimockServer server = AlimockServer.start("--log", "debug")) {
            for (int call = 0; call < 1000; call++) {
                assertEquals(400, Client.refusedCall(server.endpoint()));
            }
        }
    }

    @Test
    void a_failed_start_says_what_the_program_printed() {
        String message = assertThrows(AlimockException.class, () -> AlimockServer.start(Path.of("no-such"))).getMessage();

        assertTrue(message.startsWith("alimock did not start: ") && message.contains("no-such"), message);
    }

    @Test
    void a_missing_program_is_an_error_that_says_what_to_do() {
        assertEquals("no program `alimock` on the PATH: install it, or set ALIMOCK_BIN to its path",
            assertThrows(AlimockException.class, () -> Program.find(Map.of("PATH", "/nowhere"))).getMessage());
        assertEquals("ALIMOCK_BIN: no program `/nowhere/alimock`; set it to the path of alimock",
            assertThrows(AlimockException.class, () -> Program.find(Map.of("ALIMOCK_BIN", "/nowhere/alimock")))
                .getMessage());
    }

    @Test
    void the_program_is_the_named_one_or_the_first_on_the_path(@TempDir Path folder) throws Exception {
        Path program = Files.createFile(folder.resolve("alimock"));
        assertTrue(program.toFile().setExecutable(true));
        Path other = Files.copy(program, folder.resolve("other"));
        String path = "/nowhere" + File.pathSeparator + folder;

        assertThrows(AlimockException.class, () -> Program.find(Map.of("PATH", "/nowhere", "ALIMOCK_BIN", "alimock")));
        assertEquals(program, Program.find(Map.of("PATH", path)));
        assertEquals(program, Program.find(Map.of("PATH", path, "ALIMOCK_BIN", "alimock")));
        assertTrue(other.toFile().setExecutable(true));
        assertEquals(other, Program.find(Map.of("PATH", path, "ALIMOCK_BIN", other.toString())));
    }
}
