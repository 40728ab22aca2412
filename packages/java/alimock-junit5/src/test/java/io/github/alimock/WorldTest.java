package io.github.alimock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.alimock.junit5.Alimock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Alimock
class WorldTest {
    private static List<String> statuses(AlimockWorld world, String key) {
        return world.call("GET", "/accounts/demo/access-keys").get("accessKeys").list().stream()
            .filter(one -> one.get("accessKeyId").text().equals(key)).map(one -> one.get("status").text()).toList();
    }

    @Test
    void keys_are_changed_by_owner_and_by_id(AlimockWorld world) {
        String key = world.caller("demo/dev").id();

        world.key().disable("demo/dev");
        assertEquals(List.of("Inactive"), statuses(world, key));
        world.key().enable(key);
        assertEquals(List.of("Active"), statuses(world, key));
        world.key().leak(key);
        assertTrue(world.export().contains("leaked: true"));
        world.key().delete(key);
        assertEquals(List.of(), statuses(world, key));
    }

    @Test
    void clocks_are_read_moved_and_set(AlimockWorld world) {
        world.clock().set(Map.of("resource", "2026-01-01T00:00:00Z"));
        world.run("setState", Map.of("account", "demo", "status", "ARREARS"));

        List<Json> due = world.clock().advance("25h");

        assertEquals("2026-01-02T01:00:00Z", world.clock().read().get("resource").get("now").text());
        assertEquals(List.of("2026-01-02T00:00:00Z"), due.stream().map(one -> one.get("at").text()).toList());
    }

    @Test
    void rules_are_added_listed_and_removed(AlimockWorld world) throws Exception {
        long rule = world.faults().add(Map.of("action", "ListUsers"),
            Map.of("error", Map.of("code", "Throttling.User")), Map.of("name", "slow down", "when", Map.of("nth", 1)));

        assertEquals(400, Client.refusedCall(world.endpoint()));
        assertEquals(400, Client.refusedCall(world.endpoint()));

        assertEquals(List.of("Throttling.User", "MissingAccessKeyId"), world.calls().stream().map(Call::code).toList());
        assertEquals(List.of("rule", "authenticate"), world.calls().stream().map(Call::step).toList());
        assertEquals(List.of("slow down"), world.faults().list().stream().map(one -> one.get("name").text()).toList());
        world.faults().remove(rule);
        assertEquals(List.of(), world.faults().list());
    }

    @Test
    void calls_have_reasons_and_are_explained(AlimockWorld world) throws Exception {
        Client.refusedCall(world.endpoint());

        Call call = world.refusedCalls().get(0);

        String reason = "400 Ram.ListUsers - MissingAccessKeyId: AccessKeyId is mandatory for this action. (";
        assertEquals(reason + call.requestId() + ")", call.toString());
        assertTrue(call.isRefused());
        assertEquals(call.requestId(), world.why().get("request").get("requestId").text());
        assertEquals(world.why(), world.why(call.requestId()));
        assertFalse(world.why().get("advice").list().isEmpty());
    }

    @Test
    void a_call_without_a_response_is_listed(AlimockWorld world) {
        world.faults().add(Map.of("action", "ListUsers"), Map.of("before", "reset"));

        assertThrows(IOException.class, () -> Client.refusedCall(world.endpoint()));

        assertEquals("Ram.ListUsers", world.calls().get(0).name());
    }

    @Test
    void more_calls_than_a_page_has_are_listed(AlimockWorld world) throws Exception {
        for (int call = 0; call < 1001; call++) {
            Client.refusedCall(world.endpoint());
        }

        assertEquals(1001, world.calls().size());
    }

    @Test
    void expectations_are_checked(AlimockWorld world) {
        Map<String, ?> never = Map.of("name", "nobody calls", "calls", Map.of("action", "*"), "times", 0);
        Map<String, ?> once = Map.of("name", "one call", "calls", Map.of("action", "*"), "times", 1);

        assertEquals(List.of("one call (0 found)"), world.verify(List.of(never, once)));
        assertEquals(List.of(), world.verify());
    }

