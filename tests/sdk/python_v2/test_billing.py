"""Money, enterprise accounts and invitations, through the packages of BssOpenApi, AccountCenter and Agency."""

import json
from itertools import count

import pytest
from alibabacloud_accountcenter20241209 import client as center_client, models as center_models
from alibabacloud_agency20221216 import client as agency_client, models as agency_models
from alibabacloud_bssopenapi20171214 import client as bss_client, models as bss_models
from clients import Package, new_user, refused, register
from seeded import ACCOUNTS, DEMO, OPERATOR

BSS = Package(bss_client.Client, bss_models)
CENTER = Package(center_client.Client, center_models)
AGENCY = Package(agency_client.Client, agency_models)
SERIAL = count(1)
PK = ACCOUNTS["demo"]["uid"]


def email():
    return f"member-{next(SERIAL)}@alimock.example"


def child():
    return register()["PK"]


def test_the_balance_and_what_was_bought_and_given_back():
    data = BSS(DEMO, "QueryAccountBalance").data
    assert (data.available_amount, data.currency) == ("100.00", "CNY")

    properties = [bss_models.CreateInstanceRequestParameter(code="Region", value="cn-beijing")]
    order = {"product_code": "rds", "product_type": "rds", "subscription_type": "Subscription", "period": 1}
    bought = BSS(DEMO, "CreateInstance", client_token="t", parameter=properties, **order)
    assert bought.success and bought.code == "Success"
    listed = BSS(DEMO, "QueryAvailableInstances", product_code="rds").data
    assert (listed.total_count, listed.instance_list[0].region) == (1, "cn-beijing")
    assert listed.instance_list[0].instance_id == bought.data.instance_id

    refunded = BSS(DEMO, "RefundInstance", instance_id=bought.data.instance_id, product_code="rds")
    assert refunded.success and refunded.data.order_id
    again = BSS(DEMO, "RefundInstance", instance_id=bought.data.instance_id, product_code="rds")
    assert (again.success, again.code) == (False, "ExistRefundingOrderError")


def test_a_purchase_without_money_is_refused_in_the_body():
    order = {"product_code": "rds", "subscription_type": "Subscription", "period": 12}

    told = BSS(DEMO, "CreateInstance", **order)

    assert (told.success, told.code) == (False, "PAY.INSUFFICIENT_BALANCE")


def test_terraform_finds_out_the_site():
    probe = {"page_size": 50, "page_num": 1, "subscription_type": "Subscription"}
    assert BSS(DEMO, "QueryAvailableInstances", product_code="vipcloudfw", product_type="vipcloudfw", **probe).success

    with refused(400, "NotApplicable"):
        BSS(DEMO, "QueryAvailableInstances", product_code="cfw", product_type="cfw_pre_intl", **probe)


def test_a_reseller_makes_freezes_and_thaws_an_account():
    made = BSS(OPERATOR, "CreateAgAccount", login_email=email())
    pk = made.ag_relation_dto.pk
    assert made.success and made.ag_relation_dto.ram_admin_role_name
    assert pk in BSS(OPERATOR, "GetCustomerList").data.uid_list
    relation = BSS(DEMO, "GetAccountRelation").data
    assert (relation.status, str(relation.child_user_id)) == ("RELATED", PK)

    for status in ["Freeze", "Thaw"]:
        BSS(OPERATOR, "SetResellerUserStatus", business_type="FREEZE", owner_id=pk, status=status)
        info = BSS(OPERATOR, "GetCustomerAccountInfo", owner_id=int(pk)).data
        assert (info.credit_limit_status, info.is_certified) == (status, False)

    with refused(400, "InvalidOwner"):
        BSS(OPERATOR, "GetCustomerAccountInfo", owner_id=int(ACCOUNTS["operator"]["uid"]))


def test_an_enterprise_registers_an_account_and_sets_how_it_logs_in():
    own = {"request_id": "r"}
    made = CENTER(
        OPERATOR, "EnterpriseRegisterAccount", login_email=email(), encrypt_password="Secret-1234", alias="shop", **own
    )
    about = {"pk": made.account_info.pk, **own}
    assert made.success and made.account_info.enterprise_name == "Alimock Operator Ltd"

    CENTER(OPERATOR, "EnterpriseAccountChangeLoginPassword", encrypt_password="Other-1234", **about)
    CENTER(OPERATOR, "EnterpriseAccountUpdateSecurityMobileLoginStatus", status="ENABLE", **about)
    CENTER(OPERATOR, "EnterpriseAccountUpdateSessionExpireTime", session_expire_time=600, **about)
    CENTER(OPERATOR, "EnterpriseAccountUpdateIpMask", ip_masks_json='["10.0.0.0/8"]', status="ENABLE", **about)
    CENTER(OPERATOR, "EnterpriseAccountUpdateOperateRiskControl", product_level="1", validate_type="mfa", **about)
    CENTER(OPERATOR, "EnterpriseAccountUpdateAccountAlias", alias="store", **about)

    data = CENTER(OPERATOR, "EnterpriseAccountQueryLoginSettings", pk=about["pk"]).data
    assert (data.session_expire_time, data.security_mobile_login_status) == (600, "ENABLE")
    assert (data.ip_mask_dto.ip_masks, data.risk_control_dto.verify_type) == (["10.0.0.0/8"], "mfa")
    pks = json.dumps([about["pk"]])
    (shown,) = CENTER(OPERATOR, "EnterpriseAccountQueryAccountsInfo", pks_json=pks, **own).account_info_dto_list
    assert (shown.alias, shown.belong_to_master_account) == ("store", True)

    told = CENTER(OPERATOR, "EnterpriseAccountRemoveMfa", **about)
    assert (told.success, told.code) == (False, "MFA_NOT_BOUND")
    wrong = {"security_email": email(), "verify_code": "000000"}
    assert CENTER(OPERATOR, "EnterpriseAccountChangeSecurityEmail", **wrong, **about).code == "VERIFY_CODE_ERROR"
    wrong = {"new_mobile": "86-13900001111", "verification_code": "000000"}
    assert CENTER(OPERATOR, "EnterpriseAccountChangeSecurityMobile", **wrong, **about).code == "VERIFY_CODE_ERROR"


