"""Flow control: what is refused for coming too often."""

import pytest
from alibabacloud_tea_openapi.exceptions import ThrottlingException
from clients import RAM
from darabonba.core import DaraCore
from darabonba.policy.retry import RetryOptions


def throttled():
    """The block must end in a refusal that says when to come again."""
    return pytest.raises(ThrottlingException, match="Request was denied due to user flow control.")


@pytest.mark.shows("flow-of-identity-calls")
def test_many_workers_ask_once_who_they_are(stage):
    key = stage.key("worker")

    with stage.naive():
        for _ in range(5):
            stage.identity(key)
        for _ in range(5):
            with throttled() as caught:
                stage.identity(key)
            error = caught.value
            assert (error.status_code, error.code) == (400, "Throttling.User")
            assert 0 < error.retry_after <= 12_000

    with stage.good():
        arn = stage.identity(key).arn
        assert [arn for _ in range(10)] == [arn] * 10


@pytest.mark.shows("flow-of-one-action")
def test_the_sdk_waits_as_long_as_it_is_told(stage, monkeypatch):
    root = stage.key()

    with stage.naive():
        for name in ["one", "two"]:
            stage.ram(root, "CreateUser", user_name=name)
        with throttled():
            stage.ram(root, "CreateUser", user_name="three")
        # One attempt: the SDK retries when it is told to, and only then.
        assert len(stage.journal(action="CreateUser")) == 3
        assert stage.users(root) == ["one", "two"]

    with stage.good():
        waited = []

        def wait(milliseconds):
            waited.append(milliseconds)
            stage.control("PUT", "clock", gateway=f"{sum(waited)}ms")

        monkeypatch.setattr(DaraCore, "sleep", wait)
        again = {"maxAttempts": 3, "exception": ["ThrottlingException"], "errorCode": ["Throttling.User"]}
        options = RetryOptions({"retryable": True, "retryCondition": [again]})
        for name in ["one", "two", "three", "four"]:
            RAM.call(stage.config(root, retry_options=options), "CreateUser", user_name=name)
        assert len(waited) == 2 and all(0 < each <= 30_000 for each in waited)


@pytest.mark.shows("throttling-with-a-pause")
def test_a_refusal_that_names_a_pause_is_waited_for(stage, pauses):
    ci = stage.key("ci")

    with stage.naive():
        with pytest.raises(ThrottlingException, match="Request was denied due to request throttling.") as caught:
            stage.users(ci)
        error = caught.value
        assert (error.status_code, error.code, error.retry_after) == (400, "Throttling", 3000)
        assert not pauses

    with stage.good():
        again = {"maxAttempts": 3, "exception": ["ThrottlingException"], "errorCode": ["Throttling"]}
        options = RetryOptions({"retryable": True, "retryCondition": [again]})
        assert stage.users(ci, retry_options=options) == ["ci"]
        assert pauses == [3000, 3000]
