"""Quotas and conflicts."""

import pytest
from clients import refused
from seeded import allow, trust


@pytest.mark.shows("read-after-write-stale")
def test_what_was_made_is_looked_for_until_it_is_there(stage):
    root = stage.key()

    with stage.naive():
        stage.ram(root, "CreateUser", user_name="app")
        with refused(404, "EntityNotExist.User"):
            stage.ram(root, "GetUser", user_name="app")
        with refused(409, "EntityAlreadyExists.User"):
            stage.ram(root, "CreateUser", user_name="app")

    with stage.good():
        stage.ram(root, "CreateUser", user_name="app")
        for _ in range(2):
            with refused(404, "EntityNotExist.User"):
                stage.ram(root, "GetUser", user_name="app")
        assert stage.ram(root, "GetUser", user_name="app").user.user_name == "app"


@pytest.mark.shows("policy-versions-full")
def test_an_old_version_makes_room_for_a_new_one(stage):
    root = stage.key()

    def change(action):
        version = {"policy_name": "deploy", "policy_document": allow(action), "set_as_default": True}
        stage.ram(root, "CreatePolicyVersion", **version)

    with stage.naive():
        change("ram:List*")
        for _ in range(2):
            with refused(409, "LimitExceeded.Policy.Version"):
                change("ram:*")

    with stage.good():
        for action in ["ram:List*", "ram:Get*", "ram:*"]:
            listed = stage.ram(root, "ListPolicyVersions", policy_name="deploy", policy_type="Custom")
            versions = listed.policy_versions.policy_version
            if len(versions) == 2:
                (old,) = [one.version_id for one in versions if not one.is_default_version]
                stage.ram(root, "DeletePolicyVersion", policy_name="deploy", version_id=old)
            change(action)


@pytest.mark.shows("delete-conflict")
def test_what_hangs_on_a_thing_goes_first(stage):
    root, key = stage.key(), stage.key("leaver")
    user, role, own = {"user_name": "leaver"}, {"role_name": "old"}, {"policy_name": "deploy"}
    membership = {**user, "group_name": "crew"}
    attached, reading = {**own, "policy_type": "Custom"}, {"policy_name": "AliyunRAMReadOnlyAccess", "policy_type": "System"}
    steps = [
        ("RemoveUserFromGroup", membership),
        ("DeleteAccessKey", {**user, "user_access_key_id": key.id}),
        ("DetachPolicyFromUser", {**user, **attached}),
    ]

    with stage.naive():
        with refused(409, "DeleteConflict.Policy.User"):
            stage.ram(root, "DeletePolicy", **own)
        for code, step in zip(["Group", "AccessKey", "Policy"], steps):
            with refused(409, f"DeleteConflict.User.{code}"):
                stage.ram(root, "DeleteUser", **user)
            stage.ram(root, step[0], **step[1])
        stage.ram(root, "DeleteUser", **user)
        with refused(409, "DeleteConflict.Role.Policy"):
            stage.ram(root, "DeleteRole", **role)

    with stage.good():
        for action, fields in steps:
            stage.ram(root, action, **fields)
        stage.ram(root, "DeleteUser", **user)
        stage.ram(root, "DetachPolicyFromRole", **role, **reading)
        stage.ram(root, "DeleteRole", **role)
        stage.ram(root, "DeletePolicy", **own)
        assert stage.users(root) == []


@pytest.mark.shows("users-quota-full")
def test_a_full_quota_is_no_reason_to_try_again(stage):
    root = stage.key()

    with stage.naive():
        for _ in range(3):
            with refused(409, "LimitExceeded.User", "The count of users beyond the current limits."):
                stage.ram(root, "CreateUser", user_name="four")

    with stage.good():
        with refused(409, "LimitExceeded.User"):
            stage.ram(root, "CreateUser", user_name="four")
        everybody = trust({"RAM": stage.arn("root")})
        stage.ram(root, "CreateRole", role_name="four", assume_role_policy_document=everybody)
