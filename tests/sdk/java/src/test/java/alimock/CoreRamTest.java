package alimock;

import static alimock.CoreClient.Api.*;
import static alimock.Emulator.*;
import static alimock.Emulator.World.START;
import static org.junit.jupiter.api.Assertions.*;

import alimock.Emulator.Key;
import alimock.Emulator.World;
import com.aliyuncs.auth.SignatureVersion;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** aliyun-java-sdk-core, signing in both of its ways: groups, policies, roles, permissions and sessions. */
@ParameterizedClass
@EnumSource(SignatureVersion.class)
class CoreRamTest {
    private static final String FIRST = policy("Allow", "ram:ListUsers");
    private static final String SECOND = policy("Allow", "ram:ListGroups");

    @Parameter
    SignatureVersion signature;

    private World world;
    private String uid;
    private CoreClient root;

    @BeforeEach
    void make_a_world() {
        world = World.make();
        uid = world.account().uid();
        root = as(world.account().key());
    }

    @AfterEach
    void drop_it() {
        world.drop();
    }

    private CoreClient as(Key key) {
        return new CoreClient(key, signature);
    }

    private CoreClient alice() throws Exception {
        root.call(RAM, "CreateUser", "UserName", "alice");
        return as(CoreClient.key(root.call(RAM, "CreateAccessKey", "UserName", "alice")));
    }

    private String makeRole() throws Exception {
        String trusted = trust("RAM", "acs:ram::" + uid + ":root");
        JsonObject made = root.call(RAM, "CreateRole", "RoleName", "deploy", "AssumeRolePolicyDocument", trusted);
        return text(made.get("Role"), "Arn");
    }

    private void mayNotListUsers(CoreClient client, String kind, String layer) {
        client.denied("acs:ram:*:" + uid + ":user/*", kind, layer, RAM, "ListUsers");
    }

    private void mayNotListUsers(CoreClient client) {
        mayNotListUsers(client, "ImplicitDeny", Tea.IDENTITY_BASED);
    }

    private void mayNotListGroups(CoreClient client) {
        client.denied("acs:ram:*:" + uid + ":group/*", "ImplicitDeny", Tea.IDENTITY_BASED, RAM, "ListGroups");
    }

    /** A member of each item in a list such as {@code Users.User}. */
    private static String column(JsonObject answer, String list, String item, String member) {
        return StreamSupport.stream(answer.getAsJsonObject(list).getAsJsonArray(item).spliterator(), false)
            .map(one -> text(one, member)).collect(Collectors.joining(" "));
    }

    @Test
    void a_group_has_members_and_a_policy_and_is_deleted_without() throws Exception {
        root.call(RAM, "CreateUser", "UserName", "alice");
        root.call(RAM, "CreatePolicy", "PolicyName", "rule", "PolicyDocument", FIRST);
        String[] crew = {"GroupName", "crew"};
        String[] member = {"GroupName", "crew", "UserName", "alice"};
        String[] rule = {"GroupName", "crew", "PolicyName", "rule", "PolicyType", "Custom"};

        root.call(RAM, "CreateGroup", crew);
        root.refuses(409, "EntityAlreadyExists.Group", RAM, "CreateGroup", crew);
        root.call(RAM, "AddUserToGroup", member);
        assertEquals("The user has already joined the group.",
            root.refuses(409, "EntityAlreadyExists.User.Group", RAM, "AddUserToGroup", member));
        root.call(RAM, "AttachPolicyToGroup", rule);
        root.refuses(409, "EntityAlreadyExists.Group.Policy", RAM, "AttachPolicyToGroup", rule);
        JsonObject members = root.call(RAM, "ListUsersForGroup", crew);
        assertEquals("alice", column(members, "Users", "User", "UserName"));
        assertEquals(START, column(members, "Users", "User", "JoinDate"));
        JsonObject groups = root.call(RAM, "ListGroupsForUser", "UserName", "alice");
        assertEquals("crew", column(groups, "Groups", "Group", "GroupName"));
        assertEquals("rule", column(root.call(RAM, "ListPoliciesForGroup", crew), "Policies", "Policy", "PolicyName"));

        root.refuses(409, "DeleteConflict.Group.User", RAM, "DeleteGroup", crew);
        root.call(RAM, "RemoveUserFromGroup", member);
        root.refuses(404, "EntityNotExist.User.Group", RAM, "RemoveUserFromGroup", member);
        root.refuses(409, "DeleteConflict.Group.Policy", RAM, "DeleteGroup", crew);
        root.call(RAM, "DetachPolicyFromGroup", rule);
        root.call(RAM, "DeleteGroup", crew);
        assertEquals("The group does not exist.", root.refuses(404, "EntityNotExist.Group", RAM, "GetGroup", crew));
    }

