"""A partner registers accounts, verifies them and gives them their first key, through Aas and Crm."""

import json

import pytest
from clients import AAS, CRM, ECS, identity, refused, register, root_key
from seeded import ACCOUNTS, DEMO, OPERATOR, REQUEST_ID

IDENTITY = {
    "Name": "杭州示例有限公司",
    "LicenseType": "9",
    "LicenseNumber": "91330000MA27ACME01",
    "Phone": "13800000000",
    "IsEnterprise": True,
}
# The actions that name an account by its PK.
about_an_account = pytest.mark.parametrize(
    "product, action, others",
    [
        (AAS, "CreateAccessKeyForAccount", {}),
        (CRM, "QueryBidUserCertifiedInfo", {"BidType": "1"}),
        (CRM, "RemoveIdentityCertifiedForBidUser", {"BidType": "1"}),
        (CRM, "AddIdentityCertifiedForBidUser", {"BidType": "1", **IDENTITY}),
    ],
)


def certified(pk):
    """What Crm tells of an account: a JSON document inside a string."""
    return json.loads(CRM(OPERATOR, "QueryBidUserCertifiedInfo", PK=pk, BidType="1")["Result"])


def certify(pk):
    CRM(OPERATOR, "AddIdentityCertifiedForBidUser", PK=pk, BidType="1", **IDENTITY)


def real_name(key):
    """What an account sees of its own verification."""
    body = ECS(key, "DescribeAccountAttributes", AttributeNames=["real-name-authentication"])
    (item,) = body["AccountAttributeItems"]["AccountAttributeItem"]
    assert item["AttributeName"] == "real-name-authentication"
    return item["AttributeValues"]["ValueItem"]


def test_an_account_is_registered_and_has_its_own_pk():
    one, other = register(), register()

    assert one["PK"].isdigit() and other["PK"].isdigit() and one["PK"] != other["PK"]
    assert one["AliyunId"].endswith("@alimock.example") and one["AliyunId"] != other["AliyunId"]
    assert REQUEST_ID.fullmatch(one["RequestId"])


def test_an_international_account_is_registered_by_nationality_and_can_sign():
    pk = AAS(OPERATOR, "CreateIntlAliyunAccount", NationalityCode="SG")["PK"]

    assert identity(root_key(pk))["Arn"] == f"acs:ram::{pk}:root"


def test_the_verification_of_an_account_comes_and_goes():
    pk = register()["PK"]
    assert certified(pk) == {"aliyunPk": pk, "isCertified": "0"}

    certify(pk)
    shown = certified(pk)
    assert (shown["isCertified"], shown["accountCertType"]) == ("1", "enterprise")
    assert (shown["name"], shown["phone"]) == (IDENTITY["Name"], IDENTITY["Phone"])

    CRM(OPERATOR, "RemoveIdentityCertifiedForBidUser", PK=pk, BidType="1")
    assert certified(pk)["isCertified"] == "0"

    certify(pk)
    assert certified(pk)["isCertified"] == "1"


def test_an_account_reads_its_own_verification_through_ecs(account):
    assert real_name(account.key) == [{"Value": "none"}]

    certify(account.pk)

    assert real_name(account.key) == [{"Value": "yes"}]


def test_the_root_key_that_the_partner_made_signs_for_the_account(account):
    me = identity(account.key)

    assert (me["IdentityType"], me["AccountId"], me["Arn"]) == ("Account", account.pk, f"acs:ram::{account.pk}:root")
    assert REQUEST_ID.fullmatch(me["RequestId"])


@about_an_account
def test_an_ordinary_account_may_not_act_as_a_partner(account, product, action, others):
    with refused(403, "Not Bid", "The interface can not be called by a non-bid account."):
        product(DEMO, action, PK=account.pk, **others)


def test_an_ordinary_account_may_not_register_accounts():
    with refused(403, "Not Bid"):
        AAS(DEMO, "CreateAliyunAccount", AliyunId="intruder@alimock.example")


@about_an_account
def test_an_unknown_pk_is_refused(product, action, others):
    with refused(404, "Invalid PK", "The specified parameter 'PK' does not exist in our records."):
        product(OPERATOR, action, PK="1000000000000001", **others)


@about_an_account
def test_the_pk_of_somebody_elses_account_is_refused(product, action, others):
    with refused(403, "Bid Mismatch", "Pk is not belong to the Bid."):
        product(OPERATOR, action, PK=ACCOUNTS["operator"]["uid"], **others)


@about_an_account
def test_a_call_without_a_pk_is_refused(product, action, others):
    with refused(400, "Empty PK", "The input parameter 'PK' mandatory for processing this request is not supplied."):
        product(OPERATOR, action, **others)
