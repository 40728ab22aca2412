package alimock;

import static alimock.Emulator.*;
import static alimock.Emulator.World.START;
import static alimock.Tea.*;
import static org.junit.jupiter.api.Assertions.*;

import alimock.Emulator.World;
import com.aliyun.ram20150501.Client;
import com.aliyun.ram20150501.models.*;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The package ram20150501: groups, custom policies and roles. */
class TeaPoliciesTest {
    private static final String FIRST = policy("Allow", "ram:Get*");
    private static final String SECOND = policy("Allow", "ram:List*");
    private static final String LATER = "2026-01-01T01:00:00Z";

    private World world;
    private Client root;

    @BeforeEach
    void make_a_world() throws Exception {
        world = World.make();
        root = ram(world.account().key());
    }

    @AfterEach
    void drop_it() {
        world.drop();
    }

    private void makePolicy() throws Exception {
        root.createPolicy(
            new CreatePolicyRequest().setPolicyName("look").setPolicyDocument(FIRST).setDescription("to look"));
    }

    private CreateRoleResponseBody.CreateRoleResponseBodyRole makeRole() throws Exception {
        String trusted = trust("RAM", "acs:ram::" + world.account().uid() + ":root");
        return root.createRole(new CreateRoleRequest().setRoleName("deploy").setAssumeRolePolicyDocument(trusted)
            .setDescription("first")).body.role;
    }

    private GetPolicyResponseBody shown() throws Exception {
        return root.getPolicy(new GetPolicyRequest().setPolicyName("look").setPolicyType("Custom")).body;
    }

    private List<String> versions() throws Exception {
        var request = new ListPolicyVersionsRequest().setPolicyName("look").setPolicyType("Custom");
        return root.listPolicyVersions(request).body.policyVersions.policyVersion.stream()
            .map(version -> version.versionId + " " + version.isDefaultVersion).toList();
    }

    @Test
    void a_group_is_made_renamed_and_listed() throws Exception {
        var made = root.createGroup(new CreateGroupRequest().setGroupName("crew").setComments("first")).body.group;
        world.advance("1h");
        var renamed = root.updateGroup(
            new UpdateGroupRequest().setGroupName("crew").setNewGroupName("team").setNewComments("")).body.group;

        assertEquals(START, made.createDate);
        assertEquals(List.of("team", "", LATER), List.of(renamed.groupName, renamed.comments, renamed.updateDate));
        assertEquals("team", root.getGroup(new GetGroupRequest().setGroupName("team")).body.group.groupName);
        assertEquals(List.of("team"),
            root.listGroups(new ListGroupsRequest()).body.groups.group.stream().map(group -> group.groupName).toList());
        assertTrue(refuses(404, "EntityNotExist.Group", () -> root.getGroup(new GetGroupRequest().setGroupName("crew")))
            .startsWith("code: 404, The group does not exist. request id: "));
        refuses(409, "EntityAlreadyExists.Group",
            () -> root.createGroup(new CreateGroupRequest().setGroupName("team")));
    }

    @Test
    void a_member_joins_and_leaves_once_and_a_group_is_deleted_when_nothing_is_left() throws Exception {
        root.createGroup(new CreateGroupRequest().setGroupName("crew"));
        root.createUser(new CreateUserRequest().setUserName("alice").setDisplayName("Alice"));
        makePolicy();
        var add = new AddUserToGroupRequest().setUserName("alice").setGroupName("crew");
        var remove = new RemoveUserFromGroupRequest().setUserName("alice").setGroupName("crew");
        var delete = new DeleteGroupRequest().setGroupName("crew");

        root.addUserToGroup(add);
        refuses(409, "EntityAlreadyExists.User.Group", () -> root.addUserToGroup(add));
        var member = root.listUsersForGroup(new ListUsersForGroupRequest().setGroupName("crew")).body.users.user.get(0);
        assertEquals(List.of("alice", "Alice", START), List.of(member.userName, member.displayName, member.joinDate));
        var groups = root.listGroupsForUser(new ListGroupsForUserRequest().setUserName("alice")).body.groups.group;
        assertEquals(List.of("crew"), groups.stream().map(group -> group.groupName).toList());
        root.attachPolicyToGroup(new AttachPolicyToGroupRequest().setGroupName("crew").setPolicyName("look")
            .setPolicyType("Custom"));

        refuses(409, "DeleteConflict.Group.User", () -> root.deleteGroup(delete));
        root.removeUserFromGroup(remove);
        refuses(404, "EntityNotExist.User.Group", () -> root.removeUserFromGroup(remove));
        refuses(409, "DeleteConflict.Group.Policy", () -> root.deleteGroup(delete));
        root.detachPolicyFromGroup(new DetachPolicyFromGroupRequest().setGroupName("crew").setPolicyName("look")
            .setPolicyType("Custom"));
        root.deleteGroup(delete);
        assertEquals(List.of(), root.listGroups(new ListGroupsRequest()).body.groups.group);
    }

