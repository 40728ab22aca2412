"""Custom policies, their versions, whom they are attached to, and the system's policies."""

import json

import pytest
from clients import RAM, new_policy, refused
from seeded import START, allow, deny, policy, statement, trust

FIRST, SECOND = allow("ram:Get*"), allow("ram:List*")
ONE_HOUR_LATER = "2026-01-01T01:00:00Z"


@pytest.fixture
def account(world):
    """The account of a world whose clock stands still, so that dates can be told."""
    return world.account


@pytest.fixture
def look(account):
    """A new custom policy, as the parameters that attach it."""
    return new_policy(account, "look", FIRST, description="to look around")


@pytest.fixture(params=["user", "group", "role"])
def target(request, account):
    """A new user, group or role: its kind, and the parameter that names it."""
    kind, name = request.param, {f"{request.param}_name": "somebody"}
    trusted = {"assume_role_policy_document": trust({"RAM": f"acs:ram::{account.pk}:root"})} if kind == "role" else {}
    RAM(account.key, f"Create{kind.title()}", **name, **trusted)
    return kind.title(), name


def versions(account, name="look", policy_type="Custom"):
    """The versions of a policy: number, and whether it is the default."""
    listed = RAM(account.key, "ListPolicyVersions", policy_name=name, policy_type=policy_type)
    return [(one.version_id, one.is_default_version) for one in listed.policy_versions.policy_version]


def test_a_created_policy_can_be_read_with_its_document(account):
    made = RAM(account.key, "CreatePolicy", policy_name="look", policy_document=FIRST, description="to look").policy
    shown = RAM(account.key, "GetPolicy", policy_name="look", policy_type="Custom")

    expected = {"PolicyName": "look", "PolicyType": "Custom", "Description": "to look", "DefaultVersion": "v1"}
    assert made.to_map() == {**expected, "CreateDate": START}
    assert expected.items() <= shown.policy.to_map().items()
    assert (shown.policy.attachment_count, shown.policy.update_date) == (0, START)
    version = {"VersionId": "v1", "IsDefaultVersion": True, "PolicyDocument": FIRST, "CreateDate": START}
    assert shown.default_policy_version.to_map() == version


def test_a_system_policy_can_be_read_and_not_written(account):
    system = {"policy_name": "AdministratorAccess", "policy_type": "System"}

    shown = RAM(account.key, "GetPolicy", **system)

    assert (shown.policy.policy_type, shown.policy.default_version) == ("System", "v1")
    everything = {"Action": "*", "Effect": "Allow", "Resource": "*"}
    assert json.loads(shown.default_policy_version.policy_document) == {"Version": "1", "Statement": [everything]}
    assert versions(account, "AdministratorAccess", "System") == [("v1", True)]
    with refused(404, "EntityNotExist.Policy", "The policy does not exist."):
        RAM(account.key, "GetPolicy", policy_name="AdministratorAccess", policy_type="Custom")
    with refused(404, "EntityNotExist.Policy", "The policy does not exist."):
        RAM(account.key, "DeletePolicy", policy_name="AdministratorAccess")


def test_policies_are_listed_by_type_and_page_by_page(account):
    for name in ["eve", "bob", "dave"]:
        new_policy(account, name, FIRST)

    custom = RAM(account.key, "ListPolicies", policy_type="Custom", max_items=2)
    rest = RAM(account.key, "ListPolicies", policy_type="Custom", max_items=2, marker=custom.marker)
    system = RAM(account.key, "ListPolicies", policy_type="System", max_items=1000)
    both = RAM(account.key, "ListPolicies", max_items=1000)

    names = [one.policy_name for one in custom.policies.policy + rest.policies.policy]
    assert names == ["eve", "bob", "dave"] and (custom.is_truncated, rest.is_truncated) == (True, False)
    assert {one.policy_type for one in system.policies.policy} == {"System"}
    assert "AdministratorAccess" in [one.policy_name for one in system.policies.policy]
    assert len(both.policies.policy) == len(system.policies.policy) + 3
    with refused(400, "InvalidParameter.PolicyType", 'The parameter - "PolicyType" is incorrect.'):
        RAM(account.key, "ListPolicies", policy_type="Other")


def test_a_description_is_replaced_and_cleared(world, account, look):
    world.advance("1h")

    changed = RAM(account.key, "UpdatePolicyDescription", policy_name="look", new_description="second").policy
    cleared = RAM(account.key, "UpdatePolicyDescription", policy_name="look", new_description="").policy

    assert (changed.description, changed.create_date, changed.update_date) == ("second", START, ONE_HOUR_LATER)
    assert cleared.description == ""


