"""Permissions that go, that depend, and that are not what is missing."""

import json

import pytest
from alibabacloud_tea_openapi.exceptions import ClientException
from clients import denied, refused
from seeded import policy, statement


@pytest.mark.shows("permission-removed")
def test_a_job_stops_at_the_first_refusal(stage):
    root, ci = stage.key(), stage.key("ci")
    everybody = f"acs:ram:*:{stage.account()['uid']}:user/*"

    with stage.naive():
        assert stage.users(ci) == ["ci"]
        with denied(everybody, "ram:ListUsers"):
            stage.users(ci)
        # Goes on with the next step, and the next.
        with denied(everybody, "ram:CreateUser"):
            stage.ram(ci, "CreateUser", user_name="app")

    with stage.good():
        assert stage.users(ci) == ["ci"]
        with denied(everybody, "ram:ListUsers") as caught:
            stage.users(ci)
        assert caught.value.access_denied_detail["AuthAction"] == "ram:ListUsers"
        full = {"policy_name": "AliyunRAMFullAccess", "policy_type": "System"}
        stage.ram(root, "AttachPolicyToUser", user_name="ci", **full)
        assert stage.users(ci) == ["ci"]


@pytest.mark.shows("permission-not-yet-known")
def test_a_permission_is_waited_for(stage):
    root, ci = stage.key(), stage.key("ci")
    everybody = f"acs:ram:*:{stage.account()['uid']}:user/*"

    def attach(name):
        stage.ram(root, "AttachPolicyToUser", user_name="ci", policy_name=name, policy_type="System")

    with stage.naive():
        attach("AliyunRAMReadOnlyAccess")
        with denied(everybody, "ram:ListUsers"):
            stage.users(ci)
        attach("AdministratorAccess")

    with stage.good():
        attach("AliyunRAMReadOnlyAccess")
        for _ in range(2):
            with denied(everybody, "ram:ListUsers"):
                stage.users(ci)
            stage.advance("5s")
        assert stage.users(ci) == ["ci"]


@pytest.mark.shows("address-not-allowed")
def test_a_deny_by_address_is_not_lifted_by_another_policy(stage):
    root, ci = stage.key(), stage.key("ci")
    everybody = f"acs:ram:*:{stage.account()['uid']}:user/*"

    with stage.naive():
        with denied(everybody, "ram:ListUsers", kind="ExplicitDeny"):
            stage.users(ci)
        reading = {"policy_name": "AliyunRAMReadOnlyAccess", "policy_type": "System"}
        stage.ram(root, "AttachPolicyToUser", user_name="ci", **reading)
        with refused(403, "NoPermission"):
            stage.users(ci)

    with stage.good():
        stage.identity(ci)
        with denied(everybody, "ram:ListUsers", kind="ExplicitDeny"):
            stage.users(ci)
        addresses = {"NotIpAddress": {"acs:SourceIp": ["203.0.113.0/24", "127.0.0.0/8"]}}
        document = policy(statement("Deny", "*", Condition=addresses))
        version = {"policy_name": "office-only", "policy_document": document, "set_as_default": True}
        stage.ram(root, "CreatePolicyVersion", **version)
        assert stage.users(ci) == ["ci"]
        current = stage.ram(root, "GetPolicy", policy_name="office-only", policy_type="Custom").default_policy_version
        assert json.loads(current.policy_document)["Statement"][0]["Condition"] == addresses


@pytest.mark.shows("throttling-told-as-no-permission")
def test_a_write_that_is_refused_without_a_detail_is_tried_again(stage):
    key = stage.key("terraform")

    with stage.naive():
        stage.ram(key, "CreateUser", user_name="one")
        stage.advance("15s")
        for name in ["two", "three"]:
            with refused(403, "NoPermission", "You are not authorized to do this action."):
                stage.ram(key, "CreateUser", user_name=name)
        assert len(stage.users(key)) == 2

    with stage.good():
        for name in ["one", "two", "three"]:
            for _ in range(6):
                try:
                    stage.ram(key, "CreateUser", user_name=name)
                    break
                except ClientException as error:
                    assert error.code == "NoPermission" and error.access_denied_detail is None
                    stage.advance("10s")
            stage.advance("10s")
