"""What users and sessions may do, and for how long."""

import pytest
from clients import RAM, STS, denied, identity, new_policy, new_user, refused, send, session
from seeded import Key, allow, deny, trust

RULE = {"PolicyName": "rule", "PolicyType": "Custom"}
NIGHT = {"RoleSessionName": "night"}


@pytest.fixture
def account(world):
    """The account of a world whose clock stands still, so that sessions end when a test says so."""
    return world.account


@pytest.fixture
def alice(account):
    """The key of a new user."""
    return new_user(account, "alice")


@pytest.fixture
def no_users(account):
    """A call that may not list users."""
    return lambda: denied(f"acs:ram:*:{account.pk}:user/*", "ram:ListUsers")


@pytest.fixture
def no_groups(account):
    """A call that may not list groups."""
    return lambda: denied(f"acs:ram:*:{account.pk}:group/*", "ram:ListGroups")


def give_alice(account, document):
    """Attaches a new policy to the user."""
    RAM(account.key, "AttachPolicyToUser", UserName="alice", **new_policy(account, "rule", document))


def new_role(account, name, document):
    """Makes a role that may list users."""
    role = RAM(account.key, "CreateRole", RoleName=name, AssumeRolePolicyDocument=document)["Role"]
    RAM(account.key, "AttachPolicyToRole", RoleName=name, **new_policy(account, "look", allow("ram:ListUsers")))
    return role["Arn"]


def test_a_permission_comes_and_goes_with_policy_version_and_group(account, alice, no_users, no_groups):
    with no_users():
        RAM(alice, "ListUsers")
    give_alice(account, allow("ram:ListUsers"))
    assert [user["UserName"] for user in RAM(alice, "ListUsers")["Users"]["User"]] == ["alice"]

    RAM(account.key, "CreatePolicyVersion", PolicyName="rule", PolicyDocument=allow("ram:ListGroups"))
    with no_groups():
        RAM(alice, "ListGroups")
    RAM(account.key, "SetDefaultPolicyVersion", PolicyName="rule", VersionId="v2")
    RAM(alice, "ListGroups")
    with no_users():
        RAM(alice, "ListUsers")

    RAM(account.key, "DetachPolicyFromUser", UserName="alice", **RULE)
    RAM(account.key, "CreateGroup", GroupName="crew")
    RAM(account.key, "AttachPolicyToGroup", GroupName="crew", **RULE)
    with no_groups():
        RAM(alice, "ListGroups")
    RAM(account.key, "AddUserToGroup", UserName="alice", GroupName="crew")
    RAM(alice, "ListGroups")


def test_an_explicit_deny_wins(account, alice, no_users):
    everything = {"PolicyName": "AdministratorAccess", "PolicyType": "System"}
    RAM(account.key, "AttachPolicyToUser", UserName="alice", **everything)
    RAM(alice, "ListUsers")

    give_alice(account, deny("ram:ListUsers"))

    with no_users():
        RAM(alice, "ListUsers")
    RAM(alice, "ListGroups")


def test_a_session_calls_as_its_role_until_it_ends(world, account, alice, no_groups):
    role = new_role(account, "deploy", trust({"RAM": f"acs:ram::{account.pk}:root"}))
    with refused(403, "NoPermission", "You are not authorized to do this action. You should be authorized by RAM."):
        STS(alice, "AssumeRole", RoleArn=role, **NIGHT)
    with refused(403, "NoPermission", "Roles may not be assumed by root accounts."):
        STS(account.key, "AssumeRole", RoleArn=role, **NIGHT)
    give_alice(account, allow("sts:AssumeRole", role))

    body = STS(alice, "AssumeRole", RoleArn=role, DurationSeconds=900, **NIGHT)
    key = session(body)

    assert body["AssumedRoleUser"]["Arn"] == f"acs:ram::{account.pk}:role/deploy/night"
    assert body["Credentials"]["Expiration"] == "2026-01-01T00:15:00Z"
    me = identity(key)
    assert (me["IdentityType"], me["Arn"]) == ("AssumedRoleUser", f"acs:ram::{account.pk}:assumed-role/deploy/night")
    assert [user["UserName"] for user in RAM(key, "ListUsers")["Users"]["User"]] == ["alice"]
    with no_groups():
        RAM(key, "ListGroups")
    with refused(400, "MissingSecurityToken", "SecurityToken is mandatory for this action."):
        identity(key._replace(token=None))

    world.advance("15m")
    with refused(400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired."):
        RAM(key, "ListUsers")


def test_a_session_may_do_only_what_its_own_policy_allows_too(account, alice):
    role = new_role(account, "deploy", trust({"RAM": f"acs:ram::{account.pk}:root"}))
    give_alice(account, allow("sts:AssumeRole", role))

    key = session(STS(alice, "AssumeRole", RoleArn=role, Policy=allow("ram:ListGroups"), **NIGHT))

    for action, kind in [("ListUsers", "user"), ("ListGroups", "group")]:
        with denied(f"acs:ram:*:{account.pk}:{kind}/*", f"ram:{action}"):
            RAM(key, action)


def anonymous(world, action, **fields):
    """Calls STS as the SDK does without a key: it signs with what it has, here with what nobody has."""
    request = STS.request(action, **fields)
    request.add_header("x-alimock-world", world.name)
    return send(Key("nobody", "nothing"), request)


def test_an_oidc_token_and_a_saml_response_are_sessions(world, account):
    path, audience = f"accounts/{account.pk}", "sts.aliyuncs.com"
    oidc = world.post(f"{path}/oidc-providers", name="ci", clientIds=[audience])["arn"]
    saml = world.post(f"{path}/saml-providers", name="corp")["arn"]
    role = new_role(account, "deploy", trust({"Federated": [oidc, saml]}))

    def log_in(**claims):
        token = world.post("issuer/token", **{"audience": audience, **claims})["token"]
        fields = {"OIDCProviderArn": oidc, "RoleArn": role, "RoleSessionName": "job"}
        return anonymous(world, "AssumeRoleWithOIDC", OIDCToken=token, **fields)

    def sign_on(**fields):
        response = {"roleArn": role, "providerArn": saml, "sessionName": "jane", **fields}
        text = world.post("issuer/saml-response", **response)["response"]
        return anonymous(world, "AssumeRoleWithSAML", SAMLAssertion=text, SAMLProviderArn=saml, RoleArn=role)

    assert identity(session(log_in()))["Arn"] == f"acs:ram::{account.pk}:assumed-role/deploy/job"
    assert identity(session(sign_on()))["Arn"] == f"acs:ram::{account.pk}:assumed-role/deploy/jane"
    with refused(401, "AuthenticationFail.OIDCToken.AudienceNotMatch", "Invalid audience."):
        log_in(audience="other")
    with refused(401, "AuthenticationFail.SAMLAssertion.Expired", "The SAML Assertion is expired."):
        sign_on(expires="-1m")
