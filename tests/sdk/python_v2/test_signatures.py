"""The signature algorithms of the SDK, and its asynchronous client, reach the same account."""

import asyncio

import pytest
from clients import AAS, RAM, config, identity, new_key, refused, statuses
from seeded import OPERATOR, Key

V3_MISMATCH = "Specified signature does not match our calculation. server StringToSign is"
# `v2` is the SDK's name for RPC signature 1.0, HMAC-SHA1 in the query.
MISMATCHES = {
    "ACS3-HMAC-SHA256": f"{V3_MISMATCH} [ACS3-HMAC-SHA256\n",
    "ACS3-HMAC-SM3": f"{V3_MISMATCH} [ACS3-HMAC-SM3\n",
    "v2": "Specified signature is not matched with our calculation. server string to sign is:POST&%2F&",
}
every_algorithm = pytest.mark.parametrize("algorithm", MISMATCHES)


@every_algorithm
def test_every_algorithm_signs_for_the_same_account(account, algorithm):
    key = AAS(OPERATOR, "CreateAccessKeyForAccount", algorithm, PK=account.pk)["AccessKey"]
    second = Key(key["AccessKeyId"], key["AccessKeySecret"])

    assert identity(second, algorithm).account_id == account.pk
    assert statuses(RAM, account.key) == [(account.key.id, "Active"), (second.id, "Active")]


@every_algorithm
def test_a_signed_text_arrives_as_it_was_written(account, algorithm):
    text = "Zoë Ä/ö+ü ~*'(!)&=%20 示例"

    RAM(account.key, "CreateUser", algorithm, user_name="zoe", comments=text)

    assert RAM(account.key, "GetUser", algorithm, user_name="zoe").user.comments == text


@every_algorithm
def test_every_algorithm_is_refused_with_a_wrong_secret(account, algorithm):
    with refused(400, "SignatureDoesNotMatch", MISMATCHES[algorithm]):
        identity(Key(account.key.id, "wrong"), algorithm)


@every_algorithm
def test_every_algorithm_is_told_the_same_refusal(account, algorithm):
    with refused(404, "EntityNotExist.User", "account not exists"):
        RAM(account.key, "GetUser", algorithm, user_name="nobody")


def test_the_asynchronous_client_is_answered_and_refused_like_the_other(account):
    ram = RAM.client(config(account.key))

    async def walk():
        made = await ram.create_user_async(RAM.models.CreateUserRequest(user_name="alice"))
        assert made.body.user.user_name == "alice"
        with refused(409, "EntityAlreadyExists.User"):
            await ram.create_user_async(RAM.models.CreateUserRequest(user_name="alice"))

    asyncio.run(walk())
    assert new_key(RAM, account.key, user_name="alice").id
