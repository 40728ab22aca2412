package alimock;

import com.aliyun.sts20150401.Client;
import com.aliyun.teaopenapi.models.Config;
import com.aliyuncs.CommonRequest;
import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.http.ProtocolType;
import com.aliyuncs.profile.DefaultProfile;
import java.util.List;

class WaysRecipe {
    static final String ADDRESS = System.getenv("ALIMOCK_ENDPOINT").replace("http://", "");
    static final String ID = System.getenv("ALIBABA_CLOUD_ACCESS_KEY_ID");
    static final String SECRET = System.getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET");

    /** Packages based on the tea core; their default is HTTPS. */
    static String tea(Config way) throws Exception {
        way.setAccessKeyId(ID).setAccessKeySecret(SECRET).setRegionId("cn-hangzhou");
        return new Client(way).getCallerIdentity().body.arn;
    }

    /** aliyun-java-sdk-core; its default is HTTP. */
    static String core(String domain, ProtocolType scheme) throws Exception {
        CommonRequest request = new CommonRequest();
        request.setSysProduct("Sts");
        request.setSysDomain(domain);
        request.setSysProtocol(scheme);
        request.setSysVersion("2015-04-01");
        request.setSysAction("GetCallerIdentity");
        var client = new DefaultAcsClient(DefaultProfile.getProfile("cn-hangzhou", ID, SECRET));
        return client.getCommonResponse(request).getData();
    }

    static List<String> plain() throws Exception {
        return List.of(tea(new Config().setEndpoint(ADDRESS).setProtocol("HTTP")), core(ADDRESS, ProtocolType.HTTP));
    }

    static List<String> tls() throws Exception {
        return List.of(tea(new Config().setEndpoint(ADDRESS)), core(ADDRESS, ProtocolType.HTTPS));
    }

    static List<String> proxy() throws Exception {
        String proxy = System.getenv("HTTPS_PROXY"); // Only the older SDK reads this variable itself.
        return List.of(tea(new Config().setHttpsProxy(proxy)), core(null, ProtocolType.HTTPS));
    }
}
