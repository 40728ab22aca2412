"""Groups, custom policies and roles, from their making to their end."""

import pytest
from clients import RAM, new_policy, refused
from seeded import START, allow, trust

ONE_HOUR_LATER = "2026-01-01T01:00:00Z"
FIRST, SECOND = allow("ram:Get*"), allow("ram:List*")
MEMBER = {"UserName": "alice", "GroupName": "crew"}


@pytest.fixture
def account(world):
    """The account of a world whose clock stands still, so that dates can be told."""
    return world.account


@pytest.fixture
def ask(account):
    """Calls RAM as the account."""
    return lambda action, **fields: RAM(account.key, action, **fields)


@pytest.fixture
def look(account):
    """A new custom policy, as the parameters that attach it."""
    return new_policy(account, "look", FIRST)


def test_a_group_from_its_making_to_its_end(world, ask, look):
    made = ask("CreateGroup", GroupName="team", Comments="first")["Group"]
    assert made.keys() == {"GroupId", "GroupName", "Comments", "CreateDate"} and made["CreateDate"] == START
    world.advance("1h")
    renamed = ask("UpdateGroup", GroupName="team", NewGroupName="crew", NewComments="")["Group"]
    assert renamed == {**made, "GroupName": "crew", "Comments": "", "UpdateDate": ONE_HOUR_LATER}
    assert ask("GetGroup", GroupName="crew")["Group"] == renamed
    assert ask("ListGroups")["Groups"]["Group"] == [renamed]
    with refused(409, "EntityAlreadyExists.Group", "The group does already EXIST."):
        ask("CreateGroup", GroupName="crew")

    ask("CreateUser", UserName="alice", DisplayName="Alice")
    ask("AddUserToGroup", **MEMBER)
    with refused(409, "EntityAlreadyExists.User.Group", "The user has already joined the group."):
        ask("AddUserToGroup", **MEMBER)
    (member,) = ask("ListUsersForGroup", GroupName="crew")["Users"]["User"]
    assert member == {"UserName": "alice", "DisplayName": "Alice", "JoinDate": ONE_HOUR_LATER}
    (joined,) = ask("ListGroupsForUser", UserName="alice")["Groups"]["Group"]
    assert (joined["GroupName"], joined["JoinDate"]) == ("crew", ONE_HOUR_LATER)

    ask("AttachPolicyToGroup", GroupName="crew", **look)
    with refused(409, "DeleteConflict.Group.User"):
        ask("DeleteGroup", GroupName="crew")
    ask("RemoveUserFromGroup", **MEMBER)
    with refused(404, "EntityNotExist.User.Group", "The user has not joined the group."):
        ask("RemoveUserFromGroup", **MEMBER)
    with refused(409, "DeleteConflict.Group.Policy"):
        ask("DeleteGroup", GroupName="crew")
    ask("DetachPolicyFromGroup", GroupName="crew", **look)
    ask("DeleteGroup", GroupName="crew")
    with refused(404, "EntityNotExist.Group", "The group does not exist."):
        ask("GetGroup", GroupName="crew")


def test_a_policy_from_its_making_to_its_end(ask, look):
    def versions():
        listed = ask("ListPolicyVersions", **look)["PolicyVersions"]["PolicyVersion"]
        return [(version["VersionId"], version["IsDefaultVersion"]) for version in listed]

    with refused(409, "EntityAlreadyExists.Policy", "The policy does already EXIST."):
        ask("CreatePolicy", PolicyName="look", PolicyDocument=FIRST)
    with refused(400, "MalformedPolicyDocument"):
        ask("CreatePolicy", PolicyName="bad", PolicyDocument="{")
    ask("UpdatePolicyDescription", PolicyName="look", NewDescription="to look")
    made = ask("CreatePolicyVersion", PolicyName="look", PolicyDocument=SECOND, SetAsDefault=True)["PolicyVersion"]
    assert (made["VersionId"], made["IsDefaultVersion"], made["CreateDate"]) == ("v2", True, START)

    shown = ask("GetPolicy", **look)
    assert (shown["Policy"]["Description"], shown["Policy"]["DefaultVersion"]) == ("to look", "v2")
    assert shown["DefaultPolicyVersion"]["PolicyDocument"] == SECOND
    assert ask("GetPolicyVersion", VersionId="v1", **look)["PolicyVersion"]["PolicyDocument"] == FIRST
    ask("SetDefaultPolicyVersion", PolicyName="look", VersionId="v1")
    assert versions() == [("v1", True), ("v2", False)]
    with refused(409, "DeleteConflict.Policy.Version.Default"):
        ask("DeletePolicyVersion", PolicyName="look", VersionId="v1")
    with refused(409, "DeleteConflict.Policy.Version"):
        ask("DeletePolicy", PolicyName="look")
    ask("DeletePolicyVersion", PolicyName="look", VersionId="v2")
    assert versions() == [("v1", True)]

    ask("DeletePolicy", PolicyName="look")
    assert ask("ListPolicies", PolicyType="Custom")["Policies"]["Policy"] == []
    with refused(404, "EntityNotExist.Policy", "The policy does not exist."):
        ask("GetPolicy", **look)