def test_an_account_leaves_and_is_asked_to_join_again():
    pk = child()

    assert CENTER(OPERATOR, "EnterpriseAccountSeparateEa", pk=pk).success
    (asked,) = CENTER(OPERATOR, "EnterpriseUninvitedAdminInviteJoinEnterprise", invitee_pk=pk, remark="come").data
    assert (asked.auditor_pk, asked.apply_remark) == (pk, "come")


def test_a_contact_is_added():
    assert CENTER(DEMO, "SendAsyncEmailCaptcha", contact_info="wu@alimock.example").data
    assert CENTER(DEMO, "SendAsyncMobileCaptcha", contact_info="86-13900002222").data

    contact = {"contact_name": "Wu", "contact_email": "wu@alimock.example", "async_email_verify": True}
    assert CENTER(DEMO, "AccountContactAdd", **contact).data.result
    told = CENTER(DEMO, "AccountContactAdd", contact_name="Wu", contact_mobile="86-13900002222", mobile_code="0").data
    assert (told.result, told.error_list[0].item) == (False, "MobileCode")


def test_a_customer_is_invited():
    customer = AGENCY(
        OPERATOR, "CreateCustomer", customer_name="Bell", customer_source="website", customer_trade="01", nation="SG"
    ).message
    invitee = agency_models.InviteSubAccountRequestAccountInfoList(
        account_nickname="Bell Ltd",
        credit_line="100",
        customer_id=customer,
        email_address=email(),
        new_buy_status="ban",
        sub_account_type="1",
        zero_credit_shutdown_policy="1",
    )
    (invited,) = AGENCY(OPERATOR, "InviteSubAccount", account_info_list=[invitee]).results.result
    assert invited.success and invited.result.reg_url.startswith("https://")
    number = invited.result.invite_id
    asked = agency_models.GetInviteStatusRequestInviteStatusList(invite_id=number)
    (status,) = AGENCY(OPERATOR, "GetInviteStatus", invite_status_list=[asked]).data.invite_status
    assert str(status.invite_status_list.cid) == customer
    assert AGENCY(OPERATOR, "ResendEmail", invite_id=number).success
    assert AGENCY(OPERATOR, "ResendEmail", invite_id=1).code == "3060"
    page = AGENCY(OPERATOR, "GetUnassociatedCustomer", current_page=1, page_size=100)
    assert number in [one.invite_id for one in page.invite_info_list.invite_info]


def test_a_partner_keeps_the_credit_of_an_account():
    uid = int(child())

    assert AGENCY(OPERATOR, "SetCreditLine", uid=uid, credit_line="1000").success
    assert AGENCY(OPERATOR, "SetAccountInfo", uid=uid, account_nickname="Shop").success
    assert AGENCY(OPERATOR, "EditNewBuyStatus", uid=uid, new_buy_status="ban").data == "true"
    assert AGENCY(OPERATOR, "EditEndUserStatus", uid=uid, credit_status="postPayFreeze").data == "true"
    assert AGENCY(OPERATOR, "EditZeroCreditShutdown", uid=uid, shutdown_policy="immediatelyStop").data == "true"

    data = AGENCY(OPERATOR, "GetCreditInfo", uid=uid).data
    assert (data.credit_line, data.new_buy_status, data.paygfreeze_status) == ("1000.00", "ban", "freeze")
    page = AGENCY(OPERATOR, "GetAccountInfo", current_page=1, page_size=20, uid=uid)
    assert page.account_info_list.account_info[0].account_nickname == "Shop"
    assert AGENCY(OPERATOR, "GetCreditInfo", uid=1).code == "3029"


@pytest.mark.parametrize("action", ["GetCustomerList", "QueryAccountBalance"])
def test_a_user_without_permission_is_refused(account, action):
    key = new_user(account, "billing")
    with refused(403, "Forbidden.RAM"):
        BSS(key, action)
