package io.github.alimock;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An isolated set of accounts with clocks, rules and a journal. Methods that call the control API throw
 * {@link AlimockException} if the call is rejected. A world may be used by several threads.
 */
public final class AlimockWorld implements AutoCloseable {
    private static final String PAGE = "1000";

    private final Control control;
    private final String name;
    private final String endpoint;
    private final Map<String, String> env;
    private final Pattern unset;
    private final List<Json> accounts;
    private final Clock clock = new Clock(this);
    private final Faults faults = new Faults(this);
    private final Keys keys = new Keys(this);

    /**
     * Reads the response of the call that made the world. {@code reached}: host and port to use instead of those in it,
     * or {@code null}.
     */
    AlimockWorld(Control control, Json made, String reached) {
        this.control = control;
        name = made.get("world").text();
        String told = made.get("endpoint").text();
        String toldHost = told.substring(told.indexOf("//") + 2);
        String host = reached == null ? toldHost : reached;
        endpoint = "http://" + host;
        Map<String, String> variables = new LinkedHashMap<>();
        made.get("env").fields()
            .forEach((variable, value) -> variables.put(variable, value.text().replace(toldHost, host)));
        env = Collections.unmodifiableMap(variables);
        unset = Pattern.compile(made.get("unset").text());
        accounts = made.get("accounts").list();
    }

    /**
     * Returns the name of the world in calls of the control API.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Returns the address of the world.
     *
     * @return a URL such as {@code http://127.0.0.1:45123}
     */
    public String endpoint() {
        return endpoint;
    }

    /**
     * Returns the endpoint without a scheme, as SDKs take it. The protocol is HTTP.
     *
     * @return host and port, such as {@code 127.0.0.1:45123}
     */
    public String host() {
        return endpoint.substring(endpoint.indexOf("//") + 2);
    }

    /**
     * Returns the variables for a client: credentials, endpoint, region.
     *
     * @return values by name
     */
    public Map<String, String> env() {
        return env;
    }

    /**
     * Returns the pattern of the names of variables that are credentials or choose them.
     *
     * @return the pattern
     */
    public Pattern unset() {
        return unset;
    }

    /**
     * Changes the environment of a child process: removes credentials, and sets {@link #env()}.
     *
     * @param environment what {@link ProcessBuilder#environment()} returns
     */
    public void changeEnvironment(Map<String, String> environment) {
        environment.keySet().removeIf(variable -> unset.matcher(variable).find());
        environment.putAll(env);
    }

    /**
     * Returns the accounts with their keys, as they were when the world was made.
     *
     * @return accounts as {@code GET /worlds/{w}} lists them
     */
    public List<Json> accounts() {
        return accounts;
    }

    /**
     * Returns the key that clients get by default: that of the caller in {@code as}, or of the caller that the scenario
     * names.
     *
     * @return the key
     * @throws AlimockException if no caller has a key
     */
    public Key caller() {
        String id = env.get("ALIBABA_CLOUD_ACCESS_KEY_ID");
        if (id == null) {
            throw new AlimockException("no caller of world `" + name + "` has a key in its scenario");
        }
        return new Key(id, env.get("ALIBABA_CLOUD_ACCESS_KEY_SECRET"));
    }

    /**
     * Returns the first key of an account or of a user.
     *
     * @param caller name or UID of an account, or {@code account/user}
     * @return the key
     * @throws AlimockException if the caller has no key in the scenario; the message lists the callers with a key
     */
    public Key caller(String caller) {
        String account = caller.replaceFirst("/.*", "");
        String user = caller.contains("/") ? caller.substring(caller.indexOf('/') + 1) : "";
        List<String> known = new ArrayList<>();
        for (Json one : accounts) {
            boolean isWanted = account.equals(one.get("name").text()) || account.equals(one.get("uid").text());
            for (Json key : one.get("keys").list()) {
                String owner = key.get("user").textOr("");
                if (isWanted && owner.equals(user) && !key.get("accessKeySecret").isNull()) {
                    return new Key(key.get("accessKeyId").text(), key.get("accessKeySecret").text());
                }
                known.add(one.get("name").text() + (owner.isEmpty() ? "" : "/" + owner));
            }
        }
        String names = known.stream().distinct().collect(Collectors.joining(", "));
        throw new AlimockException("`" + caller + "` has no key in the scenario; these have one: " + names);
    }

