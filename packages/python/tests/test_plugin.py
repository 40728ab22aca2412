"""The plugin as its users see it: pytest runs a file of tests, and its report is read."""

import functools
import os
import signal
import subprocess
import sys

from calls import REFUSED_CALL


def run(pytester, text, *options):
    pytester.makepyfile(REFUSED_CALL + text)
    return pytester.runpytest_subprocess("-q", *options)


def test_each_test_has_a_world_and_a_failure_shows_its_calls_with_reasons(pytester):
    result = run(
        pytester,
        """
def test_one(alimock):
    assert alimock.calls() == [] and refused_call() == 400
    assert [call.code for call in alimock.calls(refused=True)] == ["MissingAccessKeyId"]

def test_two(alimock):
    refused_call()
    assert len(alimock.calls()) == 2
""",
    )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*alimock calls in world*", "400 Ram.ListUsers - MissingAccessKeyId: *"])


def test_a_scenario_is_chosen_and_its_expectations_are_checked(pytester):
    pytester.makefile(".yaml", mine="accounts: [{name: shop, keys: [{}], users: [{name: ci, keys: [{}]}]}]")
    result = run(
        pytester,
        """
import pytest

@pytest.mark.alimock("key-leaked")
def test_expected(alimock): pass

@pytest.mark.alimock("key-leaked", expect=False)
def test_not_checked(alimock): pass

@pytest.mark.alimock("mine.yaml", as_="shop/ci")
def test_file(alimock):
    assert alimock.caller("shop/ci").id == os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"]

@pytest.mark.alimock({"accounts": [{"name": "shop"}]})
def test_mapping(alimock):
    assert [account["name"] for account in alimock.accounts] == ["shop"]
""",
    )
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["alimock: not as the scenario expects: *", "*alimock calls in world*", "no call arrived"])


def test_a_file_is_beside_the_test_or_the_configuration(pytester):
    pytester.mkdir("below")
    pytester.makeini("[pytest]\nalimock_scenario = root.yaml")
    pytester.makefile(".yaml", **{name: f"accounts: [{{name: {name[-4:]}}}]" for name in ("root", "below/near")})
    pytester.makepyfile(
        **{
            "below/test_mine": """
import pytest

@pytest.mark.alimock("near.yaml")
def test_beside(alimock):
    assert alimock.accounts[0]["name"] == "near"

def test_configured(alimock):
    assert alimock.accounts[0]["name"] == "root"
"""
        }
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=2)


def test_real_credentials_are_removed_and_come_back(pytester, monkeypatch):
    monkeypatch.setenv("ALIBABA_CLOUD_SECURITY_TOKEN", "real")
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "real")
    result = run(
        pytester,
        """
def test_with(alimock):
    assert "ALIBABA_CLOUD_SECURITY_TOKEN" not in os.environ
    assert os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"].startswith("LTAI")

def test_without():
    assert os.environ["ALIBABA_CLOUD_SECURITY_TOKEN"] == os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"] == "real"
    assert "ALIMOCK_ENDPOINT" not in os.environ
""",
    )
    result.assert_outcomes(passed=2)


def test_keys_clocks_and_rules_are_changed(pytester):
    result = run(
        pytester,
        """
import alimock as package, pytest

def test_changes(alimock):
    key = alimock.caller("demo/dev").id
    status = lambda: [one["status"] for one in alimock.call("GET", "/accounts/demo/access-keys")["accessKeys"] if one["accessKeyId"] == key]
    alimock.key.disable("demo/dev")
    assert status() == ["Inactive"]
    alimock.key.enable(key)
    assert status() == ["Active"]
    alimock.key.delete(key)
    assert status() == []
    before = alimock.clock.read()["resource"]["now"]
    alimock.clock.advance("30m")
    assert alimock.clock.read()["resource"]["now"] > before
    rule = alimock.faults.add(match={"action": "ListUsers"}, do={"error": {"code": "Throttling.User"}})
    assert refused_call() == 400 and alimock.calls()[-1].code == "Throttling.User"
    alimock.faults.remove(rule)
    assert alimock.faults.list() == []
    with pytest.raises(package.AlimockError) as wrong:
        alimock.do("disableKey", key="nobody")
    assert wrong.value.code and "nobody" in str(wrong.value)
""",
    )
    result.assert_outcomes(passed=1)


def test_twenty_workers_share_one_emulator(pytester):
    result = run(
        pytester,
        """
import pytest

@pytest.mark.parametrize("n", range(60))
def test_many(alimock, alimock_server, n):
    refused_call()
    assert len(alimock.calls()) == 1
    print("at", alimock_server.endpoint)
""",
        "-n",
        "20",
        "-rP",
    )
    result.assert_outcomes(passed=60)
    assert len({line for line in result.outlines if line.startswith("at http://")}) == 1


def test_one_server_has_no_cross_talk_if_its_worlds_share_a_port(pytester):
    """A fixture in conftest.py replaces the server, as a container does. The keys select the worlds."""
    pytester.makeconftest(
        """
import alimock as package, pytest

@pytest.fixture(scope="session")
def alimock_server():
    with package.start() as server:
        yield package.Server(server.endpoint, shares_port=True)
"""
    )
    result = run(
        pytester,
        """
import pytest

@pytest.mark.parametrize("n", range(3))
def test_many(alimock, alimock_server, n):
    assert alimock.endpoint == alimock_server.endpoint
    url = "/?Action=ListUsers&Version=2015-05-01&AccessKeyId=" + os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"]
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(alimock.endpoint + url)
    assert len(alimock.calls()) == 1
""",
    )
    result.assert_outcomes(passed=3)


def test_a_test_under_a_name_that_is_in_use_has_a_world(pytester):
    result = run(
        pytester,
        """
def test_twice(alimock, alimock_server, request):
    from alimock._seeds import Seeds
    again = Seeds(alimock_server).world(None, name=request.node.nodeid, as_=None)
    assert again.name != alimock.name
""",
    )
    result.assert_outcomes(passed=1)


def test_without_a_program_only_tests_that_need_it_fail(pytester, monkeypatch):
    monkeypatch.setenv("ALIMOCK_BIN", "/nowhere/alimock")
    text = """
def test_with(alimock): pass

def test_without(): pass
"""
    for options in [], ["-n", "2"]:
        result = run(pytester, text, *options)
        result.assert_outcomes(passed=1, errors=1)
        result.stdout.fnmatch_lines(["*AlimockError: ALIMOCK_BIN: there is no program `/nowhere/alimock`"])


def test_an_interrupted_run_deletes_its_worlds_and_stops_the_program(pytester):
    file = pytester.makepyfile(
        """
import time

def test_long(alimock):
    print(alimock.endpoint, flush=True)
    time.sleep(60)
"""
    )
    command = [sys.executable, "-m", "pytest", "-s", str(file)]
    # A shell starts background jobs with the signal ignored, which a process would inherit.
    heed = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    options = {"stdout": subprocess.PIPE, "text": True, "start_new_session": True, "preexec_fn": heed}
    with subprocess.Popen(command, **options) as process:
        endpoint = next(line.strip() for line in process.stdout if line.startswith("http://") or "http://127" in line)
        # A terminal sends the signal of Ctrl-C to all processes of its group.
        os.killpg(process.pid, signal.SIGINT)
        rest = process.stdout.read()
    assert process.returncode == 2 and "KeyboardInterrupt" in rest and "AlimockError" not in rest, rest
    address = endpoint[endpoint.index("http://") :]
    check = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1])"
    assert subprocess.run([sys.executable, "-c", check, address], stderr=subprocess.DEVNULL).returncode != 0
