package alimock;

import static alimock.Emulator.*;
import static alimock.Tea.*;
import static org.junit.jupiter.api.Assertions.*;

import alimock.Emulator.Key;
import alimock.Emulator.World;
import com.aliyun.ram20150501.Client;
import com.aliyun.ram20150501.models.*;
import com.aliyun.sts20150401.models.AssumeRoleRequest;
import com.aliyun.sts20150401.models.AssumeRoleWithOIDCRequest;
import com.aliyun.sts20150401.models.AssumeRoleWithSAMLRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The packages ram20150501 and sts20150401: what users and sessions may do, and for how long. */
class TeaPermissionsTest {
    private World world;
    private String uid;
    private Client root;
    private Key key;
    private Client alice;

    @BeforeEach
    void make_a_world_with_a_user() throws Exception {
        world = World.make();
        uid = world.account().uid();
        root = ram(world.account().key());
        root.createUser(new CreateUserRequest().setUserName("alice"));
        var made = root.createAccessKey(new CreateAccessKeyRequest().setUserName("alice")).body.accessKey;
        key = new Key(made.accessKeyId, made.accessKeySecret);
        alice = ram(key);
    }

    @AfterEach
    void drop_it() {
        world.drop();
    }

    private void makePolicy(String name, String document) throws Exception {
        root.createPolicy(new CreatePolicyRequest().setPolicyName(name).setPolicyDocument(document));
    }

    private void attach(String policy, String type) throws Exception {
        root.attachPolicyToUser(
            new AttachPolicyToUserRequest().setUserName("alice").setPolicyName(policy).setPolicyType(type));
    }

    private void detach(String policy, String type) throws Exception {
        root.detachPolicyFromUser(
            new DetachPolicyFromUserRequest().setUserName("alice").setPolicyName(policy).setPolicyType(type));
    }

    private void lists(Client client) throws Exception {
        assertEquals("alice", client.listUsers(new ListUsersRequest()).body.users.user.get(0).userName);
    }

    private Map<String, Object> listsNoUsers(Client client, String kind, String layer) {
        return denied("acs:ram:*:" + uid + ":user/*", "ram:ListUsers", kind, layer,
            () -> client.listUsers(new ListUsersRequest()));
    }

    private Map<String, Object> listsNoUsers(Client client) {
        return listsNoUsers(client, "ImplicitDeny", IDENTITY_BASED);
    }

    private void listsNoGroups(Client client) {
        denied("acs:ram:*:" + uid + ":group/*", "ram:ListGroups", "ImplicitDeny", IDENTITY_BASED,
            () -> client.listGroups(new ListGroupsRequest()));
    }

    /** A role that may list users. */
    private String makeRole(String trusted) throws Exception {
        makePolicy("look", policy("Allow", "ram:ListUsers"));
        var role = root.createRole(
            new CreateRoleRequest().setRoleName("deploy").setAssumeRolePolicyDocument(trusted)).body.role;
        root.attachPolicyToRole(
            new AttachPolicyToRoleRequest().setRoleName("deploy").setPolicyName("look").setPolicyType("Custom"));
        return role.arn;
    }

    private String makeRoleOfTheAccount() throws Exception {
        return makeRole(trust("RAM", "acs:ram::" + uid + ":root"));
    }

    private Key assume(AssumeRoleRequest request) throws Exception {
        var made = sts(key).assumeRole(request.setRoleSessionName("night")).body.credentials;
        return new Key(made.accessKeyId, made.accessKeySecret, made.securityToken);
    }

    @Test
    void a_permission_is_there_while_its_policy_is_attached() throws Exception {
        Map<String, Object> detail = listsNoUsers(alice);
        assertEquals("SubUser", detail.get("AuthPrincipalType"));
        assertEquals(uid, detail.get("AuthPrincipalOwnerId"));

        makePolicy("rule", policy("Allow", "ram:ListUsers"));
        attach("rule", "Custom");
        lists(alice);
        listsNoGroups(alice);

        detach("rule", "Custom");
        listsNoUsers(alice);
    }

