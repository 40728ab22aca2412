"""Root keys through RAM and IMS, and the keys that the gateway refuses."""

import pytest
from clients import IMS, RAM, identity, last_use, new_key, refused, root_key, statuses
from seeded import DATE, Key

both_ways = pytest.mark.parametrize("package, other", [(RAM, IMS), (IMS, RAM)], ids=["ram", "ims"])
NO_SUCH_KEY = "The user access key does not exist."


@both_ways
def test_a_key_made_by_one_api_is_seen_changed_and_deleted_by_the_other(account, package, other):
    second = new_key(package, account.key)
    assert statuses(other, account.key) == [(account.key.id, "Active"), (second.id, "Active")]
    assert identity(second).account_id == account.pk

    other(account.key, "UpdateAccessKey", user_access_key_id=second.id, status="Inactive")
    assert statuses(package, account.key) == [(account.key.id, "Active"), (second.id, "Inactive")]

    other(account.key, "DeleteAccessKey", user_access_key_id=second.id)
    assert statuses(package, account.key) == [(account.key.id, "Active")]
    with refused(404, "EntityNotExist.User.AccessKey", NO_SUCH_KEY):
        package(account.key, "DeleteAccessKey", user_access_key_id=second.id)


@both_ways
def test_an_account_has_at_most_two_root_keys(account, package, other):
    new_key(other, account.key)

    with refused(409, "LimitExceeded.User.AccessKey"):
        new_key(package, account.key)

    assert len(statuses(package, account.key)) == 2


@pytest.mark.parametrize("package", [RAM, IMS], ids=["ram", "ims"])
def test_the_last_use_of_a_key_is_empty_until_it_signs(account, package):
    second = new_key(package, account.key)
    assert last_use(package, account.key, second.id).last_used_date == ""

    RAM(second, "ListUsers")

    used = last_use(package, account.key, second.id)
    assert DATE.fullmatch(used.last_used_date)
    if package is IMS:
        assert used.service_name == "Ram"


def test_a_listed_key_shows_no_secret(account):
    (key,) = IMS(account.key, "ListAccessKeys").access_keys.access_key

    assert account.key.secret not in str(key.to_map())
    assert DATE.fullmatch(key.create_date) and DATE.fullmatch(key.update_date)


def test_a_disabled_key_cannot_sign_until_it_is_enabled_again(account):
    second = new_key(RAM, account.key)
    RAM(account.key, "UpdateAccessKey", user_access_key_id=second.id, status="Inactive")
    with refused(400, "InvalidAccessKeyId.Inactive", "Specified access key is disabled."):
        identity(second)

    RAM(account.key, "UpdateAccessKey", user_access_key_id=second.id, status="Active")

    assert identity(second).account_id == account.pk


def test_a_deleted_key_is_as_unknown_as_one_that_never_was(account):
    second = new_key(RAM, account.key)
    RAM(account.key, "DeleteAccessKey", user_access_key_id=second.id)

    for key in [second, Key("LTAI5tNeverWasAnyKeyHere", "anything")]:
        with refused(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."):
            identity(key)


def test_a_wrong_secret_does_not_match(account):
    other = root_key(account.pk)
    beginning = "Specified signature does not match our calculation. server StringToSign is [ACS3-HMAC-SHA256\n"

    with refused(400, "SignatureDoesNotMatch", beginning) as caught:
        identity(Key(account.key.id, other.secret))

    assert other.secret not in caught.value.message and account.key.secret not in caught.value.message
