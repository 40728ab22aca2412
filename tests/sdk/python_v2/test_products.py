"""Products beside the account plane: ECS and DataWorks as far as they run, and a stub of one that does not."""

import pytest
from alibabacloud_alidns20150109 import client as alidns_client, models as alidns_models
from alibabacloud_dataworks_public20200518 import client as old_client, models as old_models
from alibabacloud_dataworks_public20240518 import client as new_client, models as new_models
from alibabacloud_ecs20140526 import client as ecs_client, models as ecs_models
from clients import Package, new_key, refused, RAM
from seeded import DEMO, REQUEST_ID, control

ALIDNS = Package(alidns_client.Client, alidns_models)
ECS = Package(ecs_client.Client, ecs_models)
DATAWORKS_2020 = Package(old_client.Client, old_models)
DATAWORKS_2024 = Package(new_client.Client, new_models)

ORDER = {
    "region_id": "cn-hangzhou",
    "image_id": "aliyun_3_x64_20G_alibase_20240819.vhd",
    "instance_type": "ecs.g7.large",
    "security_group_id": "sg-bp15ed6xe1yxeycg7000",
    "v_switch_id": "vsw-bp1s5fnvk4gn2tws0000",
}


@pytest.mark.parametrize("algorithm", [None, "v2"])
def test_regions_have_names_and_endpoints(algorithm):
    def hangzhou(**asked):
        regions = ECS(DEMO, "DescribeRegions", algorithm, **asked).regions.region
        return next(region for region in regions if region.region_id == "cn-hangzhou")

    assert hangzhou().local_name == "华东1（杭州）"
    english = hangzhou(accept_language="en-US")
    assert (english.local_name, english.region_endpoint) == ("China (Hangzhou)", "ecs.cn-hangzhou.aliyuncs.com")


def test_an_order_passes_a_dry_run():
    with refused(400, "DryRunOperation", "Request validation has been passed with DryRun flag set."):
        ECS(DEMO, "RunInstances", dry_run=True, **ORDER)
    with refused(400, "MissingParameter", "The input parameter ImageId"):
        ECS(DEMO, "RunInstances", dry_run=True, **{**ORDER, "image_id": None})
    with refused(403, "OperationDenied.NoStock"):
        ECS(DEMO, "RunInstances", **ORDER)


def test_an_account_without_projects_has_no_workspaces():
    page = DATAWORKS_2020(DEMO, "ListProjects", page_number=1, page_size=20).page_result
    assert (page.page_number, page.page_size, page.total_count, page.project_list) == (1, 20, 0, [])

    paging = DATAWORKS_2024(DEMO, "ListProjects", ids=[1, 2], names=["sales"], status="Available").paging_info
    assert (paging.page_number, paging.page_size, paging.total_count, paging.projects) == (1, 10, 0, [])


@pytest.mark.parametrize("algorithm", [None, "v2"])
def test_a_stub_answers_for_a_product_that_does_not_run(world, algorithm):
    signer = world.account.key
    stub = {
        "product": "Alidns",
        "version": "2015-01-09",
        "action": "DescribeDomainInfo",
        "body": {
            "DomainName": "${param.DomainName}",
            "Owner": "${accountId}",
            "MinTtl": 600,
            "DnsServers": {"DnsServer": ["dns1.example", "dns2.example"]},
        },
    }
    with refused(400, "Identity.Uncertified"):
        ALIDNS(signer, "DescribeDomainInfo", algorithm, domain_name="example.com")
    person = {"subject": "personal", "method": "alipay", "name": "Wang", "documentNumber": "110101199001011234"}
    control("POST", f"worlds/{world.name}/accounts/{world.account.pk}/real-name", person)
    with refused(404, "InvalidAction.NotFound"):
        ALIDNS(signer, "DescribeDomainInfo", algorithm, domain_name="example.com")
    control("PUT", f"worlds/{world.name}/stubs", {"stubs": [stub]})

    domain = ALIDNS(signer, "DescribeDomainInfo", algorithm, domain_name="example.com")

    assert (domain.domain_name, domain.min_ttl) == ("example.com", 600)
    assert domain.dns_servers.dns_server == ["dns1.example", "dns2.example"]
    assert REQUEST_ID.fullmatch(domain.request_id)
    RAM(signer, "CreateUser", user_name="bare")
    with refused(400, "Forbidden.RAM"):
        ALIDNS(new_key(RAM, signer, user_name="bare"), "DescribeDomainInfo", algorithm, domain_name="example.com")
