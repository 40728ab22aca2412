"""ECS as far as it runs: which regions there are, and the checks of an order."""

import pytest
from clients import ECS, refused
from seeded import DEMO

ORDER = {
    "ImageId": "aliyun_3_x64_20G_alibase_20240819.vhd",
    "InstanceType": "ecs.g7.large",
    "SecurityGroupId": "sg-bp15ed6xe1yxeycg7000",
    "VSwitchId": "vsw-bp1s5fnvk4gn2tws0000",
}


def test_regions_are_listed():
    regions = ECS(DEMO, "DescribeRegions", AcceptLanguage="en-US")["Regions"]["Region"]

    names = {region["RegionId"]: region["LocalName"] for region in regions}
    assert names["ap-southeast-1"] == "Singapore"


@pytest.mark.parametrize("without, code", [(None, "DryRunOperation"), ("InstanceType", "MissingParameter")])
def test_an_order_is_checked_by_a_dry_run(without, code):
    order = {name: value for name, value in ORDER.items() if name != without}

    with refused(400, code):
        ECS(DEMO, "RunInstances", DryRun=True, **order)
