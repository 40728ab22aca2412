"""What happens between client and cloud: no answer, half an answer, somebody else's answer."""

import threading

import pytest
from aliyunsdkcore.acs_exception.exceptions import ServerException as ServerExceptionV1
from alibabacloud_tea_openapi.exceptions import ServerException
from darabonba.policy.retry import RetryOptions
from stage import v1

# The message of a network error depends on where the connection was.
LOST = "(?i)reset|aborted|disconnected|closed|timed out"
NO_JSON = "(?i)json"


def persistent(call, attempts=5):
    """The first answer to a call that reads."""
    for _ in range(attempts - 1):
        try:
            return call()
        except Exception:
            pass
    return call()


@pytest.mark.shows("region-maintained")
def test_maintenance_is_sat_out_by_calls_that_read(stage, pauses):
    ci = stage.key("ci")

    with stage.naive():
        with pytest.raises(ServerException) as caught:
            stage.users(ci)
        error = caught.value
        assert (error.status_code, error.code) == (503, "ServiceUnavailable.RegionMaintaining")
        assert len(stage.journal()) == 1 and not pauses

    with stage.good():
        again = {"maxAttempts": 5, "errorCode": ["ServiceUnavailable.RegionMaintaining"]}
        again["backoff"] = {"policy": "Exponential", "period": 1000, "cap": 60_000}
        options = RetryOptions({"retryable": True, "retryCondition": [again]})
        assert stage.users(ci, retry_options=options) == ["ci"]
        assert len(pauses) == 3


@pytest.mark.shows("region-down")
def test_only_what_reads_is_tried_again_blindly(stage):
    ci = stage.key("ci")

    with stage.naive():
        for _ in range(3):
            with pytest.raises(Exception, match=LOST):
                stage.ram(ci, "CreateUser", user_name="app")
        assert stage.users(ci) == ["ci"]

    with stage.good():
        assert persistent(lambda: stage.users(ci)) == ["ci"]


@pytest.mark.shows("sts-regional-down")
def test_the_global_endpoint_of_sts_stands_in_for_the_region(stage, names):
    ci = stage.key("ci")
    region, everywhere = f"sts.cn-hangzhou.aliyuncs.com:{names}", f"sts.aliyuncs.com:{names}"

    with stage.naive():
        for _ in range(3):
            with pytest.raises(Exception, match=LOST):
                stage.identity(ci, endpoint=region)

    with stage.good():
        arns = []
        for endpoint in [region, everywhere]:
            try:
                arns.append(stage.identity(ci, endpoint=endpoint).arn)
            except Exception as error:
                assert endpoint == region, error
        assert arns == [stage.arn("user/ci")]


@pytest.mark.shows("connection-lost")
def test_a_client_with_a_timeout_survives_every_end_of_a_connection(stage):
    ci = stage.key("ci")

    with stage.naive():
        for _ in range(2):
            with pytest.raises(Exception, match=LOST):
                stage.users(ci)

    with stage.good():
        ends = []
        for _ in range(4):
            try:
                assert stage.users(ci, read_timeout=200) == ["ci"]
            except Exception as error:
                ends.append(str(error).lower())
        assert len(ends) == 3 and "timed out" in ends[2]


@pytest.mark.shows("answer-corrupt")
def test_what_cannot_be_read_is_asked_for_again(stage):
    ci = stage.key("ci")

    with stage.naive():
        with pytest.raises(Exception) as caught:
            stage.users(ci)
        assert getattr(caught.value, "code", None) is None

    with stage.good():
        assert persistent(lambda: stage.users(ci)) == ["ci"]


@pytest.mark.shows("answer-truncated")
def test_half_an_answer_says_nothing_about_what_was_done(stage):
    root = stage.key()

    with stage.naive():
        with pytest.raises(Exception):
            stage.ram(root, "CreateUser", user_name="app")
        with pytest.raises(Exception, match="EntityAlreadyExists.User"):
            stage.ram(root, "CreateUser", user_name="app")

    with stage.good():
        with pytest.raises(Exception) as caught:
            stage.ram(root, "CreateUser", user_name="app")
        assert getattr(caught.value, "status_code", None) is None
        assert stage.ram(root, "GetUser", user_name="app").user.user_name == "app"


@pytest.mark.shows("answer-of-a-proxy")
def test_a_page_of_a_proxy_is_no_answer_of_the_cloud(stage):
    ci = stage.key("ci")

    with stage.naive():
        with pytest.raises(Exception, match=NO_JSON) as caught:
            stage.users(ci)
        assert getattr(caught.value, "code", None) is None
        with pytest.raises(ServerExceptionV1) as caught:
            v1.identity(ci)
        assert (caught.value.get_http_status(), caught.value.get_error_code()) == (502, "SDK.UnknownServerError")
        assert "502 Bad Gateway" in caught.value.get_error_msg()

    with stage.good():
        assert persistent(lambda: stage.users(ci)) == ["ci"]
        assert len(stage.journal(status=502)) == 2


@pytest.mark.shows("answer-empty")
def test_an_empty_answer_is_no_empty_list(stage):
    ci = stage.key("ci")

    with stage.naive():
        with pytest.raises(Exception) as caught:
            stage.users(ci)
        assert getattr(caught.value, "code", None) is None

    with stage.good():
        assert persistent(lambda: stage.users(ci)) == ["ci", "app"]


@pytest.mark.shows("answer-slow")
def test_a_deadline_is_more_than_a_read_timeout(stage):
    ci = stage.key("ci")

    with stage.naive():
        # Every pause is shorter than the timeout; the answer takes longer.
        assert stage.identity(ci, read_timeout=400).arn == stage.arn("user/ci")

    with stage.good():
        slow = threading.Thread(target=stage.identity, args=[ci])
        slow.start()
        slow.join(timeout=0.25)
        assert slow.is_alive(), "the answer was not slow"
        assert stage.identity(ci).arn == stage.arn("user/ci")
        slow.join()


@pytest.mark.shows("failures-at-random")
def test_the_same_calls_fail_at_every_start(stage):
    ci = stage.key("ci")

    def failing():
        """Which of a hundred calls fail."""
        numbers = []
        for number in range(100):
            try:
                stage.users(ci)
            except ServerException as error:
                assert (error.status_code, error.code) == (503, "ServiceUnavailable")
                numbers.append(number)
        return numbers

    with stage.naive():
        first = failing()
        assert 1 <= len(first) <= 12
        stage.again()
        assert failing() == first

    with stage.good():
        for _ in range(100):
            persistent(lambda: stage.users(ci), attempts=3)
        assert len(stage.journal(action="ListUsers")) > 100