    @Test
    void a_permission_is_what_the_default_version_says() throws Exception {
        makePolicy("rule", policy("Allow", "ram:ListUsers"));
        attach("rule", "Custom");
        root.createPolicyVersion(new CreatePolicyVersionRequest().setPolicyName("rule")
            .setPolicyDocument(policy("Allow", "ram:ListGroups")));
        lists(alice);
        listsNoGroups(alice);

        root.setDefaultPolicyVersion(new SetDefaultPolicyVersionRequest().setPolicyName("rule").setVersionId("v2"));
        alice.listGroups(new ListGroupsRequest());
        listsNoUsers(alice);
    }

    @Test
    void a_permission_comes_with_the_group() throws Exception {
        makePolicy("rule", policy("Allow", "ram:ListUsers"));
        root.createGroup(new CreateGroupRequest().setGroupName("crew"));
        root.attachPolicyToGroup(
            new AttachPolicyToGroupRequest().setGroupName("crew").setPolicyName("rule").setPolicyType("Custom"));
        listsNoUsers(alice);

        root.addUserToGroup(new AddUserToGroupRequest().setUserName("alice").setGroupName("crew"));
        lists(alice);
        root.removeUserFromGroup(new RemoveUserFromGroupRequest().setUserName("alice").setGroupName("crew"));
        listsNoUsers(alice);
    }

    @Test
    void an_explicit_deny_wins() throws Exception {
        attach("AdministratorAccess", "System");
        lists(alice);

        makePolicy("rule", policy("Deny", "ram:ListUsers"));
        attach("rule", "Custom");

        listsNoUsers(alice, "ExplicitDeny", IDENTITY_BASED);
        alice.listGroups(new ListGroupsRequest());
    }

    @Test
    void a_session_calls_as_its_role_until_it_ends() throws Exception {
        String role = makeRoleOfTheAccount();
        attach("AliyunSTSAssumeRoleAccess", "System");

        Key session = assume(new AssumeRoleRequest().setRoleArn(role).setDurationSeconds(900L));

        var me = identity(session);
        assertEquals("AssumedRoleUser", me.identityType);
        assertEquals("acs:ram::" + uid + ":assumed-role/deploy/night", me.arn);
        lists(ram(session));
        listsNoGroups(ram(session));
        refuses(400, "MissingSecurityToken", () -> identity(session.withoutToken()));

        world.advance("15m");
        assertTrue(refuses(400, "InvalidSecurityToken.Expired", () -> identity(session))
            .startsWith("code: 400, Specified SecurityToken is expired. request id: "));
    }

    @Test
    void a_session_may_do_what_its_role_and_its_own_policy_both_allow() throws Exception {
        String role = makeRoleOfTheAccount();
        attach("AliyunSTSAssumeRoleAccess", "System");
        Key wide = assume(new AssumeRoleRequest().setRoleArn(role));
        Key narrow = assume(new AssumeRoleRequest().setRoleArn(role).setPolicy(policy("Deny", "ram:ListUsers")));

        lists(ram(wide));
        listsNoUsers(ram(narrow), "ExplicitDeny", "SessionPolicy");
        root.detachPolicyFromRole(
            new DetachPolicyFromRoleRequest().setRoleName("deploy").setPolicyName("look").setPolicyType("Custom"));
        listsNoUsers(ram(wide));
        root.deleteRole(new DeleteRoleRequest().setRoleName("deploy"));

        refuses(404, "InvalidAccessKeyId.NotFound", () -> identity(wide));
    }

