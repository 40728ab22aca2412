import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.alimock.AlimockWorld;
import io.github.alimock.testcontainers.AlimockContainer;
import org.junit.jupiter.api.Test;

class ShortContainerTest {
    @Test
    void a_world_in_a_container() {
        try (AlimockContainer container = new AlimockContainer()) {
            container.start();
            try (AlimockWorld world = container.server().world("arrears")) {
                assertEquals(container.endpoint(), world.endpoint());
            }
        }
    }
}
