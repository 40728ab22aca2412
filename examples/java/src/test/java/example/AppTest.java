package example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.aliyun.ram20150501.Client;
import com.aliyun.teaopenapi.models.Config;
import io.github.alimock.AlimockWorld;
import io.github.alimock.Key;
import io.github.alimock.junit5.Alimock;
import java.util.List;
import org.junit.jupiter.api.Test;

class AppTest {
    private static Config config(AlimockWorld world) {
        Key key = world.caller();
        return new Config().setAccessKeyId(key.id()).setAccessKeySecret(key.secret())
            .setEndpoint(world.host()).setProtocol("HTTP");
    }

    @Test
    @Alimock("key-answer-lost")
    void a_rotation_survives_a_lost_answer(AlimockWorld world) throws Exception {
        var made = App.rotate(new Client(config(world)), "ci");

        List<String> keys = world.call("GET", "/accounts/demo/access-keys?user=ci").get("accessKeys").list().stream()
            .map(key -> key.get("accessKeyId").text()).toList();
        assertEquals(List.of(made.accessKeyId), keys);
    }

    @Test
    @Alimock(file = "session.yaml", as = "demo/ci")
    void work_goes_on_when_the_credentials_of_a_role_expire(AlimockWorld world) throws Exception {
        App.Session session = new App.Session(config(world), "acs:ram::1897304235598129:role/deploy");
        assertEquals(List.of("ci"), session.users());

        world.clock().advance("2h");

        assertEquals(List.of("ci"), session.users());
    }
}
