package io.github.alimock.testcontainers;

import io.github.alimock.AlimockServer;
import java.util.UUID;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * alimock in a container.
 *
 * <pre>{@code
 * try (AlimockContainer container = new AlimockContainer()) {
 *     container.start();
 *     AlimockWorld world = container.server().world("key-leaked");
 * }
 * }</pre>
 *
 * <p>All worlds share the port of the container; see {@link AlimockServer#atOnePort}.
 */
public class AlimockContainer extends GenericContainer<AlimockContainer> {
    private static final int PORT = 4588;

    private final String token = UUID.randomUUID().toString();

    /** Makes a container of the image in the variable {@code ALIMOCK_IMAGE}; default: {@code alimock}. */
    public AlimockContainer() {
        this(DockerImageName.parse(System.getenv().getOrDefault("ALIMOCK_IMAGE", "alimock")));
    }

    /**
     * Makes a container of an image.
     *
     * @param image name of the image
     */
    @SuppressWarnings("this-escape")
    public AlimockContainer(DockerImageName image) {
        super(image);
        withExposedPorts(PORT);
        // Beyond loopback, the control API needs a token.
        withEnv("ALIMOCK_CONTROL_TOKEN", token);
        waitingFor(Wait.forHttp("/_alimock/ready").forPort(PORT));
    }

    /**
     * Selects the built-in scenario that the server starts with.
     *
     * @param name its name, such as {@code key-leaked}
     * @return this container
     */
    public AlimockContainer withScenario(String name) {
        return withEnv("ALIMOCK_SCENARIO", name);
    }

    /**
     * Returns the address of the server, as tests reach it.
     *
     * @return a URL such as {@code http://localhost:32768}
     * @throws IllegalStateException if the container does not run
     */
    public String endpoint() {
        return "http://" + getHost() + ":" + getMappedPort(PORT);
    }

    /**
     * Returns the token of the control API, which is random.
     *
     * @return the token
     */
    public String controlToken() {
        return token;
    }

    /**
     * Returns the server in the container. To stop it, stop the container.
     *
     * @return the server
     * @throws IllegalStateException if the container does not run
     */
    public AlimockServer server() {
        return AlimockServer.atOnePort(endpoint(), token);
    }
}
