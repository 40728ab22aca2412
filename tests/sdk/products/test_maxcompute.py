"""MaxCompute through pyodps."""

from datetime import timedelta

import pytest
from clients import odps, odps_refuses
from odps import errors
from seeded import Key

both_generations = pytest.mark.parametrize("region", [None, "cn-hangzhou"], ids=["v2", "v4"])
OWNER = "ALIYUN$demo@example.com"


@both_generations
def test_an_owner_logs_in_lists_and_reads_projects(stage, region):
    client = odps(stage.key(), region, project="demo_project")

    assert [project.name for project in client.list_projects()] == ["demo_private", "demo_project"]
    assert [project.name for project in client.list_projects(prefix="demo_pro")] == ["demo_project"]
    assert client.exist_project("demo_project") and not client.exist_project("nowhere")
    project = client.get_project()
    project.reload()
    assert (project.name, project.owner, project.status) == ("demo_project", OWNER, project.ProjectStatus.AVAILABLE)
    assert project.creation_time == project.last_modified_time
    assert client.default_tenant.owner_id == stage.account()["uid"]
    assert client.default_tenant.tenant_state.value == "NORMAL"
    assert set(stage.styles()) == {"odps-v4" if region else "odps-v2"}


def test_the_endpoint_needs_no_path(stage):
    client = odps(stage.key())
    client.rest._endpoint = client.rest._endpoint.removesuffix("/api")

    assert [project.name for project in client.list_projects()] == ["demo_private", "demo_project"]


@both_generations
def test_members_get_in_and_others_do_not(stage, region):
    assert [project.name for project in odps(stage.key("ci"), region).list_projects()] == ["demo_project"]
    assert odps(stage.key("ci"), region).get_project("demo_project").owner == OWNER
    assert list(odps(stage.key("guest"), region).list_projects()) == []
    missing = "ODPS-0420095: Access Denied - Authorization Failed [4002], You doesn't exist in project demo_project"
    for stranger in [stage.key("guest"), stage.key(account="other")]:
        with odps_refuses(errors.NoPermission, 403, missing):
            odps(stranger, region).get_project("demo_project").reload()


@both_generations
def test_a_project_that_is_not_there_is_told(stage, region):
    with odps_refuses(errors.NoSuchProject, 404, "ODPS-0420111: Project not found"):
        odps(stage.key(), region).get_project("nowhere").reload()


@both_generations
def test_a_bad_key_is_refused(stage, region):
    good = stage.key()
    with odps_refuses(errors.SignatureNotMatch, 401, "ODPS-0410042:Invalid signature value"):
        list(odps(Key(good.id, "wrong"), region).list_projects())
    with odps_refuses(errors.InvalidParameter, 401, "ODPS-0410051:Invalid credentials - accessKeyId is disabled"):
        list(odps(stage.key(status="Inactive"), region).list_projects())
    with odps_refuses(errors.InvalidParameter, 401, "ODPS-0410051:Invalid credentials - accessKeyId not found"):
        list(odps(Key(f"{good.id[:-1]}x", good.secret), region).list_projects())


@both_generations
def test_services_that_stopped_for_debt_refuse_everything(stage, region):
    stage.state(status="ARREARS_SHUTDOWN")
    text = "ODPS-0420095: Access Denied - Authorization Failed [4093], You have NO privilege to do the restricted operation"
    with odps_refuses(errors.NoPermission, 403, text):
        odps(stage.key(), region).get_project("demo_project").reload()


def test_an_unknown_key_makes_the_client_fall_back_to_the_older_signature(stage):
    good = stage.key()
    client = odps(Key(f"{good.id[:-1]}x", good.secret), "cn-hangzhou")

    with odps_refuses(errors.InvalidParameter, 401, "ODPS-0410051"):
        list(client.list_projects())

    assert stage.styles()[-2:] == ["odps-v4", "odps-v2"]


@both_generations
def test_a_session_is_good_until_it_ends(stage, region):
    session = stage.session("night")
    client = odps(session, region)
    assert [project.name for project in client.list_projects()] == ["demo_project"]

    for token in [stage.session("day").token, "nonsense"]:
        with odps_refuses(errors.InvalidParameter, 401, "ODPS-0410051:Invalid credentials - the sts token is invalid"):
            list(odps(session._replace(token=token), region).list_projects())
    stage.advance("1h")

    with odps_refuses(errors.InvalidParameter, 401, "ODPS-0410051:Invalid credentials - the sts token is expired"):
        list(client.list_projects())


@both_generations
def test_a_clock_that_is_off_is_told(late_stage, region):
    with odps_refuses(errors.RequestTimeTooSkewed, 400, "ODPS-0410031:Authentication request expired") as caught:
        list(odps(late_stage.key(), region).list_projects())

    error = caught.value
    assert error.max_interval_date == 900_000
    assert timedelta(minutes=19) < error.now_date - error.expire_date < timedelta(minutes=21)


def test_a_rule_makes_the_clock_be_off_once(stage):
    client = odps(stage.key())
    stage.fault(match={"product": "Odps", "action": "ListProjects"}, when={"nth": 1}, do={"skew": "20m"})

    with odps_refuses(errors.RequestTimeTooSkewed, 400, "ODPS-0410031"):
        list(client.list_projects())

    assert len(list(client.list_projects())) == 2


def test_what_does_not_run_says_so(stage):
    client = odps(stage.key(), project="demo_project")

    with odps_refuses(errors.MethodNotAllowed, 405, "alimock does not run this request"):
        list(client.list_tables())
    with odps_refuses(errors.MethodNotAllowed, 405, "alimock does not run this request"):
        client.execute_sql("SELECT 1")
