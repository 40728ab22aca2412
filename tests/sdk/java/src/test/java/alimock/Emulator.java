package alimock;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** The emulator under test and the accounts it starts with. */
final class Emulator {
    /** An AccessKey. */
    record Key(String id, String secret) {
        Key withWrongSecret() {
            return new Key(id, "0" + secret);
        }
    }

    /** An account and its root key. */
    record Account(String uid, Key key) {}

    private static final String ENDPOINT = System.getenv("ALIMOCK_ENDPOINT");
    /** Host and port without a scheme: the form the SDKs take. */
    static final String ADDRESS = ENDPOINT.replace("http://", "");
    static final Account OPERATOR = account("operator");
    static final Account DEMO = account("demo");
    static final Key UNKNOWN_KEY = new Key("LTAI5tNobodyHasThisKey00", "secret");

    private static final AtomicInteger NAMES = new AtomicInteger();

    private Emulator() {}

    /** A login name no test has used. */
    static String freshName() {
        return "java-" + NAMES.incrementAndGet() + "@alimock.example";
    }

    static String text(JsonElement object, String member) {
        return object.getAsJsonObject().get(member).getAsString();
    }

    private static Account account(String name) {
        for (JsonElement account : world().getAsJsonArray("accounts")) {
            for (JsonElement key : account.getAsJsonObject().getAsJsonArray("keys")) {
                if (text(account, "name").equals(name) && !key.getAsJsonObject().has("user")) {
                    Key root = new Key(text(key, "accessKeyId"), text(key, "accessKeySecret"));
                    return new Account(text(account, "uid"), root);
                }
            }
        }
        throw new AssertionError("the emulator starts without an account " + name);
    }

    private static JsonObject world() {
        try (var body = URI.create(ENDPOINT + "/_alimock/worlds/default").toURL().openStream()) {
            return JsonParser.parseString(new String(body.readAllBytes(), StandardCharsets.UTF_8)).getAsJsonObject();
        } catch (IOException error) {
            throw new AssertionError("no emulator at " + ENDPOINT, error);
        }
    }
}
