"""Root keys through RAM and IMS, and the keys that the gateway refuses."""

import pytest
from clients import IMS, RAM, identity, last_use, new_key, refused, root_key, statuses
from seeded import DATE, Key

both_ways = pytest.mark.parametrize("product, other", [(RAM, IMS), (IMS, RAM)], ids=["ram", "ims"])
NO_SUCH_KEY = "The user access key does not exist."


@both_ways
def test_a_key_made_by_one_api_is_seen_changed_and_deleted_by_the_other(account, product, other):
    second = new_key(product, account.key)
    assert statuses(other, account.key) == [(account.key.id, "Active"), (second.id, "Active")]
    assert identity(second)["AccountId"] == account.pk

    other(account.key, "UpdateAccessKey", UserAccessKeyId=second.id, Status="Inactive")
    assert statuses(product, account.key) == [(account.key.id, "Active"), (second.id, "Inactive")]

    other(account.key, "DeleteAccessKey", UserAccessKeyId=second.id)
    assert statuses(product, account.key) == [(account.key.id, "Active")]
    with refused(404, "EntityNotExist.User.AccessKey", NO_SUCH_KEY):
        product(account.key, "DeleteAccessKey", UserAccessKeyId=second.id)


@both_ways
def test_an_account_has_at_most_two_root_keys(account, product, other):
    new_key(other, account.key)

    with refused(409, "LimitExceeded.User.AccessKey"):
        new_key(product, account.key)

    assert len(statuses(product, account.key)) == 2


@pytest.mark.parametrize("product", [RAM, IMS], ids=["ram", "ims"])
def test_the_last_use_of_a_key_is_empty_until_it_signs(account, product):
    second = new_key(product, account.key)
    assert last_use(product, account.key, second.id)["LastUsedDate"] == ""

    RAM(second, "ListUsers")

    used = last_use(product, account.key, second.id)
    assert DATE.fullmatch(used["LastUsedDate"])
    if product is IMS:
        assert used["ServiceName"] == "Ram"


def test_a_listed_key_shows_no_secret(account):
    (key,) = IMS(account.key, "ListAccessKeys")["AccessKeys"]["AccessKey"]

    assert key.keys() == {"AccessKeyId", "Status", "CreateDate", "UpdateDate"}
    assert DATE.fullmatch(key["CreateDate"]) and DATE.fullmatch(key["UpdateDate"])


def test_a_disabled_key_cannot_sign_until_it_is_enabled_again(account):
    second = new_key(RAM, account.key)
    RAM(account.key, "UpdateAccessKey", UserAccessKeyId=second.id, Status="Inactive")
    with refused(400, "InvalidAccessKeyId.Inactive", "Specified access key is disabled."):
        identity(second)

    RAM(account.key, "UpdateAccessKey", UserAccessKeyId=second.id, Status="Active")

    assert identity(second)["AccountId"] == account.pk


def test_a_deleted_key_is_as_unknown_as_one_that_never_was(account):
    second = new_key(RAM, account.key)
    RAM(account.key, "DeleteAccessKey", UserAccessKeyId=second.id)

    for key in [second, Key("LTAI5tNeverWasAnyKeyHere", "anything")]:
        with refused(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."):
            identity(key)


def test_the_sdk_tells_a_wrong_secret_by_the_string_to_sign_of_the_refusal(account):
    # The code is the SDK's own: it finds its string to sign in the server's message, so only the secret can be wrong.
    with refused(400, "InvalidAccessKeySecret", "The AccessKeySecret is incorrect."):
        identity(Key(account.key.id, root_key(account.pk).secret))


def test_a_common_request_with_a_wrong_secret_does_not_match(account):
    # Here the SDK has no string of its own to compare with, so the server's refusal comes through.
    beginning = "Specified signature is not matched with our calculation. server string to sign is:GET&%2F&"
    with refused(400, "SignatureDoesNotMatch", beginning):
        IMS(Key(account.key.id, "wrong"), "ListAccessKeys")
