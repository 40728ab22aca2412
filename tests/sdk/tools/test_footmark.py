"""RAM and STS through footmark, which has their hosts built in."""

from contextlib import contextmanager

import pytest
from aliyunsdkcore.acs_exception.exceptions import ServerException
from seeded import ACCOUNTS, DEMO, Key, allow, trust

UID = ACCOUNTS["demo"]["uid"]
ROOT = f"acs:ram::{UID}:root"


@contextmanager
def refused(status, code):
    """The block must end in a refusal."""
    with pytest.raises(ServerException) as caught:
        yield
    assert (caught.value.get_http_status(), caught.value.get_error_code()) == (status, code)


def new_key(ram, user):
    """Makes a key of a user."""
    made = ram.create_access_key(user_name=user).read()
    return Key(made["access_key_id"], made["access_key_secret"])


def statuses(ram, user):
    """The keys of a user, with their status."""
    return [(key.access_key_id, key.status) for key in ram.list_access_keys(user_name=user)]


def test_sts_says_who_calls(sts):
    caller = sts(DEMO).get_caller_identity().read()

    assert (caller["arn"], caller["account_id"], caller["identity_type"]) == (ROOT, UID, "Account")


def test_users_are_listed_across_pages(ram, user):
    ram.create_user(user_name=f"{user}-b")

    names = [one.user_name for one in ram.list_users(max_items=1)]

    assert {user, f"{user}-b"} <= set(names) and len(names) == len(set(names))


def test_a_deleted_user_is_not_listed(ram, user):
    assert ram.delete_user(user_name=user) is True

    assert user not in [one.user_name for one in ram.list_users()]


def test_a_user_name_is_unique(ram, user):
    with refused(409, "EntityAlreadyExists.User"):
        ram.create_user(user_name=user)


def test_a_key_signs_until_it_is_inactive(ram, sts, user):
    key = new_key(ram, user)
    assert sts(key).get_caller_identity().read()["arn"] == f"acs:ram::{UID}:user/{user}"

    ram.update_access_key(user_name=user, user_access_key_id=key.id, status="Inactive")

    assert statuses(ram, user) == [(key.id, "Inactive")]
    with refused(400, "InvalidAccessKeyId.Inactive"):
        sts(key).get_caller_identity()
    ram.delete_access_key(user_name=user, user_access_key_id=key.id)
    assert statuses(ram, user) == []


def test_a_wrong_secret_is_refused(sts):
    with refused(400, "InvalidAccessKeySecret"):
        sts(Key(DEMO.id, "wrong")).get_caller_identity()


def test_a_group_has_the_users_put_in(ram, user):
    group = f"{user}-group"
    ram.create_group(group_name=group)
    ram.add_user_to_group(user_name=user, group_name=group)

    assert [one.user_name for one in ram.list_users_for_group(group_name=group)] == [user]
    with refused(409, "DeleteConflict.Group.User"):
        ram.delete_group(group_name=group)


def test_a_user_takes_on_a_role_when_a_policy_lets_it(ram, sts, user):
    role = ram.create_role(role_name=f"{user}-role", assume_role_policy_document=trust({"RAM": [ROOT]})).read()["arn"]
    key = new_key(ram, user)
    with refused(403, "NoPermission"):
        sts(key).assume_role(role_arn=role, role_session_name="walk")
    ram.create_policy(policy_name=f"{user}-policy", policy_document=allow("sts:AssumeRole", role))
    ram.attach_policy_to_user(policy_name=f"{user}-policy", policy_type="Custom", user_name=user)

    made = sts(key).assume_role(role_arn=role, role_session_name="walk").read()

    session = Key(made["access_key_id"], made["access_key_secret"], made["security_token"])
    assert sts(session).get_caller_identity().read()["arn"] == f"{role.replace(':role/', ':assumed-role/')}/walk"
