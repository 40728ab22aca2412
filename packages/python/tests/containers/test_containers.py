"""AlimockContainer, with an image and a Docker socket: `docker/podman packages/python/check containers`."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from alibabacloud_sts20150401.client import Client
from alibabacloud_tea_openapi.models import Config

import alimock
from alimock.testcontainers import AlimockContainer


@pytest.fixture(scope="module")
def container():
    with AlimockContainer() as container:
        yield container


def account(world, name):
    """The account that a signed call of an official SDK is answered with."""
    key = world.caller(name)
    client = Client(Config(access_key_id=key.id, access_key_secret=key.secret, endpoint=world.host, protocol="HTTP"))
    return client.get_caller_identity().body.account_id


def uid(world, name):
    return next(one["uid"] for one in world.accounts if one["name"] == name)


def test_worlds_of_a_container_are_apart(container):
    server = container.server
    assert server.shares_port
    with server.world() as one, server.world(name="two [x]", as_="demo/dev") as two:
        assert one.endpoint == two.endpoint == server.endpoint
        assert account(one, "demo") == uid(one, "demo") != uid(two, "demo") == account(two, "demo")
        assert account(two, "demo/dev") == two.env["ALICLOUD_ACCOUNT_ID"]
        assert two.env["ALIBABA_CLOUD_ENDPOINT"] == two.host
        two.key.disable("demo")
        assert account(one, "demo") and two.call("GET", "/accounts/demo/access-keys")["accessKeys"][0]["status"] == "Inactive"
        assert len(one.calls()) == 2 and len(two.calls()) == 2


def test_a_scenario_that_pins_ids_is_in_one_world_at_a_time(container):
    with container.server.world("key-leaked") as world:
        assert account(world, "demo/ci") == uid(world, "demo")
        with pytest.raises(alimock.AlimockError) as refused:
            container.server.world("key-leaked")
        assert refused.value.code == "access_key_taken"
    container.server.world("key-leaked").delete()


def test_the_control_api_needs_the_random_token(container):
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(container.server.endpoint + "/_alimock/worlds")
    assert container.server.token and container.server.token != AlimockContainer().env["ALIMOCK_CONTROL_TOKEN"]


def test_a_stopped_container_has_no_server():
    container = AlimockContainer()
    with pytest.raises(alimock.AlimockError, match="is not started"):
        _ = container.server
    with container:
        endpoint = container.server.endpoint
        assert urllib.request.urlopen(endpoint + "/_alimock/ready").status == 200
        labels = json.loads(subprocess.check_output(["podman", "ps", "--format", "json"]))
        assert container.get_container_id() in [one["Id"] for one in labels]
    with pytest.raises(alimock.AlimockError, match="is not started"):
        _ = container.server
    with pytest.raises(OSError):
        urllib.request.urlopen(endpoint + "/_alimock/ready")
    assert container.get_container_id() not in subprocess.check_output(["podman", "ps", "--all", "--format", "json"], text=True)


def test_fixtures_use_a_published_port_of_a_container(container, tmp_path):
    """As with a container that CI starts beside the tests: only its address and token are known. Workers share it."""
    (tmp_path / "test_mine.py").write_text(
        """
import os, pytest
from alibabacloud_sts20150401.client import Client
from alibabacloud_tea_openapi.models import Config

@pytest.mark.parametrize("n", range(12))
def test_a(alimock, alimock_server, n):
    assert alimock_server.shares_port and alimock.endpoint == alimock_server.endpoint
    key = alimock.caller("demo")
    client = Client(Config(access_key_id=key.id, access_key_secret=key.secret, endpoint=os.environ["STS_ENDPOINT"], protocol="HTTP"))
    assert client.get_caller_identity().body.account_id == os.environ["ALICLOUD_ACCOUNT_ID"]
    assert len(alimock.calls()) == 1
"""
    )
    settings = {"ALIMOCK_ENDPOINT": container.server.endpoint, "ALIMOCK_CONTROL_TOKEN": container.server.token}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "4"]
    done = subprocess.run(command, cwd=tmp_path, env={**os.environ, **settings}, capture_output=True, text=True)
    assert "12 passed" in done.stdout, done.stdout
    assert [one["world"] for one in container.server.call("GET", "/worlds")["worlds"]] == ["default"]
