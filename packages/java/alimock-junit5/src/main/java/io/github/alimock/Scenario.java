package io.github.alimock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The scenario of a world: accounts, failures and expectations, as {@code docs/scenarios.md} describes them.
 *
 * @param name name of a built-in scenario, or {@code null}
 * @param body YAML or JSON of a scenario, or {@code null}
 */
public record Scenario(String name, String body) {
    /** The scenario that the server started with. */
    public static final Scenario OF_THE_SERVER = new Scenario(null, null);

    /**
     * Returns a built-in scenario.
     *
     * @param name its name, such as {@code key-leaked}
     * @return the scenario
     */
    public static Scenario named(String name) {
        return new Scenario(name, null);
    }

    /**
     * Returns a scenario that is written in the test.
     *
     * @param text YAML or JSON
     * @return the scenario
     */
    public static Scenario text(String text) {
        return new Scenario(null, text);
    }

    /**
     * Returns a scenario of maps and lists.
     *
     * @param fields the fields of a scenario file
     * @return the scenario
     */
    public static Scenario of(Map<String, ?> fields) {
        return text(Json.of(fields).toString());
    }

    /**
     * Reads a scenario file.
     *
     * @param file path of the file
     * @return the scenario
     * @throws AlimockException if the file cannot be read
     */
    public static Scenario file(Path file) {
        try {
            return text(Files.readString(file));
        } catch (IOException error) {
            throw new AlimockException("cannot read the scenario `" + file.toAbsolutePath() + "`: " + error, error);
        }
    }
}
