package alimock;

import static alimock.Tea.*;
import static org.junit.jupiter.api.Assertions.*;

import alimock.Emulator.Account;
import alimock.Emulator.Key;
import com.aliyun.ram20150501.Client;
import com.aliyun.ram20150501.models.*;
import com.aliyun.sts20150401.models.GetCallerIdentityResponseBody;
import com.aliyuncs.auth.SignatureVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The packages ram20150501 (signs with version 3), sts20150401 and ims20190815 (version 1): users and refused keys. */
class TeaSdkTest {
    private Account account;
    private Client root;

    @BeforeEach
    void register_an_account() throws Exception {
        account = new CoreClient(Emulator.OPERATOR.key(), SignatureVersion.V1).register();
        root = ram(account.key());
    }

    private CreateUserResponse create(String name) throws Exception {
        return root.createUser(new CreateUserRequest().setUserName(name).setDisplayName("Ann & Bob+*~ 张三"));
    }

    private Key createKey(String user) throws Exception {
        var key = root.createAccessKey(new CreateAccessKeyRequest().setUserName(user)).body.accessKey;
        return new Key(key.accessKeyId, key.accessKeySecret);
    }

    private void setStatus(Key key, String status) throws Exception {
        root.updateAccessKey(
            new UpdateAccessKeyRequest().setUserName("alice").setUserAccessKeyId(key.id()).setStatus(status));
    }

    private String lastUsed(Key key) throws Exception {
        return root.getAccessKeyLastUsed(
            new GetAccessKeyLastUsedRequest().setUserName("alice").setUserAccessKeyId(key.id()))
            .body.accessKeyLastUsed.lastUsedDate;
    }

    private void deleteKey(Key key) throws Exception {
        root.deleteAccessKey(new DeleteAccessKeyRequest().setUserName("alice").setUserAccessKeyId(key.id()));
    }

    @Test
    void a_root_key_speaks_for_its_account() throws Exception {
        GetCallerIdentityResponseBody identity = identity(account.key());

        assertEquals("Account", identity.identityType);
        assertEquals(account.uid(), identity.accountId);
        assertEquals("acs:ram::" + account.uid() + ":root", identity.arn);
    }

    @Test
    void a_user_is_created_once_renamed_and_cleared() throws Exception {
        CreateUserResponse created = create("alice");
        assertEquals(200, created.statusCode);
        assertFalse(created.body.requestId.isEmpty());
        assertTrue(refuses(409, "EntityAlreadyExists.User", () -> create("alice"))
            .startsWith("code: 409, The user does already EXIST. request id: "));
        refuses(400, "InvalidParameter.UserName.InvalidChars", () -> create("al ice!"));

        var user = root.getUser(new GetUserRequest().setUserName("alice")).body.user;
        root.updateUser(
            new UpdateUserRequest().setUserName("alice").setNewUserName("alicia").setNewDisplayName(""));

        assertEquals("Ann & Bob+*~ 张三", user.displayName);
        assertEquals("", root.getUser(new GetUserRequest().setUserName("alicia")).body.user.displayName);
        refuses(404, "EntityNotExist.User", () -> root.getUser(new GetUserRequest().setUserName("alice")));
    }

    @Test
    void pages_of_users_join_to_all_in_the_order_of_creation() throws Exception {
        List<String> made = List.of("eve", "dave", "carol", "bob", "alice");
        for (String name : made) {
            create(name);
        }

        List<List<String>> pages = new ArrayList<>();
        ListUsersResponseBody page;
        ListUsersRequest next = new ListUsersRequest().setMaxItems(2);
        do {
            page = root.listUsers(next).body;
            pages.add(page.users.user.stream().map(user -> user.userName).toList());
            next.setMarker(page.marker);
        } while (page.isTruncated);

        assertEquals(List.of(made.subList(0, 2), made.subList(2, 4), made.subList(4, 5)), pages);
        assertNull(page.marker);
    }

    @Test
    void a_user_has_keys_of_its_own_and_no_permission() throws Exception {
        create("alice");
        Key key = createKey("alice");
        assertEquals("", lastUsed(key));

        assertEquals("RAMUser", identity(key).identityType);

        assertTrue(lastUsed(key).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ"));
        refuses(403, "NoPermission",
            () -> ram(key).createUser(new CreateUserRequest().setUserName("bob")));
        DeleteUserRequest delete = new DeleteUserRequest().setUserName("alice");
        refuses(409, "DeleteConflict.User.AccessKey", () -> root.deleteUser(delete));
        deleteKey(key);
        root.deleteUser(delete);
        refuses(404, "EntityNotExist.User", () -> root.getUser(new GetUserRequest().setUserName("alice")));
    }

    @Test
    void ram_and_ims_see_the_same_keys() throws Exception {
        create("alice");
        String principal = "alice@" + account.uid() + ".onaliyun.com";
        var ims = new com.aliyun.ims20190815.Client(config(account.key()));
        var create = new com.aliyun.ims20190815.models.CreateAccessKeyRequest().setUserPrincipalName(principal);
        var list = new com.aliyun.ims20190815.models.ListAccessKeysRequest().setUserPrincipalName(principal);

        var first = ims.createAccessKey(create).body.accessKey;
        Key second = createKey("alice");

        refuses(409, "LimitExceeded.User.AccessKey", () -> ims.createAccessKey(create));
        setStatus(second, "Inactive");
        assertEquals(List.of(first.accessKeyId + " Active", second.id() + " Inactive"),
            ims.listAccessKeys(list).body.accessKeys.accessKey.stream()
                .map(key -> key.accessKeyId + " " + key.status).toList());
        ims.deleteAccessKey(new com.aliyun.ims20190815.models.DeleteAccessKeyRequest()
            .setUserPrincipalName(principal).setUserAccessKeyId(first.accessKeyId));
        assertEquals(List.of(second.id()),
            root.listAccessKeys(new ListAccessKeysRequest().setUserName("alice")).body.accessKeys.accessKey.stream()
                .map(key -> key.accessKeyId).toList());
    }

    @Test
    void a_key_is_refused_while_disabled_once_deleted_and_when_unknown() throws Exception {
        create("alice");
        Key key = createKey("alice");

        setStatus(key, "Inactive");
        String disabled = refuses(400, "InvalidAccessKeyId.Inactive", () -> identity(key));
        assertTrue(disabled.startsWith("code: 400, Specified access key is disabled. request id: "), disabled);
        setStatus(key, "Active");
        assertEquals("RAMUser", identity(key).identityType);
        deleteKey(key);
        for (Key unknown : new Key[] {key, Emulator.UNKNOWN_KEY}) {
            String gone = refuses(404, "InvalidAccessKeyId.NotFound", () -> identity(unknown));
            assertTrue(gone.startsWith("code: 404, Specified access key is not found. request id: "), gone);
        }
    }

    @Test
    void a_wrong_secret_does_not_match_in_either_version() {
        Key wrong = account.key().withWrongSecret();

        String v1 = refuses(400, "SignatureDoesNotMatch", () -> identity(wrong));
        String v3 = refuses(400, "SignatureDoesNotMatch",
            () -> ram(wrong).listAccessKeys(new ListAccessKeysRequest()));

        assertTrue(v1.contains(" server string to sign is:POST&%2F&AccessKeyId%3D"), v1);
        assertTrue(v3.contains(" server StringToSign is [ACS3-HMAC-SHA256\n"), v3);
    }
}
