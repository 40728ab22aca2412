package io.github.alimock;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program {@code alimock}: found, started, stopped. */
final class Program {
    private static final Pattern LISTENS = Pattern.compile("listens on (http://\\S+)");
    /** A busy machine may need this long. */
    private static final long PATIENCE_SECONDS = 30;
    private static final boolean IS_WINDOWS = File.separatorChar == '\\';

    /**
     * A shell that becomes the program. Before, it leaves a process that waits for the end of standard input, which
     * comes when the JVM ends in any way, and then stops the program. A line on standard input ends the wait without a
     * stop.
     */
    private static final String ENDS_WITH_THE_JVM = """
        exec 3<&0
        { read -r _ <&3 || kill "$$"; } >/dev/null 2>&1 &
        exec "$@" 3<&- </dev/null
        """;

    private final Process process;
    private final Thread hook = new Thread(this::stopNow, "alimock-stop");
    final String endpoint;

    private Program(Process process, String endpoint) {
        this.process = process;
        this.endpoint = endpoint;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Returns the path of the program: the one in {@code ALIMOCK_BIN}, or the one on the PATH. */
    static Path find(Map<String, String> environment) {
        String named = environment.getOrDefault("ALIMOCK_BIN", "");
        String wanted = named.isEmpty() ? "alimock" : named;
        List<Path> places = new ArrayList<>();
        if (wanted.contains("/") || wanted.contains(File.separator)) {
            places.add(Path.of(wanted));
        } else {
            Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty()).forEach(folder -> places.add(Path.of(folder, wanted)));
        }
        for (Path place : places) {
            for (Path file : List.of(place, place.resolveSibling(place.getFileName() + ".exe"))) {
                if (Files.isRegularFile(file) && Files.isExecutable(file)) {
                    return file.toAbsolutePath();
                }
            }
        }
        throw new AlimockException(named.isEmpty()
            ? "no program `alimock` on the PATH: install it, or set ALIMOCK_BIN to its path"
            : "ALIMOCK_BIN: no program `" + named + "`; set it to the path of alimock");
    }

    /** Starts the program and waits until it listens. */
    static Program start(Path program, List<String> options) {
        List<String> command = new ArrayList<>();
        if (!IS_WINDOWS) {
            command.addAll(List.of("/bin/sh", "-c", ENDS_WITH_THE_JVM, "alimock"));
        }
        command.addAll(List.of(program.toString(), "serve", "--listen", "127.0.0.1:0", "--color", "never"));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command);
        // Settings for a program that runs already are not for this one.
        builder.environment().keySet().removeIf(name -> name.startsWith("ALIMOCK_"));
        Path log = null;
        try {
            // A pipe would block the program while nobody reads, for example at a breakpoint.
            log = Files.createTempFile("alimock", ".log");
            builder.redirectOutput(Redirect.DISCARD).redirectError(log.toFile());
            return listening(builder.start(), log);
        } catch (IOException error) {
            throw new AlimockException("cannot start `" + program + "`: " + error.getMessage(), error);
        } finally {
            remove(log);
        }
    }

    private static Program listening(Process process, Path log) throws IOException {
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (System.nanoTime() < end) {
                boolean hasEnded = process.waitFor(5, TimeUnit.MILLISECONDS);
                Matcher listens = LISTENS.matcher(Files.readString(log));
                if (listens.find()) {
                    return new Program(process, listens.group(1));
                }
                if (hasEnded) {
                    release(process);
                    throw new AlimockException("alimock did not start: " + Files.readString(log).strip());
                }
            }
            process.destroyForcibly();
            throw new AlimockException(
                "alimock did not start in " + PATIENCE_SECONDS + " seconds: " + Files.readString(log).strip());
        } catch (InterruptedException error) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new AlimockException("interrupted while alimock started", error);
        }
    }

    private static void remove(Path log) {
        if (log != null && !log.toFile().delete()) {
            // Windows keeps a file that is in use.
            log.toFile().deleteOnExit();
        }
    }

    long pid() {
        return process.pid();
    }

    /** Stops the program and waits for its end. */
    void stop() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            return;
        }
        stopNow();
    }

    private void stopNow() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException error) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        release(process);
    }

    /** Ends the process that waits for the end of the JVM. */
    private static void release(Process process) {
        try (var input = process.getOutputStream()) {
            input.write('\n');
        } catch (IOException error) {
            // It has ended.
        }
    }
}
