"""What else a partner does through Aas and Crm: every request of both packages."""

from clients import AAS, CRM, Common, identity, made, refused, register
from seeded import DATE, OPERATOR, Account

NOBODY = "1000000000000009"


def about(account, action, **fields):
    """A call of Aas about the account."""
    return AAS(OPERATOR, action, PK=account.pk, **fields)


def listed(account, **fields):
    return about(account, "ListAccessKeysForAccount", **fields)["AccessKeys"]["AccessKey"]


def every_account():
    """The accounts of the partner, page by page."""
    found, marker = [], None
    while True:
        fields = {"Marker": marker} if marker else {}
        page = AAS(OPERATOR, "ListAliyunAccount", MaxItems=2, **fields)
        found += page["Accounts"]["Account"]
        if not page["IsTruncated"]:
            assert len(found) == page["TotalAccount"] and not page["HasNext"]
            return found
        marker = page["Marker"]


def test_an_account_is_found_by_its_name_and_in_the_list(account):
    one = register()

    basic = AAS(OPERATOR, "GetBasicInfoForAccount", AliyunId=one["AliyunId"])

    assert (basic["PK"], basic["AccountStatus"], basic["LastLoginDate"]) == (one["PK"], "Active", "")
    assert {"PK": one["PK"], "AliyunId": one["AliyunId"], "AccountStatus": "Active", "LastLoginDate": ""} in every_account()
    assert account.pk in [other["PK"] for other in every_account()]


def test_an_account_that_is_switched_off_cannot_sign(account):
    assert about(account, "UpdateStatusForAccount", AccountStatus="Inactive")["Result"] == "Success"
    with refused(400, "InvalidAccessKeyId.Inactive"):
        identity(account.key)

    about(account, "UpdateStatusForAccount", AccountStatus="Active")

    assert identity(account.key)["AccountId"] == account.pk


def test_a_password_is_set_unless_it_is_too_weak(account):
    with refused(400, "PASSWORD_TOO_WEAK"):
        about(account, "UpdatePasswordForAccount", NewPassword="short")

    assert about(account, "UpdatePasswordForAccount", NewPassword="Secret-1234")["Result"] == "Success"


def test_a_root_key_is_listed_disabled_and_deleted(account):
    (key,) = listed(account)
    assert (key["AccessKeyId"], key["AccessKeySecret"], key["AccessKeyStatus"]) == (account.key.id, "", "Active")

    about(account, "UpdateAccessKeyStatusForAccount", AKId=account.key.id, AKStatus="Inactive")
    assert listed(account, AKStatus="Active") == []
    with refused(400, "InvalidAccessKeyId.Inactive"):
        identity(account.key)

    about(account, "DeleteAccessKeyForAccount", AKId=account.key.id)
    assert listed(account) == []
    with refused(404, "InvalidAccessKeyId.NotFound"):
        identity(account.key)


def test_a_short_term_key_signs_and_is_given_again(account):
    body = about(account, "CreateShortTermAccessKeyForAccount", ExpireTime=600, IsMfaPresent=False)

    assert identity(made(body))["AccountId"] == account.pk
    assert DATE.fullmatch(body["AccessKey"]["ExpireTime"])
    again = about(account, "GetShortTermAccessKeyForAccount", IsMfaPresent=False)
    assert made(again) == made(body)
    with refused(404, "EntityNotExist.User.AccessKey"):
        about(account, "GetShortTermAccessKeyForAccount", IsMfaPresent=True)


def test_a_passport_id_finds_the_account_it_is_bound_to():
    hid = "77001122"
    one = AAS(OPERATOR, "CreateAliyunAccountWithBindHid", InnerAccountHid=hid)
    with refused(409, "EntityAlreadyExists.HavanaId"):
        AAS(OPERATOR, "CreateAliyunAccountWithBindHid", InnerAccountHid=hid)

    assert AAS(OPERATOR, "GetAliyunAccountWithBindHid", InnerAccountHid=hid)["PK"] == one["PK"]
    found = AAS(OPERATOR, "GetAliyunAccountWithBindTaobaoHid", HavanaId=hid)
    assert found["PK"] == one["PK"] and found["PartnerPk"].isdigit()


def test_a_login_token_tells_whose_it_is(account):
    token = AAS(OPERATOR, "GenerateAccountLoginToken", TargetPk=account.pk)["LoginToken"]["LoginTokenString"]

    assert AAS(OPERATOR, "VerifyAccountLoginToken", LoginToken=token)["LoginToken"]["TargetPk"] == account.pk
    with refused(404, "LOGIN_NOT_EXIST"):
        AAS(OPERATOR, "VerifyAccountLoginToken", LoginToken="none")


def test_an_account_asks_about_itself(account):
    mfa = AAS(account.key, "CheckMfaBind")
    assert (mfa["IsBindMfa"], mfa["Code"], mfa["Success"]) == (False, 200, True)
    assert AAS(account.key, "ChangePreferredLanguage", PreferredLanguage="en-US")["Success"]
    assert CRM(account.key, "QueryCustomerLabel", LabelSeries="rank")["Data"] == []


def test_the_address_of_a_verification_page_is_given_out(account):
    # The package is older than the action.
    page = Common("Aas", "2015-07-01")(
        OPERATOR, "GenerateAliyunBidCertWaysUrl", AliyunPk=account.pk, Platform="pc", SubjectType="all"
    )

    assert page["Success"] and page["Data"].startswith("https://account.aliyun.com/")


def test_crm_finds_accounts_by_name_and_by_pk():
    one, other = register(), register()

    assert CRM(OPERATOR, "GetAliyunPkByAliyunId", AliyunId=one["AliyunId"])["AliyunPk"] == one["PK"]
    found = CRM(OPERATOR, "BatchGetAliyunIdByAliyunPk", PkLists=[other["PK"], one["PK"]])["ProfileList"]
    assert [(each["AliyunPk"], each["AliyunId"]) for each in found] == [
        (each["PK"], each["AliyunId"]) for each in (other, one)
    ]
    with refused(404, "Invalid PK"):
        CRM(OPERATOR, "BatchGetAliyunIdByAliyunPk", PkLists=[NOBODY])


def walk_labels(account: Account, ending, **label):
    """Adds a label, sees it and takes it away, through one of the two families."""
    fields = {"PK": account.pk, "LabelSeries": "rank", **label}
    check = lambda: CRM(OPERATOR, f"CheckLabel{ending}", **fields)["Result"]
    assert check() == "false"
    CRM(OPERATOR, f"AddLabel{ending}", EndTime="2090-01-01T00:00:00Z", **fields)
    assert check() == "true"
    assert CRM(account.key, "QueryCustomerLabel", LabelSeries="rank")["Data"] == [{"Label": "vip", "LabelSeries": "rank"}]
    CRM(OPERATOR, f"DeleteLabel{ending}", **fields)
    assert check() == "false"
    with refused(404, "LABEL_NOT_EXIST"):
        CRM(OPERATOR, f"DeleteLabel{ending}", **fields)


def test_labels_come_and_go_through_both_families(account):
    walk_labels(account, "", LabelName="vip")
    walk_labels(account, "ForBid", Label="vip")