    @Test
    void a_policy_has_versions_of_which_one_is_the_default() throws Exception {
        makePolicy();
        var setSecond = new SetDefaultPolicyVersionRequest().setPolicyName("look").setVersionId("v2");
        var deleteFirst = new DeletePolicyVersionRequest().setPolicyName("look").setVersionId("v1");
        var delete = new DeletePolicyRequest().setPolicyName("look");
        assertEquals(List.of("to look", "v1"), List.of(shown().policy.description, shown().policy.defaultVersion));
        assertEquals(FIRST, shown().defaultPolicyVersion.policyDocument);

        refuses(409, "DeleteConflict.Policy.Version.Default", () -> root.deletePolicyVersion(deleteFirst));
        root.createPolicyVersion(new CreatePolicyVersionRequest().setPolicyName("look").setPolicyDocument(SECOND));
        assertEquals(List.of("v1 true", "v2 false"), versions());
        root.setDefaultPolicyVersion(setSecond);
        assertEquals(SECOND, shown().defaultPolicyVersion.policyDocument);
        var first = root.getPolicyVersion(
            new GetPolicyVersionRequest().setPolicyName("look").setPolicyType("Custom").setVersionId("v1"));
        assertEquals(FIRST, first.body.policyVersion.policyDocument);

        refuses(409, "DeleteConflict.Policy.Version", () -> root.deletePolicy(delete));
        root.deletePolicyVersion(deleteFirst);
        assertEquals(List.of("v2 true"), versions());
        root.deletePolicy(delete);
        refuses(404, "EntityNotExist.Policy", this::shown);
        var custom = root.listPolicies(new ListPoliciesRequest().setPolicyType("Custom"));
        assertEquals(List.of(), custom.body.policies.policy);
    }

    @Test
    void a_policy_name_is_unique_and_a_document_well_formed() throws Exception {
        makePolicy();

        refuses(409, "EntityAlreadyExists.Policy", this::makePolicy);
        String reason = refuses(400, "MalformedPolicyDocument", () -> root.createPolicy(new CreatePolicyRequest()
            .setPolicyName("bad").setPolicyDocument(document(Map.of("Effect", "Allow", "Resource", "*")))));
        assertTrue(reason.startsWith("code: 400, Add an Action or NotAction element to the policy statement."), reason);
    }

