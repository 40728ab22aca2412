"""Console passwords of users, and the rules for them."""

import pytest
from clients import RAM, denied, new_user, refused
from seeded import START

PASSWORD, SECOND, THIRD = "First-Passw0rd", "Second-Passw0rd", "Third-Passw0rd"
TOO_WEAK = 'The parameter - "Password" is not compliant with the password policy.'


@pytest.fixture
def account(world):
    """The account of a world whose clock stands still, so that dates can be told."""
    return world.account


@pytest.fixture
def alice(account):
    """The key of a new user."""
    return new_user(account, "alice")


@pytest.fixture
def profile(account, alice):
    """A password of the user."""
    flags = {"password_reset_required": True, "mfabind_required": False}
    return RAM(account.key, "CreateLoginProfile", user_name="alice", password=PASSWORD, **flags).login_profile


def change(key, old, new):
    RAM(key, "ChangePassword", old_password=old, new_password=new)


def test_a_login_profile_is_made_changed_and_taken_away(account, profile):
    expected = {"UserName": "alice", "CreateDate": START, "PasswordResetRequired": True, "MFABindRequired": False}
    assert profile.to_map() == expected
    assert RAM(account.key, "GetLoginProfile", user_name="alice").login_profile.to_map() == expected

    RAM(account.key, "UpdateLoginProfile", user_name="alice", mfabind_required=True)
    changed = RAM(account.key, "GetLoginProfile", user_name="alice").login_profile
    assert changed.to_map() == {**expected, "MFABindRequired": True}

    RAM(account.key, "DeleteLoginProfile", user_name="alice")
    for action in ["GetLoginProfile", "UpdateLoginProfile", "DeleteLoginProfile"]:
        with refused(404, "EntityNotExist.User.LoginProfile", "The user login profile does not exist."):
            RAM(account.key, action, user_name="alice")


def test_a_user_has_one_password_which_is_not_too_weak(account, profile):
    RAM(account.key, "CreateUser", user_name="bob")

    with refused(409, "EntityAlreadyExists.User.LoginProfile", "The user login profile does already EXIST."):
        RAM(account.key, "CreateLoginProfile", user_name="alice", password=PASSWORD)
    with refused(400, "InvalidParameter.Password.TooWeak", TOO_WEAK):
        RAM(account.key, "CreateLoginProfile", user_name="bob", password="short")
    with refused(400, "InvalidParameter.Password.TooWeak", TOO_WEAK):
        RAM(account.key, "UpdateLoginProfile", user_name="alice", password="short")


def test_a_user_changes_its_password_knowing_the_one_before(account, alice, profile):
    with refused(400, "InvalidParameter.OldPassword.Incorrect", 'The parameter - "OldPassword" is incorrect.'):
        change(alice, SECOND, THIRD)

    change(alice, PASSWORD, SECOND)

    assert RAM(account.key, "GetLoginProfile", user_name="alice").login_profile.password_reset_required is False
    change(alice, SECOND, THIRD)


def test_a_changed_password_obeys_the_password_policy(account, alice, profile):
    RAM(account.key, "SetPasswordPolicy", minimum_password_length=12, require_symbols=True, password_reuse_prevention=2)
    change(alice, PASSWORD, SECOND)

    for weak in ["Sh0rt-one", "NoSymbolsAtAll1"]:
        with refused(400, "InvalidParameter.NewPassword.TooWeak"):
            change(alice, SECOND, weak)
    with refused(400, "InvalidParameter.NewPassword.ReusePrevention"):
        change(alice, SECOND, PASSWORD)


def test_an_account_has_no_password_of_a_user_and_can_forbid_its_users_to_change_theirs(account, alice, profile):
    with refused(400, "NotSupport.Account", "This method can be only invoked by sub user."):
        change(account.key, PASSWORD, SECOND)

    RAM(account.key, "SetSecurityPreference", allow_user_to_change_password=False)
    with denied(f"acs:ram:*:{account.pk}:user/alice", "ram:ChangePassword"):
        change(alice, PASSWORD, SECOND)


def test_a_user_with_a_password_is_deleted_only_after_it(account):
    RAM(account.key, "CreateUser", user_name="bob")
    RAM(account.key, "CreateLoginProfile", user_name="bob", password=PASSWORD)
    with refused(409, "DeleteConflict.User.LoginProfile", "The user CAN NOT has any login profile"):
        RAM(account.key, "DeleteUser", user_name="bob")

    RAM(account.key, "DeleteLoginProfile", user_name="bob")
    RAM(account.key, "DeleteUser", user_name="bob")

    assert RAM(account.key, "ListUsers").users.user == []
