package alimock;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The emulator under test, the accounts it starts with, and worlds beside the one they are in. */
final class Emulator {
    /** An AccessKey; a temporary one comes with a token. */
    record Key(String id, String secret, String token) {
        Key(String id, String secret) {
            this(id, secret, null);
        }

        Key withWrongSecret() {
            return new Key(id, "0" + secret, token);
        }

        Key withoutToken() {
            return new Key(id, secret);
        }
    }

    /** An account and its root key. */
    record Account(String uid, Key key) {}

    /** A world of one test with one account. A call finds it by the key that signs. Its clock stands still. */
    record World(String name, Account account) {
        static final String START = "2026-01-01T00:00:00Z";

        static World make() {
            String name = "java-" + NAMES.incrementAndGet();
            JsonObject made = control("POST", "worlds?name=" + name, Map.of("clock", Map.of("resource", START),
                "accounts", List.of(Map.of("name", "shop", "keys", List.of(Map.of())))));
            JsonElement account = made.getAsJsonArray("accounts").get(0);
            JsonElement key = account.getAsJsonObject().getAsJsonArray("keys").get(0);
            Key root = new Key(text(key, "accessKeyId"), text(key, "accessKeySecret"));
            return new World(name, new Account(text(account, "uid"), root));
        }

        /** Calls the control API about this world. */
        JsonObject post(String path, Map<String, ?> body) {
            return control("POST", "worlds/" + name + "/" + path, body);
        }

        /** Moves the clock that dates things and ends sessions. */
        void advance(String by) {
            post("clock/advance", Map.of("by", by));
        }

        void drop() {
            control("DELETE", "worlds/" + name, null);
        }
    }

    private static final String ENDPOINT = System.getenv("ALIMOCK_ENDPOINT");
    /** How clients get there: see {@code run}. */
    static final String WAY = System.getenv().getOrDefault("ALIMOCK_WAY", "plain");
    /** Whether they are told an endpoint. By the other ways real hosts lead there. */
    static final boolean IS_TOLD = WAY.equals("plain") || WAY.equals("tls");
    /** Host and port without a scheme: the form the SDKs take. */
    static final String ADDRESS = IS_TOLD ? ENDPOINT.replace("http://", "") : null;
    /** With which scheme. */
    static final String SCHEME = !IS_TOLD ? null : WAY.equals("tls") ? "HTTPS" : "HTTP";
    static final Account OPERATOR = account("operator");
    static final Account DEMO = account("demo");
    static final Key UNKNOWN_KEY = new Key("LTAI5tNobodyHasThisKey00", "secret");

    private static final AtomicInteger NAMES = new AtomicInteger();

    private Emulator() {}

    /** A login name no test has used. */
    static String freshName() {
        return "java-" + NAMES.incrementAndGet() + "@alimock.example";
    }

    /** A policy of one statement about everything. */
    static String policy(String effect, String action) {
        return document(Map.of("Effect", effect, "Action", action, "Resource", "*"));
    }

    /** A trust policy, such as one of a {@code RAM} principal. */
    static String trust(String kind, String principal) {
        return document(
            Map.of("Effect", "Allow", "Action", "sts:AssumeRole", "Principal", Map.of(kind, List.of(principal))));
    }

    /** A policy document of one statement. */
    static String document(Map<String, ?> statement) {
        return new Gson().toJson(Map.of("Version", "1", "Statement", List.of(statement)));
    }

    static String text(JsonElement object, String member) {
        return object.getAsJsonObject().get(member).getAsString();
    }

    private static Account account(String name) {
        for (JsonElement account : control("GET", "worlds/default", null).getAsJsonArray("accounts")) {
            for (JsonElement key : account.getAsJsonObject().getAsJsonArray("keys")) {
                if (text(account, "name").equals(name) && !key.getAsJsonObject().has("user")) {
                    Key root = new Key(text(key, "accessKeyId"), text(key, "accessKeySecret"));
                    return new Account(text(account, "uid"), root);
                }
            }
        }
        throw new AssertionError("the emulator starts without an account " + name);
    }

    private static JsonObject control(String method, String path, Map<String, ?> body) {
        String json = body == null ? "" : new Gson().toJson(body);
        HttpRequest request = HttpRequest.newBuilder(URI.create(ENDPOINT + "/_alimock/" + path))
            .method(method, HttpRequest.BodyPublishers.ofString(json)).build();
        try {
            var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new AssertionError(method + " " + path + ": " + answer.body());
            }
            return answer.body().isEmpty() ? null : JsonParser.parseString(answer.body()).getAsJsonObject();
        } catch (IOException error) {
            throw new AssertionError("no emulator at " + ENDPOINT, error);
        } catch (InterruptedException error) {
            throw new AssertionError(error);
        }
    }
}
