package alimock;

import static org.junit.jupiter.api.Assertions.*;

import alimock.Emulator.Key;
import alimock.Emulator.World;
import com.aliyun.ram20150501.Client;
import com.aliyun.sts20150401.models.GetCallerIdentityResponseBody;
import com.aliyun.tea.TeaException;
import com.aliyun.teaopenapi.models.Config;
import com.aliyun.teaopenapi.models.GlobalParameters;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.function.Executable;

/** The product packages on the tea core, pointed at the emulator, and their refusals. */
final class Tea {
    static final String IDENTITY_BASED = "AccountLevelIdentityBasedPolicy";

    private Tea() {}

    static Config config(Key key) {
        return new Config().setAccessKeyId(key.id()).setAccessKeySecret(key.secret()).setSecurityToken(key.token())
            .setRegionId("cn-hangzhou").setEndpoint(Emulator.ADDRESS).setProtocol(Emulator.SCHEME);
    }

    static Client ram(Key key) throws Exception {
        return new Client(config(key));
    }

    static com.aliyun.sts20150401.Client sts(Key key) throws Exception {
        return new com.aliyun.sts20150401.Client(config(key));
    }

    /** STS for calls that nothing signs, so a header names the world. */
    static com.aliyun.sts20150401.Client sts(World world) throws Exception {
        GlobalParameters header = new GlobalParameters().setHeaders(Map.of("x-alimock-world", world.name()));
        return new com.aliyun.sts20150401.Client(new Config().setGlobalParameters(header).setRegionId("cn-hangzhou")
            .setEndpoint(Emulator.ADDRESS).setProtocol(Emulator.SCHEME));
    }

    static GetCallerIdentityResponseBody identity(Key key) throws Exception {
        return sts(key).getCallerIdentity().body;
    }

    /** The call is refused. Gives the message. */
    static String refuses(int status, String code, Executable call) {
        return refusal(status, code, call).getMessage();
    }

    static TeaException refusal(int status, String code, Executable call) {
        TeaException refusal = assertThrowsExactly(TeaException.class, call);
        assertEquals(code, refusal.getCode());
        assertEquals(status, refusal.getStatusCode());
        assertFalse(refusal.getData().get("RequestId").toString().isEmpty());
        return refusal;
    }

    /** The call is refused for want of permission. Gives what else is said of that. */
    static Map<String, Object> denied(String resource, String action, String kind, String layer, Executable call) {
        TeaException refusal = refusal(403, "NoPermission", call);
        String asked = "You are not authorized to do this action. Resource: " + resource + " Action: " + action;
        assertTrue(refusal.getMessage().startsWith("code: 403, " + asked + " request id: "), refusal.getMessage());
        Map<String, Object> detail = refusal.getAccessDeniedDetail();
        assertEquals(List.of(action, kind, layer),
            List.of(detail.get("AuthAction"), detail.get("NoPermissionType"), detail.get("PolicyType")));
        return detail;
    }
}
