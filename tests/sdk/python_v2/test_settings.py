"""What an account decides for all its users."""

import pytest
from clients import RAM, new_user, refused
from seeded import DEMO

POLICY = {
    "minimum_password_length": 12,
    "require_lowercase_characters": True,
    "require_uppercase_characters": True,
    "require_numbers": True,
    "require_symbols": True,
    "hard_expiry": True,
    "max_password_age": 90,
    "password_reuse_prevention": 5,
    "max_login_attemps": 4,
}


def alias(account):
    return RAM(account.key, "GetAccountAlias").account_alias


def test_an_account_without_an_alias_is_called_by_its_uid(account):
    assert alias(account) == account.pk

    RAM(account.key, "SetAccountAlias", account_alias=f"shop-{account.pk}")
    assert alias(account) == f"shop-{account.pk}"
    RAM(account.key, "SetAccountAlias", account_alias=f"store-{account.pk}")
    assert alias(account) == f"store-{account.pk}"

    RAM(account.key, "ClearAccountAlias")
    assert alias(account) == account.pk


def test_an_alias_is_unique_and_well_formed(account):
    RAM(DEMO, "SetAccountAlias", account_alias="demo")
    with refused(409, "EntityAlreadyExists.AccountAlias", "The account alias does already exist."):
        RAM(account.key, "SetAccountAlias", account_alias="demo")
    RAM(DEMO, "ClearAccountAlias")

    with refused(400, "InvalidParameter.AccountAlias.Format", 'The format of the parameter - "AccountAlias"'):
        RAM(account.key, "SetAccountAlias", account_alias="Shop_1")
    with refused(400, "InvalidParameter.AccountAlias.Length"):
        RAM(account.key, "SetAccountAlias", account_alias="no")


def test_a_password_policy_is_set_as_a_whole(account):
    usual = RAM(account.key, "GetPasswordPolicy").password_policy
    assert (usual.minimum_password_length, usual.hard_expiry, usual.max_password_age) == (8, False, 0)

    answered = RAM(account.key, "SetPasswordPolicy", **POLICY).password_policy
    shown = RAM(account.key, "GetPasswordPolicy").password_policy
    assert {name: getattr(shown, name) for name in POLICY} == POLICY
    assert answered.to_map() == shown.to_map()

    RAM(account.key, "SetPasswordPolicy", minimum_password_length=8)
    assert RAM(account.key, "GetPasswordPolicy").password_policy.to_map() == usual.to_map()


@pytest.mark.parametrize("length", [7, 33])
def test_the_shortest_password_has_8_to_32_characters(account, length):
    message = 'The parameter - "MinimumPasswordLength" MUST be in the range of 8 and 32.'
    with refused(400, "InvalidParameter.MinimumPasswordLength.Range", message):
        RAM(account.key, "SetPasswordPolicy", minimum_password_length=length)


def test_security_preferences_are_set_one_by_one(account):
    usual = RAM(account.key, "GetSecurityPreference").security_preference.to_map()

    answered = RAM(
        account.key,
        "SetSecurityPreference",
        allow_user_to_change_password=False,
        allow_user_to_manage_access_keys=True,
        allow_user_to_manage_mfadevices=False,
        allow_user_to_manage_public_keys=True,
        enable_save_mfaticket=False,
        login_network_masks="10.0.0.0/8;192.168.0.0/16",
        login_session_duration=12,
    ).security_preference.to_map()
    assert answered == RAM(account.key, "GetSecurityPreference").security_preference.to_map()
    assert answered == {
        "AccessKeyPreference": {"AllowUserToManageAccessKeys": True},
        "LoginProfilePreference": {
            "AllowUserToChangePassword": False,
            "EnableSaveMFATicket": False,
            "LoginNetworkMasks": "10.0.0.0/8;192.168.0.0/16",
            "LoginSessionDuration": 12,
        },
        "MFAPreference": {"AllowUserToManageMFADevices": False},
        "PublicKeyPreference": {"AllowUserToManagePublicKeys": True},
    }
    assert usual["AccessKeyPreference"] == {"AllowUserToManageAccessKeys": False}

    kept = RAM(account.key, "SetSecurityPreference", login_session_duration=6).security_preference.to_map()
    answered["LoginProfilePreference"]["LoginSessionDuration"] = 6
    assert kept == answered


def test_a_user_manages_its_own_keys_while_the_account_lets_it(account):
    alice = new_user(account, "alice")
    with refused(403, "NoPermission"):
        RAM(alice, "CreateAccessKey")

    RAM(account.key, "SetSecurityPreference", allow_user_to_manage_access_keys=True)
    RAM(alice, "CreateAccessKey")

    assert len(RAM(alice, "ListAccessKeys").access_keys.access_key) == 2
    with refused(403, "NoPermission"):
        RAM(alice, "ListAccessKeys", user_name="somebody")


def test_preferences_outside_their_range_are_refused(account):
    message = 'The parameter - "LoginSessionDuration" MUST be in the range of 1 and 24.'
    with refused(400, "InvalidParameter.LoginSessionDuration.Range", message):
        RAM(account.key, "SetSecurityPreference", login_session_duration=25)
    with refused(400, "InvalidParameter.LoginNetworkMasks.Length"):
        RAM(account.key, "SetSecurityPreference", login_network_masks="1" * 513)
