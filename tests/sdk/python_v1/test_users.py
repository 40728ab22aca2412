"""RAM users and their keys."""

import pytest
from clients import IMS, RAM, identity, last_use, new_key, refused, statuses
from seeded import DATE, REQUEST_ID


@pytest.fixture
def alice(account):
    """A new user of the account."""
    return RAM(account.key, "CreateUser", UserName="alice", DisplayName="Alice", Comments="~*'(ä) +/&=")["User"]


def test_a_created_user_can_be_read(account, alice):
    body = RAM(account.key, "GetUser", UserName="alice")

    user = body["User"]
    assert (user["UserId"], user["UserName"], user["DisplayName"]) == (alice["UserId"], "alice", "Alice")
    assert user["Comments"] == "~*'(ä) +/&="
    assert DATE.fullmatch(user["CreateDate"])
    assert REQUEST_ID.fullmatch(body["RequestId"])


def test_a_user_name_is_unique_in_its_account(account, alice):
    with refused(409, "EntityAlreadyExists.User", "The user does already EXIST."):
        RAM(account.key, "CreateUser", UserName="alice")


def test_a_user_name_has_letters_digits_dots_dashes_and_underscores_only(account):
    with refused(400, "InvalidParameter.UserName.InvalidChars"):
        RAM(account.key, "CreateUser", UserName="bad name!")


def test_an_empty_display_name_clears_it_and_an_absent_one_keeps_it(account, alice):
    kept = RAM(account.key, "UpdateUser", UserName="alice", NewComments="second")["User"]
    cleared = RAM(account.key, "UpdateUser", UserName="alice", NewDisplayName="")["User"]

    assert (kept["DisplayName"], kept["Comments"]) == ("Alice", "second")
    assert (cleared["DisplayName"], cleared["Comments"]) == ("", "second")
    assert RAM(account.key, "GetUser", UserName="alice")["User"]["DisplayName"] == ""


def test_a_renamed_user_keeps_its_id_and_its_keys(account, alice):
    key = new_key(RAM, account.key, UserName="alice")

    renamed = RAM(account.key, "UpdateUser", UserName="alice", NewUserName="alicia")["User"]

    assert (renamed["UserId"], renamed["UserName"]) == (alice["UserId"], "alicia")
    assert identity(key)["Arn"] == f"acs:ram::{account.pk}:user/alicia"
    with refused(404, "EntityNotExist.User", "account not exists"):
        RAM(account.key, "GetUser", UserName="alice")


def test_pages_of_users_joined_are_all_users_in_the_order_of_their_making(account):
    assert RAM(account.key, "ListUsers")["Users"]["User"] == []
    names = ["eve", "bob", "dave", "alice", "carol"]
    for name in names:
        RAM(account.key, "CreateUser", UserName=name)

    pages, rest = [], {}
    for _ in names:
        page = RAM(account.key, "ListUsers", MaxItems=2, **rest)
        pages.append([user["UserName"] for user in page["Users"]["User"]])
        if not page["IsTruncated"]:
            break
        rest = {"Marker": page["Marker"]}

    assert pages == [["eve", "bob"], ["dave", "alice"], ["carol"]]
    whole = RAM(account.key, "ListUsers")
    assert [user["UserName"] for user in whole["Users"]["User"]] == names and whole["IsTruncated"] is False


def test_the_key_of_a_user_is_made_disabled_enabled_and_tells_its_last_use(account, alice):
    key = new_key(RAM, account.key, UserName="alice")
    assert statuses(RAM, account.key, UserName="alice") == [(key.id, "Active")]
    assert statuses(RAM, account.key) == [(account.key.id, "Active")]
    assert last_use(RAM, account.key, key.id, UserName="alice")["LastUsedDate"] == ""

    one_key = {"UserName": "alice", "UserAccessKeyId": key.id}
    RAM(account.key, "UpdateAccessKey", Status="Inactive", **one_key)
    assert statuses(RAM, account.key, UserName="alice") == [(key.id, "Inactive")]
    with refused(400, "InvalidAccessKeyId.Inactive", "Specified access key is disabled."):
        identity(key)

    RAM(account.key, "UpdateAccessKey", Status="Active", **one_key)
    assert identity(key)["IdentityType"] == "RAMUser"
    assert DATE.fullmatch(last_use(RAM, account.key, key.id, UserName="alice")["LastUsedDate"])


def test_a_key_made_by_ims_for_a_principal_name_is_the_users_key_in_ram(account, alice):
    principal = {"UserPrincipalName": f"alice@{account.pk}.onaliyun.com"}

    key = new_key(IMS, account.key, **principal)

    assert statuses(RAM, account.key, UserName="alice") == [(key.id, "Active")]
    assert statuses(IMS, account.key, **principal) == [(key.id, "Active")]
    assert identity(key)["UserId"] == alice["UserId"]


def test_a_user_signs_as_itself_and_may_do_nothing_else(account, alice):
    key = new_key(RAM, account.key, UserName="alice")

    me = identity(key)
    assert (me["IdentityType"], me["AccountId"], me["UserId"]) == ("RAMUser", account.pk, alice["UserId"])
    assert me["Arn"] == f"acs:ram::{account.pk}:user/alice"

    with refused(403, "NoPermission", "You are not authorized to do this action."):
        RAM(key, "CreateUser", UserName="mallory")


def test_a_user_with_a_key_is_deleted_only_after_its_key(account, alice):
    key = new_key(RAM, account.key, UserName="alice")
    with refused(409, "DeleteConflict.User.AccessKey"):
        RAM(account.key, "DeleteUser", UserName="alice")

    RAM(account.key, "DeleteAccessKey", UserName="alice", UserAccessKeyId=key.id)
    RAM(account.key, "DeleteUser", UserName="alice")

    with refused(404, "EntityNotExist.User", "account not exists"):
        RAM(account.key, "GetUser", UserName="alice")
    with refused(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."):
        identity(key)
