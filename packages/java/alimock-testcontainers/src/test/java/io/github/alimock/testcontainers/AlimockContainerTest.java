package io.github.alimock.testcontainers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.alimock.AlimockException;
import io.github.alimock.AlimockServer;
import io.github.alimock.AlimockWorld;
import io.github.alimock.Call;
import io.github.alimock.Key;
import io.github.alimock.Scenario;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AlimockContainerTest {
    private static final AlimockContainer CONTAINER = new AlimockContainer().withScenario("key-answer-lost");

    @BeforeAll
    static void start() {
        CONTAINER.start();
    }

    @AfterAll
    static void stop() {
        CONTAINER.stop();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Lists users with a signature of version 1. Returns the status. */
    private static int listUsers(String endpoint, Key key) throws Exception {
        Map<String, String> parameters = new TreeMap<>(Map.of("Action", "ListUsers", "Version", "2015-05-01",
            "Format", "JSON", "AccessKeyId", key.id(), "SignatureMethod", "HMAC-SHA1", "SignatureVersion", "1.0",
            "SignatureNonce", UUID.randomUUID().toString(),
            "Timestamp", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()));
        String query = parameters.entrySet().stream().map(one -> one.getKey() + "=" + encode(one.getValue()))
            .collect(Collectors.joining("&"));
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec((key.secret() + "&").getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        byte[] signature = mac.doFinal(("GET&%2F&" + encode(query)).getBytes(StandardCharsets.UTF_8));
        String signed = query + "&Signature=" + encode(Base64.getEncoder().encodeToString(signature));
        HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint + "/?" + signed)).build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
    }

    private static List<String> calls(AlimockWorld world) {
        return world.calls().stream().map(Call::name).toList();
    }

    @Test
    void worlds_share_the_port_and_no_call() throws Exception {
        AlimockServer server = CONTAINER.server();
        try (AlimockWorld one = server.world("arrears");
            AlimockWorld other = server.world(Scenario.named("arrears"), "other", "demo/ci")) {
            assertEquals(CONTAINER.endpoint(), one.endpoint());
            assertEquals(one.host(), one.env().get("ALIBABA_CLOUD_ENDPOINT"));
            assertEquals(other.caller("demo/ci"), other.caller());
            assertNotEquals(one.caller("demo/ci"), other.caller());

            assertEquals(200, listUsers(one.endpoint(), one.caller()));
            assertEquals(200, listUsers(other.endpoint(), other.caller()));
            other.key().disable("demo/ci");
            assertEquals(400, listUsers(other.endpoint(), other.caller()));
            assertEquals(200, listUsers(one.endpoint(), one.caller("demo/ci")));

            assertEquals(List.of("Ram.ListUsers", "Ram.ListUsers"), calls(one));
            assertEquals(List.of(), one.refusedCalls());
            assertEquals(List.of("InvalidAccessKeyId.Inactive"),
                other.refusedCalls().stream().map(Call::code).toList());
        }
    }

    @Test
    void the_control_api_needs_the_token() {
        AlimockServer stranger = AlimockServer.atOnePort(CONTAINER.endpoint(), null);
        AlimockServer forgetful = AlimockServer.atOnePort(CONTAINER.endpoint(), "wrong-token");

        assertEquals("token_required", assertThrows(AlimockException.class, stranger::world).code());
        assertEquals("wrong_token", assertThrows(AlimockException.class, forgetful::world).code());
        assertTrue(CONTAINER.controlToken().length() >= 32);
    }

    @Test
    void the_server_starts_with_the_scenario() {
        List<String> accounts = CONTAINER.server().call("GET", "/worlds/default").get("accounts").list().stream()
            .map(one -> one.get("name").text()).toList();

        assertEquals(List.of("demo"), accounts);
    }

    @Test
    void a_fork_is_refused() {
        AlimockServer server = CONTAINER.server();
        try (AlimockWorld world = server.world("arrears")) {
            assertThrows(AlimockException.class, () -> server.fork(world));
        }
    }
}
