import json
import os
import urllib.request

import pytest
from alibabacloud_ram20150501.client import Client
from alibabacloud_ram20150501.models import ListUsersRequest
from alibabacloud_tea_openapi.exceptions import ServerException
from alibabacloud_tea_openapi.models import Config

ENDPOINT = os.environ["ALIMOCK_ENDPOINT"]


def alimock(method, path):
    request = urllib.request.Request(f"{ENDPOINT}/_alimock/{path}", method=method)
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read() or "null")


@pytest.fixture
def ram():
    """A client in a new world for this test, which starts with a scenario."""
    world = alimock("POST", "worlds?scenario=region-maintained")
    env = world["env"]
    yield Client(
        Config(
            access_key_id=env["ALIBABA_CLOUD_ACCESS_KEY_ID"],
            access_key_secret=env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
            endpoint=env["ALIBABA_CLOUD_ENDPOINT"],
            protocol="HTTP",
            region_id="cn-hangzhou",
        )
    )
    alimock("DELETE", f"worlds/{world['world']}")


def test_the_fourth_try_arrives_after_the_maintenance(ram):
    for _ in range(3):
        with pytest.raises(ServerException) as refused:
            ram.list_users(ListUsersRequest())
        assert refused.value.code == "ServiceUnavailable.RegionMaintaining"

    assert len(ram.list_users(ListUsersRequest()).body.users.user) == 1
