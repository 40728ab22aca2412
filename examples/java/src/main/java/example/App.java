package example;

import com.aliyun.ram20150501.Client;
import com.aliyun.ram20150501.models.CreateAccessKeyRequest;
import com.aliyun.ram20150501.models.CreateAccessKeyResponse;
import com.aliyun.ram20150501.models.CreateAccessKeyResponseBody.CreateAccessKeyResponseBodyAccessKey;
import com.aliyun.ram20150501.models.DeleteAccessKeyRequest;
import com.aliyun.ram20150501.models.ListAccessKeysRequest;
import com.aliyun.ram20150501.models.ListUsersRequest;
import com.aliyun.sts20150401.models.AssumeRoleRequest;
import com.aliyun.tea.TeaUnretryableException;
import com.aliyun.teaopenapi.models.Config;
import java.util.List;

/** Keeps the AccessKey of a RAM user fresh, and works with the credentials of a role. */
public final class App {
    private App() {}

    static List<String> keysOf(Client ram, String user) throws Exception {
        return ram.listAccessKeys(new ListAccessKeysRequest().setUserName(user)).body.accessKeys.accessKey.stream()
            .map(key -> key.accessKeyId).toList();
    }

    static void delete(Client ram, String user, List<String> keys) throws Exception {
        for (String key : keys) {
            ram.deleteAccessKey(new DeleteAccessKeyRequest().setUserName(user).setUserAccessKeyId(key));
        }
    }

    /** Replaces the keys of a user by a new one, which is returned. */
    public static CreateAccessKeyResponseBodyAccessKey rotate(Client ram, String user) throws Exception {
        List<String> old = keysOf(ram, user);
        CreateAccessKeyRequest create = new CreateAccessKeyRequest().setUserName(user);
        CreateAccessKeyResponse made;
        try {
            made = ram.createAccessKey(create);
        } catch (TeaUnretryableException lost) {
            made = ram.createAccessKey(create);
        }
        delete(ram, user, old);
        return made.body.accessKey;
    }

    /** Credentials of a role. */
    public static final class Session {
        private final Config config;
        private final String role;
        private Client ram;

        /** The configuration has the credentials that assume the role, and the endpoint. */
        public Session(Config config, String role) {
            this.config = config;
            this.role = role;
        }

        private void refresh() throws Exception {
            AssumeRoleRequest request = new AssumeRoleRequest().setRoleArn(role).setRoleSessionName("app");
            var made = new com.aliyun.sts20150401.Client(config).assumeRole(request).body.credentials;
            ram = new Client(new Config().setAccessKeyId(made.accessKeyId).setAccessKeySecret(made.accessKeySecret)
                .setSecurityToken(made.securityToken).setEndpoint(config.endpoint).setProtocol(config.protocol));
        }

        /** Returns the names of all users. */
        public List<String> users() throws Exception {
            if (ram == null) {
                refresh();
            }
            return list();
        }

        private List<String> list() throws Exception {
            return ram.listUsers(new ListUsersRequest()).body.users.user.stream().map(user -> user.userName).toList();
        }
    }
}
