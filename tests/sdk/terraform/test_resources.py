"""Every resource that alimock runs: apply, empty plan, change, import, destroy."""

import json
import pathlib

import pytest

COMPANY = {"status": "VERIFIED", "subject": "enterprise", "name": "Demo Ltd", "documentNumber": "91330000MA27DEMOLT"}
# The root of a management account may not delete members, so a RAM user runs Terraform.
WORLD = {
    "accounts": [
        {
            "name": "demo",
            "uid": 1897304235598129,
            "realName": COMPANY,
            "state": {"balance": 100},
            "keys": [{}],
            "users": [{"name": "ci", "policies": ["AdministratorAccess"], "keys": [{}]}],
            "roles": [{"name": "vm", "trust": {"Service": ["ecs.aliyuncs.com"]}}],
        },
        {"name": "invited", "uid": 1182775234560000, "realName": COMPANY, "keys": [{}]},
    ]
}
SENT = pathlib.Path(__file__).resolve().parents[2] / "data" / "terraform" / "ims.jsonl"


def metadata():
    """The SAML metadata that a recorded call has."""
    calls = (json.loads(line) for line in SENT.read_text().splitlines())
    return next(one["params"]["EncodedSAMLMetadataDocument"] for one in calls if one["call"] == "Ims.CreateSAMLProvider")


@pytest.mark.parametrize("configuration", ["ram", "ims", "rm", "rm2"])
def test_resources_are_made_changed_imported_and_destroyed(configured, configuration):
    terraform = configured(configuration, WORLD, "demo/ci")
    given = {"saml": metadata()} if configuration == "ims" else {}

    terraform.apply(rev=1, **given)
    terraform.plan_is_empty(rev=1, **given)
    terraform.apply(rev=2, **given)
    terraform.plan_is_empty(rev=2, **given)
    made = terraform.resources()
    imported = [address for address, name in made.items() if terraform.imports(address, name, rev=2, **given)]
    assert len(imported) > len(made) / 2, imported
    assert terraform.resources() == made
    terraform.destroy(rev=2, **given)
    assert terraform.resources() == {}


@pytest.mark.parametrize("configuration", ["data", "datarm"])
def test_data_sources_are_read(configured, configuration):
    terraform = configured(configuration, WORLD, "demo/ci")

    terraform.apply()
    terraform.plan_is_empty()
    terraform.destroy()