@pytest.mark.parametrize("kind", ["User", "Group", "Role"])
def test_an_attachment_from_its_making_to_its_end(account, ask, look, kind):
    name = {f"{kind}Name": "somebody"}
    trusted = {"AssumeRolePolicyDocument": trust({"RAM": f"acs:ram::{account.pk}:root"})} if kind == "Role" else {}
    ask(f"Create{kind}", **name, **trusted)

    ask(f"AttachPolicyTo{kind}", **name, **look)
    with refused(409, f"EntityAlreadyExists.{kind}.Policy"):
        ask(f"AttachPolicyTo{kind}", **name, **look)
    (attached,) = ask(f"ListPoliciesFor{kind}", **name)["Policies"]["Policy"]
    assert (attached["PolicyName"], attached["PolicyType"], attached["AttachDate"]) == ("look", "Custom", START)
    entities = ask("ListEntitiesForPolicy", **look)
    found = [entity[f"{one}Name"] for one in ["User", "Group", "Role"] for entity in entities[f"{one}s"][one]]
    assert found == ["somebody"] and entities[f"{kind}s"][kind]
    with refused(409, f"DeleteConflict.Policy.{kind}"):
        ask("DeletePolicy", PolicyName="look")
    with refused(409, f"DeleteConflict.{kind}.Policy"):
        ask(f"Delete{kind}", **name)

    ask(f"DetachPolicyFrom{kind}", **name, **look)
    with refused(404, f"EntityNotExist.{kind}.Policy"):
        ask(f"DetachPolicyFrom{kind}", **name, **look)
    ask(f"Delete{kind}", **name)


def test_a_role_from_its_making_to_its_end(world, account, ask):
    trusted, service = trust({"RAM": f"acs:ram::{account.pk}:root"}), trust({"Service": ["ecs.aliyuncs.com"]})
    role = {"RoleName": "deploy", "AssumeRolePolicyDocument": trusted}

    made = ask("CreateRole", Description="first", MaxSessionDuration=7200, **role)["Role"]
    assert (made["Arn"], made["CreateDate"]) == (f"acs:ram::{account.pk}:role/deploy", START)
    assert (made["MaxSessionDuration"], made["AssumeRolePolicyDocument"]) == (7200, trusted)
    with refused(409, "EntityAlreadyExists.Role", "The role does already EXIST."):
        ask("CreateRole", **role)
    world.advance("1h")
    changed = ask("UpdateRole", RoleName="deploy", NewAssumeRolePolicyDocument=service)["Role"]
    assert changed == {**made, "AssumeRolePolicyDocument": service, "UpdateDate": ONE_HOUR_LATER}
    assert ask("GetRole", RoleName="deploy")["Role"].items() >= changed.items()
    (listed,) = ask("ListRoles")["Roles"]["Role"]
    assert (listed["RoleId"], listed["RoleName"]) == (made["RoleId"], "deploy")

    tags = {"ResourceType": "role", "ResourceNames": ["deploy"]}
    ask("TagResources", Tag=[{"Key": "env", "Value": "test"}, {"Key": "team", "Value": "shop"}], **tags)
    ask("UntagResources", TagKeys=["env"], **tags)
    (tag,) = ask("ListTagResources", **tags)["TagResources"]
    assert tag == {"ResourceType": "role", "ResourceName": "deploy", "TagKey": "team", "TagValue": "shop"}

    ask("DeleteRole", RoleName="deploy")
    with refused(404, "EntityNotExist.Role", "The role does not exist."):
        ask("GetRole", RoleName="deploy")
