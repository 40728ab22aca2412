"""Products that alimock does not run."""

import pytest
from alibabacloud_alidns20150109 import client as alidns_client, models as alidns_models
from clients import Package, refused

ALIDNS = Package(alidns_client.Client, alidns_models)
WWW = {"domain_name": "example.com", "rr": "www", "type": "A", "value": "192.0.2.1"}


@pytest.mark.shows("stub-of-another-product")
def test_what_is_there_is_not_added_again(stage):
    def alidns(action, **fields):
        return ALIDNS.call(stage.config(stage.key("ci")), action, **fields)

    with stage.naive():
        added = alidns("AddDomainRecord", **WWW)
        assert added.record_id == f"of www.example.com for {stage.account()['uid']}"
        with refused(400, "Forbidden.RAM"):
            alidns("DeleteDomainRecord", record_id=added.record_id)
        with refused(404, "InvalidAction.NotFound"):
            alidns("AddDomain", domain_name="example.com")

    with stage.good():
        there = alidns("DescribeSubDomainRecords", sub_domain="www.example.com").domain_records.record
        if not any((one.rr, one.value) == (WWW["rr"], WWW["value"]) for one in there):
            alidns("AddDomainRecord", **WWW)
