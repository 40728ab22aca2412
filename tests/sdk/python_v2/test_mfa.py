"""Virtual MFA devices. The codes are computed as an app on a phone does."""

import base64
import hmac
from datetime import datetime

import pytest
from clients import RAM, new_user, refused
from seeded import START

STEP = 30
START_SECONDS = int(datetime.fromisoformat(START).timestamp())


def codes(seed, last=START_SECONDS):
    """The two codes that an app shows one after the other, the second of them at a time (TOTP, RFC 6238)."""
    shown = []
    for step in [last // STEP - 1, last // STEP]:
        digest = hmac.digest(base64.b32decode(seed), step.to_bytes(8, "big"), "sha1")
        place = digest[-1] & 15
        shown.append(f"{(int.from_bytes(digest[place : place + 4], 'big') & 0x7FFFFFFF) % 10**6:06}")
    return {"authentication_code_1": shown[0], "authentication_code_2": shown[1]}


@pytest.fixture
def account(world):
    """The account of a world whose clock stands still, so that its devices show known codes; it has a user."""
    RAM(world.account.key, "CreateUser", user_name="alice", display_name="Alice")
    return world.account


@pytest.fixture
def phone(account):
    """A new device of the account."""
    return RAM(account.key, "CreateVirtualMFADevice", virtual_mfadevice_name="phone").virtual_mfadevice


def bind(account, device, shown, user="alice"):
    RAM(account.key, "BindMFADevice", user_name=user, serial_number=device.serial_number, **shown)


def devices(account):
    return RAM(account.key, "ListVirtualMFADevices").virtual_mfadevices.virtual_mfadevice


def test_a_created_device_shows_its_key_as_text_and_as_a_picture(account, phone):
    assert phone.serial_number == f"acs:ram::{account.pk}:mfa/phone"
    assert len(base64.b32decode(phone.base_32string_seed)) == 40
    assert base64.b64decode(phone.qrcode_png).startswith(b"\x89PNG\r\n\x1a\n")
    (listed,) = devices(account)
    assert listed.to_map() == {"SerialNumber": phone.serial_number}


def test_a_device_is_bound_with_two_codes_and_unbound(world, account, phone):
    world.advance("1h")
    bind(account, phone, codes(phone.base_32string_seed, START_SECONDS + 3600))

    info = RAM(account.key, "GetUserMFAInfo", user_name="alice").mfadevice
    assert (info.serial_number, info.type) == (phone.serial_number, "VMFA")
    (listed,) = devices(account)
    assert (listed.serial_number, listed.activate_date) == (phone.serial_number, "2026-01-01T01:00:00Z")
    assert (listed.user.user_name, listed.user.display_name) == ("alice", "Alice")
    assert listed.user.user_id == RAM(account.key, "GetUser", user_name="alice").user.user_id

    unbound = RAM(account.key, "UnbindMFADevice", user_name="alice").mfadevice
    assert unbound.serial_number == phone.serial_number
    (listed,) = devices(account)
    assert (listed.serial_number, listed.user, listed.activate_date) == (phone.serial_number, None, None)
    with refused(404, "EntityNotExist.User.MFADevice", "The user has not bound any MFA device."):
        RAM(account.key, "GetUserMFAInfo", user_name="alice")
    with refused(404, "EntityNotExist.User.MFADevice", "The user has not bound any MFA device."):
        RAM(account.key, "UnbindMFADevice", user_name="alice")


def test_codes_that_are_stale_mixed_up_or_no_codes_bind_nothing(account, phone):
    good = codes(phone.base_32string_seed)
    first, second = good.values()
    stale = codes(phone.base_32string_seed, START_SECONDS - 3600)
    for wrong in [stale, {"authentication_code_1": second, "authentication_code_2": first}]:
        with refused(403, "CheckAuthenticationCodeFail", 'The parameter - "AuthenticationCode" is inccorrect.'):
            bind(account, phone, wrong)
    for text in ["12345", "abcdef"]:
        with refused(400, "InvalidParameter.AuthenticationCode.Format"):
            bind(account, phone, {**good, "authentication_code_2": text})

    bind(account, phone, good)


def test_a_device_has_one_user_and_a_user_one_device(account, phone):
    RAM(account.key, "CreateUser", user_name="bob")
    other = RAM(account.key, "CreateVirtualMFADevice", virtual_mfadevice_name="tablet").virtual_mfadevice
    bind(account, phone, codes(phone.base_32string_seed))

    with refused(409, "EntityAlreadyExists.User.MFADevice", "The user has already bound a MFA device."):
        bind(account, other, codes(other.base_32string_seed))
    with refused(409, "EntityAlreadyExists.VirtualMFADevice.User"):
        bind(account, phone, codes(phone.base_32string_seed), user="bob")


def test_a_bound_device_can_neither_be_deleted_nor_can_its_user(account, phone):
    bind(account, phone, codes(phone.base_32string_seed))
    with refused(409, "DeleteConflict.VirtualMFADevice.User"):
        RAM(account.key, "DeleteVirtualMFADevice", serial_number=phone.serial_number)
    with refused(409, "DeleteConflict.User.MFADevice", "The user CAN NOT has any mfa device"):
        RAM(account.key, "DeleteUser", user_name="alice")

    RAM(account.key, "UnbindMFADevice", user_name="alice")
    RAM(account.key, "DeleteVirtualMFADevice", serial_number=phone.serial_number)
    RAM(account.key, "DeleteUser", user_name="alice")

    assert devices(account) == []
    with refused(404, "EntityNotExist.VirtualMFADevice", "The virtual mfa device does not exist."):
        RAM(account.key, "DeleteVirtualMFADevice", serial_number=phone.serial_number)


def test_a_device_name_is_unique_and_well_formed(account, phone):
    with refused(409, "EntityAlreadyExists.VirtualMFADevice", "The virtual mfa device does already EXIST."):
        RAM(account.key, "CreateVirtualMFADevice", virtual_mfadevice_name="phone")
    with refused(400, "InvalidParameter.VirtualMFADeviceName.InvalidChars"):
        RAM(account.key, "CreateVirtualMFADevice", virtual_mfadevice_name="bad name!")


def test_a_user_binds_its_own_device_while_the_account_lets_it(account, phone):
    bob = account._replace(key=new_user(account, "bob"))

    RAM(account.key, "SetSecurityPreference", allow_user_to_manage_mfadevices=False)
    with refused(403, "NoPermission"):
        bind(bob, phone, codes(phone.base_32string_seed), user="bob")
    RAM(account.key, "SetSecurityPreference", allow_user_to_manage_mfadevices=True)
    bind(bob, phone, codes(phone.base_32string_seed), user="bob")

    assert RAM(bob.key, "GetUserMFAInfo", user_name="bob").mfadevice.serial_number == phone.serial_number
