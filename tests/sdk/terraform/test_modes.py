"""Every mode of credentials of the provider, which is told no endpoint: who the caller is, and a group made and destroyed."""

import json

import pytest
from seeded import control

UID = "1897304235598129"
KEY = {"ALICLOUD_ACCESS_KEY": "LTAI5tTerraformOfShop01", "ALICLOUD_SECRET_KEY": "TerraformSecret"}
DEPLOY = f"acs:ram::{UID}:role/deploy"
CI = f"acs:ram::{UID}:user/ci"


def assumed(role, session):
    return f"acs:ram::{UID}:assumed-role/{role}/{session}"


def apply_and_destroy(terraform, arn, **given):
    terraform.apply(**given)
    terraform.plan_is_empty(**given)
    said = terraform.output("arn")
    assert said == arn or (arn.endswith("/") and said.startswith(arn)), said
    groups = control("GET", "worlds/default/export?format=json")["accounts"][0]["groups"]
    assert [group["name"] for group in groups] == ["tf-mode"]
    terraform.destroy(**given)


def test_a_key(mode):
    apply_and_destroy(mode("plain", KEY), CI)


def test_a_role_that_the_key_assumes(mode):
    apply_and_destroy(mode("assume", KEY), assumed("deploy", "tf-assume"), role_arn=DEPLOY)


def test_a_role_with_a_token_of_an_identity_provider(mode, tmp_path):
    token = control("POST", "worlds/default/issuer/token", {"audience": "sts.aliyuncs.com"})["token"]
    (tmp_path / "token").write_text(token)
    given = {
        "role_arn": DEPLOY,
        "oidc_arn": f"acs:ram::{UID}:oidc-provider/pipelines",
        "token_file": tmp_path / "token",
    }
    apply_and_destroy(mode("oidc", {}), assumed("deploy", "tf-oidc"), **given)


def test_the_role_of_the_instance(mode):
    apply_and_destroy(mode("ecs", {}), assumed("vm", ""))


def test_credentials_from_a_uri(mode):
    uri = control("POST", "worlds/default/credentials", {"role": "shop/deploy"})["uri"]
    apply_and_destroy(mode("uri", {}), assumed("deploy", ""), uri=uri)


@pytest.mark.parametrize(
    ("profile", "arn"),
    [("ak", CI), ("role", assumed("deploy", "of-profile")), ("instance", assumed("vm", ""))],
)
def test_a_profile_of_the_cli(mode, profile, arn):
    key = {"access_key_id": KEY["ALICLOUD_ACCESS_KEY"], "access_key_secret": KEY["ALICLOUD_SECRET_KEY"]}
    of_role = {"ram_role_arn": DEPLOY, "ram_session_name": "of-profile", "expired_seconds": 3600}
    profiles = [
        {"name": "ak", "mode": "AK", **key},
        {"name": "role", "mode": "RamRoleArn", **key, **of_role},
        {"name": "instance", "mode": "EcsRamRole", "ram_role_name": "vm"},
    ]
    profiles = [{"region_id": "cn-hangzhou", "output_format": "json", "language": "en", **one} for one in profiles]
    terraform = mode("profile", {})
    (terraform.folder / "config.json").write_text(json.dumps({"current": "ak", "profiles": profiles}))
    apply_and_destroy(terraform, arn, profile=profile)
