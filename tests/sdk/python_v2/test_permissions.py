"""What a user may do comes and goes with the policies that reach it."""

import pytest
from clients import RAM, denied, identity, new_policy, new_user, refused
from seeded import allow, deny, policy, statement

ALL_USERS, ALL_GROUPS = "acs:ram:*:{}:user/*", "acs:ram:*:{}:group/*"


@pytest.fixture
def alice(account):
    """The key of a new user."""
    return new_user(account, "alice")


def attach(account, document, to="alice", name="rule"):
    """Attaches a new policy to a user."""
    made = new_policy(account, name, document)
    RAM(account.key, "AttachPolicyToUser", user_name=to, **made)
    return made


def test_a_policy_gives_a_permission_while_it_is_attached(account, alice):
    resource = ALL_USERS.format(account.pk)
    with denied(resource, "ram:ListUsers") as caught:
        RAM(alice, "ListUsers")
    detail = caught.value.access_denied_detail
    user_id = RAM(account.key, "GetUser", user_name="alice").user.user_id
    assert (detail["AuthPrincipalType"], detail["AuthPrincipalOwnerId"]) == ("SubUser", account.pk)
    assert detail["AuthPrincipalDisplayName"] == user_id

    made = attach(account, allow("ram:ListUsers"))
    assert [user.user_name for user in RAM(alice, "ListUsers").users.user] == ["alice"]
    with denied(ALL_GROUPS.format(account.pk), "ram:ListGroups"):
        RAM(alice, "ListGroups")

    RAM(account.key, "DetachPolicyFromUser", user_name="alice", **made)
    with denied(resource, "ram:ListUsers"):
        RAM(alice, "ListUsers")


def test_the_default_version_alone_counts(account, alice):
    attach(account, allow("ram:ListUsers"))
    RAM(alice, "ListUsers")

    second = {"policy_name": "rule", "policy_document": allow("ram:ListGroups")}
    RAM(account.key, "CreatePolicyVersion", **second)
    RAM(alice, "ListUsers")
    with denied(ALL_GROUPS.format(account.pk), "ram:ListGroups"):
        RAM(alice, "ListGroups")

    RAM(account.key, "SetDefaultPolicyVersion", policy_name="rule", version_id="v2")
    RAM(alice, "ListGroups")
    with denied(ALL_USERS.format(account.pk), "ram:ListUsers"):
        RAM(alice, "ListUsers")


def test_a_member_has_the_permissions_of_its_group(account, alice):
    RAM(account.key, "CreateGroup", group_name="crew")
    RAM(account.key, "AttachPolicyToGroup", group_name="crew", **new_policy(account, "look", allow("ram:ListUsers")))
    with denied(ALL_USERS.format(account.pk), "ram:ListUsers"):
        RAM(alice, "ListUsers")

    RAM(account.key, "AddUserToGroup", user_name="alice", group_name="crew")
    RAM(alice, "ListUsers")

    RAM(account.key, "RemoveUserFromGroup", user_name="alice", group_name="crew")
    with denied(ALL_USERS.format(account.pk), "ram:ListUsers"):
        RAM(alice, "ListUsers")


def test_an_explicit_deny_wins_over_every_allow_but_not_over_the_account(account, alice):
    RAM(account.key, "AttachPolicyToUser", user_name="alice", policy_name="AdministratorAccess", policy_type="System")
    RAM(alice, "CreateUser", user_name="bob")

    attach(account, deny("ram:CreateUser"))

    with denied(ALL_USERS.format(account.pk), "ram:CreateUser", kind="ExplicitDeny"):
        RAM(alice, "CreateUser", user_name="carol")
    RAM(alice, "CreateGroup", group_name="crew")
    RAM(account.key, "CreateUser", user_name="carol")


def test_nobody_can_be_denied_to_ask_who_it_is(account, alice):
    attach(account, deny("*"))

    assert identity(alice).arn == f"acs:ram::{account.pk}:user/alice"


