"""What every official credentials library does in every state of the world: a table of providers and states.

A row says what the world is, which provider a program makes, and what it gets, step by step. `check` runs the rows with the
program of each language. Providers that call STS need TLS: they are rows here once the emulator speaks it.
"""

from typing import NamedTuple

ECS = {"type": "ecs_ram_role"}
NAMED = {"type": "ecs_ram_role", "roleName": "EcsRole"}
V2_ONLY = {"type": "ecs_ram_role", "roleName": "EcsRole", "disableIMDSv1": True}
DEFAULT = {"type": "default"}
NO_ECS = {"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}

# What a program that asks for credentials gets: others than before, the same, or an error.
NEW, SAME, ERROR = "new", "same", "error"


def fails(action, status=500):
    """A rule: an action of the metadata service does not work."""
    error = {"status": status, "code": "ServiceUnavailable", "message": "down"}
    return {"match": {"product": "Metadata", "action": action}, "do": {"error": error}}


GARBLED = {"match": {"product": "Metadata", "action": "GetRoleCredentials"}, "do": {"answer": {"body": "<html>"}}}
LOST = {"match": {"product": "Metadata", "action": "GetRoleCredentials"}, "do": {"before": "reset"}}


class Row(NamedTuple):
    """One provider in one state."""

    name: str
    provider: dict
    # What the program gets; a rule in between is added to the world.
    steps: list
    # Words of the instance over the usual; nothing takes it away.
    instance: dict | None = {}
    # Rules from the start.
    faults: list = []
    # When sessions end that are given out.
    expiry: dict = {}
    # Variables; `URI` in one is a credentials URI, `HOME` a folder with this CLI profile.
    env: dict = {}
    profile: dict | None = None
    # The calls of metadata that were made, where all libraries make the same.
    calls: list | None = None
    # Steps of libraries that do something else.
    but: dict = {}


TOKEN, ROLES, GET = "CreateToken", "ListRoles", "GetRoleCredentials"
ROWS = [
    Row("fresh ones are kept", NAMED, [NEW, SAME], calls=[TOKEN, GET]),
    Row("the role is found", ECS, [NEW, SAME], calls=[TOKEN, ROLES, TOKEN, GET]),
    Row("tokens are required", V2_ONLY, [NEW, SAME], instance={"tokens": "required"}, calls=[TOKEN, GET]),
    Row("tokens are required and found", ECS, [NEW], instance={"tokens": "required"}),
    Row("no tokens: v1", NAMED, [NEW, SAME], faults=[fails(TOKEN, 404)], calls=[TOKEN, GET]),
    Row("no tokens, v1 switched off", V2_ONLY, [ERROR], faults=[fails(TOKEN, 404)], calls=[TOKEN]),
    Row(
        "no tokens, v1 switched off by the environment",
        NAMED,
        [ERROR],
        faults=[fails(TOKEN, 404)],
        env={"ALIBABA_CLOUD_IMDSV1_DISABLED": "true"},
        calls=[TOKEN],
    ),
    Row("no tokens where they are required", NAMED, [ERROR], instance={"tokens": "required"}, faults=[fails(TOKEN)]),
    Row("nearly over ones are replaced", NAMED, [NEW, NEW], expiry={"returned": "2m"}),
    Row("down without any", NAMED, [ERROR], faults=[fails(GET)]),
    Row("a page of something else", NAMED, [ERROR], faults=[GARBLED]),
    Row("a lost connection", NAMED, [ERROR], faults=[LOST]),
    Row("down with fresh ones", NAMED, [NEW, fails(GET), SAME]),
    # All but Go's go on with what they have.
    Row(
        "down with nearly over ones",
        NAMED,
        [NEW, fails(GET), SAME],
        expiry={"returned": "2m"},
        but={"go": [NEW, fails(GET), ERROR]},
    ),
    Row("no instance", ECS, [ERROR], instance=None),
    Row("no role", ECS, [ERROR], instance={"roles": []}),
    Row("a role that is not attached", {**NAMED, "roleName": "Other"}, [ERROR]),
    Row("a role that does not trust ECS", {**NAMED, "roleName": "Deaf"}, [ERROR], instance={"roles": ["Deaf"]}),
    Row("default chain: instance", DEFAULT, [NEW, SAME]),
    Row("default chain: instance, tokens required", DEFAULT, [NEW], instance={"tokens": "required"}),
    Row("default chain: the role by its variable", DEFAULT, [NEW], env={"ALIBABA_CLOUD_ECS_METADATA": "EcsRole"}),
    Row("default chain: nothing", DEFAULT, [ERROR], env=NO_ECS),
    Row("default chain: URI", DEFAULT, [NEW, SAME], env={**NO_ECS, "ALIBABA_CLOUD_CREDENTIALS_URI": "URI"}),
    Row("default chain: URI when there is no instance", DEFAULT, [NEW], instance=None, env={"ALIBABA_CLOUD_CREDENTIALS_URI": "URI"}),
    # Of two roles the chain's own last link could not tell which.
    Row(
        "CLI profile: instance",
        DEFAULT,
        [NEW, SAME],
        instance={"roles": ["EcsRole", "Other"]},
        profile={"mode": "EcsRamRole", "ram_role_name": "EcsRole"},
        calls=[TOKEN, GET],
    ),
    Row("URI", {"type": "credentials_uri", "uri": "URI"}, [NEW, SAME]),
    Row("URI, nearly over ones", {"type": "credentials_uri", "uri": "URI"}, [NEW, NEW], expiry={"returned": "2m"}),
    Row("URI of nobody", {"type": "credentials_uri", "uri": "URI-OF-NOBODY"}, [ERROR]),
]
