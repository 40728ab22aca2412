"""What the documentation says of ways to the emulator, and what only some of them lead to."""

import json

import pytest
import recipe
from aliyunsdkcore.acs_exception.exceptions import ClientException, ServerException
from aliyunsdkcore.auth.credentials import RamRoleArnCredential
from aliyunsdkcore.client import AcsClient
from clients import RAM, STS, new_user
from seeded import ADDRESS, DEMO, WAY, trust


@pytest.mark.skipif(WAY == "hosts", reason="nothing sets a key in there")
def test_the_recipe_of_the_documentation_runs():
    assert getattr(recipe, WAY)().endswith(":root")


@pytest.mark.skipif(ADDRESS is not None, reason="the SDK calls sts.aliyuncs.com over HTTPS and nothing else")
def test_a_role_is_assumed_by_the_sdk_itself(account):
    alice = new_user(account, "alice")
    system = {"PolicyName": "AliyunSTSAssumeRoleAccess", "PolicyType": "System"}
    RAM(account.key, "AttachPolicyToUser", UserName="alice", **system)
    document = trust({"RAM": f"acs:ram::{account.pk}:root"})
    RAM(account.key, "CreateRole", RoleName="deploy", AssumeRolePolicyDocument=document)

    def caller(role):
        credential = RamRoleArnCredential(alice.id, alice.secret, f"acs:ram::{account.pk}:role/{role}", "night")
        client = AcsClient(region_id="cn-hangzhou", credential=credential)
        return json.loads(client.do_action_with_exception(STS.request("GetCallerIdentity")))["Arn"]

    assert caller("deploy") == f"acs:ram::{account.pk}:assumed-role/deploy/night"
    with pytest.raises(ServerException) as caught:
        caller("other")
    # What the service says is in the SDK's own words.
    assert caught.value.get_error_code() == "SDK.GetSessionCredentialFailed"
    assert "EntityNotExist.Role" in str(caught.value)


@pytest.mark.skipif(WAY != "proxy", reason="the proxy refuses")
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_foreign_host_is_refused_by_the_proxy(scheme):
    request = STS.request("GetCallerIdentity")
    request.set_endpoint("example.com")
    request.set_protocol_type(scheme)

    with pytest.raises((ClientException, ServerException)) as caught:
        AcsClient(DEMO.id, DEMO.secret, "cn-hangzhou").do_action_with_exception(request)

    assert "`example.com` is not a host of Alibaba Cloud" in str(caught.value)
