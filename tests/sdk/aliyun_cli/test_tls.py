"""Over TLS: calls, the greeting of `aliyun configure`, and the modes that ask STS, which they do by HTTPS alone."""

import json

import pytest
from cli import flags_of
from seeded import DEMO, ENDPOINT, HOST, control


def role(world, name="deploy"):
    return f"acs:ram::{world.account.pk}:role/{name}"


def session(world, name="deploy"):
    return f"acs:ram::{world.account.pk}:assumed-role/{name}/night"


def failed(done):
    """What the program prints when it has no credentials to call with."""
    assert done.returncode != 0 and done.stdout == "", done
    return done.stderr


def test_a_call_goes_over_tls_once_the_authority_is_trusted(secure, shop, account):
    assert secure(shop).arn() == f"acs:ram::{account.pk}:root"

    assert "certificate signed by unknown authority" in shop.run("sts", "GetCallerIdentity", "--secure").stderr
    assert shop.run("sts", "GetCallerIdentity", "--secure", "--skip-secure-verify").returncode == 0


def test_configure_greets_who_it_knows_and_no_others(secure, shop, account):
    """The dialogue offers what is in variables, and an empty answer takes it."""
    for key, greeting in [(account.key, "Configure Done!!!"), (account.key._replace(secret="x"), "Configure Failed")]:
        done = secure(shop.as_(key)).run("configure", "--mode", "AK", "--profile", f"greeted-{key.secret}")

        assert done.returncode == 0 and greeting in done.stdout, done


def test_a_role_is_assumed_with_the_key_of_a_profile(secure, robot, world):
    caller = secure(robot)
    key = caller.key()
    flags = ["--ram-role-arn", role(world), "--role-session-name", "night", "--expired-seconds", "900"]
    caller.configure("role", "RamRoleArn", *flags_of(key), *flags, "--sts-endpoint", HOST)

    assert caller.nobody().arn() == session(world)
    # Every run asks for a new one, so no clock ends it.
    world.advance("15m")
    assert caller.nobody().arn() == session(world)


def test_a_role_is_assumed_with_another_profile(secure, robot, world):
    caller = secure(robot)
    caller.configure("source", "AK", *flags_of(caller.key()))
    flags = ["--source-profile", "source", "--ram-role-arn", role(world), "--role-session-name", "night"]
    caller.configure("chain", "ChainableRamRoleArn", *flags, "--sts-endpoint", HOST)

    assert caller.nobody().arn() == session(world)


def test_a_role_that_may_not_be_assumed_is_refused_in_the_words_of_sts(secure, robot, world):
    caller = secure(robot)
    flags = ["--ram-role-arn", role(world, "nobodys"), "--role-session-name", "night"]
    caller.configure("role", "RamRoleArn", *flags_of(caller.key()), *flags, "--sts-endpoint", HOST)

    assert '"Code":"EntityNotExist.Role"' in failed(caller.nobody().call("sts", "GetCallerIdentity"))


def test_nothing_is_called_while_sts_is_down(secure, robot, world):
    caller = secure(robot)
    flags = ["--ram-role-arn", role(world), "--role-session-name", "night"]
    caller.configure("role", "RamRoleArn", *flags_of(caller.key()), *flags, "--sts-endpoint", HOST)
    down = {"error": {"code": "ServiceUnavailable"}}
    world.post("faults", match={"action": "AssumeRole"}, do=down)

    assert "ServiceUnavailable" in failed(caller.nobody().call("sts", "GetCallerIdentity"))


@pytest.mark.parametrize("by", ["profile", "variables"])
def test_a_role_is_assumed_with_an_oidc_token(secure, aliyun, by, tmp_path):
    pk = next(one for one in control("GET", "worlds/default")["accounts"] if one["name"] == "demo")["uid"]
    name = f"pipelines-{by}"
    made = control("POST", f"worlds/default/accounts/{pk}/oidc-providers", {"name": name, "clientIds": ["sts.aliyuncs.com"]})
    trusting = {
        "Version": "1",
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Federated": [made["arn"]]}}],
    }
    aliyun.as_(DEMO).ok("ram", "CreateRole", RoleName=name, AssumeRolePolicyDocument=json.dumps(trusting))
    token = control("POST", "worlds/default/issuer/token", {"audience": "sts.aliyuncs.com", "subject": "job"})["token"]
    (tmp_path / "token").write_text(token)
    arn = f"acs:ram::{pk}:role/{name}"
    caller, named = secure(aliyun), []
    if by == "profile":
        flags = ["--oidc-provider-arn", made["arn"], "--oidc-token-file", str(tmp_path / "token"), "--ram-role-arn", arn]
        caller.configure("oidc", "OIDC", *flags, "--role-session-name", "night", "--sts-endpoint", HOST)
    else:
        # No variable that it reads names the session.
        named = ["--role-session-name", "night"]
        caller = caller.with_variables(
            ALIBABA_CLOUD_OIDC_PROVIDER_ARN=made["arn"],
            ALIBABA_CLOUD_OIDC_TOKEN_FILE=str(tmp_path / "token"),
            ALIBABA_CLOUD_ROLE_ARN=arn,
            ALIBABA_CLOUD_IGNORE_PROFILE="TRUE",
        )

    assert caller.arn(*named) == f"acs:ram::{pk}:assumed-role/{name}/night"


def test_real_hosts_are_reached_through_the_proxy(secure, shop, account):
    through = dict.fromkeys(["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"], ENDPOINT)
    caller = secure(shop).with_variables(
        ALIBABA_CLOUD_ENDPOINT=None, ALIBABA_CLOUD_STS_ENDPOINT=None, NO_PROXY=None, **through
    )

    assert caller.arn() == f"acs:ram::{account.pk}:root"
    assert caller.ok("ram", "ListUsers")["Users"] == {"User": []}
    assert caller.ok("ims", "ListAccessKeys")["AccessKeys"]["AccessKey"][0]["AccessKeyId"] == account.key.id
    caller.refused("InvalidAction.NotFound", "resourcemanager", "ListResourceGroups")
    assert "`aliyuncli.alicdn.com` is not a host of Alibaba Cloud" in caller.run("ram", "list-users").stderr
