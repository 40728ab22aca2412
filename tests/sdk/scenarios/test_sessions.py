"""Temporary keys and the roles they come from."""

import pytest
from alibabacloud_tea_openapi.exceptions import ClientException
from clients import refused
from seeded import Key, trust

EXPIRED, NOT_FOUND = "InvalidSecurityToken.Expired", "InvalidAccessKeyId.NotFound"
NOT_BY_RAM = "You are not authorized to do this action. You should be authorized by RAM."


class Refreshing:
    """A client that assumes its role again when the cloud says that its key is over, once for each call."""

    def __init__(self, stage, signer, key=None):
        self.stage, self.signer = stage, signer
        self.key = key or stage.assume(signer)

    def users(self):
        try:
            return self.stage.users(self.key)
        except ClientException as error:
            if error.code not in [EXPIRED, NOT_FOUND]:
                raise
            self.key = self.stage.assume(self.signer)
            return self.stage.users(self.key)


@pytest.mark.shows("token-expires-in-a-run")
def test_a_token_that_ends_early_is_refreshed(stage):
    night = stage.session("night")

    with stage.naive():
        stage.users(night)
        # By its own clock the client has 54 minutes left.
        stage.advance("6m")
        for _ in range(2):
            with refused(400, EXPIRED, "Specified SecurityToken is expired."):
                stage.users(night)

    with stage.good():
        client = Refreshing(stage, stage.key("ci"), night)
        assert client.users() == ["ci"]
        stage.advance("6m")
        assert client.users() == ["ci"]
        assert client.key != night


@pytest.mark.shows("token-missing")
def test_a_temporary_key_comes_with_its_token(stage):
    night = stage.session("night")

    with stage.naive():
        for algorithm in [None, "v2"]:
            with refused(400, "MissingSecurityToken", "SecurityToken is mandatory for this action."):
                stage.identity(Key(night.id, night.secret), algorithm=algorithm)

    with stage.good():
        assert night.id.startswith("STS.") and night.token
        assert stage.identity(night).arn.endswith("assumed-role/deploy/night")


@pytest.mark.shows("token-of-another-key")
def test_key_secret_and_token_are_replaced_at_once(stage):
    before, after = stage.session("before"), stage.session("after")

    with stage.naive():
        mixed = Key(before.id, before.secret, after.token)
        with refused(
            400, "InvalidSecurityToken.MismatchWithAccessKey", "Specified SecurityToken mismatch with the AccessKey."
        ):
            stage.identity(mixed)

    with stage.good():
        stage.identity(before)
        stage.identity(after)


@pytest.mark.shows("session-revoked")
def test_a_revoked_session_is_replaced_once(stage):
    ci = stage.key("ci")

    with stage.naive():
        key = stage.assume(ci)
        stage.users(key)
        stage.users(key)
        for _ in range(2):
            with refused(404, NOT_FOUND, "Specified access key is not found."):
                stage.users(key)

    with stage.good():
        client = Refreshing(stage, ci)
        for _ in range(3):
            assert client.users() == ["ci"]


@pytest.mark.shows("role-assumed-by-root")
def test_the_account_itself_cannot_assume_a_role(stage):
    root, ci = stage.key(), stage.key("ci")

    with stage.naive():
        with refused(403, "NoPermission", "Roles may not be assumed by root accounts."):
            stage.assume(root)

    with stage.good():
        assert stage.identity(root).identity_type == "Account"
        assert stage.identity(ci).identity_type == "RAMUser"
        assert stage.identity(stage.assume(ci)).identity_type == "AssumedRoleUser"


@pytest.mark.shows("role-trust-refused")
def test_a_role_that_trusts_somebody_else_cannot_be_assumed(stage):
    root, ci = stage.key(), stage.key("ci")

    with stage.naive():
        for _ in range(2):
            with refused(403, "NoPermission", NOT_BY_RAM):
                stage.assume(ci)

    with stage.good():
        with refused(403, "NoPermission", NOT_BY_RAM) as caught:
            stage.assume(ci)
        assert caught.value.access_denied_detail["AuthAction"] == "sts:AssumeRole"
        role = stage.ram(root, "GetRole", role_name="deploy").role
        assert "user/deployer" in role.assume_role_policy_document
        both = trust({"RAM": [stage.arn("user/deployer"), stage.arn("user/ci")]})
        stage.ram(root, "UpdateRole", role_name="deploy", new_assume_role_policy_document=both)
        stage.assume(ci)


@pytest.mark.shows("role-trust-withdrawn")
def test_a_session_outlives_the_trust_that_it_came_from(stage):
    ci = stage.key("ci")

    with stage.naive():
        # A new session for every call: the second one is refused.
        stage.users(stage.assume(ci))
        for _ in range(2):
            with refused(403, "NoPermission", NOT_BY_RAM):
                stage.users(stage.assume(ci))

    with stage.good():
        key = stage.assume(ci)
        assert stage.users(key) == stage.users(key) == ["ci"]
        stage.advance("1h")
        with refused(400, EXPIRED):
            stage.users(key)
        with refused(403, "NoPermission", NOT_BY_RAM):
            stage.assume(ci)
