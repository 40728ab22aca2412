"""Every resource that alimock runs: apply, empty plan, change, import, destroy."""

import base64

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
METADATA = base64.b64encode(
    b'<?xml version="1.0"?><EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.alimock.example">'
    b'<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"/></EntityDescriptor>'
).decode()
MORE = {"ims": {"saml": METADATA}}


@pytest.mark.parametrize("configuration", ["ram", "ims", "rm", "rm2"])
def test_resources_are_made_changed_imported_and_destroyed(configured, configuration):
    terraform = configured(configuration, WORLD, "demo/ci")
    given = MORE.get(configuration, {})

    terraform.apply(rev=1, **given)
    terraform.plan_is_empty(rev=1, **given)
    terraform.apply(rev=2, **given)
    terraform.plan_is_empty(rev=2, **given)
    made = terraform.resources()
    for address, name in made.items():
        terraform.run("state", "rm", address)
        terraform.run("import", address, name, rev=2, **given)
    assert terraform.resources() == made
    terraform.destroy(rev=2, **given)
    assert terraform.resources() == {}


@pytest.mark.parametrize("configuration", ["data", "datarm"])
def test_data_sources_are_read(configured, configuration):
    terraform = configured(configuration, WORLD, "demo/ci")

    terraform.apply()
    terraform.plan_is_empty()
    terraform.destroy()