@pytest.mark.parametrize(
    "document, message",
    [
        ("{", ""),
        (json.dumps({"Statement": [statement("Allow", "*")]}), "The policy document is invalid."),
        (policy({"Effect": "Allow", "Resource": "*"}), "Add an Action or NotAction element to the policy statement."),
        (policy(statement("allow", "*")), ""),
        (
            policy(statement("Allow", "*", Condition={"StringLikeIfExists": {"acs:SourceIp": "1"}})),
            "The condition operator",
        ),
    ],
    ids=["no JSON", "no version", "no action", "effect in lower case", "IfExists"],
)
def test_a_malformed_document_is_refused_with_the_reason(account, document, message):
    with refused(400, "MalformedPolicyDocument", message):
        RAM(account.key, "CreatePolicy", policy_name="bad", policy_document=document)


def test_a_policy_name_is_unique_and_well_formed_and_a_document_not_too_long(account, look):
    with refused(409, "EntityAlreadyExists.Policy", "The policy does already EXIST."):
        new_policy(account, "look", FIRST)
    with refused(400, "InvalidParameter.PolicyName.InvalidChars"):
        new_policy(account, "bad_name", FIRST)
    with refused(400, "InvalidParameter.PolicyDocument.Length"):
        new_policy(account, "long", allow("a" * 6144))


def test_a_new_version_counts_once_it_is_the_default(world, account, look):
    world.advance("1h")
    second = RAM(account.key, "CreatePolicyVersion", policy_name="look", policy_document=SECOND).policy_version
    made = {"VersionId": "v2", "IsDefaultVersion": False, "PolicyDocument": SECOND, "CreateDate": ONE_HOUR_LATER}
    assert second.to_map() == made
    assert versions(account) == [("v1", True), ("v2", False)]

    RAM(account.key, "SetDefaultPolicyVersion", policy_name="look", version_id="v2")
    shown = RAM(account.key, "GetPolicy", **look)
    assert (shown.policy.default_version, shown.default_policy_version.policy_document) == ("v2", SECOND)
    assert (shown.policy.create_date, shown.policy.update_date) == (START, ONE_HOUR_LATER)
    assert versions(account) == [("v1", False), ("v2", True)]
    first = RAM(account.key, "GetPolicyVersion", version_id="v1", **look).policy_version
    assert (first.policy_document, first.is_default_version) == (FIRST, False)

    RAM(account.key, "DeletePolicyVersion", policy_name="look", version_id="v1")
    assert versions(account) == [("v2", True)]


def test_a_version_that_is_the_default_or_is_not_there_cannot_be_deleted(account, look):
    with refused(
        409, "DeleteConflict.Policy.Version.Default", "The default policy version CAN NOT been deleted directly."
    ):
        RAM(account.key, "DeletePolicyVersion", policy_name="look", version_id="v1")
    with refused(404, "EntityNotExist.Policy.Version", "The policy version does not exist."):
        RAM(account.key, "GetPolicyVersion", version_id="v7", **look)
    with refused(400, "InvalidParameter.VersionId.Format", 'The format of the parameter - "VersionId" is incorrect.'):
        RAM(account.key, "SetDefaultPolicyVersion", policy_name="look", version_id="second")


def test_the_sixth_version_is_refused_unless_the_oldest_may_go(account, look):
    # As Terraform updates a policy: every time a new version that is the default.
    update = {"policy_name": "look", "policy_document": SECOND, "set_as_default": True}
    for _ in range(4):
        RAM(account.key, "CreatePolicyVersion", **update)

    with refused(409, "LimitExceeded.Policy.Version", "The count of policy version beyond the current limits."):
        RAM(account.key, "CreatePolicyVersion", **update)
    rotate = {"rotate_strategy": "DeleteOldestNonDefaultVersionWhenLimitExceeded"}
    made = RAM(account.key, "CreatePolicyVersion", **update, **rotate).policy_version

    assert (made.version_id, made.is_default_version) == ("v6", True)
    assert [number for number, _ in versions(account)] == ["v2", "v3", "v4", "v5", "v6"]


