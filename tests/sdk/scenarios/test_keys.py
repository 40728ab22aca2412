"""Keys: mistyped, disabled, leaked, lost, rotated."""

import json

import pytest
from aliyunsdkcore.acs_exception.exceptions import ServerException
from alibabacloud_tea_openapi.exceptions import ClientException
from clients import refused
from darabonba.exceptions import UnretryableException
from seeded import Key
from stage import v1

INACTIVE, NOT_FOUND = "InvalidAccessKeyId.Inactive", "InvalidAccessKeyId.NotFound"


@pytest.mark.shows("key-with-a-blank")
def test_a_key_id_with_a_blank_is_no_key(stage):
    key = stage.key("ci")

    with stage.naive():
        for pasted in [f" {key.id}", f"{key.id}\u00a0"]:
            with refused(404, "InvalidAccessKeyId", "Specified access key is not found or invalid."):
                stage.identity(Key(pasted, key.secret), algorithm="v2")
        for pasted in [key.id[:-1], f"[{key.id}]"]:
            with refused(404, NOT_FOUND, "Specified access key is not found."):
                stage.identity(Key(pasted, key.secret), algorithm="v2")
        with pytest.raises(UnretryableException, match="Invalid leading whitespace"):
            stage.identity(Key(f"{key.id}\n", key.secret))

    with stage.good():
        read = f" {key.id}\n"
        assert stage.identity(Key(read.strip(), key.secret)).arn.endswith(":user/ci")


@pytest.mark.shows("key-disabled-in-rotation")
def test_a_consumer_of_a_disabled_key_goes_on_with_the_new_one(stage):
    old, new = stage.key("ci"), stage.key("ci", index=1)

    with stage.naive():
        stage.identity(old)
        assert stage.advance("1h") == [f"the key {old.id} was made Inactive"]
        for _ in range(3):
            with refused(400, INACTIVE, "Specified access key is disabled."):
                stage.identity(old)

    with stage.good():
        credentials = iter([old, new])
        key = next(credentials)
        for _ in range(4):
            try:
                stage.identity(key)
            except ClientException as error:
                assert error.code == INACTIVE
                key = next(credentials)
                stage.identity(key)
            stage.advance("1h")
        assert key == new


@pytest.mark.shows("key-leaked")
def test_a_leaked_key_signs_but_ram_and_ims_refuse_it(stage):
    root, leaked = stage.key(), stage.key("ci")
    risk = "There is a risk of leakage of this AccessKey."

    with stage.naive():
        with refused(403, "Forbidden", risk):
            stage.ram(leaked, "ListUsers")
        # Looks like a missing policy, but no policy helps.
        admin = {"user_name": "ci", "policy_name": "AliyunRAMFullAccess", "policy_type": "System"}
        stage.ram(root, "AttachPolicyToUser", **admin)
        for product in [stage.ram, stage.ims]:
            with refused(403, "Forbidden", risk):
                product(leaked, "ListAccessKeys")
        assert stage.identity(leaked).arn.endswith(":user/ci")

    with stage.good():
        with refused(403, "Forbidden", risk):
            stage.ram(leaked, "ListUsers")
        new = stage.new_key(root, "ci")
        stage.ram(new, "UpdateAccessKey", user_name="ci", user_access_key_id=leaked.id, status="Inactive")
        stage.ram(new, "DeleteAccessKey", user_name="ci", user_access_key_id=leaked.id)
        assert stage.users(new) == ["ci"]


@pytest.mark.shows("key-idle-disabled")
def test_an_idle_key_is_disabled_overnight(stage):
    root, backup = stage.key(), stage.key("backup")

    with stage.naive():
        stage.identity(backup)
        stage.advance("12h")
        for _ in range(3):
            with refused(400, INACTIVE, "Specified access key is disabled."):
                stage.identity(backup)

    with stage.good():
        stage.identity(backup)
        stage.advance("12h")
        with refused(400, INACTIVE) as caught:
            stage.identity(backup)
        assert "disabled" in caught.value.message

        used = stage.ram(root, "GetAccessKeyLastUsed", user_name="backup", user_access_key_id=backup.id)
        assert used.access_key_last_used.last_used_date
        stage.ram(root, "UpdateAccessKey", user_name="backup", user_access_key_id=backup.id, status="Active")
        stage.identity(backup)


