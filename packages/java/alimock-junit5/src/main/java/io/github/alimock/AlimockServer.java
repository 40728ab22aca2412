package io.github.alimock;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A running emulator. Methods that call the control API throw {@link AlimockException} if the call is rejected. A
 * server may be used by several threads.
 *
 * <p>A program that {@link #start} started ends with the JVM. On Unix, this is true even if the JVM is killed: a shell
 * waits for the end of a pipe from the JVM. On Windows, a shutdown hook stops the program, which does not run when the
 * JVM is killed.
 */
public final class AlimockServer implements AutoCloseable {
    private final Control control;
    private final Program program;
    private final boolean hasOnePort;

    private AlimockServer(Control control, Program program, boolean hasOnePort) {
        this.control = control;
        this.program = program;
        this.hasOnePort = hasOnePort;
    }

    /**
     * Starts the program on a free port of 127.0.0.1.
     *
     * @param options options of {@code alimock serve}, such as {@code --scenario} and a file
     * @return the server
     * @throws AlimockException if the program is missing, or ends before it listens; the message says what it printed
     */
    public static AlimockServer start(String... options) {
        Program program = Program.start(Program.find(System.getenv()), Arrays.asList(options));
        return new AlimockServer(new Control(program.endpoint, null), program, false);
    }

    /**
     * Starts the program with a scenario file.
     *
     * @param scenario path of the file
     * @return the server
     * @throws AlimockException if the program is missing, or ends before it listens; the message says what it printed
     */
    public static AlimockServer start(Path scenario) {
        return start("--scenario", scenario.toString());
    }

    /**
     * Returns the emulator that runs at an address. {@link #stop()} does not stop it.
     *
     * @param endpoint its address, such as {@code http://127.0.0.1:4588}
     * @param token token of its control API; {@code null} for none
     * @return the server
     */
    public static AlimockServer at(String endpoint, String token) {
        return new AlimockServer(new Control(endpoint, token), null, false);
    }

    /**
     * Returns the emulator that runs at an address of which only one port can be reached, as in a container. Its worlds
     * share the port; the AccessKey that signs a call selects the world. A call without a signature reaches the world
     * {@code default}, or the world that its header {@code x-alimock-world} names.
     *
     * @param endpoint its address as tests reach it
     * @param token token of its control API; {@code null} for none
     * @return the server
     */
    public static AlimockServer atOnePort(String endpoint, String token) {
        return new AlimockServer(new Control(endpoint, token), null, true);
    }

    /**
     * Returns the emulator in {@code ALIMOCK_ENDPOINT}, with the token in {@code ALIMOCK_CONTROL_TOKEN}. Starts one if
     * no such variable is set.
     *
     * @return the server
     * @throws AlimockException if the program is missing or does not start
     */
    public static AlimockServer runningOrStarted() {
        String endpoint = System.getenv("ALIMOCK_ENDPOINT");
        return endpoint == null || endpoint.isEmpty() ? start() : at(endpoint, System.getenv("ALIMOCK_CONTROL_TOKEN"));
    }

    /**
     * Returns the address of the server.
     *
     * @return a URL such as {@code http://127.0.0.1:4588}
     */
    public String endpoint() {
        return control.endpoint;
    }

    /**
     * Makes a call of the control API.
     *
     * @param method HTTP method
     * @param path path below {@code /_alimock}; it may have parameters
     * @param body maps, lists and values; a {@link String} is sent as it is; {@code null} for none
     * @param query parameters; those with value {@code null} are omitted
     * @return the response; a text if it is no JSON
     */
    public Json call(String method, String path, Object body, Map<String, String> query) {
        return control.call(method, path, body, query);
    }

    /**
     * Makes a call of the control API without a body.
     *
     * @param method HTTP method
     * @param path path below {@code /_alimock}; it may have parameters
     * @return the response; a text if it is no JSON
     */
    public Json call(String method, String path) {
        return call(method, path, null, Map.of());
    }

    /**
     * Makes a world that starts as the server did.
     *
     * @return the world
     */
    public AlimockWorld world() {
        return world(Scenario.OF_THE_SERVER);
    }

    /**
     * Makes a world with a built-in scenario.
     *
     * @param scenario name of the scenario, such as {@code key-leaked}
     * @return the world
     */
    public AlimockWorld world(String scenario) {
        return world(Scenario.named(scenario));
    }

    /**
     * Makes a world with a scenario.
     *
     * @param scenario the scenario
     * @return the world
     */
    public AlimockWorld world(Scenario scenario) {
        return world(scenario, null, null);
    }

    /**
     * Makes a world with a port of its own, unless only one port of the server can be reached.
     *
     * @param scenario the scenario
     * @param name name of the world, from which its ids follow; any text; {@code null} for a generated one
     * @param as caller whose credentials clients get: an account, or {@code account/user}; {@code null} for the default
     * @return the world
     */
    public AlimockWorld world(Scenario scenario, String name, String as) {
        Map<String, String> query = query(name, as);
        query.put("scenario", scenario.name());
        return made(control.call("POST", "/worlds", scenario.body(), query));
    }

    /**
     * Makes a world that starts as another one is now.
     *
     * @param world the other world
     * @return the world
     */
    public AlimockWorld fork(AlimockWorld world) {
        return fork(world, null, null);
    }

    /**
     * Makes a world that starts as another one is now, with a port of its own.
     *
     * @param world the other world
     * @param name name of the world, from which its new ids follow; any text; {@code null} for a generated one
     * @param as caller whose credentials clients get: an account, or {@code account/user}; {@code null} for the default
     * @return the world
     * @throws AlimockException if only one port of the server can be reached: the keys of a fork select the other world
     */
    public AlimockWorld fork(AlimockWorld world, String name, String as) {
        if (hasOnePort) {
            throw new AlimockException(
                "a fork needs a port, and only one port of this server can be reached; use world(...)");
        }
        return made(world.call("POST", "/fork", null, query(name, as)));
    }

    private Map<String, String> query(String name, String as) {
        Map<String, String> query = new HashMap<>();
        query.put("name", name);
        query.put("slug", name == null ? null : "true");
        query.put("as", as);
        query.put("listen", hasOnePort ? null : port());
        return query;
    }

    private AlimockWorld made(Json answer) {
        return new AlimockWorld(control, answer, hasOnePort ? host() : null);
    }

    private String host() {
        return endpoint().substring(endpoint().indexOf("//") + 2);
    }

    /** Returns a free port of the address of the server. Worlds of a server with a name listen on loopback. */
    private String port() {
        String address = host().replaceFirst(":\\d+$", "");
        boolean isNumeric = address.matches("[\\[0-9].*");
        return (isNumeric ? address : "127.0.0.1") + ":0";
    }

    /** Stops the program, if this object started it. */
    public void stop() {
        if (program != null) {
            program.stop();
        }
    }

    /** Stops the program, if this object started it. */
    @Override
    public void close() {
        stop();
    }

    /** Returns the id of the started process. */
    long pid() {
        return program.pid();
    }
}
