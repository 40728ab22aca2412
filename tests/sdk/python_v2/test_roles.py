"""Roles with their trust policies, and the roles of cloud services."""

import json

import pytest
from clients import RAM, new_policy, refused
from seeded import START, allow, trust

ESS, CONFIG = "ess.aliyuncs.com", "config.aliyuncs.com"


@pytest.fixture
def account(world):
    """The account of a world whose clock stands still, so that dates can be told."""
    return world.account


@pytest.fixture
def document(account):
    """A trust policy that trusts the whole account."""
    return trust({"RAM": [f"acs:ram::{account.pk}:root"]})


@pytest.fixture
def deploy(account, document):
    """A new role of the account."""
    role = {"role_name": "deploy", "description": "first", "max_session_duration": 7200}
    return RAM(account.key, "CreateRole", assume_role_policy_document=document, **role).role


def test_a_created_role_can_be_read_and_keeps_the_text_of_its_trust_policy(account, document, deploy):
    role = RAM(account.key, "GetRole", role_name="deploy").role

    assert (deploy.role_name, deploy.description, deploy.max_session_duration) == ("deploy", "first", 7200)
    assert (deploy.arn, deploy.create_date) == (f"acs:ram::{account.pk}:role/deploy", START)
    assert deploy.assume_role_policy_document == document and deploy.role_id.isdigit()
    assert deploy.to_map().items() <= role.to_map().items()
    assert (role.update_date, role.is_service_linked_role, role.latest_deletion_task) == (START, False, None)


def test_a_role_is_changed_field_by_field(world, account, document, deploy):
    service = trust({"Service": ["ecs.aliyuncs.com"]})
    world.advance("1h")

    kept = RAM(account.key, "UpdateRole", role_name="deploy", new_description="second").role
    assert (kept.description, kept.max_session_duration, kept.assume_role_policy_document) == ("second", 7200, document)
    assert (kept.role_id, kept.create_date, kept.update_date) == (deploy.role_id, START, "2026-01-01T01:00:00Z")

    RAM(
        account.key,
        "UpdateRole",
        role_name="deploy",
        new_assume_role_policy_document=service,
        new_max_session_duration=43200,
    )
    role = RAM(account.key, "GetRole", role_name="deploy").role
    assert (role.description, role.max_session_duration) == ("second", 43200)
    assert role.assume_role_policy_document == service


def test_pages_of_roles_joined_are_all_roles_in_the_order_of_their_making(account, document):
    made = ["eve", "bob", "dave", "alice", "carol"]
    for name in made:
        RAM(account.key, "CreateRole", role_name=name, assume_role_policy_document=document)

    pages, marker = [], None
    for _ in made:
        page = RAM(account.key, "ListRoles", max_items=2, marker=marker)
        pages.append([role.role_name for role in page.roles.role])
        marker = page.marker
        if not page.is_truncated:
            break

    assert pages == [["eve", "bob"], ["dave", "alice"], ["carol"]]
    shown = RAM(account.key, "ListRoles").roles.role[0]
    assert (shown.arn, shown.max_session_duration) == (f"acs:ram::{account.pk}:role/eve", 3600)


def test_a_role_name_is_unique_and_well_formed_and_its_session_not_too_long(account, document, deploy):
    trusted = {"assume_role_policy_document": document}
    with refused(409, "EntityAlreadyExists.Role", "The role does already EXIST."):
        RAM(account.key, "CreateRole", role_name="Deploy", **trusted)
    with refused(400, "InvalidParameter.RoleName.InvalidChars"):
        RAM(account.key, "CreateRole", role_name="bad name!", **trusted)
    with refused(400, "InvalidParameter.MaxSessionDuration"):
        RAM(account.key, "CreateRole", role_name="long", max_session_duration=43201, **trusted)