@pytest.mark.shows("key-idle-730-days")
def test_a_key_that_nobody_used_for_730_days_is_disabled_at_midnight(stage):
    root, archive = stage.key(), stage.key("archive")

    with stage.naive():
        (done,) = stage.advance("24h")
        assert done.startswith(f"the key {archive.id} of user archive ") and done.endswith(" unused for 730 days")
        for _ in range(3):
            with refused(400, INACTIVE, "Specified access key is disabled."):
                stage.identity(archive)
        assert stage.statuses(root, "archive") == {archive.id: "Inactive"}

    with stage.good():
        stage.identity(archive)
        assert stage.advance("24h") == []
        assert stage.advance("600d") == []
        stage.identity(archive)
        assert stage.statuses(root, "archive") == {archive.id: "Active"}


@pytest.mark.shows("key-of-another-network")
def test_a_key_of_another_network_looks_disabled(stage):
    root, ci = stage.key(), stage.key("ci")
    of_ci = {"user_principal_name": f"ci@{stage.account()['uid']}.onaliyun.com", "user_access_key_id": ci.id}

    with stage.naive():
        with refused(400, INACTIVE, "Specified access key is disabled."):
            stage.identity(ci)
        stage.ram(root, "UpdateAccessKey", user_name="ci", user_access_key_id=ci.id, status="Active")
        with refused(400, INACTIVE):
            stage.identity(ci)
        with refused(400, INACTIVE):
            stage.identity(stage.new_key(root, "ci") and ci)

    with stage.good():
        with refused(400, INACTIVE):
            stage.identity(ci)
        assert stage.statuses(root, "ci") == {ci.id: "Active"}
        document = json.loads(stage.ims(root, "GetAccessKeyPolicy", **of_ci).access_key_policy)
        document["Statements"][0]["IPList"].append("127.0.0.0/8")
        document["Statements"][0]["IPList"].append("::1")
        changed = stage.ims(root, "SetAccessKeyPolicy", access_key_policy=json.dumps(document), **of_ci)
        assert json.loads(changed.access_key_policy) == document
        stage.identity(ci)


@pytest.mark.shows("user-in-recycle-bin")
def test_a_deleted_user_and_its_key_come_back(stage):
    root = stage.key()
    backup = Key("LTAI5tBackupBackupBackup", "backup-secret-backup-secret-00")

    with stage.naive():
        with refused(404, NOT_FOUND):
            stage.identity(backup)
        with refused(404, "EntityNotExist.User"):
            stage.ram(root, "GetUser", user_name="backup")
        stage.ram(root, "CreateUser", user_name="backup")
        with refused(404, NOT_FOUND):
            stage.identity(backup)

    with stage.good():
        with refused(404, NOT_FOUND):
            stage.identity(backup)
        (user,) = stage.ims(root, "ListUsersInRecycleBin").users.user
        key = {"user_id": user.user_id, "user_access_key_id": backup.id}
        stage.ims(root, "RestoreUserFromRecycleBin", user_id=user.user_id)
        stage.ims(root, "RestoreAccessKeyFromRecycleBin", **key)
        stage.ram(root, "UpdateAccessKey", user_name="backup", user_access_key_id=backup.id, status="Active")
        stage.identity(backup)


@pytest.mark.shows("key-deleted-read-as-gone")
def test_a_deleted_key_does_not_mean_that_the_user_is_gone(stage):
    root, tool = stage.key(), stage.key("terraform")

    def exists(key, is_gone):
        """Whether the user is there, for a tool that tells by `is_gone` what a refusal means."""
        try:
            return stage.ram(key, "GetUser", user_name="app").user.user_name == "app"
        except ClientException as error:
            if is_gone(error):
                return False
            raise

    with stage.naive():
        by_status = lambda error: error.status_code == 404
        assert exists(tool, by_status)
        assert not exists(tool, by_status)
        # A later run with a key that works makes the user anew.
        with refused(409, "EntityAlreadyExists.User"):
            stage.ram(stage.new_key(root, "terraform"), "CreateUser", user_name="app")

    with stage.good():
        by_code = lambda error: error.code == "EntityNotExist.User"
        assert exists(tool, by_code)
        with refused(404, NOT_FOUND):
            exists(tool, by_code)
        assert exists(stage.new_key(root, "terraform"), by_code)


@pytest.mark.shows("key-not-yet-usable")
def test_a_new_key_is_usable_after_a_while(stage):
    root = stage.key()

    with stage.naive():
        with refused(404, NOT_FOUND):
            stage.identity(stage.new_key(root, "ci"))
        # Takes it for a broken key and makes another: no better.
        with refused(404, NOT_FOUND):
            stage.identity(stage.new_key(root, "ci"))

    with stage.good():
        key = stage.new_key(root, "ci")
        for attempt in range(10):
            try:
                stage.identity(key)
                break
            except ClientException as error:
                assert error.code == NOT_FOUND
                stage.advance("2s")
        assert attempt == 3


