"""Temporary keys: of users that assume roles, of workloads with an OIDC token, of people with a SAML response."""

import pytest
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_openapi.utils_models import GlobalParameters
from clients import CA, RAM, STS, denied, identity, new_policy, new_user, refused, session
from seeded import ADDRESS, SCHEME, START, Account, Key, allow, deny, trust

ONE_HOUR_LATER = "2026-01-01T01:00:00Z"
NOT_BY_RAM = "You are not authorized to do this action. You should be authorized by RAM."
INVALID_RESPONSE = "AuthenticationFail.SAMLAssertion.Invalid"
RECIPIENT = "https://signin.aliyun.com/saml-role/sso"


@pytest.fixture
def account(world):
    """The account of a world whose clock stands still, so that sessions end when a test says so."""
    return world.account


@pytest.fixture
def deploy(account):
    """A new role, which trusts the whole account and may list users."""
    return new_role(account, "deploy", trust({"RAM": f"acs:ram::{account.pk}:root"}))


@pytest.fixture
def alice(account):
    """The key of a new user, who may assume every role."""
    key = new_user(account, "alice")
    assuming = {"policy_name": "AliyunSTSAssumeRoleAccess", "policy_type": "System"}
    RAM(account.key, "AttachPolicyToUser", user_name="alice", **assuming)
    return key


def new_role(account, name, document):
    """Makes a role that may list users."""
    role = RAM(account.key, "CreateRole", role_name=name, assume_role_policy_document=document).role
    RAM(account.key, "AttachPolicyToRole", role_name=name, **new_policy(account, f"of-{name}", allow("ram:ListUsers")))
    return role


def assume(key, role, **others):
    """Assumes a role, with other parameters besides or instead."""
    return STS(key, "AssumeRole", **{"role_arn": role.arn, "role_session_name": "night", **others})