def test_a_malformed_trust_policy_is_refused(account, deploy):
    without_principal = json.dumps({"Version": "1", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]})
    with refused(400, "MalformedPolicyDocument"):
        RAM(account.key, "CreateRole", role_name="bad", assume_role_policy_document=without_principal)
    with refused(400, "MalformedPolicyDocument"):
        RAM(account.key, "UpdateRole", role_name="deploy", new_assume_role_policy_document="{")


def test_a_role_is_deleted_only_without_policies(account, deploy):
    look = new_policy(account, "look", allow("ram:List*"))
    RAM(account.key, "AttachPolicyToRole", role_name="deploy", **look)
    with refused(
        409, "DeleteConflict.Role.Policy", "The role CAN NOT has any attached policy while deleting the role."
    ):
        RAM(account.key, "DeleteRole", role_name="deploy")

    RAM(account.key, "DetachPolicyFromRole", role_name="deploy", **look)
    RAM(account.key, "DeleteRole", role_name="deploy")

    for action in ["GetRole", "DeleteRole"]:
        with refused(404, "EntityNotExist.Role", "The role does not exist."):
            RAM(account.key, action, role_name="deploy")


def test_the_role_of_a_service_is_what_its_template_says(account):
    template = RAM(account.key, "GetServiceLinkedRoleTemplate", service_name=CONFIG).service_linked_role_template
    assert (template.service_name, template.role_name_prefix) == (CONFIG, "AliyunServiceRoleForConfig")
    assert (template.system_policy_name, template.multiple_roles_allowed) == ("AliyunServiceRolePolicyForConfig", False)
    assert [text.language for text in template.role_descriptions.role_description]

    role = RAM(account.key, "CreateServiceLinkedRole", service_name=CONFIG, description="for Config").role
    assert (role.role_name, role.description, role.is_service_linked_role) == (
        template.role_name_prefix,
        "for Config",
        True,
    )
    (trusting,) = json.loads(role.assume_role_policy_document)["Statement"]
    assert trusting["Principal"] == {"Service": [CONFIG]}
    (attached,) = RAM(account.key, "ListPoliciesForRole", role_name=role.role_name).policies.policy
    assert (attached.policy_name, attached.policy_type) == (template.system_policy_name, "System")
    with refused(409, "EntityAlreadyExists.Role", "The role does already EXIST."):
        RAM(account.key, "CreateServiceLinkedRole", service_name=CONFIG)


def test_a_service_that_allows_several_roles_tells_them_apart_by_a_suffix(account):
    role = RAM(account.key, "CreateServiceLinkedRole", service_name=ESS, custom_suffix="two").role

    assert role.role_name == "AliyunServiceRoleForAutoScaling_two"
    with refused(400, "InvalidParameter.CustomSuffix.NotAllowed"):
        RAM(account.key, "CreateServiceLinkedRole", service_name=CONFIG, custom_suffix="two")
    with refused(404, "EntityNotExist.Service"):
        RAM(account.key, "CreateServiceLinkedRole", service_name="nobody.aliyuncs.com")


def test_the_role_of_a_service_takes_no_other_policy_and_is_deleted_by_a_task(world, account, deploy):
    name = RAM(account.key, "CreateServiceLinkedRole", service_name=ESS).role.role_name
    with refused(400, "NotSupport.Role.ServiceLinkedRole"):
        RAM(account.key, "AttachPolicyToRole", role_name=name, policy_name="AdministratorAccess", policy_type="System")
    with refused(400, "NotSupport.Role.ServiceLinkedRole"):
        RAM(account.key, "DeleteRole", role_name=name)
    with refused(404, "EntityNotExist.ServiceLinkedRole"):
        RAM(account.key, "DeleteServiceLinkedRole", role_name="deploy")

    task = RAM(account.key, "DeleteServiceLinkedRole", role_name=name).deletion_task_id
    shown = RAM(account.key, "GetRole", role_name=name).role.latest_deletion_task
    assert task and (shown.deletion_task_id, shown.create_date) == (task, START)
    world.advance("1h")

    assert [role.role_name for role in RAM(account.key, "ListRoles").roles.role] == ["deploy"]
