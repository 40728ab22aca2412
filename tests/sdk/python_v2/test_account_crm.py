"""The account system itself, by a partner and by an account: every action of account-crm that runs."""

from itertools import count

import pytest
from clients import AAS, ACCOUNT_CRM, identity, refused, register, root_key
from seeded import ACCOUNTS, OPERATOR, Account, Key

MPK = ACCOUNTS["operator"]["uid"]
SERIAL = count(1)
USUAL = {"app_name": "walk", "ag_account_type": "BID", "mpk": MPK}


def mail():
    """An address nobody has."""
    return f"crm-{next(SERIAL)}@alimock.example"


def crm(key, action, **fields):
    """Calls an action, which must succeed, and gives the body of the answer."""
    body = ACCOUNT_CRM(key, action, **fields)
    assert getattr(body, "success", None) in (True, "true", None) and body.request_id
    if hasattr(body, "code"):
        assert body.code == "200"
    return body


def told(key, action, **fields):
    """Calls an action that is refused in the body of an HTTP 200, and gives the code."""
    body = ACCOUNT_CRM(key, action, **fields)
    # Some shapes have a code alone.
    assert not getattr(body, "success", False)
    return body.code


def of_child(account, action, **fields):
    """A call of the partner about its account, with what many such calls have."""
    known = ACCOUNT_CRM.fields(action)
    usual = {name: value for name, value in {**USUAL, "pk": account.pk}.items() if name in known}
    return crm(OPERATOR, action, **usual, **fields)


def new_account():
    """An account that a partner registers here, with a root key."""
    relation = crm(OPERATOR, "CreateAgAccount", mpk=MPK, login_email=mail(), show_nick_name="Child").ag_relation_dto
    assert (relation.mpk, relation.type) == (MPK, "BID")
    return Account(relation.pk, root_key(relation.pk))


@pytest.fixture
def child():
    return new_account()


def test_a_partner_registers_an_account_and_knows_it(child):
    assert identity(child.key).account_id == child.pk
    assert of_child(child, "GetAgRelation").ag_relation_dto.mpk == MPK
    (found,) = crm(OPERATOR, "BatchQueryAgAccount", mpk=MPK, pk_list=child.pk).ag_accounts
    assert (found.pk, found.show_nick_name) == (child.pk, "Child")
    before = crm(OPERATOR, "QueryAgRelationCountAndQuota", mpk=MPK).data
    assert 0 < before.account_count <= before.quota

    of_child(child, "ReleaseAgAccount", release_reason="done")

    # What the SDK sends in the body about the caller changes nothing, a version neither.
    after = crm(OPERATOR, "QueryAgRelationCountAndQuota", version="1", request_id="x", caller_uid=1).data
    assert after.account_count == before.account_count - 1
    assert told(child.key, "GetAgRelation", pk=child.pk) == "AG_RELATION_NOT_EXIST"
    of_child(new_account(), "SeparateAgRelation")


def test_staff_registers_with_a_password():
    fields = {"bid": "26842", "email": mail(), "is_email_confirmed": True, "nationality_code": "CN"}
    assert told(OPERATOR, "RegisterInternalAccountForBuc", plain_password="x", **fields) == "PASSWORD_TOO_WEAK"

    made = crm(OPERATOR, "RegisterInternalAccountForBuc", plain_password="Secret-1234", **fields).data

    assert (made.site, made.owner_bid, made.parent_pk, made.account_status) == ("CN", "26842", MPK, "Active")


def test_a_mailbox_is_asked_to_confirm_a_registration():
    address = mail()
    number = crm(OPERATOR, "AsyncCreateAgAccount", mpk=MPK, login_email=address, maser_account_info="{}").trace_no
    query = lambda: crm(OPERATOR, "BatchQueryCreateAccountTrace", mpk=MPK, trace_no_list=number).traces
    (trace,) = query()
    assert (trace.status, trace.pk, trace.now_login_email) == ("WAITING", "", address)
    assert crm(OPERATOR, "ResendAsyncCreateAgAccount", mpk=MPK, trace_no=number).trace_no == number

    crm(OPERATOR, "CancelAsyncCreateAgAccount", mpk=MPK, trace_no=number)

    assert query()[0].status == "CANCELLED"
    assert told(OPERATOR, "ResendAsyncCreateAgAccount", mpk=MPK, trace_no=number) == "TRACE_FINISHED"


def test_a_mailbox_is_asked_to_confirm_a_new_login_email(child):
    address = mail()
    number = of_child(child, "AsyncModifyAgLoginEmail", new_login_email=address).trace_no
    query = lambda: crm(OPERATOR, "BatchQueryModifyLoginEmailTrace", mpk=MPK, trace_no_list=number).traces
    (trace,) = query()
    assert (trace.status, trace.pk, trace.new_login_email) == ("WAITING", child.pk, address)
    crm(OPERATOR, "ResendAsyncModifyLoginEmail", mpk=MPK, trace_no=number)

    crm(OPERATOR, "CancelAsyncModifyLoginEmail", mpk=MPK, trace_no=number)

    assert query()[0].status == "CANCELLED"


