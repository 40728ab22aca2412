package io.github.alimock;

import java.util.Map;

/**
 * Changes of AccessKeys. A key is named by its AccessKeyId, or by an account or {@code account/user}: then it is their
 * newest key that can be changed. Each method throws {@link AlimockException} if no such key exists.
 */
public final class Keys {
    private final AlimockWorld world;

    Keys(AlimockWorld world) {
        this.world = world;
    }

    /**
     * Disables a key.
     *
     * @param key AccessKeyId or owner
     */
    public void disable(String key) {
        run("disableKey", key);
    }

    /**
     * Enables a key.
     *
     * @param key AccessKeyId or owner
     */
    public void enable(String key) {
        run("enableKey", key);
    }

    /**
     * Deletes a key.
     *
     * @param key AccessKeyId or owner
     */
    public void delete(String key) {
        run("deleteKey", key);
    }

    /**
     * Marks a key as leaked.
     *
     * @param key AccessKeyId or owner
     */
    public void leak(String key) {
        run("leakKey", key);
    }

    private void run(String command, String key) {
        world.run(command, Map.of("key", key));
    }
}
