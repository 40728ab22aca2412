"""Log Service through aliyun-log-python-sdk, with both generations of signatures.

The package puts the project before the host, so an address cannot be its endpoint: the emulator is the proxy.
"""

import pytest
from aliyun.log import LogClient, LogException, LogItem, PutLogsRequest
from seeded import ENDPOINT, Key

PROJECT = "my-logs"
both_generations = pytest.mark.parametrize("version", ["v1", "v4"])


@pytest.fixture(autouse=True)
def proxy(monkeypatch):
    """The emulator as the proxy of this client, but not of the calls to the control API."""
    monkeypatch.setenv("http_proxy", ENDPOINT)
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def sls(key, version):
    """A client of Log Service."""
    credentials = {"accessKeyId": key.id, "accessKey": key.secret, "securityToken": key.token}
    return LogClient("http://cn-hangzhou.log.aliyuncs.com", **credentials, auth_version=version, region="cn-hangzhou")


def refusal(call, *arguments):
    """How Log Service refuses a call: status, code and text."""
    with pytest.raises(LogException) as caught:
        call(*arguments)
    error = caught.value
    assert len(error.get_request_id()) == 24
    return error.get_resp_status(), error.get_error_code(), error.get_error_message()


def not_run(call, *arguments):
    """True when a call is let in, but nothing answers it."""
    status, code, text = refusal(call, *arguments)
    return (status, code) == (405, "InvalidMethod") and text.startswith("alimock does not run this request")


@both_generations
def test_stubs_answer_an_owner(stage, version):
    client = sls(stage.key(), version)

    stores = client.list_logstore(PROJECT)
    assert stores.get_logstores() == ["app", "web"]
    projects = client.list_project(size=10)
    assert [project["projectName"] for project in projects.get_projects()] == [PROJECT]
    assert set(stage.styles()) == {f"sls-{version}"}


@both_generations
def test_a_bad_key_is_refused(stage, version):
    good = stage.key()
    assert not_run(sls(good, version).get_project, PROJECT)
    status, code, text = refusal(sls(Key(good.id, "wrong"), version).list_project)
    assert (status, code) == (401, "SignatureNotMatch") and text.startswith("signature ")
    disabled, unknown = stage.key(status="Inactive"), Key(f"{good.id[:-1]}x", good.secret)
    assert refusal(sls(disabled, version).list_project) == (401, "Unauthorized", f"AccessKeyId is disabled: {disabled.id}")
    assert refusal(sls(unknown, version).list_project) == (401, "Unauthorized", f"AccessKeyId not found: {unknown.id}")


@both_generations
def test_a_session_is_good_until_it_ends(stage, version):
    session = stage.session("night")
    client = sls(session, version)
    assert not_run(client.get_logstore, PROJECT, "app")

    alone = session._replace(token=None)
    assert refusal(sls(alone, version).get_logstore, PROJECT, "app")[2] == f"AccessKeyId not found: {session.id}"
    for token in [stage.session("day").token, "nonsense"]:
        other = sls(session._replace(token=token), version)
        assert refusal(other.get_logstore, PROJECT, "app")[2] == "The security token you provided is invalid."
    stage.advance("1h")
    assert refusal(client.get_logstore, PROJECT, "app")[2] == "The security token you provided has expired."


@both_generations
def test_permissions_go_by_project_and_logstore(stage, version):
    ci, guest = sls(stage.key("ci"), version), sls(stage.key("guest"), version)
    put = PutLogsRequest(PROJECT, "app", "", "", [LogItem(contents=[("key", "value")])])
    assert not_run(ci.put_logs, put)
    assert not_run(ci.get_log, PROJECT, "app", 0, 60)

    account = stage.account()["uid"]
    denied = "denied by sts or ram, action: log:{}, resource: acs:log:cn-hangzhou:{}:project/{}"
    for client, call, action, resource in [
        (guest, lambda client: client.put_logs(put), "PostLogStoreLogs", f"{PROJECT}/logstore/app"),
        (ci, lambda client: client.get_logstore("others", "app"), "GetLogStore", "others/logstore/app"),
        (ci, lambda client: client.delete_logstore(PROJECT, "app"), "DeleteLogStore", f"{PROJECT}/logstore/app"),
        (guest, lambda client: client.get_cursor(PROJECT, "app", 0, "end"), "GetCursorOrData", f"{PROJECT}/logstore/app"),
    ]:
        assert refusal(call, client) == (401, "Unauthorized", denied.format(action, account, resource))


@both_generations
def test_a_clock_that_is_off_is_told(late_stage, version):
    status, code, text = refusal(sls(late_stage.key(), version).list_project)
    assert (status, code) == (400, "RequestTimeExpired")
    assert text.startswith("request time") and " has been expired while server time is " in text