def test_a_partner_changes_contacts_country_and_address(child):
    of_child(child, "ChangeAgSecurityEmail", security_email=mail())
    of_child(child, "ChangeAgSecurityMobile", security_mobile="86-13900000001")
    of_child(child, "UpdateAgAccountAddressInfo", city="Hangzhou", post_code="310000")
    of_child(child, "ChangeAgAccountNationalityCode", nationality_code="SG")

    assert of_child(child, "QueryAgSecurityMobile").security_mobile == "86-13900000001"
    profile = crm(child.key, "QueryAccountProfileInfo", pk=child.pk).profile_info
    assert (profile.city.name, profile.post_code, profile.nationality_code) == ("Hangzhou", "310000", "SG")


def test_an_account_says_of_itself_what_it_likes(child):
    crm(child.key, "CreateAccountProfileInfo", account_json='{"NickName": "demo"}')
    crm(child.key, "UpdateOrInsertEnterpriseInfo", pk=child.pk, alias="D", city_json_string={"Id": "330100", "Name": "Hangzhou"})
    crm(child.key, "UpdateCustomerInformation", user_id=int(child.pk), biz="retail", website="https://example.com")
    crm(child.key, "ModifyCustomerInfo", user_id=int(child.pk), customer_category="gold")

    assert crm(child.key, "QueryAccountProfileInfo", pk=child.pk).profile_info.nick_name == "demo"
    enterprise = crm(child.key, "QueryEnterpriseInfo", pk=child.pk).profile_info
    assert (enterprise.alias, enterprise.city.id, enterprise.city.name) == ("D", "330100", "Hangzhou")
    customer = crm(OPERATOR, "GetCustomerInformation", user_id=int(child.pk)).data
    assert (customer.biz, customer.customer_category, customer.website) == ("retail", "gold", "https://example.com")
    assert crm(OPERATOR, "FindCustomerInfo", user_id=int(child.pk)).data.biz == "retail"
    masked = crm(child.key, "QueryEncryptedAccountProfileInfo", pk=child.pk).encrypted_profile_info
    assert masked.is_aliyun_id_an_email and "***" in masked.encrypted_email and masked.pk == child.pk


def test_an_account_is_found_by_its_names(child):
    name = crm(child.key, "GetAliyunIdByPk", app_name="walk", pk=child.pk).aliyun_id

    assert crm(OPERATOR, "GetAliyunPKByAliyunID", aliyun_id=name).data == child.pk
    assert crm(child.key, "QueryAccountSite", pk=child.pk).site == "CN"
    known = crm(child.key, "QuerySecurityInfo", app_name="walk", pk=child.pk).account_security_info_dto
    assert (known.aliyun_id, known.security_email, known.profile_type) == (name, name, "0")


def test_a_person_is_verified_at_once_and_a_second_time_refused(child):
    person = {"account_certify_type": "personal", "name": "张三", "license_type": "0", "pk": child.pk}
    number = f"1101011990010{next(SERIAL):05}"
    crm(OPERATOR, "CreateRealNameCertification", license_number=number, **person)

    loaded = crm(child.key, "LoadRealNameInfoByPk", pk=child.pk).data
    assert (loaded.is_certified, loaded.certify_status, loaded.name, loaded.license_number) == (True, 1, "张三", number)
    queried = crm(child.key, "QueryAccountRealNameInfo", pk=child.pk).profile_info
    assert (queried.is_certified, queried.account_certify_type) == ("1", "personal")
    assert crm(child.key, "QueryAccountTrueName", pk=child.pk).profile_info.true_name == "张三"
    assert crm(child.key, "GetProfileTypeByPk", app_name="walk", pk=child.pk).account_type == "0"
    assert told(OPERATOR, "CreateRealNameCertification", license_number=number, **person) == "Set Realname Error"


def test_an_application_waits_for_its_review(child):
    upload = crm(child.key, "GetUploadIdentityRegistrationDocConfig", customer_id=child.pk, file_path="front.png").data
    applied = crm(
        child.key,
        "ApplyIdentityRegistration",
        account_type=1,
        customer_id=child.pk,
        doc_back_pic="back.png",
        doc_front_pic=upload.file_name,
        email=mail(),
        full_name="Child Ltd",
        registered_num=f"91330000MA27{next(SERIAL):06}",
    )

    found = crm(child.key, "GetIdentityRegistrationByCustomer", customer_id=child.pk).data

    assert (found.application_id, found.apply_status, found.account_type) == (applied.data, "UNDER_REVIEW", 1)
    assert (found.doc_front_pic, str(found.customer_id)) == (upload.file_name, child.pk)
    assert crm(child.key, "LoadRealNameInfoByPk", pk=child.pk).data.processing_enterprise_certify


