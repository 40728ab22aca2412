"""The same clients over TLS, at the emulator's own address."""

import urllib.request

import clients
import pytest
from clients import PACKAGES, odps
from seeded import ENDPOINT, HOST, control


@pytest.fixture(autouse=True)
def secure(tmp_path, monkeypatch):
    """Clients are told an HTTPS address, and trust its certificate as requests does."""
    authority = tmp_path / "ca.pem"
    with urllib.request.urlopen(f"{ENDPOINT}/_alimock/ca.pem") as answer:
        authority.write_bytes(answer.read())
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    monkeypatch.setattr(clients, "ENDPOINT", f"https://{HOST}")


def came_over_tls(stage):
    """Whether there were calls, all of them over TLS."""
    calls = control("GET", f"worlds/{stage.name}/requests")["requests"]
    return bool(calls) and all(call["tls"] for call in calls)


@pytest.mark.parametrize("region", [None, "cn-hangzhou"], ids=["v2", "v4"])
def test_projects_are_listed_over_tls(stage, region):
    client = odps(stage.key(), region)

    assert [project.name for project in client.list_projects()] == ["demo_private", "demo_project"]
    assert came_over_tls(stage)


@pytest.mark.parametrize("package", PACKAGES)
def test_buckets_are_made_and_shown_over_tls(stage, package):
    package.make(stage.key(), "ci-made")

    assert package.names(stage.key()) == ["ci-made", "demo-data"]
    assert package.shown(stage.key(), "ci-made") == ("ci-made", "oss-cn-hangzhou", "public-read", "IA")
    assert came_over_tls(stage)
