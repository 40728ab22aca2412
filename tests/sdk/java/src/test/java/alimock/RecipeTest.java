package alimock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.aliyun.ram20150501.Client;
import com.aliyun.ram20150501.models.ListUsersRequest;
import com.aliyun.tea.TeaException;
import com.aliyun.teaopenapi.models.Config;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecipeTest {
    static final URI ENDPOINT = URI.create(System.getenv("ALIMOCK_ENDPOINT"));

    static String alimock(String method, String path) throws Exception {
        URI uri = ENDPOINT.resolve("/_alimock/" + path);
        HttpRequest request = HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private JsonObject world;

    /** A client in a new world for this test, which starts with a scenario. */
    Client inWorld(String scenario) throws Exception {
        world = JsonParser.parseString(alimock("POST", "worlds?scenario=" + scenario)).getAsJsonObject();
        JsonObject env = world.getAsJsonObject("env");
        return new Client(new Config().setAccessKeyId(env.get("ALIBABA_CLOUD_ACCESS_KEY_ID").getAsString())
            .setAccessKeySecret(env.get("ALIBABA_CLOUD_ACCESS_KEY_SECRET").getAsString())
            .setEndpoint(env.get("ALIBABA_CLOUD_ENDPOINT").getAsString()).setProtocol("HTTP"));
    }

    @AfterEach
    void drop() throws Exception {
        alimock("DELETE", "worlds/" + world.get("world").getAsString());
    }

    @Test
    void theFourthTryArrivesAfterTheMaintenance() throws Exception {
        Client ram = inWorld("region-maintained");

        for (int attempt = 1; attempt <= 3; attempt++) {
            TeaException refused = assertThrows(TeaException.class, () -> ram.listUsers(new ListUsersRequest()));
            assertEquals("ServiceUnavailable.RegionMaintaining", refused.getCode());
        }

        assertEquals(1, ram.listUsers(new ListUsersRequest()).body.users.user.size());
    }
}
