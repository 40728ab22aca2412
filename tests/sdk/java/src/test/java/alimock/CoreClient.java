package alimock;

import static alimock.Emulator.text;
import static org.junit.jupiter.api.Assertions.*;

import alimock.Emulator.Account;
import alimock.Emulator.Key;
import com.aliyuncs.AcsRequest;
import com.aliyuncs.AcsResponse;
import com.aliyuncs.CommonRequest;
import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.auth.SignatureVersion;
import com.aliyuncs.exceptions.ClientException;
import com.aliyuncs.http.HttpResponse;
import com.aliyuncs.http.MethodType;
import com.aliyuncs.http.ProtocolType;
import com.aliyuncs.profile.DefaultProfile;
import com.aliyuncs.profile.IClientProfile;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.function.Executable;

/** aliyun-java-sdk-core and its generic call. Its exceptions carry no HTTP status, so the last one is kept here. */
final class CoreClient extends DefaultAcsClient {
    enum Api {
        AAS("2015-07-01"),
        CRM("2015-04-08"),
        ECS("2014-05-26"),
        IMS("2019-08-15"),
        RAM("2015-05-01"),
        STS("2015-04-01");

        private final String version;
        private final String product = name().charAt(0) + name().substring(1).toLowerCase();

        Api(String version) {
            this.version = version;
        }
    }

    private final SignatureVersion signature;
    private int status;

    CoreClient(Key key, SignatureVersion signature) {
        super(DefaultProfile.getProfile("cn-hangzhou", key.id(), key.secret(), key.token()));
        this.signature = signature;
    }

    /** A request: one that reads is a GET with a query, one that writes a POST with a form. */
    CommonRequest request(Api api, String action, String... parameters) {
        boolean reads = action.matches("(Describe|Get|List|Query).*");
        CommonRequest request = new CommonRequest();
        if (Emulator.IS_TOLD) {
            request.setSysDomain(Emulator.ADDRESS);
            request.setSysProtocol(ProtocolType.valueOf(Emulator.SCHEME));
        } else {
            // The host is looked up by these.
            request.setSysProduct(api.product);
            request.setSysLocationProduct(api.product.toLowerCase());
        }
        request.setSysVersion(api.version);
        request.setSysAction(action);
        request.setSysMethod(reads ? MethodType.GET : MethodType.POST);
        request.setSysSignatureVersion(signature);
        for (int i = 0; i < parameters.length; i += 2) {
            if (reads) {
                request.putQueryParameter(parameters[i], parameters[i + 1]);
            } else {
                request.putBodyParameter(parameters[i], parameters[i + 1]);
            }
        }
        return request;
    }

    JsonObject call(Api api, String action, String... parameters) throws ClientException {
        String body = getCommonResponse(request(api, action, parameters)).getData();
        JsonObject answer = JsonParser.parseString(body).getAsJsonObject();
        assertFalse(text(answer, "RequestId").isEmpty());
        return answer;
    }

    /** The call is refused. Gives the message. */
    String refuses(int status, String code, Api api, String action, String... parameters) {
        return refuses(status, code, () -> call(api, action, parameters));
    }

    /** The call is refused for want of permission. Gives what else is said of that. */
    Map<String, Object> denied(String resource, String kind, String layer, Api api, String action) {
        ClientException refusal = assertThrowsExactly(ClientException.class, () -> call(api, action));
        String asked = api.name().toLowerCase() + ":" + action;
        assertEquals("NoPermission", refusal.getErrCode());
        assertEquals(403, status);
        assertEquals("You are not authorized to do this action. Resource: " + resource + " Action: " + asked,
            refusal.getErrMsg());
        Map<String, Object> detail = refusal.getAccessDeniedDetail();
        assertEquals(List.of(asked, kind, layer),
            List.of(detail.get("AuthAction"), detail.get("NoPermissionType"), detail.get("PolicyType")));
        return detail;
    }

    String refuses(int status, String code, Executable call) {
        // Exactly: its subclass ServerException stands for 5xx.
        ClientException refusal = assertThrowsExactly(ClientException.class, call);
        assertEquals(code, refusal.getErrCode());
        assertEquals(status, this.status);
        assertFalse(refusal.getRequestId().isEmpty());
        return refusal.getErrMsg();
    }

    /** As the partner: a new account with a root key, so that a test shares nothing. */
    Account register() throws ClientException {
        String uid = text(call(Api.AAS, "CreateAliyunAccount", "AliyunId", Emulator.freshName()), "PK");
        return new Account(uid, key(call(Api.AAS, "CreateAccessKeyForAccount", "PK", uid)));
    }

    /** The temporary key in an answer of STS. */
    static Key session(JsonObject assumed) {
        JsonObject key = assumed.getAsJsonObject("Credentials");
        return new Key(text(key, "AccessKeyId"), text(key, "AccessKeySecret"), text(key, "SecurityToken"));
    }

    static Key key(JsonObject created) {
        JsonObject key = created.getAsJsonObject("AccessKey");
        return new Key(text(key, "AccessKeyId"), text(key, "AccessKeySecret"));
    }

    @Override
    public <T extends AcsResponse> HttpResponse doAction(
            AcsRequest<T> request, boolean retry, int times, IClientProfile profile) throws ClientException {
        HttpResponse response = super.doAction(request, retry, times, profile);
        status = response.getStatus();
        return response;
    }
}
