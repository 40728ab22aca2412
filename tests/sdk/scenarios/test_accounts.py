"""States of an account and of its verification: seldom refused, and then with a code of something else."""

import json
import urllib.error

import clients
import pytest
from clients import refused
from stage import v1

INACTIVE, NOT_FOUND = "InvalidAccessKeyId.Inactive", "InvalidAccessKeyId.NotFound"


def verified(stage, account="shop", partner="partner"):
    """What the partner is told of an account."""
    fields = {"PK": stage.account(account)["uid"], "BidType": "2"}
    return json.loads(v1.CRM(stage.key(account=partner), "QueryBidUserCertifiedInfo", **fields)["Result"])


def certify(stage, pk, partner="partner", is_enterprise=False):
    """The partner verifies an account at once."""
    identity = {"Name": "Jane Doe", "LicenseType": "0", "LicenseNumber": "G1234567", "Phone": "13800000000"}
    fields = {"PK": pk, "IsEnterprise": str(is_enterprise).lower(), **identity}
    return v1.CRM(stage.key(account=partner), "AddIdentityCertifiedForBidUser", **fields)


@pytest.mark.shows("real-name-rejected-then-approved")
def test_a_rejected_verification_is_applied_for_again(stage):
    with stage.naive():
        assert verified(stage)["isCertified"] == "0"
        with v1.refused(400, "Set Realname Error"):
            certify(stage, stage.account()["uid"], is_enterprise=True)

    with stage.good():
        assert verified(stage)["isCertified"] == "0"
        stage.advance("72h")
        record = stage.real_name()
        assert (record["status"], record["verified"]) == ("REJECTED", False)
        assert record["history"][-1]["reason"]["code"] == "NAME_MISMATCH"
        assert verified(stage)["isCertified"] == "0"

        licence = {"subject": "enterprise", "method": "document", "name": "Shop Trading Ltd"}
        uid = stage.account()["uid"]
        stage.control("POST", f"accounts/{uid}/real-name", documentNumber="91330000MA27SHOPLT", **licence)
        stage.advance("72h")
        assert (stage.real_name()["status"], verified(stage)["isCertified"]) == ("VERIFIED", "1")
        assert verified(stage)["name"] == "Shop Trading Ltd"


@pytest.mark.shows("real-name-not-known-to-products")
def test_a_product_is_asked_until_it_knows(stage):
    def known():
        names = {"RegionId": "cn-hangzhou", "AttributeName.1": "real-name-authentication"}
        items = clients.ECS(stage.key(), "DescribeAccountAttributes", **names)["AccountAttributeItems"]
        return items["AccountAttributeItem"][0]["AttributeValues"]["ValueItem"][0]["Value"]

    with stage.naive():
        stage.advance("1h")
        assert (stage.real_name()["status"], known()) == ("VERIFIED", "none")

    with stage.good():
        stage.advance("1h")
        assert (stage.real_name()["status"], known()) == ("VERIFIED", "none")
        stage.advance("10m")
        assert known() == "yes"


@pytest.mark.shows("real-name-document-expired")
def test_an_expired_document_stops_nothing_at_once(stage):
    shop = stage.key()

    with stage.naive():
        # Never looks, neither at the key nor at the state.
        stage.advance("720h")
        assert verified(stage)["isCertified"] == "1"

    with stage.good():
        assert stage.real_name()["status"] == "VERIFIED"
        stage.advance("720h")
        stage.identity(shop)
        record = stage.real_name()
        assert (record["status"], record["verified"]) == ("NEEDS_UPDATE", True)
        uid = stage.account()["uid"]
        licence = {"subject": "enterprise", "method": "document", "name": "Shop Ltd"}
        made = stage.control("POST", f"accounts/{uid}/real-name", documentNumber="91330000MA27RENEWD", **licence)
        path = f"accounts/{uid}/real-name/{made['applicationId']}/decision"
        stage.control("POST", path, decision="approve")
        assert stage.real_name()["status"] == "VERIFIED"


@pytest.mark.shows("real-name-enterprise-stays")
def test_an_enterprise_does_not_become_a_person(stage):
    uid = stage.account()["uid"]

    with stage.naive():
        with v1.refused(400, "Set Realname Error"):
            certify(stage, uid)
        person = {"subject": "personal", "method": "document", "name": "Jane Doe", "documentNumber": "G1234567"}
        with pytest.raises(urllib.error.HTTPError) as caught:
            stage.control("POST", f"accounts/{uid}/real-name", **person)
        error = json.load(caught.value)["error"]
        assert (caught.value.code, error["code"]) == (409, "irreversible")

    with stage.good():
        assert verified(stage)["accountCertType"] == "enterprise"
        made = v1.AAS(stage.key(account="partner"), "CreateIntlAliyunAccount", NationalityCode="SG")
        certify(stage, made["PK"])


@pytest.mark.shows("partner-rules")
def test_a_partner_acts_on_its_own_accounts(stage):
    partner, shop = stage.key(account="partner"), stage.key(account="shop")
    query = lambda key, **fields: v1.CRM(key, "QueryBidUserCertifiedInfo", BidType="2", **fields)

    with stage.naive():
        with v1.refused(403, "Not Bid", "The interface can not be called by a non-bid account."):
            query(shop, PK=stage.account("shop")["uid"])
        with v1.refused(403, "Bid Mismatch", "Pk is not belong to the Bid."):
            query(partner, PK=stage.account("bazaar")["uid"])
        with v1.refused(404, "Invalid PK"):
            query(partner, PK="1000000000000000")
        with v1.refused(400, "Empty PK"):
            query(partner)
        with v1.refused(403, "Not Bid"):
            v1.AAS(shop, "CreateAliyunAccount", AliyunId="somebody@alimock.example")

    with stage.good():
        assert verified(stage)["isCertified"] == "0"