def test_a_policy_about_one_user_says_nothing_of_another(account, alice):
    RAM(account.key, "CreateUser", user_name="bob")
    attach(account, allow(["ram:GetUser", "ram:UpdateUser"], f"acs:ram:*:{account.pk}:user/alice"))

    assert RAM(alice, "GetUser", user_name="alice").user.user_name == "alice"
    RAM(alice, "UpdateUser", user_name="alice", new_comments="me")
    for name in ["bob", "nobody"]:
        with denied(f"acs:ram:*:{account.pk}:user/{name}", "ram:GetUser"):
            RAM(alice, "GetUser", user_name=name)


def test_what_concerns_two_things_needs_permission_for_both(account, alice):
    RAM(account.key, "CreateGroup", group_name="crew")
    membership = {"user_name": "alice", "group_name": "crew"}
    user, group = f"acs:ram:*:{account.pk}:user/alice", f"acs:ram:*:{account.pk}:group/crew"
    attach(account, allow("ram:AddUserToGroup", user))
    with denied(group, "ram:AddUserToGroup"):
        RAM(alice, "AddUserToGroup", **membership)

    attach(account, allow("ram:AddUserToGroup", group), name="other")
    RAM(alice, "AddUserToGroup", **membership)


def test_a_condition_must_be_met(account, alice):
    here = {"IpAddress": {"acs:SourceIp": ["127.0.0.1", "::1"]}}
    elsewhere = {"IpAddress": {"acs:SourceIp": "203.0.113.0/24"}}
    attach(
        account,
        policy(
            statement("Allow", "ram:ListUsers", Condition=here),
            statement("Allow", "ram:ListGroups", Condition=elsewhere),
        ),
    )

    RAM(alice, "ListUsers")
    with denied(ALL_GROUPS.format(account.pk), "ram:ListGroups"):
        RAM(alice, "ListGroups")


def test_a_message_of_a_refusal_is_decoded_to_what_was_asked_and_which_policy_decided(account, alice):
    attach(account, deny("ram:CreateUser"), name="no-users")
    resource = ALL_USERS.format(account.pk)
    with denied(resource, "ram:CreateUser", kind="ExplicitDeny") as caught:
        RAM(alice, "CreateUser", user_name="bob")
    message = {"encoded_diagnostic_message": caught.value.access_denied_detail["EncodedDiagnosticMessage"]}

    decoded = RAM(account.key, "DecodeDiagnosticMessage", **message).decoded_diagnostic_message

    assert (decoded.auth_action, decoded.auth_resource) == ("ram:CreateUser", resource)
    assert (decoded.explicit_deny, decoded.no_permission_policy_type) == (True, "AccountLevelIdentityBasedPolicy")
    assert decoded.auth_principal.to_map() == {
        "AuthPrincipalType": "SubUser",
        "AuthPrincipalOwnerId": account.pk,
        "AuthPrincipalDisplayName": RAM(account.key, "GetUser", user_name="alice").user.user_id,
    }
    (matched,) = decoded.matched_policies
    assert matched.to_map() == {
        "PolicyIdentifier": "no-users",
        "PolicyType": "Custom",
        "PolicyVersion": "v1",
        "Effect": "Deny",
        "AttachedEntityType": "RamUser",
        "AttachedScope": "Account",
    }
    conditions = {one.condition_key: one.condition_values for one in decoded.auth_conditions}
    assert conditions["acs:SourceIp"] == ["127.0.0.1"]


def test_a_message_that_is_not_of_the_own_account_cannot_be_decoded(account, alice, world):
    with denied(ALL_USERS.format(account.pk), "ram:ListUsers") as caught:
        RAM(alice, "ListUsers")
    message = {"encoded_diagnostic_message": caught.value.access_denied_detail["EncodedDiagnosticMessage"]}

    with denied("*", "ram:DecodeDiagnosticMessage"):
        RAM(alice, "DecodeDiagnosticMessage", **message)
    for key, given in [(world.account.key, message), (account.key, {"encoded_diagnostic_message": "AQEgarbage"})]:
        with refused(404, "EntityNotExist", "The specific DecodedDiagnosticMessage cannot be found."):
            RAM(key, "DecodeDiagnosticMessage", **given)
