"""AlimockTestCase as its users see it: unittest runs a file of tests, and its report is read."""

import sys

import pytest
from calls import REFUSED_CALL

CALL = REFUSED_CALL + "import unittest\nfrom alimock.unittest import AlimockTestCase\n"


@pytest.fixture(params=["unittest", "pytest"])
def run(request, pytester):
    def run(text):
        pytester.makepyfile(test_mine=CALL + text)
        result = pytester.run(sys.executable, "-m", request.param, "-v", "test_mine.py")
        return result, result.stdout.str() + result.stderr.str()

    return run


def test_each_test_has_a_world_and_passes(run, monkeypatch):
    monkeypatch.setenv("ALIBABA_CLOUD_SECURITY_TOKEN", "real")
    result, text = run(
        """
class Worlds(AlimockTestCase):
    alimock_as = "demo/dev"

    def test_a(self):
        refused_call()
        self.assertEqual(len(self.alimock.calls()), 1)

    def test_b(self):
        self.assertEqual(self.alimock.calls(), [])
        self.assertEqual(os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"], self.alimock.caller("demo/dev").id)
        self.assertNotIn("ALIBABA_CLOUD_SECURITY_TOKEN", os.environ)

class Restored(unittest.TestCase):
    def test_z(self):
        self.assertEqual(os.environ["ALIBABA_CLOUD_SECURITY_TOKEN"], "real")
        self.assertNotIn("ALIMOCK_ENDPOINT", os.environ)

class Asynchronous(AlimockTestCase, unittest.IsolatedAsyncioTestCase):
    async def test_a(self):
        self.assertEqual(self.alimock.calls(), [])
"""
    )
    assert result.ret == 0, text


def test_a_test_that_passed_fails_if_the_expectations_are_not_met(run):
    result, text = run(
        """
class Expected(AlimockTestCase):
    scenario = "key-leaked"

    def test_not_met(self): pass

    @unittest.skip("later")
    def test_skipped(self): pass

    @unittest.expectedFailure
    def test_expected(self): self.fail()

class NotChecked(AlimockTestCase):
    scenario = "key-leaked"
    alimock_expect = False

    def test_a(self): pass

class Asynchronous(AlimockTestCase, unittest.IsolatedAsyncioTestCase):
    scenario = "key-leaked"

    async def test_not_met(self): pass
"""
    )
    assert result.ret == 1
    if "Ran " in text:
        assert "FAILED (failures=2, skipped=1, expected failures=1)" in text, text
    else:
        result.assert_outcomes(passed=1, failed=2, skipped=1, xfailed=1)
    assert text.count("AssertionError: alimock: not as the scenario expects: ") >= 2, text


def test_a_failure_shows_the_calls_with_reasons(run):
    result, text = run(
        """
class Fails(AlimockTestCase):
    scenario = "key-leaked"

    def test_a(self):
        refused_call()
        self.fail("mine")

    def test_parts(self):
        for n in range(2):
            with self.subTest(n=n):
                refused_call()
                self.assertEqual(n, 0, "part")
"""
    )
    assert result.ret == 1
    assert "400 Ram.ListUsers - MissingAccessKeyId: " in text and "alimock calls in world " in text, text
    assert "not as the scenario expects" not in text


def test_a_file_is_named_from_the_folder_of_the_module(pytester):
    pytester.mkdir("below")
    pytester.makefile(".yaml", **{"below/mine": "accounts: [{name: shop, keys: [{}]}]"})
    pytester.makepyfile(
        **{
            "below/test_mine": CALL
            + """
class Mine(AlimockTestCase):
    scenario = "mine.yaml"

    def test_a(self):
        self.assertEqual([account["name"] for account in self.alimock.accounts], ["shop"])
"""
        }
    )
    result = pytester.run(sys.executable, "-m", "unittest", "discover", "below")
    assert result.ret == 0, result.errlines
