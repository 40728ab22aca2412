"""The status of each service of an account, through the package of Ubsms."""

from clients import RAM, Package, refused
from seeded import DEMO, OPERATOR

UBSMS = Package("aliyunsdkubsms.request.v20150623")


def test_a_partner_closes_a_service_to_an_account_and_opens_it_again(account):
    def activated(value):
        status = {"Uid": account.pk, "Service": "Ram", "StatusKey": "activated", "StatusValue": value}
        assert UBSMS(OPERATOR, "SetUserBusinessStatus", **status)["Success"] is True

    activated("false")
    with refused(404, "Inactive", "Account is inactive to this service"):
        RAM(account.key, "ListUsers")
    (shown,) = UBSMS(account.key, "DescribeBusinessStatus")["UserBusinessStatusList"]
    assert shown == {
        "Uid": account.pk,
        "ServiceCode": "ram",
        "Statuses": [{"StatusKey": "activated", "StatusValue": "false"}],
    }

    activated("true")
    RAM(account.key, "ListUsers")


def test_an_ordinary_account_may_not_set_a_status(account):
    with refused(403, "Not Bid"):
        UBSMS(DEMO, "SetUserBusinessStatus", Uid=account.pk, Service="oss", StatusKey="k", StatusValue="v")