    @Test
    void a_policy_has_versions_and_is_attached_to_a_role() throws Exception {
        makeRole();
        String[] rule = {"PolicyName", "rule", "PolicyType", "Custom"};
        String[] ofRole = {"PolicyName", "rule", "PolicyType", "Custom", "RoleName", "deploy"};
        String[] second = {"PolicyName", "rule", "VersionId", "v2"};
        String[] delete = {"PolicyName", "rule", "CascadingDelete", "true"};

        root.call(RAM, "CreatePolicy", "PolicyName", "rule", "PolicyDocument", FIRST);
        root.call(RAM, "CreatePolicyVersion", "PolicyName", "rule", "PolicyDocument", SECOND, "SetAsDefault", "true");
        JsonObject shown = root.call(RAM, "GetPolicy", rule);
        assertEquals(SECOND, text(shown.get("DefaultPolicyVersion"), "PolicyDocument"));
        root.refuses(409, "DeleteConflict.Policy.Version.Default", RAM, "DeletePolicyVersion", second);
        assertEquals("v1 v2",
            column(root.call(RAM, "ListPolicyVersions", rule), "PolicyVersions", "PolicyVersion", "VersionId"));

        root.call(RAM, "AttachPolicyToRole", ofRole);
        root.refuses(409, "EntityAlreadyExists.Role.Policy", RAM, "AttachPolicyToRole", ofRole);
        assertEquals("deploy", column(root.call(RAM, "ListEntitiesForPolicy", rule), "Roles", "Role", "RoleName"));
        root.refuses(409, "DeleteConflict.Role.Policy", RAM, "DeleteRole", "RoleName", "deploy");
        root.refuses(409, "DeleteConflict.Policy.Role", RAM, "DeletePolicy", delete);
        root.call(RAM, "DetachPolicyFromRole", ofRole);
        root.refuses(404, "EntityNotExist.Role.Policy", RAM, "DetachPolicyFromRole", ofRole);
        root.call(RAM, "DeletePolicy", delete);
        root.call(RAM, "DeleteRole", "RoleName", "deploy");
        root.refuses(404, "EntityNotExist.Role", RAM, "GetRole", "RoleName", "deploy");
    }

    @Test
    void a_permission_comes_and_goes_with_policy_version_and_deny() throws Exception {
        CoreClient alice = alice();
        String[] rule = {"UserName", "alice", "PolicyName", "rule", "PolicyType", "Custom"};
        String[] all = {"UserName", "alice", "PolicyName", "AdministratorAccess", "PolicyType", "System"};
        mayNotListUsers(alice);

        root.call(RAM, "CreatePolicy", "PolicyName", "rule", "PolicyDocument", FIRST);
        root.call(RAM, "AttachPolicyToUser", rule);
        assertEquals("alice", column(alice.call(RAM, "ListUsers"), "Users", "User", "UserName"));
        root.call(RAM, "CreatePolicyVersion", "PolicyName", "rule", "PolicyDocument", SECOND);
        mayNotListGroups(alice);
        root.call(RAM, "SetDefaultPolicyVersion", "PolicyName", "rule", "VersionId", "v2");
        alice.call(RAM, "ListGroups");
        mayNotListUsers(alice);

        root.call(RAM, "AttachPolicyToUser", all);
        alice.call(RAM, "ListUsers");
        String deny = policy("Deny", "ram:ListUsers");
        root.call(RAM, "CreatePolicyVersion", "PolicyName", "rule", "PolicyDocument", deny, "SetAsDefault", "true");
        mayNotListUsers(alice, "ExplicitDeny", Tea.IDENTITY_BASED);
        root.call(RAM, "DetachPolicyFromUser", rule);
        alice.call(RAM, "ListUsers");
    }

    @Test
    void a_session_calls_as_its_role_until_it_ends() throws Exception {
        CoreClient alice = alice();
        String[] night = {"RoleArn", makeRole(), "RoleSessionName", "night", "DurationSeconds", "900"};
        root.call(RAM, "CreatePolicy", "PolicyName", "rule", "PolicyDocument", FIRST);
        root.call(RAM, "AttachPolicyToRole", "RoleName", "deploy", "PolicyName", "rule", "PolicyType", "Custom");
        assertEquals("You are not authorized to do this action. You should be authorized by RAM.",
            alice.refuses(403, "NoPermission", STS, "AssumeRole", night));
        assertEquals("Roles may not be assumed by root accounts.",
            root.refuses(403, "NoPermission", STS, "AssumeRole", night));
        root.call(RAM, "AttachPolicyToUser",
            "UserName", "alice", "PolicyName", "AliyunSTSAssumeRoleAccess", "PolicyType", "System");

        Key key = CoreClient.session(alice.call(STS, "AssumeRole", night));
        CoreClient session = as(key);

        JsonObject me = session.call(STS, "GetCallerIdentity");
        assertEquals(List.of("AssumedRoleUser", "acs:ram::" + uid + ":assumed-role/deploy/night"),
            List.of(text(me, "IdentityType"), text(me, "Arn")));
        assertEquals("alice", column(session.call(RAM, "ListUsers"), "Users", "User", "UserName"));
        mayNotListGroups(session);
        as(key.withoutToken()).refuses(400, "MissingSecurityToken", STS, "GetCallerIdentity");

        world.advance("15m");
        assertEquals("Specified SecurityToken is expired.",
            session.refuses(400, "InvalidSecurityToken.Expired", RAM, "ListUsers"));
    }
}