    /**
     * Makes a call of the control API without a body.
     *
     * @param method HTTP method
     * @param path path below the world, such as {@code /accounts}; it may have parameters
     * @return the response
     */
    public Json call(String method, String path) {
        return call(method, path, null);
    }

    /**
     * Makes a call of the control API.
     *
     * @param method HTTP method
     * @param path path below the world; it may have parameters
     * @param body maps, lists and values; a {@link String} is sent as it is; {@code null} for none
     * @return the response; a text if it is no JSON
     */
    public Json call(String method, String path, Object body) {
        return call(method, path, body, Map.of());
    }

    /**
     * Makes a call of the control API with parameters.
     *
     * @param method HTTP method
     * @param path path below the world
     * @param body maps, lists and values; a {@link String} is sent as it is; {@code null} for none
     * @param query parameters; those with value {@code null} are omitted
     * @return the response; a text if it is no JSON
     */
    public Json call(String method, String path, Object body, Map<String, String> query) {
        return control.call(method, "/worlds/" + Control.encode(name) + path, body, query);
    }

    /**
     * Runs a command of {@code docs/commands.md}, such as 
     * {@code run("setState", Map.of("account", "demo", "status", "ARREARS"))}. Other languages call
     * this method {@code do}, which is a word of Java.
     *
     * @param command name of the command
     * @param fields its fields
     * @return what was done
     */
    public Json run(String command, Map<String, ?> fields) {
        return call("POST", "/commands", Map.of(command, fields));
    }

    /**
     * Returns the recorded calls, oldest first.
     *
     * @return the calls
     */
    public List<Call> calls() {
        return calls("false");
    }

    /**
     * Returns the recorded calls that were rejected, oldest first.
     *
     * @return the calls
     */
    public List<Call> refusedCalls() {
        return calls("true");
    }

    private List<Call> calls(String refused) {
        List<Call> found = new ArrayList<>();
        for (String after = "0";;) {
            Json page = call("GET", "/requests", null, Map.of("limit", PAGE, "after", after, "refused", refused));
            List<Json> records = page.get("requests").list();
            if (records.isEmpty()) {
                return Collections.unmodifiableList(found);
            }
            records.forEach(record -> found.add(Call.of(record)));
            after = String.valueOf(page.get("next").number());
        }
    }

    /**
     * Explains the last rejected call.
     *
     * @return the explanation; {@code advice} says what to do
     */
    public Json why() {
        return call("GET", "/why");
    }

    /**
     * Explains a call.
     *
     * @param requestId id of the request
     * @return the explanation; {@code advice} says what to do
     */
    public Json why(String requestId) {
        return call("GET", "/why", null, Map.of("request", requestId));
    }

    /**
     * Checks the expectations of the scenario.
     *
     * @return what is not as expected, one text each; empty if everything is
     */
    public List<String> verify() {
        return verified(call("POST", "/verify"));
    }

    /**
     * Checks expectations.
     *
     * @param expect expectations as maps, as {@code docs/scenarios.md} describes them
     * @return what is not as expected, one text each; empty if everything is
     */
    public List<String> verify(List<? extends Map<String, ?>> expect) {
        return verified(call("POST", "/verify", Map.of("expect", expect)));
    }

    private static List<String> verified(Json said) {
        return said.get("results").list().stream().filter(one -> !one.get("passed").isTrue())
            .map(one -> one.get("name").textOr("") + " (" + one.get("found").textOr("") + ")").toList();
    }

    /**
     * Returns the world as a scenario file, with its ids and secrets.
     *
     * @return YAML
     */
    public String export() {
        return call("GET", "/export").text();
    }

    /** Deletes the world and frees its port. */
    public void delete() {
        call("DELETE", "");
    }

    /** Deletes the world. */
    @Override
    public void close() {
        delete();
    }

    /**
     * Returns the clocks.
     *
     * @return the clocks
     */
    public Clock clock() {
        return clock;
    }

    /**
     * Returns the fault rules.
     *
     * @return the rules
     */
    public Faults faults() {
        return faults;
    }

    /**
     * Returns the changes of AccessKeys.
     *
     * @return the changes
     */
    public Keys key() {
        return keys;
    }

    /** Returns name and address. */
    @Override
    public String toString() {
        return "world " + name + " at " + endpoint;
    }
}
