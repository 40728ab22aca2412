"""Tags of roles and policies."""

import pytest
from clients import RAM, new_policy, refused
from seeded import allow, trust

kinds = pytest.mark.parametrize("kind", ["role", "policy"])


def tags(action, **values):
    """Tags as the request of an action takes them."""
    made = getattr(RAM.models, f"{action}RequestTag")
    return [made(key=key, value=value) for key, value in values.items()]


def make(account, kind, name, **given):
    """Makes a role or a policy, with tags or without."""
    if kind == "policy":
        new_policy(account, name, allow("ram:List*"), tag=tags("CreatePolicy", **given))
    else:
        document = trust({"RAM": f"acs:ram::{account.pk}:root"})
        RAM(
            account.key,
            "CreateRole",
            role_name=name,
            assume_role_policy_document=document,
            tag=tags("CreateRole", **given),
        )


def tag(account, kind, *names, **given):
    RAM(account.key, "TagResources", resource_type=kind, resource_names=list(names), tag=tags("TagResources", **given))


def listed(account, kind, **fields):
    """Name, key and value of each tag on the page."""
    page = RAM(account.key, "ListTagResources", resource_type=kind, **fields)
    assert {one.resource_type for one in page.tag_resources} <= {kind}
    return [(one.resource_name, one.tag_key, one.tag_value) for one in page.tag_resources]


@kinds
def test_tags_are_set_replaced_and_removed(account, kind):
    make(account, kind, "one", env="test")
    make(account, kind, "two")

    tag(account, kind, "one", "two", env="prod", team="shop")
    assert listed(account, kind, resource_names=["one"]) == [("one", "env", "prod"), ("one", "team", "shop")]
    assert listed(account, kind, resource_names=["two"]) == [("two", "env", "prod"), ("two", "team", "shop")]

    RAM(account.key, "UntagResources", resource_type=kind, resource_names=["one"], tag_keys=["env"])
    RAM(account.key, "UntagResources", resource_type=kind, resource_names=["two"], all=True)
    assert listed(account, kind) == [("one", "team", "shop")]


@kinds
def test_tags_are_listed_by_value_and_page_by_page(account, kind):
    for name in ["one", "two", "three"]:
        make(account, kind, name, env="prod" if name == "two" else "test")

    assert listed(account, kind, tag=tags("ListTagResources", env="prod")) == [("two", "env", "prod")]
    first = RAM(account.key, "ListTagResources", resource_type=kind, page_size=2)
    rest = RAM(account.key, "ListTagResources", resource_type=kind, page_size=2, next_token=first.next_token)

    assert [one.resource_name for one in first.tag_resources] == ["one", "two"]
    assert [one.resource_name for one in rest.tag_resources] == ["three"] and not rest.next_token


def test_roles_and_policies_are_listed_with_their_tags_and_by_them(account):
    for kind in ["role", "policy"]:
        make(account, kind, "one", env="test")
        make(account, kind, "two")

    (role,) = RAM(account.key, "ListRoles", tag=tags("ListRoles", env="test")).roles.role
    (policy,) = RAM(
        account.key, "ListPolicies", policy_type="Custom", tag=tags("ListPolicies", env="test")
    ).policies.policy

    assert (role.role_name, [(one.tag_key, one.tag_value) for one in role.tags.tag]) == ("one", [("env", "test")])
    assert (policy.policy_name, [(one.tag_key, one.tag_value) for one in policy.tags.tag]) == ("one", [("env", "test")])


@kinds
def test_what_is_not_there_cannot_be_tagged(account, kind):
    code = f"EntityNotExist.{kind.title()}"
    with refused(404, code, f"The {kind} does not exist."):
        tag(account, kind, "nobody", env="test")
    with refused(404, code, f"The {kind} does not exist."):
        RAM(account.key, "UntagResources", resource_type=kind, resource_names=["nobody"], all=True)


def test_users_have_no_tags_and_a_role_twenty_at_most(account):
    make(account, "role", "one", **{f"k{number}": "v" for number in range(20)})

    with refused(409, "LimitExceeded.Tag"):
        tag(account, "role", "one", other="v")
    with refused(400, "InvalidParameter.ResourceType"):
        tag(account, "user", "one", env="test")
