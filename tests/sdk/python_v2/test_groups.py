"""Groups and their members."""

import pytest
from clients import RAM, new_policy, refused
from seeded import START, allow

MEMBER = {"user_name": "alice", "group_name": "crew"}


@pytest.fixture
def account(world):
    """The account of a world whose clock stands still, so that dates can be told."""
    return world.account


@pytest.fixture
def crew(account):
    """A new group of the account."""
    return RAM(account.key, "CreateGroup", group_name="crew", comments="first").group


def names(groups):
    return [group.group_name for group in groups]


def test_a_created_group_can_be_read(account, crew):
    group = RAM(account.key, "GetGroup", group_name="crew").group

    assert (crew.group_name, crew.comments, crew.create_date) == ("crew", "first", START)
    assert crew.group_id.startswith("g-") and len(crew.group_id) == 18
    assert group.to_map() == {**crew.to_map(), "UpdateDate": START}


def test_a_renamed_group_keeps_its_id_its_members_and_its_policies(world, account, crew):
    RAM(account.key, "CreateUser", user_name="alice")
    RAM(account.key, "AddUserToGroup", **MEMBER)
    RAM(account.key, "AttachPolicyToGroup", group_name="crew", **new_policy(account, "look", allow("ram:List*")))
    world.advance("1h")

    renamed = RAM(account.key, "UpdateGroup", group_name="crew", new_group_name="team").group

    assert (renamed.group_id, renamed.group_name, renamed.comments) == (crew.group_id, "team", "first")
    assert (renamed.create_date, renamed.update_date) == (START, "2026-01-01T01:00:00Z")
    assert [user.user_name for user in RAM(account.key, "ListUsersForGroup", group_name="team").users.user] == ["alice"]
    assert names(RAM(account.key, "ListGroupsForUser", user_name="alice").groups.group) == ["team"]
    (policy,) = RAM(account.key, "ListPoliciesForGroup", group_name="team").policies.policy
    assert policy.policy_name == "look"
    with refused(404, "EntityNotExist.Group", "The group does not exist."):
        RAM(account.key, "GetGroup", group_name="crew")


def test_an_absent_comment_stays_and_an_empty_one_clears_it(account, crew):
    kept = RAM(account.key, "UpdateGroup", group_name="crew", new_group_name="crew").group
    cleared = RAM(account.key, "UpdateGroup", group_name="crew", new_comments="").group

    assert (kept.group_name, kept.comments, cleared.comments) == ("crew", "first", "")


def test_pages_of_groups_joined_are_all_groups_in_the_order_of_their_making(account):
    made = ["eve", "bob", "dave", "alice", "carol"]
    for name in made:
        RAM(account.key, "CreateGroup", group_name=name)

    pages, marker = [], None
    for _ in made:
        page = RAM(account.key, "ListGroups", max_items=2, marker=marker)
        pages.append(names(page.groups.group))
        marker = page.marker
        if not page.is_truncated:
            break

    assert pages == [["eve", "bob"], ["dave", "alice"], ["carol"]]
    assert names(RAM(account.key, "ListGroups").groups.group) == made


def test_a_member_joins_is_listed_on_both_sides_and_leaves(world, account, crew):
    RAM(account.key, "CreateUser", user_name="alice", display_name="Alice")
    world.advance("30m")

    RAM(account.key, "AddUserToGroup", **MEMBER)
    (member,) = RAM(account.key, "ListUsersForGroup", group_name="crew").users.user
    (group,) = RAM(account.key, "ListGroupsForUser", user_name="alice").groups.group
    assert member.to_map() == {"UserName": "alice", "DisplayName": "Alice", "JoinDate": "2026-01-01T00:30:00Z"}
    assert (group.group_id, group.group_name, group.comments) == (crew.group_id, "crew", "first")
    assert group.join_date == member.join_date

    RAM(account.key, "RemoveUserFromGroup", **MEMBER)
    assert RAM(account.key, "ListUsersForGroup", group_name="crew").users.user == []
    assert RAM(account.key, "ListGroupsForUser", user_name="alice").groups.group == []


def test_members_are_listed_page_by_page(account, crew):
    for name in ["carol", "alice", "bob"]:
        RAM(account.key, "CreateUser", user_name=name)
        RAM(account.key, "AddUserToGroup", user_name=name, group_name="crew")

    first = RAM(account.key, "ListUsersForGroup", group_name="crew", max_items=2)
    second = RAM(account.key, "ListUsersForGroup", group_name="crew", max_items=2, marker=first.marker)

    assert (first.is_truncated, second.is_truncated, second.marker) == (True, False, None)
    shown = [user.user_name for user in first.users.user + second.users.user]
    assert len(first.users.user) == 2 and sorted(shown) == ["alice", "bob", "carol"]


def test_membership_is_neither_gained_nor_lost_twice(account, crew):
    RAM(account.key, "CreateUser", user_name="alice")
    RAM(account.key, "AddUserToGroup", **MEMBER)
    with refused(409, "EntityAlreadyExists.User.Group", "The user has already joined the group."):
        RAM(account.key, "AddUserToGroup", **MEMBER)

    RAM(account.key, "RemoveUserFromGroup", **MEMBER)
    with refused(404, "EntityNotExist.User.Group", "The user has not joined the group."):
        RAM(account.key, "RemoveUserFromGroup", **MEMBER)


def test_a_group_name_is_unique_regardless_of_case_and_well_formed(account, crew):
    with refused(409, "EntityAlreadyExists.Group", "The group does already EXIST."):
        RAM(account.key, "CreateGroup", group_name="Crew")
    with refused(400, "InvalidParameter.GroupName.InvalidChars"):
        RAM(account.key, "CreateGroup", group_name="bad name!")
    with refused(400, "InvalidParameter.GroupName.Length"):
        RAM(account.key, "CreateGroup", group_name="g" * 65)


def test_a_user_is_in_ten_groups_at_most(account):
    RAM(account.key, "CreateUser", user_name="alice")
    for number in range(11):
        RAM(account.key, "CreateGroup", group_name=f"g{number}")
    for number in range(10):
        RAM(account.key, "AddUserToGroup", user_name="alice", group_name=f"g{number}")

    with refused(409, "LimitExceeded.User.Group", "The count of groups the target user joined beyond"):
        RAM(account.key, "AddUserToGroup", user_name="alice", group_name="g10")


def test_a_group_is_deleted_only_when_nothing_is_left_in_it(account, crew):
    look = new_policy(account, "look", allow("ram:List*"))
    RAM(account.key, "CreateUser", user_name="alice")
    RAM(account.key, "AddUserToGroup", **MEMBER)
    RAM(account.key, "AttachPolicyToGroup", group_name="crew", **look)

    with refused(409, "DeleteConflict.Group.User", "The group CAN NOT has any user member"):
        RAM(account.key, "DeleteGroup", group_name="crew")
    with refused(409, "DeleteConflict.User.Group", "The user CAN NOT be in any group"):
        RAM(account.key, "DeleteUser", user_name="alice")
    RAM(account.key, "RemoveUserFromGroup", **MEMBER)
    with refused(409, "DeleteConflict.Group.Policy", "The entity CAN NOT has any attached policy"):
        RAM(account.key, "DeleteGroup", group_name="crew")
    RAM(account.key, "DetachPolicyFromGroup", group_name="crew", **look)
    RAM(account.key, "DeleteGroup", group_name="crew")

    assert RAM(account.key, "ListGroups").groups.group == []
    with refused(404, "EntityNotExist.Group", "The group does not exist."):
        RAM(account.key, "DeleteGroup", group_name="crew")