@pytest.mark.shows("key-disabled-still-works")
def test_a_key_is_dead_when_it_is_refused(stage):
    root, leaked = stage.key(), stage.key("ci")

    def disable():
        stage.ram(root, "UpdateAccessKey", user_name="ci", user_access_key_id=leaked.id, status="Inactive")

    with stage.naive():
        disable()
        assert stage.statuses(root, "ci") == {leaked.id: "Inactive"}
        # It believes what is listed and goes home; whoever has found the key goes on.
        stage.identity(leaked)

    with stage.good():
        disable()
        stage.identity(leaked)
        stage.advance("30s")
        with refused(400, "InvalidAccessKeyId.Inactive", "Specified access key is disabled."):
            stage.identity(leaked)
        stage.ram(root, "DeleteAccessKey", user_name="ci", user_access_key_id=leaked.id)


@pytest.mark.shows("key-answer-lost")
def test_a_key_whose_answer_was_lost_is_found_and_deleted(stage):
    root = stage.key()
    lost = pytest.raises(Exception, match="(?i)reset|aborted|disconnected")

    with stage.naive():
        with lost:
            stage.new_key(root, "ci")
        stage.new_key(root, "ci")
        assert len(stage.statuses(root, "ci")) == 2
        with refused(409, "LimitExceeded.User.AccessKey"):
            stage.new_key(root, "ci")

    with stage.good():
        before = stage.statuses(root, "ci")
        with lost:
            stage.new_key(root, "ci")
        (stray,) = stage.statuses(root, "ci").keys() - before.keys()
        stage.ram(root, "DeleteAccessKey", user_name="ci", user_access_key_id=stray)
        key = stage.new_key(root, "ci")
        assert list(stage.statuses(root, "ci")) == [key.id]


@pytest.mark.shows("key-rotation")
def test_a_rotation_never_leaves_a_user_without_a_key(stage):
    old = stage.key("ci")

    with stage.naive():
        stage.ram(old, "DeleteAccessKey", user_name="ci", user_access_key_id=old.id)
        with refused(404, NOT_FOUND):
            stage.new_key(old, "ci")

    with stage.good():
        new = stage.new_key(old, "ci")
        stage.identity(new)
        stage.ram(new, "UpdateAccessKey", user_name="ci", user_access_key_id=old.id, status="Inactive")
        assert stage.statuses(new, "ci") == {old.id: "Inactive", new.id: "Active"}
        stage.ram(new, "DeleteAccessKey", user_name="ci", user_access_key_id=old.id)
        assert list(stage.statuses(new, "ci")) == [new.id]
        stage.advance("2h")
        stage.identity(new)


@pytest.mark.shows("key-quota-full")
def test_a_rotation_makes_room_by_deleting_the_disabled_key(stage):
    root, active = stage.key(), stage.key("ci")

    with stage.naive():
        for _ in range(2):
            with refused(409, "LimitExceeded.User.AccessKey"):
                stage.new_key(root, "ci")

    with stage.good():
        (idle,) = [key for key, status in stage.statuses(root, "ci").items() if status == "Inactive"]
        stage.ram(root, "DeleteAccessKey", user_name="ci", user_access_key_id=idle)
        stage.identity(stage.new_key(root, "ci"))
        stage.identity(active)


@pytest.mark.shows("secret-wrong")
def test_a_wrong_secret_is_told_by_the_signature(stage):
    right = stage.key("ci")
    wrong = Key(right.id, "secretOfTheJob")

    with stage.naive():
        for _ in range(2):
            with refused(400, "SignatureDoesNotMatch", "Specified signature does not match our calculation."):
                stage.identity(wrong)
        with refused(400, "SignatureDoesNotMatch", "Specified signature is not matched with our calculation."):
            stage.identity(wrong, algorithm="v2")
        with pytest.raises(ServerException) as caught:
            v1.identity(wrong)
        assert caught.value.get_error_code() == "InvalidAccessKeySecret"
        assert "The AccessKeySecret is incorrect" in caught.value.get_error_msg()

    with stage.good():
        with refused(400, "SignatureDoesNotMatch") as caught:
            stage.identity(wrong)
        assert wrong.secret not in caught.value.message
        stage.identity(right)
