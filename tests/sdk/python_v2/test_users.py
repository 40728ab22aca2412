"""RAM users and their keys."""

import pytest
from clients import IMS, RAM, identity, last_use, new_key, refused, statuses
from seeded import DATE, REQUEST_ID


@pytest.fixture
def alice(account):
    """A new user of the account."""
    return RAM(account.key, "CreateUser", user_name="alice", display_name="Alice", comments="first").user


def test_a_created_user_can_be_read(account, alice):
    body = RAM(account.key, "GetUser", user_name="alice")

    assert (body.user.user_id, body.user.user_name) == (alice.user_id, "alice")
    assert (body.user.display_name, body.user.comments, body.user.email) == ("Alice", "first", "")
    assert DATE.fullmatch(body.user.create_date)
    assert REQUEST_ID.fullmatch(body.request_id)


def test_a_user_name_is_unique_in_its_account(account, alice):
    with refused(409, "EntityAlreadyExists.User", "The user does already EXIST."):
        RAM(account.key, "CreateUser", user_name="alice")


def test_a_user_name_has_letters_digits_dots_dashes_and_underscores_only(account):
    with refused(400, "InvalidParameter.UserName.InvalidChars"):
        RAM(account.key, "CreateUser", user_name="bad name!")


def test_a_user_that_is_not_there_cannot_be_read(account):
    with refused(404, "EntityNotExist.User", "account not exists"):
        RAM(account.key, "GetUser", user_name="nobody")


def test_an_empty_display_name_clears_it_and_an_absent_one_keeps_it(account, alice):
    kept = RAM(account.key, "UpdateUser", user_name="alice", new_comments="second").user
    cleared = RAM(account.key, "UpdateUser", user_name="alice", new_display_name="").user

    assert (kept.display_name, kept.comments) == ("Alice", "second")
    assert (cleared.display_name, cleared.comments) == ("", "second")
    assert RAM(account.key, "GetUser", user_name="alice").user.display_name == ""


def test_a_renamed_user_keeps_its_id_and_its_keys(account, alice):
    key = new_key(RAM, account.key, user_name="alice")

    renamed = RAM(account.key, "UpdateUser", user_name="alice", new_user_name="alicia").user

    assert (renamed.user_id, renamed.user_name) == (alice.user_id, "alicia")
    assert identity(key).arn == f"acs:ram::{account.pk}:user/alicia"
    with refused(404, "EntityNotExist.User"):
        RAM(account.key, "GetUser", user_name="alice")


def test_pages_of_users_joined_are_all_users_in_the_order_of_their_making(account):
    assert RAM(account.key, "ListUsers").users.user == []
    names = ["eve", "bob", "dave", "alice", "carol"]
    for name in names:
        RAM(account.key, "CreateUser", user_name=name)

    pages, marker = [], None
    for _ in names:
        page = RAM(account.key, "ListUsers", max_items=2, marker=marker)
        pages.append([user.user_name for user in page.users.user])
        marker = page.marker
        if not page.is_truncated:
            break

    assert pages == [["eve", "bob"], ["dave", "alice"], ["carol"]]
    whole = RAM(account.key, "ListUsers")
    assert [user.user_name for user in whole.users.user] == names and whole.is_truncated is False


def test_the_key_of_a_user_is_made_disabled_enabled_and_tells_its_last_use(account, alice):
    key = new_key(RAM, account.key, user_name="alice")
    assert statuses(RAM, account.key, user_name="alice") == [(key.id, "Active")]
    assert statuses(RAM, account.key) == [(account.key.id, "Active")]
    assert last_use(RAM, account.key, key.id, user_name="alice").last_used_date == ""

    RAM(account.key, "UpdateAccessKey", user_name="alice", user_access_key_id=key.id, status="Inactive")
    assert statuses(RAM, account.key, user_name="alice") == [(key.id, "Inactive")]
    with refused(400, "InvalidAccessKeyId.Inactive", "Specified access key is disabled."):
        identity(key)

    RAM(account.key, "UpdateAccessKey", user_name="alice", user_access_key_id=key.id, status="Active")
    assert identity(key).identity_type == "RAMUser"
    assert DATE.fullmatch(last_use(RAM, account.key, key.id, user_name="alice").last_used_date)


def test_a_key_made_by_ims_for_a_principal_name_is_the_users_key_in_ram(account, alice):
    principal = {"user_principal_name": f"alice@{account.pk}.onaliyun.com"}

    key = new_key(IMS, account.key, **principal)

    assert statuses(RAM, account.key, user_name="alice") == [(key.id, "Active")]
    assert statuses(IMS, account.key, **principal) == [(key.id, "Active")]
    assert identity(key).user_id == alice.user_id


def test_the_key_of_one_user_is_not_a_key_of_another(account, alice):
    RAM(account.key, "CreateUser", user_name="bob")
    key = new_key(RAM, account.key, user_name="bob")

    with refused(404, "EntityNotExist.User.AccessKey", "The user access key does not exist."):
        RAM(account.key, "DeleteAccessKey", user_name="alice", user_access_key_id=key.id)

    assert identity(key).arn.endswith("user/bob")


def test_a_user_signs_as_itself_and_may_do_nothing_else(account, alice):
    key = new_key(RAM, account.key, user_name="alice")

    me = identity(key)
    assert (me.identity_type, me.account_id, me.user_id) == ("RAMUser", account.pk, alice.user_id)
    assert me.arn == f"acs:ram::{account.pk}:user/alice"

    with refused(403, "NoPermission", "You are not authorized to do this action.") as caught:
        RAM(key, "CreateUser", user_name="mallory")
    denied = caught.value.access_denied_detail
    assert (denied["AuthAction"], denied["AuthPrincipalType"]) == ("ram:CreateUser", "SubUser")
    assert (denied["AuthPrincipalOwnerId"], denied["AuthPrincipalDisplayName"]) == (account.pk, alice.user_id)


def test_a_user_with_a_key_is_deleted_only_after_its_key(account, alice):
    key = new_key(RAM, account.key, user_name="alice")
    with refused(409, "DeleteConflict.User.AccessKey"):
        RAM(account.key, "DeleteUser", user_name="alice")

    RAM(account.key, "DeleteAccessKey", user_name="alice", user_access_key_id=key.id)
    RAM(account.key, "DeleteUser", user_name="alice")

    with refused(404, "EntityNotExist.User", "account not exists"):
        RAM(account.key, "GetUser", user_name="alice")
    with refused(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."):
        identity(key)


def test_ims_lists_the_users_that_ram_creates_in_pages(account, alice):
    RAM(account.key, "CreateUser", user_name="bob")

    first = IMS(account.key, "ListUserBasicInfos", max_items=1)
    (bob,) = IMS(account.key, "ListUserBasicInfos", marker=first.marker).user_basic_infos.user_basic_info

    (shown,) = first.user_basic_infos.user_basic_info
    assert (shown.user_id, shown.display_name) == (alice.user_id, "Alice")
    assert (shown.user_principal_name, bob.user_principal_name) == tuple(
        f"{name}@{account.pk}.onaliyun.com" for name in ("alice", "bob")
    )
    with refused(400, "InvalidParameter.MaxItems.Range"):
        IMS(account.key, "ListUserBasicInfos", max_items=1001)
