"""The first walk of an account, and what the program asks of the world outside."""

import pathlib
import subprocess

import pytest
from cli import AAS, CRM, key_of, register, root_key
from seeded import DEMO, ENDPOINT, OPERATOR

HERE = pathlib.Path(__file__).resolve().parent
IDENTITY = {
    "Name": "杭州示例有限公司",
    "LicenseType": "9",
    "LicenseNumber": "91330000MA27ACME01",
    "Phone": "13800000000",
    "IsEnterprise": "true",
}


def test_an_account_is_registered_verified_and_has_a_key_that_comes_and_goes(aliyun):
    partner = aliyun.as_(OPERATOR)
    pk = register(aliyun)
    partner.ok("crm", "AddIdentityCertifiedForBidUser", *CRM, PK=pk, BidType="1", **IDENTITY)
    shown = partner.ok("crm", "QueryBidUserCertifiedInfo", *CRM, PK=pk, BidType="1")
    assert '"isCertified":"1"' in shown["Result"]
    root = aliyun.as_(root_key(aliyun, pk))
    second = key_of(root.ok("ram", "CreateAccessKey"))
    caller = aliyun.as_(second)
    assert caller.ok("sts", "GetCallerIdentity")["AccountId"] == pk

    root.ok("ram", "UpdateAccessKey", UserAccessKeyId=second.id, Status="Inactive")
    caller.refused("InvalidAccessKeyId.Inactive", "sts", "GetCallerIdentity")
    root.ok("ram", "UpdateAccessKey", UserAccessKeyId=second.id, Status="Active")
    assert caller.ok("sts", "GetCallerIdentity")["AccountId"] == pk
    wrong = aliyun.as_(second._replace(secret="x" * 30))
    wrong.refused("SignatureDoesNotMatch", "sts", "GetCallerIdentity")
    root.ok("ram", "DeleteAccessKey", UserAccessKeyId=second.id)
    caller.refused("InvalidAccessKeyId.NotFound", "sts", "GetCallerIdentity")

    left = partner.ok("aas", "ListAccessKeysForAccount", *AAS, PK=pk)["AccessKeys"]["AccessKey"]
    assert second.id not in {key["AccessKeyId"] for key in left}


def test_a_real_host_is_answered_by_the_emulator_as_the_proxy(shop, account):
    """No endpoint is told: the host is the one that the program has for the product."""
    through = dict.fromkeys(["HTTP_PROXY", "http_proxy"], ENDPOINT)
    caller = shop.with_variables(ALIBABA_CLOUD_ENDPOINT=None, NO_PROXY=None, **through)

    assert caller.ok("sts", "GetCallerIdentity")["AccountId"] == account.pk
    assert caller.ok("ram", "ListUsers")["Users"] == {"User": []}


@pytest.mark.parametrize(
    "action, said", [("list-users", "'ram' is not a valid product"), ("GetNothing", "'GetNothing' is not a valid api")]
)
def test_only_what_the_program_does_not_list_is_looked_for_outside(lonely, outside, action, said):
    """Shows that `outside` sees what the program asks for: every other test ends with nothing seen there."""
    done = lonely.as_(OPERATOR).run("ram", action, "--insecure")

    assert done.returncode == 2 and said in done.stderr
    assert set(outside.asked) == {"CONNECT aliyuncli.alicdn.com:443"}


def test_the_recipe_of_the_documentation_runs(aliyun):
    """Runs as below `alimock run`, with the variables that it sets for the seeded account."""
    variables = aliyun.as_(DEMO).with_variables(ALIMOCK_ENDPOINT=ENDPOINT).variables
    done = subprocess.run(["bash", "-euo", "pipefail", HERE / "recipe.sh"], env=variables, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert "acs:ram::" in done.stdout and "InvalidAccessKeyId" not in done.stderr