def test_a_user_assumes_a_role_and_calls_as_it_until_the_session_ends(world, account, deploy, alice):
    body = assume(alice, deploy, duration_seconds=900)

    assert body.assumed_role_user.to_map() == {
        "Arn": f"acs:ram::{account.pk}:role/deploy/night",
        "AssumedRoleId": f"{deploy.role_id}:night",
    }
    key = session(body)
    assert key.id.startswith("STS.") and key.token.startswith("CAIS")
    assert (body.credentials.expiration, body.source_identity) == ("2026-01-01T00:15:00Z", None)
    me = identity(key).to_map()
    del me["RequestId"]
    assert me == {
        "IdentityType": "AssumedRoleUser",
        "AccountId": account.pk,
        "Arn": f"acs:ram::{account.pk}:assumed-role/deploy/night",
        "PrincipalId": f"{deploy.role_id}:night",
        "RoleId": deploy.role_id,
    }
    assert [user.user_name for user in RAM(key, "ListUsers").users.user] == ["alice"]
    with denied(f"acs:ram:*:{account.pk}:group/*", "ram:ListGroups") as caught:
        RAM(key, "ListGroups")
    detail = caught.value.access_denied_detail
    assert (detail["AuthPrincipalType"], detail["AuthPrincipalDisplayName"]) == ("AssumedRoleUser", "deploy:night")

    world.advance("14m59s")
    assert identity(key).account_id == account.pk
    world.advance("1s")
    with refused(400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired."):
        identity(key)


def test_a_temporary_key_needs_its_own_token(account, deploy, alice):
    first, second = session(assume(alice, deploy)), session(assume(alice, deploy))

    with refused(400, "MissingSecurityToken", "SecurityToken is mandatory for this action."):
        identity(first._replace(token=None))
    with refused(400, "InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed."):
        identity(first._replace(token="garbage"))
    with refused(400, "InvalidSecurityToken.MismatchWithAccessKey"):
        identity(first._replace(token=second.token))

    assert identity(first).arn == identity(second).arn


def test_what_a_session_may_do_follows_its_role(account, deploy, alice):
    key = session(assume(alice, deploy))
    RAM(key, "ListUsers")

    RAM(account.key, "DetachPolicyFromRole", role_name="deploy", policy_name="of-deploy", policy_type="Custom")
    with denied(f"acs:ram:*:{account.pk}:user/*", "ram:ListUsers"):
        RAM(key, "ListUsers")

    RAM(account.key, "DeleteRole", role_name="deploy")
    with refused(404, "InvalidAccessKeyId.NotFound"):
        identity(key)


def test_a_session_policy_takes_away_and_gives_nothing(account, deploy, alice):
    narrow = session(assume(alice, deploy, policy=deny("ram:ListUsers")))
    wide = session(assume(alice, deploy, policy=allow("*")))

    with denied(f"acs:ram:*:{account.pk}:user/*", "ram:ListUsers", kind="ExplicitDeny", layer="SessionPolicy"):
        RAM(narrow, "ListUsers")
    RAM(wide, "ListUsers")
    with denied(f"acs:ram:*:{account.pk}:group/*", "ram:ListGroups"):
        RAM(wide, "ListGroups")


def test_an_account_assumes_no_role_and_a_user_only_where_both_sides_allow(account, deploy, alice):
    bob = new_user(account, "bob")
    closed = new_role(account, "closed", trust({"Service": ["ecs.aliyuncs.com"]}))

    with refused(403, "NoPermission", "Roles may not be assumed by root accounts."):
        assume(account.key, deploy)
    with refused(403, "NoPermission", NOT_BY_RAM) as by_user:
        assume(bob, deploy)
    with refused(403, "NoPermission", NOT_BY_RAM) as by_role:
        assume(alice, closed)

    for caught, layer in [(by_user, "AccountLevelIdentityBasedPolicy"), (by_role, "AssumeRolePolicy")]:
        detail = caught.value.access_denied_detail
        assert (detail["AuthAction"], detail["PolicyType"]) == ("sts:AssumeRole", layer)


def test_a_role_of_another_account_is_assumed_when_it_trusts_this_one(world, account, alice):
    uid = world.post("accounts", loginName="other@alimock.example")["uid"]
    made = world.post(f"accounts/{uid}/access-keys")
    other = Account(uid, Key(made["accessKeyId"], made["accessKeySecret"]))
    role = new_role(other, "visitor", trust({"RAM": f"acs:ram::{account.pk}:user/alice"}))

    key = session(assume(alice, role))

    assert identity(key).arn == f"acs:ram::{uid}:assumed-role/visitor/night"
    assert RAM(key, "ListUsers").users.user == []


def test_an_external_id_must_be_the_one_that_the_role_asks_for(account, alice):
    asking = {"Condition": {"StringEquals": {"sts:ExternalId": "4711"}}}
    role = new_role(account, "partner", trust({"RAM": f"acs:ram::{account.pk}:root"}, **asking))

    for wrong in [{}, {"external_id": "4712"}]:
        with refused(403, "NoPermission", NOT_BY_RAM):
            assume(alice, role, **wrong)

    assert session(assume(alice, role, external_id="4711")).token


def test_a_source_identity_stays_through_a_chain_of_roles(account, deploy, alice):
    second = new_role(account, "second", trust({"RAM": deploy.arn}))
    RAM(account.key, "AttachPolicyToRole", role_name="deploy", **new_policy(account, "chain", allow("sts:AssumeRole")))

    first = assume(alice, deploy, source_identity="alice")
    chained = assume(session(first), second)

    assert (first.source_identity, chained.source_identity) == ("alice", "alice")
    assert identity(session(chained)).arn == f"acs:ram::{account.pk}:assumed-role/second/night"


def test_a_session_is_as_long_as_its_role_allows(account, deploy, alice):
    usual = assume(alice, deploy).credentials.expiration
    too_long, too_short = {"duration_seconds": 3601}, {"duration_seconds": 899}
    for wrong in [too_long, too_short]:
        with refused(400, "InvalidParameter.DurationSeconds", "The Min/Max value of DurationSeconds is 15min/1hr."):
            assume(alice, deploy, **wrong)

    RAM(account.key, "UpdateRole", role_name="deploy", new_max_session_duration=7200)
    longer = assume(alice, deploy, duration_seconds=7200).credentials.expiration

    assert (usual, longer) == (ONE_HOUR_LATER, "2026-01-01T02:00:00Z")


@pytest.mark.parametrize(
    "wrong, status, code, message",
    [
        ({"role_arn": "garbage"}, 400, "InvalidParameter.RoleArn", "The parameter RoleArn is wrongly formed."),
        ({"role_session_name": "n"}, 400, "InvalidParameter.RoleSessionName", "The parameter RoleSessionName is"),
        ({"policy": "{"}, 400, "InvalidParameter.PolicyGrammar", "The parameter Policy has not passed grammar check."),
        ({"policy": "{" * 2049}, 400, "InvalidParameter.PolicySize", "The size of Policy must be smaller than 2048"),
        ({"role_arn": "acs:ram::1:role/none"}, 404, "EntityNotExist.Role", ""),
    ],
    ids=["role", "session name", "policy", "long policy", "unknown role"],
)
def test_a_wrong_parameter_is_refused(deploy, alice, wrong, status, code, message):
    with refused(status, code, message):
        assume(alice, deploy, **wrong)


def unsigned(world, action, **fields):
    """Calls STS without a key, so it is a header that names the world."""
    header = GlobalParameters(headers={"x-alimock-world": world.name})
    settings = Config(region_id="cn-hangzhou", endpoint=ADDRESS, protocol=SCHEME, ca=CA, global_parameters=header)
    return STS.call(settings, action, **fields)


class Workload:
    """A CI job that has tokens of the built-in issuer, and the role that trusts them."""

    def __init__(self, world):
        self.world, path = world, f"accounts/{world.account.pk}/oidc-providers"
        self.provider = world.post(path, name="ci", clientIds=["sts.aliyuncs.com"])["arn"]
        conditions = {"StringEquals": {"oidc:aud": "sts.aliyuncs.com"}, "StringLike": {"oidc:sub": "repo:shop/*"}}
        self.role = new_role(world.account, "ci", trust({"Federated": [self.provider]}, Condition=conditions))

    def token(self, **claims):
        claims = {"audience": "sts.aliyuncs.com", "subject": "repo:shop/web", **claims}
        return self.world.post("issuer/token", **claims)["token"]

    def log_in(self, **others):
        fields = {"oidcprovider_arn": self.provider, "role_arn": self.role.arn, "role_session_name": "job"}
        fields["oidctoken"] = others.pop("oidctoken", None) or self.token()
        return unsigned(self.world, "AssumeRoleWithOIDC", **{**fields, **others})


@pytest.fixture
def job(world):
    """A job that can log in."""
    return Workload(world)


def test_a_token_of_a_trusted_issuer_is_a_session_until_it_ends(world, account, job):
    body = job.log_in()

    assert body.assumed_role_user.arn == f"acs:ram::{account.pk}:role/ci/job"
    info = body.oidctoken_info
    assert (info.subject, info.client_ids, info.verification_info) == ("repo:shop/web", "sts.aliyuncs.com", "Success")
    assert (info.issuance_time, info.expiration_time) == (START, ONE_HOUR_LATER)
    key = session(body)
    assert identity(key).arn == f"acs:ram::{account.pk}:assumed-role/ci/job"
    assert RAM(key, "ListUsers").users.user == []

    world.advance("1h")
    with refused(400, "InvalidSecurityToken.Expired"):
        RAM(key, "ListUsers")


@pytest.mark.parametrize(
    "claims, code, message",
    [
        ({"key": "unknown"}, "OIDCToken.InvalidSignature", "OIDC token validate failed: invalid signature."),
        ({"audience": "other"}, "OIDCToken.AudienceNotMatch", "Invalid audience."),
        ({"issuer": "https://other.example"}, "OIDCToken.IssuerNotMatch", "The issuer in the OIDC Token doesn't match"),
        ({"issued": "-2h", "expires": "-1h"}, "OIDCToken.Expired", "This JsonWebToken is expired."),
        ({"subject": "repo:stranger/web"}, "NoPermission", "There is no permission"),
    ],
    ids=["signature", "audience", "issuer", "expired", "subject"],
)
def test_a_token_that_does_not_fit_is_refused(job, claims, code, message):
    with refused(401, f"AuthenticationFail.{code}", message):
        job.log_in(oidctoken=job.token(**claims))


def test_a_text_that_is_no_token_is_refused_before_provider_and_role_are_looked_up(account, job):
    provider = {"oidcprovider_arn": f"acs:ram::{account.pk}:oidc-provider/other"}
    role = {"role_arn": f"acs:ram::{account.pk}:role/other"}

    for garbage in ["garbage", "a.b.c"]:
        with refused(401, "AuthenticationFail.OIDCToken.Invalid"):
            job.log_in(oidctoken=garbage, **provider, **role)
    with refused(401, "AuthenticationFail.NoPermission", "No such OIDC Provider registered."):
        job.log_in(**provider, **role)
    with refused(404, "EntityNotExist.Role"):
        job.log_in(**role)


class Person:
    """Somebody whom the built-in identity provider knows, and the role that trusts it."""

    def __init__(self, world):
        self.world = world
        self.provider = world.post(f"accounts/{world.account.pk}/saml-providers", name="corp")["arn"]
        conditions = {"StringEquals": {"saml:recipient": RECIPIENT}}
        self.role = new_role(world.account, "staff", trust({"Federated": [self.provider]}, Condition=conditions))

    def response(self, **others):
        fields = {"roleArn": self.role.arn, "providerArn": self.provider, "sessionName": "jane", "subject": "jane-7"}
        return self.world.post("issuer/saml-response", **{**fields, **others})["response"]

    def log_in(self, **others):
        fields = {"samlprovider_arn": self.provider, "role_arn": self.role.arn}
        fields["samlassertion"] = others.pop("samlassertion", None) or self.response()
        return unsigned(self.world, "AssumeRoleWithSAML", **{**fields, **others})


@pytest.fixture
def jane(world):
    """Somebody who can log in."""
    return Person(world)


def test_a_response_of_a_trusted_provider_is_a_session_until_it_ends(world, account, jane):
    body = jane.log_in(duration_seconds=900, samlassertion=jane.response(sourceIdentity="jane"))

    info = body.samlassertion_info
    assert body.source_identity == "jane"
    assert (info.subject, info.subject_type, info.recipient) == ("jane-7", "persistent", RECIPIENT)
    assert body.assumed_role_user.arn == f"acs:sts::{account.pk}:assumed-role/staff/jane"
    key = session(body)
    assert identity(key).arn == f"acs:ram::{account.pk}:assumed-role/staff/jane"
    assert RAM(key, "ListUsers").users.user == []

    world.advance("15m")
    with refused(400, "InvalidSecurityToken.Expired"):
        identity(key)


@pytest.mark.parametrize(
    "fields, status, code",
    [
        ({"key": "unknown"}, 401, INVALID_RESPONSE),
        ({"issuer": "https://other.example"}, 401, INVALID_RESPONSE),
        ({"audience": "other"}, 401, INVALID_RESPONSE),
        ({"recipient": "https://other.example"}, 401, INVALID_RESPONSE),
        ({"expires": "-1m"}, 401, "AuthenticationFail.SAMLAssertion.Expired"),
        ({"sessionName": "x" * 65}, 400, "InvalidParameter.RoleSessionName"),
    ],
    ids=["signature", "issuer", "audience", "recipient", "expired", "session name"],
)
def test_a_response_that_does_not_fit_is_refused(jane, fields, status, code):
    with refused(status, code):
        jane.log_in(samlassertion=jane.response(**fields))


def test_a_response_is_for_one_role_and_one_provider(account, jane):
    with refused(404, "EntityNotExist.SAMLProvider", "Can not find SAML provider."):
        jane.log_in(samlprovider_arn=f"acs:ram::{account.pk}:saml-provider/other")
    with refused(401, INVALID_RESPONSE, "The SAML Assertion is invalid."):
        jane.log_in(role_arn=f"acs:ram::{account.pk}:role/other")
