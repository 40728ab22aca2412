"""On an instance: below `tests/sdk/netns`, where 100.100.100.200 and the real hosts are the emulator and nothing else is there."""

import json

import pytest
from seeded import DEMO, WAY, control

pytestmark = pytest.mark.skipif(WAY != "hosts", reason="100.100.100.200 is somebody else's here")


@pytest.fixture
def instance(aliyun, tmp_path):
    """The instance of the default world with a role that may read RAM, and the program without key and endpoint."""
    demo = aliyun.as_(DEMO)
    principal = {"Service": ["ecs.aliyuncs.com"]}
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    trusting = json.dumps({"Version": "1", "Statement": [statement]})
    demo.ok("ram", "CreateRole", RoleName="worker", AssumeRolePolicyDocument=trusting)
    demo.ok("ram", "AttachPolicyToRole", RoleName="worker", PolicyName="AliyunRAMReadOnlyAccess", PolicyType="System")
    (tmp_path / "instance").mkdir()
    settings = {"account": "demo", "roles": ["worker"]}
    control("PUT", "worlds/default/instance", settings)
    proxies = dict.fromkeys(["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"])
    yield aliyun.with_variables(ALIBABA_CLOUD_ENDPOINT=None, HOME=str(tmp_path / "instance"), **proxies), settings
    control("DELETE", "worlds/default/instance")
    demo.ok("ram", "DetachPolicyFromRole", RoleName="worker", PolicyName="AliyunRAMReadOnlyAccess", PolicyType="System")
    demo.ok("ram", "DeleteRole", RoleName="worker")


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("tokens", ["optional", "required"])
def test_the_role_of_the_instance_calls(instance, named, tokens):
    program, settings = instance
    control("PUT", "worlds/default/instance", {**settings, "tokens": tokens})
    program.configure("instance", "EcsRamRole", *(["--ram-role-name", "worker"] if named else []))

    assert ":assumed-role/worker/vm-ram-i-" in program.ok("sts", "GetCallerIdentity")["Arn"]
    assert "User" in program.ok("ram", "ListUsers")["Users"]
    program.refused("NoPermission", "ram", "CreateUser", UserName="x")


def test_a_role_that_was_taken_away_gives_no_credentials(instance):
    program, settings = instance
    program.configure("instance", "EcsRamRole", "--ram-role-name", "worker")
    control("PUT", "worlds/default/instance", {**settings, "roles": []})

    done = program.call("sts", "GetCallerIdentity")

    assert done.returncode == 1 and "init client failed" in done.stderr
