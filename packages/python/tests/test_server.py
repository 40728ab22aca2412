"""The program and its worlds, without a test framework."""

import os
import pathlib
import signal
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

import alimock

UNSIGNED = "/?Action=ListUsers&Version=2015-05-01"


@pytest.fixture(scope="module")
def server():
    with alimock.start() as server:
        yield server


def answers(endpoint):
    try:
        return urllib.request.urlopen(endpoint + "/_alimock/ready", timeout=10).status == 200
    except OSError:
        return False


def ends(endpoint):
    end = time.monotonic() + 10
    while answers(endpoint) and time.monotonic() < end:
        time.sleep(0.05)
    return not answers(endpoint)


def test_a_server_starts_and_stops():
    with alimock.start() as server:
        assert answers(server.endpoint)
        process = server._process.program
    assert process.returncode is not None and not answers(server.endpoint)
    server.stop()


def test_the_installed_program_is_used_without_activation(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with alimock.start() as server:
        assert os.path.samefile(server._process.program.args[0], os.path.join(os.path.dirname(sys.executable), "alimock"))


def test_a_program_that_is_missing_or_refuses_to_start_is_named(monkeypatch):
    with pytest.raises(alimock.AlimockError, match=r"did not start: .*no-such-scenario"):
        alimock.start("no-such-scenario")
    monkeypatch.setenv("ALIMOCK_BIN", "/nowhere/alimock")
    with pytest.raises(alimock.AlimockError, match="ALIMOCK_BIN: there is no program `/nowhere/alimock`"):
        alimock.start()
    monkeypatch.delenv("ALIMOCK_BIN")
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("sysconfig.get_path", lambda *_: "/nowhere")
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with pytest.raises(alimock.AlimockError, match="install the package again, or name it with ALIMOCK_BIN"):
        alimock.start()


def test_settings_for_another_server_are_not_for_one_that_is_started(monkeypatch):
    monkeypatch.setenv("ALIMOCK_LISTEN", "127.0.0.1:1")
    monkeypatch.setenv("ALIMOCK_SCENARIO", "no-such-scenario")
    with alimock.start() as server, server.world() as world:
        assert world.caller("demo/dev")
    with alimock.start("key-leaked", "--seed", "7") as server, server.world() as world:
        assert world.caller("demo/ci").id == "LTAI5tLeakedKeyOfCi0001"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_program_ends_with_a_process_that_is_killed(how):
    script = "import alimock, time; print(alimock.start().endpoint, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        endpoint = process.stdout.readline().strip()
        assert answers(endpoint)
        process.send_signal(how)
    assert ends(endpoint)


def test_the_program_ends_with_a_process_that_never_stops_it():
    said = subprocess.check_output([sys.executable, "-c", "import alimock; print(alimock.start().endpoint)"], text=True)
    assert ends(said.strip())


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs /proc")
def test_the_log_fills_no_pipe(server):
    log = os.stat(f"/proc/{server._process.program.pid}/fd/2")
    assert stat.S_ISREG(log.st_mode)


def test_proxies_are_not_for_calls_of_the_control_api(server, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with alimock.Server(server.endpoint).world() as world:
        assert world.calls() == []


def test_a_refused_call_has_a_code_and_a_message(server):
    with pytest.raises(alimock.AlimockError, match="there is no world `nowhere`") as refused:
        server.call("GET", "/worlds/nowhere")
    assert refused.value.code == "world_not_found"
    with pytest.raises(alimock.AlimockError, match="no emulator answers") as silent:
        alimock.Server("http://127.0.0.1:1").call("GET", "/worlds")
    assert silent.value.code == ""


def test_a_world_shows_its_callers_and_refused_calls(server):
    with server.world("key-leaked", name="any text [1]") as world:
        assert world.endpoint == f"http://{world.host}" != server.endpoint
        assert world.env["ALIBABA_CLOUD_ENDPOINT"] == world.host
        assert world.caller("demo/ci").secret == world.env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]
        with pytest.raises(alimock.AlimockError, match="`demo/nobody` has no key in the scenario; these have one: demo, demo/ci"):
            world.caller("demo/nobody")
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(world.endpoint + UNSIGNED)
        assert [call.code for call in world.calls(refused=True)] == ["MissingAccessKeyId"]
        assert world.why()["request"]["requestId"] == world.calls()[-1].request_id
        assert "LTAI5tLeakedKeyOfCi0001" in world.export()
        assert world.verify() and world.verify([]) == []
    world.delete()
    with pytest.raises(alimock.AlimockError, match="there is no world"):
        world.calls()


def test_a_fork_is_another_world(server, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("accounts: [{name: shop, keys: [{}]}]")
    with server.world(file) as seed, server.fork(seed, name="fork") as fork:
        assert fork.name == "fork" and fork.endpoint != seed.endpoint and fork.caller("shop") == seed.caller("shop")
        fork.key.disable("shop")
        assert seed.call("GET", "/accounts/shop/access-keys")["accessKeys"][0]["status"] == "Active"


def test_clocks_are_set(server):
    with server.world() as world:
        world.clock.set(resource="2026-01-01T00:00:00Z", gateway="-20m")
        assert world.clock.read()["resource"]["now"].startswith("2026-01-01T00:00:00")
        world.clock.advance("1h")
        assert world.clock.read()["resource"]["now"].startswith("2026-01-01T01:00:00")


def test_the_environment_is_changed_and_restored(server):
    env = {"ALIBABA_CLOUD_SECURITY_TOKEN": "real", "STS_ENDPOINT": "real", "HOME": "mine"}
    with server.world(as_="demo/dev") as world:
        before = world.change_environment(env)
        assert env == {**world.env, "HOME": "mine"}
        assert env["ALICLOUD_ACCESS_KEY"] == world.caller("demo/dev").id
    alimock.restore_environment(before, env)
    assert env == {"ALIBABA_CLOUD_SECURITY_TOKEN": "real", "STS_ENDPOINT": "real", "HOME": "mine"}


def test_worlds_share_a_port_if_theirs_cannot_be_reached(server):
    shared = alimock.Server(server.endpoint, shares_port=True)
    with shared.world() as one, shared.world(name="two") as two:
        assert one.endpoint == two.endpoint == server.endpoint
        assert one.caller("demo") != two.caller("demo")
    assert not alimock.Server(server.endpoint).shares_port


def test_everything_public_has_a_description():
    import alimock.pytest_plugin
    import alimock.unittest

    assert pathlib.Path(alimock.__file__).with_name("py.typed").exists()
    for name in alimock.__all__:
        assert name == "Scenario" or getattr(alimock, name).__doc__, name
