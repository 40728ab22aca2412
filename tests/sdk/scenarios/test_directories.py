"""Resource directories."""

import pytest
from alibabacloud_tea_openapi.client import Client
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.utils_models import OpenApiRequest, Params
from clients import refused, session
from darabonba.runtime import RuntimeOptions


def directory(stage, key, action, **query):
    """Calls ResourceDirectoryMaster, as its package does."""
    params = Params(
        action=action,
        version="2022-04-19",
        protocol="HTTP",
        pathname="/",
        method="POST",
        auth_type="AK",
        style="RPC",
        req_body_type="formData",
        body_type="json",
    )
    client = Client(stage.config(key))
    return client.call_api(params, OpenApiRequest(query=query), RuntimeOptions())["body"]


@pytest.mark.shows("control-policy-locks-a-member-out")
def test_a_bound_is_told_from_a_missing_permission(stage):
    ci, app = stage.key("ci", "app"), stage.key(account="app")

    with stage.naive():
        stage.ram(ci, "CreateUser", user_name="first")
        with refused(403, "NoPermission"):
            stage.ram(ci, "CreateUser", user_name="second")
        # More permission in the member does not help.
        full = {"policy_name": "AdministratorAccess", "policy_type": "System"}
        stage.ram(app, "AttachPolicyToUser", user_name="ci", **full)
        with refused(403, "NoPermission"):
            stage.ram(ci, "CreateUser", user_name="second")

    with stage.good():
        stage.ram(ci, "CreateUser", user_name="first")
        with refused(403, "NoPermission") as caught:
            stage.ram(ci, "CreateUser", user_name="second")
        detail = caught.value.access_denied_detail
        assert (detail["PolicyType"], detail["NoPermissionType"]) == ("ControlPolicy", "ExplicitDeny")
        assert stage.users(ci) == ["ci", "first"]


@pytest.mark.shows("member-leaves-in-a-deployment")
def test_a_member_that_is_gone_is_left_out(stage):
    ci = stage.key("ci", "company")

    def members():
        return [one["AccountId"] for one in directory(stage, ci, "ListAccounts")["Accounts"]["Account"]]

    def deploy(member):
        directory(stage, ci, "GetAccount", AccountId=member)
        arn = f"acs:ram::{member}:role/ResourceDirectoryAccountAccessRole"
        inside = session(stage.sts(ci, "AssumeRole", role_arn=arn, role_session_name="deploy"))
        stage.ram(inside, "CreateUser", user_name="app")

    with stage.naive():
        with refused(404, "EntityNotExists.Account"):
            for member in members():
                deploy(member)

    with stage.good():
        for member in members():
            try:
                deploy(member)
            except ClientException as error:
                if error.code != "EntityNotExists.Account":
                    raise


@pytest.mark.shows("invitation-expires")
def test_an_invitation_is_read_before_it_is_accepted(stage):
    company, guest = stage.key(account="company"), stage.key(account="guest")

    def last():
        return directory(stage, guest, "ListHandshakesForAccount")["Handshakes"]["Handshake"][-1]

    with stage.naive():
        stage.advance("+15d")
        with refused(409, "HandshakeStatusMismatch"):
            directory(stage, guest, "AcceptHandshake", HandshakeId=last()["HandshakeId"])

    with stage.good():
        stage.advance("+15d")
        if last()["Status"] == "Expired":
            uid = stage.account("guest")["uid"]
            directory(stage, company, "InviteAccountToResourceDirectory", TargetType="Account", TargetEntity=uid)
        directory(stage, guest, "AcceptHandshake", HandshakeId=last()["HandshakeId"])
