package alimock;

import static org.junit.jupiter.api.Assertions.*;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.List;
import org.junit.jupiter.api.Test;

class WaysTest {
    @Test
    void the_recipe_of_the_documentation_runs() throws Exception {
        assumeFalse(Emulator.WAY.equals("hosts"), "nothing sets a key in there");

        List<String> callers = switch (Emulator.WAY) {
            case "plain" -> WaysRecipe.plain();
            case "tls" -> WaysRecipe.tls();
            default -> WaysRecipe.proxy();
        };

        String demo = "acs:ram::" + Emulator.DEMO.uid() + ":root";
        assertTrue(callers.size() == 2 && callers.stream().allMatch(caller -> caller.contains(demo)), callers.toString());
    }
}