def test_an_attached_policy_is_listed_on_both_sides_until_it_is_detached(world, account, look, target):
    kind, name = target
    world.advance("1h")

    RAM(account.key, f"AttachPolicyTo{kind}", **name, **look)
    (attached,) = RAM(account.key, f"ListPoliciesFor{kind}", **name).policies.policy
    assert attached.to_map() == {
        "PolicyName": "look",
        "PolicyType": "Custom",
        "Description": "to look around",
        "DefaultVersion": "v1",
        "AttachDate": ONE_HOUR_LATER,
    }
    entities = RAM(account.key, "ListEntitiesForPolicy", **look).to_map()
    (entity,) = entities[f"{kind}s"][kind]
    assert (entity[f"{kind}Name"], entity["AttachDate"]) == ("somebody", ONE_HOUR_LATER)
    assert all(entities[f"{other}s"][other] == [] for other in {"User", "Group", "Role"} - {kind})
    assert RAM(account.key, "GetPolicy", **look).policy.attachment_count == 1

    RAM(account.key, f"DetachPolicyFrom{kind}", **name, **look)
    assert RAM(account.key, f"ListPoliciesFor{kind}", **name).policies.policy == []
    assert RAM(account.key, "GetPolicy", **look).policy.attachment_count == 0


def test_a_policy_is_neither_attached_nor_detached_twice(account, look, target):
    kind, name = target
    RAM(account.key, f"AttachPolicyTo{kind}", **name, **look)
    with refused(409, f"EntityAlreadyExists.{kind}.Policy"):
        RAM(account.key, f"AttachPolicyTo{kind}", **name, **look)

    RAM(account.key, f"DetachPolicyFrom{kind}", **name, **look)
    with refused(404, f"EntityNotExist.{kind}.Policy"):
        RAM(account.key, f"DetachPolicyFrom{kind}", **name, **look)


def test_neither_an_unknown_policy_nor_to_an_unknown_name_can_be_attached(account, look, target):
    kind, name = target
    with refused(404, "EntityNotExist.Policy", "The policy does not exist."):
        RAM(account.key, f"AttachPolicyTo{kind}", **name, policy_name="other", policy_type="Custom")
    (parameter,) = name
    with refused(404, f"EntityNotExist.{kind}"):
        RAM(account.key, f"AttachPolicyTo{kind}", **{parameter: "nobody"}, **look)


def test_a_user_has_ten_custom_and_twenty_system_policies_at_most(account):
    RAM(account.key, "CreateUser", user_name="alice")
    system = [one.policy_name for one in RAM(account.key, "ListPolicies", policy_type="System").policies.policy]
    for number in range(10):
        RAM(account.key, "AttachPolicyToUser", user_name="alice", **new_policy(account, f"p{number}", deny("ecs:*")))

    with refused(409, "LimitExceeded.User.Policy", "The policy count of the user attached policies beyond"):
        RAM(account.key, "AttachPolicyToUser", user_name="alice", **new_policy(account, "p10", deny("ecs:*")))

    for name in system[:20]:
        RAM(account.key, "AttachPolicyToUser", user_name="alice", policy_name=name, policy_type="System")
    assert len(RAM(account.key, "ListPoliciesForUser", user_name="alice").policies.policy) == 10 + len(system[:20])


def test_an_attached_policy_can_neither_be_deleted_nor_can_who_has_it(account, look, target):
    kind, name = target
    RAM(account.key, f"AttachPolicyTo{kind}", **name, **look)

    with refused(409, f"DeleteConflict.Policy.{kind}"):
        RAM(account.key, "DeletePolicy", policy_name="look", cascading_delete=True)
    with refused(409, f"DeleteConflict.{kind}.Policy"):
        RAM(account.key, f"Delete{kind}", **name)
    RAM(account.key, f"DetachPolicyFrom{kind}", **name, **look)
    RAM(account.key, f"Delete{kind}", **name)
    RAM(account.key, "DeletePolicy", policy_name="look")

    with refused(404, "EntityNotExist.Policy", "The policy does not exist."):
        RAM(account.key, "GetPolicy", **look)


def test_a_policy_with_versions_is_deleted_only_in_cascade(account, look):
    RAM(account.key, "CreatePolicyVersion", policy_name="look", policy_document=SECOND)

    with refused(
        409, "DeleteConflict.Policy.Version", "The policy CAN NOT has any version except the default version."
    ):
        RAM(account.key, "DeletePolicy", policy_name="look")
    RAM(account.key, "DeletePolicy", policy_name="look", cascading_delete=True)

    assert RAM(account.key, "ListPolicies", policy_type="Custom").policies.policy == []