    @Test
    void a_role_is_only_for_those_whom_it_trusts_and_a_policy_allows() throws Exception {
        AssumeRoleRequest night = new AssumeRoleRequest().setRoleArn(makeRoleOfTheAccount());
        AssumeRoleRequest unknown = new AssumeRoleRequest().setRoleArn("acs:ram::" + uid + ":role/other");
        night.setRoleSessionName("night");

        assertTrue(refuses(403, "NoPermission", () -> sts(world.account().key()).assumeRole(night))
            .startsWith("code: 403, Roles may not be assumed by root accounts."));
        var byUser = refusal(403, "NoPermission", () -> assume(night));
        assertEquals(IDENTITY_BASED, byUser.getAccessDeniedDetail().get("PolicyType"));
        attach("AliyunSTSAssumeRoleAccess", "System");
        refuses(404, "EntityNotExist.Role", () -> assume(unknown));
        root.updateRole(new UpdateRoleRequest().setRoleName("deploy")
            .setNewAssumeRolePolicyDocument(trust("Service", "ecs.aliyuncs.com")));
        var byRole = refusal(403, "NoPermission", () -> assume(night));
        assertEquals("AssumeRolePolicy", byRole.getAccessDeniedDetail().get("PolicyType"));
    }

    private String token(String claim, String value, String other, String its) {
        return text(world.post("issuer/token", Map.of(claim, value, other, its)), "token");
    }

    private String response(String role, String provider, String expires) {
        Map<String, String> fields =
            Map.of("roleArn", role, "providerArn", provider, "sessionName", "jane", "expires", expires);
        return text(world.post("issuer/saml-response", fields), "response");
    }

    @Test
    void an_oidc_token_of_a_trusted_issuer_is_a_session() throws Exception {
        String audience = "sts.aliyuncs.com";
        String path = "accounts/" + uid + "/oidc-providers";
        String provider = text(world.post(path, Map.of("name", "ci", "clientIds", List.of(audience))), "arn");
        var request = new AssumeRoleWithOIDCRequest().setOIDCProviderArn(provider)
            .setRoleArn(makeRole(trust("Federated", provider))).setRoleSessionName("job");

        request.setOIDCToken(token("audience", audience, "subject", "web"));
        var answer = sts(world).assumeRoleWithOIDC(request).body;
        var made = answer.credentials;

        assertEquals("web", answer.OIDCTokenInfo.subject);
        Key session = new Key(made.accessKeyId, made.accessKeySecret, made.securityToken);
        assertEquals("acs:ram::" + uid + ":assumed-role/deploy/job", identity(session).arn);
        lists(ram(session));
        request.setOIDCToken(token("audience", audience, "key", "unknown"));
        refuses(401, "AuthenticationFail.OIDCToken.InvalidSignature", () -> sts(world).assumeRoleWithOIDC(request));
        request.setOIDCToken(token("audience", "other", "subject", "web"));
        refuses(401, "AuthenticationFail.OIDCToken.AudienceNotMatch", () -> sts(world).assumeRoleWithOIDC(request));
        request.setOIDCToken("garbage");
        refuses(401, "AuthenticationFail.OIDCToken.Invalid", () -> sts(world).assumeRoleWithOIDC(request));
    }

    @Test
    void a_saml_response_of_a_trusted_provider_is_a_session() throws Exception {
        String provider = text(world.post("accounts/" + uid + "/saml-providers", Map.of("name", "corp")), "arn");
        String role = makeRole(trust("Federated", provider));
        var request = new AssumeRoleWithSAMLRequest().setSAMLProviderArn(provider).setRoleArn(role);

        request.setSAMLAssertion(response(role, provider, "5m"));
        var made = sts(world).assumeRoleWithSAML(request).body.credentials;

        Key session = new Key(made.accessKeyId, made.accessKeySecret, made.securityToken);
        assertEquals("acs:ram::" + uid + ":assumed-role/deploy/jane", identity(session).arn);
        request.setSAMLAssertion(response(role, provider, "-1m"));
        refuses(401, "AuthenticationFail.SAMLAssertion.Expired", () -> sts(world).assumeRoleWithSAML(request));
    }
}
