package io.github.alimock;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The fault rules of a world. */
public final class Faults {
    private final AlimockWorld world;

    Faults(AlimockWorld world) {
        this.world = world;
    }

    /**
     * Adds a rule.
     *
     * @param match which calls, such as {@code Map.of("action", "ListUsers")}
     * @param effect value of {@code do}, such as {@code Map.of("error", Map.of("code", "Throttling.User"))}
     * @return id of the rule
     * @throws AlimockException with code {@code invalid_fault} if the rule is wrong
     */
    public long add(Map<String, ?> match, Map<String, ?> effect) {
        return add(match, effect, Map.of());
    }

    /**
     * Adds a rule with more fields.
     *
     * @param match which calls
     * @param effect value of {@code do}
     * @param more other fields of {@code docs/scenarios.md}, such as {@code when} and {@code name}
     * @return id of the rule
     * @throws AlimockException with code {@code invalid_fault} if the rule is wrong
     */
    public long add(Map<String, ?> match, Map<String, ?> effect, Map<String, ?> more) {
        Map<String, Object> rule = new HashMap<>(more);
        rule.put("match", match);
        rule.put("do", effect);
        return world.call("POST", "/faults", rule).get("id").number();
    }

    /**
     * Lists the rules with their counters.
     *
     * @return the rules
     * @throws AlimockException if the call is rejected
     */
    public List<Json> list() {
        return world.call("GET", "/faults").get("faults").list();
    }

    /**
     * Deletes a rule.
     *
     * @param rule id of the rule
     * @throws AlimockException if the world has no such rule
     */
    public void remove(long rule) {
        world.call("DELETE", "/faults/" + rule);
    }
}
