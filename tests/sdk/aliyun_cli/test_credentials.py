"""Where the program takes its credentials from: variables, flags, profiles, a program, a URI."""

import json
import os
import pathlib
import stat

import pytest
from cli import Listener, flags_of, refusal, session_of
from seeded import HOST


def assume(robot, world):
    """The answer of AssumeRole."""
    arn = f"acs:ram::{world.account.pk}:role/deploy"
    return robot.ok("sts", "AssumeRole", RoleArn=arn, RoleSessionName="night", DurationSeconds="900")


def test_a_temporary_key_signs_until_its_session_ends(robot, world):
    session = session_of(assume(robot, world))
    night = robot.as_(session)
    assert night.arn() == f"acs:ram::{world.account.pk}:assumed-role/deploy/night"

    world.advance("15m")

    night.refused("InvalidSecurityToken.Expired", "sts", "GetCallerIdentity")


def test_a_temporary_key_without_its_token_or_with_another_is_refused(robot, world):
    session = session_of(assume(robot, world))

    robot.as_(session._replace(token=None)).refused("MissingSecurityToken", "sts", "GetCallerIdentity")
    robot.as_(session._replace(token="CAIS" + "x" * 40)).refused(
        "InvalidSecurityToken.Malformed", "sts", "GetCallerIdentity"
    )


def test_a_profile_of_a_key_is_written_and_used(aliyun, account):
    aliyun = aliyun.with_variables(ALIBABA_CLOUD_ENDPOINT=None, ALIBABA_CLOUD_REGION_ID=None)
    aliyun.configure("shop", "AK", *flags_of(account.key), "--endpoint", HOST)

    assert aliyun.arn() == f"acs:ram::{account.pk}:root"

    file = os.path.join(aliyun.variables["HOME"], ".aliyun", "config.json")
    with open(file) as text:
        profile = json.load(text)["profiles"][-1]
    assert (profile["mode"], profile["access_key_id"], profile["endpoint"]) == ("AK", account.key.id, HOST)
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600


def test_a_profile_of_a_temporary_key_is_written_and_used(robot, world):
    session = session_of(assume(robot, world))
    robot.configure("night", "StsToken", *flags_of(session))

    assert robot.nobody().arn() == f"acs:ram::{world.account.pk}:assumed-role/deploy/night"


def test_one_of_many_profiles_is_chosen_by_flag_or_variable(aliyun, account, world):
    aliyun.configure("shop", "AK", *flags_of(account.key))
    aliyun.configure("other", "AK", *flags_of(world.account.key))

    by_flag = aliyun.arn("--profile", "shop")
    by_variable = aliyun.with_variables(ALIBABA_CLOUD_PROFILE="shop").arn()

    assert by_flag == by_variable == f"acs:ram::{account.pk}:root"
    # What was written last is the profile without a choice.
    assert aliyun.arn() == f"acs:ram::{world.account.pk}:root"


def test_flags_come_before_a_profile_and_a_profile_before_variables(aliyun, account, world):
    aliyun.configure("shop", "AK", *flags_of(account.key))
    other = aliyun.as_(world.account.key)

    assert other.arn() == f"acs:ram::{account.pk}:root"
    assert other.with_variables(ALIBABA_CLOUD_IGNORE_PROFILE="TRUE").arn() == f"acs:ram::{world.account.pk}:root"
    assert aliyun.arn("--mode", "AK", *flags_of(world.account.key)) == f"acs:ram::{world.account.pk}:root"


def uri_profile(aliyun, uri):
    """The program with a home of its own and a profile of that mode, which only the dialogue of `aliyun configure` writes."""
    home = pathlib.Path(aliyun.variables["HOME"], "uri")
    profile = {"name": "uri", "mode": "CredentialsURI", "region_id": "cn-hangzhou", "language": "en"}
    profiles = [profile if uri is None else {**profile, "credentials_uri": uri}]
    (home / ".aliyun").mkdir(parents=True)
    (home / ".aliyun" / "config.json").write_text(json.dumps({"current": "uri", "profiles": profiles}))
    return aliyun.nobody().with_variables(HOME=str(home))


@pytest.mark.parametrize("variable", [True, False])
def test_credentials_come_from_a_uri_each_time(robot, world, variable):
    answers = []

    def document():
        made = assume(robot, world)["Credentials"]
        answers.append(made["AccessKeyId"])
        return 200, json.dumps({"Code": "Success", **made}).encode()

    uri = Listener(document)
    told = {"ALIBABA_CLOUD_CREDENTIALS_URI": uri.url} if variable else {}
    caller = uri_profile(robot, None if variable else uri.url).with_variables(**told)
    expected = f"acs:ram::{world.account.pk}:assumed-role/deploy/night"

    assert caller.arn() == expected
    world.advance("15m")
    assert caller.arn() == expected

    uri.stop()
    assert len(set(answers)) == 2 and uri.asked == ["GET /", "GET /"]


def test_what_a_uri_gives_must_be_a_success(aliyun):
    uri = Listener(lambda: (200, b'{"Code": "Failure"}'))

    done = uri_profile(aliyun, uri.url).call("sts", "GetCallerIdentity")

    uri.stop()
    assert done.returncode != 0 and "get sts token err, Code is not Success" in done.stderr


def test_a_program_gives_credentials(aliyun, account, tmp_path):
    key = {"mode": "AK", "access_key_id": account.key.id, "access_key_secret": account.key.secret}
    (tmp_path / "key.json").write_text(json.dumps({**key, "region_id": "cn-hangzhou"}))
    aliyun.configure("program", "External", "--process-command", f"cat {tmp_path / 'key.json'}")

    assert aliyun.arn() == f"acs:ram::{account.pk}:root"


def test_the_endpoint_of_a_flag_comes_before_that_of_a_variable(shop, account):
    elsewhere = shop.with_variables(ALIBABA_CLOUD_ENDPOINT="127.0.0.1:1")
    assert "connection refused" in elsewhere.call("sts", "GetCallerIdentity").stderr

    assert elsewhere.arn("--endpoint", HOST) == f"acs:ram::{account.pk}:root"


def test_a_key_that_is_unknown_is_refused(shop, account):
    unknown = shop.as_(account.key._replace(id="LTAI5tNeverWasAnyKeyHere"))

    seen = refusal(unknown.call("sts", "GetCallerIdentity"), "InvalidAccessKeyId.NotFound")

    assert seen.message == "Specified access key is not found."
