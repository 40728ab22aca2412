"""Clocks and nonces: what is wrong with a signature although the key is good."""

import email.utils
import urllib.request
from datetime import UTC, datetime

import pytest
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.utils import parameter_helper
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.utils import Utils
from clients import refused
from seeded import ENDPOINT
from stage import v1

LOST = "(?i)reset|aborted|disconnected"


@pytest.mark.shows("clock-20-minutes-off")
def test_a_clock_that_is_behind_is_measured_by_the_date_of_an_answer(stage):
    key = stage.key("ci")
    expired = "Specified time stamp or date value is expired."

    with stage.naive():
        for _ in range(3):
            with refused(400, "InvalidTimeStamp.Expired", expired):
                stage.identity(key)

    with stage.good():
        with refused(400, "InvalidTimeStamp.Expired", expired):
            stage.identity(key)
        request = urllib.request.Request(f"{ENDPOINT}/", headers={"x-alimock-world": stage.name}, method="OPTIONS")
        with urllib.request.urlopen(request) as answer:
            there = email.utils.parsedate_to_datetime(answer.headers["Date"])
        behind = (there - datetime.now(UTC)).total_seconds()
        assert behind == pytest.approx(20 * 60, abs=30)
        # Somebody sets the clock.
        stage.control("PUT", "clock", gateway="real")
        stage.identity(key)


@pytest.mark.shows("clock-unreadable")
def test_a_time_must_be_readable_and_of_these_days(stage, monkeypatch):
    key = stage.key("ci")

    with stage.naive(), monkeypatch.context() as machine:
        machine.setattr(parameter_helper, "get_iso_8061_date", lambda: "1970-01-01T00:00:07Z")
        with pytest.raises(ServerException) as caught:
            v1.identity(key)
        assert (caught.value.get_http_status(), caught.value.get_error_code()) == (400, "IllegalTimestamp")
        assert "Timestamp" in caught.value.get_error_msg()
        for local in ["2026/11/23 08:00:00", "Mon Nov 23 08:00:00 CST 2026"]:
            machine.setattr(Utils, "get_timestamp", lambda: local)
            with refused(400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted."):
                stage.identity(key)

    with stage.good():
        assert datetime.fromisoformat(Utils.get_timestamp()).tzinfo is not None
        stage.identity(key)
        v1.identity(key)


@pytest.mark.shows("nonce-replayed")
def test_a_call_that_is_sent_again_is_signed_anew(stage, monkeypatch):
    root = stage.key()

    with stage.naive(), monkeypatch.context() as client:
        client.setattr(Utils, "get_nonce", lambda: "the-nonce-of-the-first-attempt")
        with pytest.raises(Exception, match=LOST):
            stage.ram(root, "CreateUser", user_name="app")
        with refused(400, "SignatureNonceUsed", "Specified signature nonce was used already."):
            stage.ram(root, "CreateUser", user_name="app")

    with stage.good():
        with pytest.raises(Exception, match=LOST):
            stage.ram(root, "CreateUser", user_name="app")
        with refused(409, "EntityAlreadyExists.User"):
            stage.ram(root, "CreateUser", user_name="app")
        assert stage.users(root) == ["app"]


@pytest.mark.shows("nonce-weak")
def test_workers_that_draw_the_same_nonce_refuse_each_other(stage, monkeypatch):
    key = stage.key("worker")

    with stage.naive(), monkeypatch.context() as client:
        # What `date +%s%N` gives where `%N` is not known, twice in a second.
        client.setattr(Utils, "get_nonce", lambda: "1763884800%N")
        stage.identity(key)
        for _ in range(4):
            with refused(400, "SignatureNonceUsed", "Specified signature nonce was used already."):
                stage.identity(key)

    with stage.good():
        for _ in range(5):
            stage.identity(key)


@pytest.mark.shows("permission-read-as-nonce")
def test_a_missing_permission_is_not_retried_with_another_nonce(stage):
    root, key = stage.key(), stage.key("dns")

    with stage.naive():
        for _ in range(3):
            with refused(403, "NoPermission", "You are not authorized to do this action."):
                stage.users(key)

    with stage.good():
        with pytest.raises(ClientException) as caught:
            stage.users(key)
        detail = caught.value.access_denied_detail
        assert (detail["AuthAction"], detail["NoPermissionType"]) == ("ram:ListUsers", "ImplicitDeny")
        reading = {"policy_name": "AliyunRAMReadOnlyAccess", "policy_type": "System"}
        stage.ram(root, "AttachPolicyToUser", user_name="dns", **reading)
        assert stage.users(key) == ["dns"]