@pytest.mark.shows("arrears")
def test_arrears_do_not_stop_ram(stage):
    ci = stage.key("ci")

    with stage.naive():
        for _ in range(3):
            # The key works, so all must be well.
            stage.identity(ci)
            stage.advance("24h")

    with stage.good():
        seen = []
        for _ in range(4):
            assert stage.users(ci) == ["ci"]
            state = stage.state()
            seen.append((state["status"], state["balance"]))
            stage.advance("24h")
        assert seen == [("NORMAL", 1.5), ("ARREARS", -12.5), ("ARREARS_SHUTDOWN", -12.5), ("NORMAL", 100.0)]


@pytest.mark.shows("account-disabled-by-operator")
def test_an_account_that_is_switched_off_has_no_working_key(stage):
    root, ci = stage.key(), stage.key("ci")
    disabled = "Specified access key is disabled."

    with stage.naive():
        stage.advance("1h")
        for _ in range(3):
            with refused(400, INACTIVE, disabled):
                stage.identity(ci)
        with refused(400, INACTIVE, disabled):
            stage.new_key(root, "ci")

    with stage.good():
        stage.advance("1h")
        for key in [ci, root]:
            with refused(400, INACTIVE, disabled):
                stage.identity(key)
        assert stage.state()["status"] == "DISABLED"
        stage.advance("1h")
        stage.identity(ci)


@pytest.mark.shows("account-closed")
def test_a_closed_account_is_saved_before_its_end(stage):
    ci = stage.key("ci")

    with stage.naive():
        stage.identity(ci)
        stage.advance("360h")
        for key in [ci, stage.key()]:
            with refused(404, NOT_FOUND, "Specified access key is not found."):
                stage.users(key)

    with stage.good():
        assert stage.state()["status"] == "CLOSING"
        assert stage.users(ci) == ["app", "ci"]
        stage.advance("360h")
        with refused(404, NOT_FOUND):
            stage.users(ci)
        with pytest.raises(urllib.error.HTTPError) as caught:
            stage.control("POST", f"accounts/{stage.account()['uid']}/state", status="NORMAL")
        assert json.load(caught.value)["error"]["code"] == "account_closed"


@pytest.mark.shows("account-frozen")
def test_a_frozen_account_has_working_keys(stage):
    ci = stage.key("ci")

    with stage.naive():
        stage.identity(ci)
        # Asks no more.

    with stage.good():
        seen = []
        for _ in range(2):
            assert stage.users(ci) == ["ci"]
            seen.append(stage.state()["status"])
            stage.advance("24h")
        assert seen == ["LOGIN_FROZEN", "RISK_CONTROLLED"]


@pytest.mark.shows("service-not-activated")
def test_a_service_that_is_not_activated_is_no_missing_resource(stage):
    root, ci = stage.key(), stage.key("ci")

    with stage.naive():
        for _ in range(2):
            with refused(404, "Inactive", "Account is inactive to this service"):
                stage.ram(ci, "GetUser", user_name="ci")

    with stage.good():
        with refused(404, "Inactive", "Account is inactive to this service"):
            stage.users(ci)
        stage.identity(ci)
        # Somebody activates it.
        stage.bank()
        stage.control("POST", "commands", activate={"service": "ram"})
        assert stage.users(stage.new_key(root, "ci")) == ["ci"]


def refused_by_console(code, status, call):
    """A call of the control API that must be refused so."""
    with pytest.raises(urllib.error.HTTPError) as caught:
        call()
    assert (caught.value.code, json.load(caught.value)["error"]["code"]) == (status, code)


@pytest.mark.shows("closing-with-silence")
def test_an_account_is_emptied_and_saved_before_it_closes(stage):
    ci, close = stage.key("ci"), f"accounts/{stage.account()['uid']}/close"

    with stage.naive():
        # Takes it for done although something stands against it.
        refused_by_console("closing_blocked", 409, lambda: stage.control("POST", close))
        stage.advance("744h")
        assert stage.state()["status"] == "NORMAL"

    with stage.good():
        checks = {check["checkId"]: check["waivable"] for check in stage.control("GET", close)["checks"]}
        assert checks == {"BALANCE": True, "RESOURCES": False}
        stage.control("POST", "commands", release={"instance": "i-web"})
        closing = stage.control("POST", close, waive=["BALANCE"])["closure"]
        assert (stage.state()["status"], closing["done"]) == ("CLOSING", False)
        (message,) = stage.control("GET", "outbox?channel=sms")["messages"]
        assert message["to"] == "86-13900000000"
        assert stage.users(ci) == ["app", "ci"]
        stage.advance("744h")
        with refused(404, NOT_FOUND, "Specified access key is not found."):
            stage.users(ci)
        assert stage.state()["status"] == "CLOSED"


@pytest.mark.shows("login-locked")
def test_a_locked_log_in_does_not_stop_keys(stage):
    log_in = lambda password: stage.control("POST", "logins", login="owner@example.com", password=password)

    def lock():
        for _ in range(5):
            refused_by_console("bad_credentials", 401, lambda: log_in("guess"))
        refused_by_console("login_locked", 403, lambda: log_in("Passw0rd!"))

    with stage.naive():
        lock()
        # Takes the account for lost.

    with stage.good():
        lock()
        stage.identity(stage.key())
        stage.advance("1h")
        assert log_in("Passw0rd!")["uid"] == stage.account()["uid"]