    @Test
    void a_child_process_gets_credentials_and_endpoint_and_no_others(AlimockWorld world) {
        Map<String, String> environment = new HashMap<>(Map.of("PATH", "/bin", "ALIBABA_CLOUD_SECURITY_TOKEN", "real",
            "ALIBABA_CLOUD_ACCESS_KEY_ID", "real"));

        world.changeEnvironment(environment);

        assertEquals("/bin", environment.get("PATH"));
        assertFalse(environment.containsKey("ALIBABA_CLOUD_SECURITY_TOKEN"));
        assertEquals(world.caller("demo").id(), environment.get("ALIBABA_CLOUD_ACCESS_KEY_ID"));
        assertEquals(world.caller("demo"), world.caller());
        assertEquals(world.host(), environment.get("ALIBABA_CLOUD_ENDPOINT"));
        assertEquals("http://" + world.host(), world.endpoint());
    }

    @Test
    void a_rejected_call_gives_code_message_and_hint(AlimockServer server, AlimockWorld world) {
        AlimockException unknown = assertThrows(AlimockException.class, () -> server.call("GET", "/worlds/nobody"));
        assertEquals("world_not_found", unknown.code());
        assertEquals("GET /worlds/nobody: world_not_found: there is no world `nobody`; "
            + "GET /_alimock/worlds lists them, POST /_alimock/worlds makes one", unknown.getMessage());

        AlimockException key = assertThrows(AlimockException.class, () -> world.key().disable("nobody"));
        assertTrue(!key.code().isEmpty() && key.getMessage().contains("nobody"), key.getMessage());
        assertEquals("`demo/none` has no key in the scenario; these have one: operator, demo, demo/dev",
            assertThrows(AlimockException.class, () -> world.caller("demo/none")).getMessage());
    }

    @Test
    void worlds_start_with_a_scenario_of_any_form(AlimockServer server, @TempDir Path folder) throws Exception {
        String yaml = "accounts: [{name: shop, users: [{name: ci, keys: [{}]}]}]";
        Path file = Files.writeString(folder.resolve("mine.yaml"), yaml);
        Map<String, ?> fields = Map.of("accounts", List.of(Map.of("name", "shop")));

        for (Scenario scenario : List.of(Scenario.text(yaml), Scenario.file(file), Scenario.of(fields))) {
            try (AlimockWorld world = server.world(scenario)) {
                assertEquals(List.of("shop"), world.accounts().stream().map(one -> one.get("name").text()).toList());
            }
        }
        try (AlimockWorld world = server.world(Scenario.text(yaml), "a world", "shop/ci");
            AlimockWorld fork = server.fork(world)) {
            assertTrue(world.name().startsWith("a-world"), world.name());
            assertEquals(world.caller("shop/ci").id(), world.env().get("ALIBABA_CLOUD_ACCESS_KEY_ID"));
            assertEquals(world.accounts().get(0).get("uid"), fork.accounts().get(0).get("uid"));
            assertNotEquals(world.endpoint(), fork.endpoint());
        }
        assertThrows(AlimockException.class, () -> Scenario.file(folder.resolve("none.yaml")));
    }

    @Test
    void a_server_started_with_a_file_has_its_accounts(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("mine.yaml"), "accounts: [{name: shop}]");

        try (AlimockServer server = AlimockServer.start(file); AlimockWorld world = server.world()) {
            assertEquals("shop", world.accounts().get(0).get("name").text());
        }
    }

    @Test
    void an_endpoint_without_an_emulator_is_named() {
        AlimockServer nobody = AlimockServer.at("http://127.0.0.1:1/", null);

        String message = assertThrows(AlimockException.class, nobody::world).getMessage();

        assertTrue(message.startsWith("POST http://127.0.0.1:1/_alimock/worlds?"), message);
        assertTrue(message.contains(": no emulator answers: "), message);
    }

    @Test
    void worlds_of_one_port_are_chosen_by_key(AlimockServer server) {
        AlimockServer container = AlimockServer.atOnePort(server.endpoint().replace("127.0.0.1", "localhost"), null);

        try (AlimockWorld world = container.world("key-answer-lost")) {
            assertEquals(container.endpoint(), world.endpoint());
            assertEquals(world.host(), world.env().get("RAM_ENDPOINT"));
            assertThrows(AlimockException.class, () -> container.fork(world));
        }
    }
}
