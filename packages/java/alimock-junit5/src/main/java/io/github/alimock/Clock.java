package io.github.alimock;

import java.util.List;
import java.util.Map;

/** The clocks of a world: the resource clock dates what is stored, the gateway clock checks signed times. */
public final class Clock {
    private final AlimockWorld world;

    Clock(AlimockWorld world) {
        this.world = world;
    }

    /**
     * Moves the resource clock.
     *
     * @param by a span such as {@code 30m} or {@code 2h}
     * @return what fell due, each with {@code at} and {@code what}
     * @throws AlimockException with code {@code invalid_body} or {@code invalid_by} if the span is wrong
     */
    public List<Json> advance(String by) {
        return world.call("POST", "/clock/advance", Map.of("by", by)).get("fellDue").list();
    }

    /**
     * Reads both clocks.
     *
     * @return {@code resource} and {@code gateway}, each with {@code now}
     * @throws AlimockException if the call is rejected
     */
    public Json read() {
        return world.call("GET", "/clock");
    }

    /**
     * Sets clocks.
     *
     * @param clocks {@code resource}, {@code gateway} or both: a time, a span, a number or {@code real}
     * @return both clocks
     * @throws AlimockException if the call is rejected
     */
    public Json set(Map<String, ?> clocks) {
        return world.call("PUT", "/clock", clocks);
    }
}