def test_the_address_of_a_verification_page_is_given_out(child):
    page = {"app_name": "walk", "aliyun_pk": child.pk, "platform": "pc", "source": "walk", "subject_type": "all"}

    assert crm(child.key, "GenerateAliyunCertUrl", **page).data.startswith("https://account.aliyun.com/")


def test_a_partner_is_given_a_key_of_its_account(child):
    pair = of_child(child, "GetAgAccountAk").account_ak_dto

    assert identity(Key(pair.ak, pair.secret)).account_id == child.pk


def test_a_log_in_is_forbidden_and_allowed(child):
    assert of_child(child, "QueryAgAccountLoginPermission").has_login_permission is True

    assert of_child(child, "ForbiddenAgAccountLogin").data is True
    assert of_child(child, "QueryAgAccountLoginPermission").has_login_permission is False

    assert of_child(child, "AllowAgAccountLogin").data is True
    assert of_child(child, "QueryAgAccountLoginPermission").has_login_permission is True
    crm(OPERATOR, "UpdateAgServiceStatus", ag_account_type="BID", mpk=MPK, status="on")


def test_a_passport_id_logs_in():
    hid = "88001122"
    pk = AAS(OPERATOR, "CreateAliyunAccountWithBindHid", InnerAccountHid=hid)["PK"]
    who = {"app_name": "walk", "havana_id": hid}
    session = crm(OPERATOR, "AuthAndActiveWithHid", **who).data
    assert (session.account_model.pk, session.account_model.havana_id) == (pk, int(hid))
    first = session.session_model.login_ticket
    code = {"app_name": "walk", "minor_auth_code": "x", "scene": "walk"}
    assert crm(OPERATOR, "AuthLoginTicket", auth_code=first, **code).login_ticket_dto.login_ticket == first

    second = crm(OPERATOR, "AuthAndRefreshLoginTicket", session_id=first, **who).data.new_login_ticket

    assert told(OPERATOR, "AuthLoginTicket", auth_code=first, **code) == "LOGIN_NOT_EXIST"
    crm(OPERATOR, "AuthLoginTicket", auth_code=second, **code)


def test_labels_come_and_go(child):
    usual = {"pk": int(child.pk), "label_series": "rank", "organization": "sales", "user_name": "me"}
    crm(OPERATOR, "AddCustomerLabel", label_types=["vip", "new"], **usual)
    labels = lambda: [
        one.label for one in crm(child.key, "QueryCustomerLabel", pk=int(child.pk)).data.customer_label
    ]
    assert labels() == ["new", "vip"]

    # The SDK reads no request id here.
    assert ACCOUNT_CRM(OPERATOR, "DeleteCustomerLabel", label_types=["vip"], **usual).success

    assert labels() == ["new"]


def test_an_account_is_checked_and_closed(child):
    assert of_child(child, "JudgeAgExistQuietPeriod").data is False
    task = of_child(child, "ApplyAgOneKeyOnlyCheckerTask").data
    assert of_child(child, "QueryDeleteTaskCheckData", task_id=task, task_type="check").task_check_data_dto_list == []
    assert crm(child.key, "QueryOneKeyDeleteBlockList", app_name="walk", pk=child.pk).data == []

    closing = of_child(child, "ApplyAgOneKeyDeleteTask")

    assert closing.need_abandon_sp_after_pay is False
    found = of_child(child, "GetAgOneKeyDeleteTask", task_id=closing.data).task_dto
    assert (found.delete_status, found.exist_quiet_period) == ("Success", False)
    with refused(404, "InvalidAccessKeyId.NotFound"):
        identity(child.key)


def test_an_account_closes_itself(child):
    crm(child.key, "AccountOneKeyDelete", app_name="walk", pk=child.pk)

    with refused(404, "InvalidAccessKeyId.NotFound"):
        identity(child.key)


def test_what_is_sensitive_is_hidden_and_forgotten(child):
    name = lambda: crm(child.key, "QuerySecurityInfo", app_name="walk", pk=child.pk).account_security_info_dto.aliyun_id
    assert name()

    crm(child.key, "CustomerSensitiveInfoLogicalDelete", uid=child.pk)
    assert name() == ""

    crm(child.key, "CustomerSensitiveInfoPhysicalDelete", uid=child.pk)


def test_only_a_partner_and_the_account_itself_may_ask(child):
    other = register()["PK"]

    with refused(403, "Not Bid", "The interface can not be called by a non-bid account."):
        ACCOUNT_CRM(child.key, "QueryAccountSite", pk=other)
    with refused(403, "Bid Mismatch", "Pk is not belong to the Bid."):
        ACCOUNT_CRM(OPERATOR, "GetAgAccountAk", mpk=MPK, pk=MPK)
    with refused(404, "Invalid PK"):
        ACCOUNT_CRM(OPERATOR, "QueryAccountSite", pk="1000000000000009")