    @Test
    void a_policy_is_attached_to_user_group_and_role_until_it_is_detached() throws Exception {
        makePolicy();
        makeRole();
        root.createUser(new CreateUserRequest().setUserName("alice"));
        root.createGroup(new CreateGroupRequest().setGroupName("crew"));
        var toUser = new AttachPolicyToUserRequest().setPolicyName("look")
            .setPolicyType("Custom").setUserName("alice");
        var toGroup = new AttachPolicyToGroupRequest().setPolicyName("look")
            .setPolicyType("Custom").setGroupName("crew");
        var toRole = new AttachPolicyToRoleRequest().setPolicyName("look")
            .setPolicyType("Custom").setRoleName("deploy");
        var ofUser = new ListPoliciesForUserRequest().setUserName("alice");
        var ofGroup = new ListPoliciesForGroupRequest().setGroupName("crew");
        var ofRole = new ListPoliciesForRoleRequest().setRoleName("deploy");
        var delete = new DeletePolicyRequest().setPolicyName("look");
        var entities = new ListEntitiesForPolicyRequest().setPolicyName("look").setPolicyType("Custom");

        root.attachPolicyToUser(toUser);
        root.attachPolicyToGroup(toGroup);
        root.attachPolicyToRole(toRole);

        refuses(409, "EntityAlreadyExists.User.Policy", () -> root.attachPolicyToUser(toUser));
        refuses(409, "EntityAlreadyExists.Group.Policy", () -> root.attachPolicyToGroup(toGroup));
        refuses(409, "EntityAlreadyExists.Role.Policy", () -> root.attachPolicyToRole(toRole));
        var seen = root.listEntitiesForPolicy(entities).body;
        assertEquals(List.of("alice", "crew", "deploy"), List.of(
            seen.users.user.get(0).userName, seen.groups.group.get(0).groupName, seen.roles.role.get(0).roleName));
        assertEquals("look", root.listPoliciesForUser(ofUser).body.policies.policy.get(0).policyName);
        assertEquals("look", root.listPoliciesForGroup(ofGroup).body.policies.policy.get(0).policyName);
        assertEquals("look", root.listPoliciesForRole(ofRole).body.policies.policy.get(0).policyName);
        assertEquals(3, shown().policy.attachmentCount);

        refuses(409, "DeleteConflict.Policy.User", () -> root.deletePolicy(delete));
        root.detachPolicyFromUser(
            new DetachPolicyFromUserRequest().setUserName("alice").setPolicyName("look").setPolicyType("Custom"));
        refuses(409, "DeleteConflict.Policy.Group", () -> root.deletePolicy(delete));
        root.detachPolicyFromGroup(
            new DetachPolicyFromGroupRequest().setGroupName("crew").setPolicyName("look").setPolicyType("Custom"));
        refuses(409, "DeleteConflict.Policy.Role", () -> root.deletePolicy(delete));
        var fromRole =
            new DetachPolicyFromRoleRequest().setRoleName("deploy").setPolicyName("look").setPolicyType("Custom");
        root.detachPolicyFromRole(fromRole);
        refuses(404, "EntityNotExist.Role.Policy", () -> root.detachPolicyFromRole(fromRole));
        root.deletePolicy(delete);
    }

    @Test
    void a_role_is_made_changed_field_by_field_and_deleted() throws Exception {
        var made = makeRole();
        assertEquals("acs:ram::" + world.account().uid() + ":role/deploy", made.arn);
        refuses(409, "EntityAlreadyExists.Role", this::makeRole);
        world.advance("1h");
        String service = trust("Service", "ecs.aliyuncs.com");

        root.updateRole(new UpdateRoleRequest().setRoleName("deploy").setNewAssumeRolePolicyDocument(service)
            .setNewMaxSessionDuration(7200L));

        var role = root.getRole(new GetRoleRequest().setRoleName("deploy")).body.role;
        assertEquals(List.of(made.roleId, "first", service, LATER),
            List.of(role.roleId, role.description, role.assumeRolePolicyDocument, role.updateDate));
        assertEquals(7200L, role.maxSessionDuration);
        assertEquals(List.of("deploy"),
            root.listRoles(new ListRolesRequest()).body.roles.role.stream().map(one -> one.roleName).toList());
        refuses(400, "MalformedPolicyDocument", () -> root.updateRole(
            new UpdateRoleRequest().setRoleName("deploy").setNewAssumeRolePolicyDocument("{")));
        root.deleteRole(new DeleteRoleRequest().setRoleName("deploy"));
        assertTrue(refuses(404, "EntityNotExist.Role", () -> root.getRole(new GetRoleRequest().setRoleName("deploy")))
            .startsWith("code: 404, The role does not exist. request id: "));
    }
}
