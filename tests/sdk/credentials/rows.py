"""What every official credentials library does in every state of the world: a table of providers and states.

A row says what the world is, which provider a program makes, and what it gets, step by step. `check` runs the rows with the
program of each language. `WORLD` in a word is the address of the world in the control API, `ADDRESS` where credentials of `EcsRole` are, `UID` the
account, `HOME` a folder with the CLI's profiles and, in `token`, an OIDC token.
"""

from typing import NamedTuple

ECS = {"type": "ecs_ram_role"}
NAMED = {"type": "ecs_ram_role", "roleName": "EcsRole"}
V2_ONLY = {"type": "ecs_ram_role", "roleName": "EcsRole", "disableIMDSv1": True}
DEFAULT = {"type": "default"}
NO_ECS = {"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}

URI, URI_OF_NOBODY = "ADDRESS", "WORLD/credentials/none?role=shop%2FEcsRole"
ROBOT = "LTAI5tRobotOfTheShop0001"
ROBOT_KEY = {"accessKeyId": ROBOT, "accessKeySecret": "RobotSecret"}
ASSUMED = {"type": "ram_role_arn", **ROBOT_KEY, "roleArn": "acs:ram::UID:role/Deploy", "roleSessionName": "night"}
OIDC = {
    "type": "oidc_role_arn",
    "roleArn": "acs:ram::UID:role/Pipeline",
    "oidcProviderArn": "acs:ram::UID:oidc-provider/pipelines",
    "oidcTokenFilePath": "HOME/token",
    "roleSessionName": "job",
}
OIDC_ENV = {
    "ALIBABA_CLOUD_ROLE_ARN": "acs:ram::UID:role/Pipeline",
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "acs:ram::UID:oidc-provider/pipelines",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "HOME/token",
    "ALIBABA_CLOUD_ROLE_SESSION_NAME": "job",
}
KEY_ENV = {"ALIBABA_CLOUD_ACCESS_KEY_ID": ROBOT, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "RobotSecret"}
NIGHT = {"accessKeyId": "STS.NightOfTheRobot00001", "accessKeySecret": "NightSecret", "securityToken": "CAISNightOfTheRobot"}
AK_PROFILE = {"mode": "AK", "access_key_id": ROBOT, "access_key_secret": "RobotSecret"}
DEPLOY_PROFILE = {"ram_role_arn": "acs:ram::UID:role/Deploy", "ram_session_name": "night", "expired_seconds": 3600}
STS_REGION = {"ALIBABA_CLOUD_STS_REGION": "cn-beijing"}
REGIONAL = "sts.cn-beijing.aliyuncs.com"

# What a program that asks for credentials gets: others than before, the same, the key itself, or an error.
NEW, SAME, KEY, ERROR = "new", "same", "key", "error"


def fails(action, status=500, product="Metadata"):
    """A rule: an action of the metadata service, or of another, does not work."""
    error = {"status": status, "code": "ServiceUnavailable", "message": "down"}
    return {"match": {"product": product, "action": action}, "do": {"error": error}}


GARBLED = {"match": {"product": "Metadata", "action": "GetRoleCredentials"}, "do": {"answer": {"body": "<html>"}}}
STS_DOWN = fails("Assume*", 503, "Sts")
STS_GARBLED = {"match": {"product": "Sts"}, "do": {"answer": {"body": "<html>"}}}
STS_LOST = {"match": {"product": "Sts"}, "do": {"before": "reset"}}
NO_HANDSHAKE = {"match": {"host": "sts.*"}, "do": {"tls": "reset"}}
# The clock that dates sessions: what is given out now has ended long ago.
LATE = {"resource": "-2h"}
REGION_DOWN = {"match": {"host": "sts.cn-*.aliyuncs.com"}, "do": {"before": "reset"}}
LOST = {"match": {"product": "Metadata", "action": "GetRoleCredentials"}, "do": {"before": "reset"}}


class Row(NamedTuple):
    """One provider in one state."""

    name: str
    provider: dict
    # What the program gets; in between a rule is added to the world, or its clock set.
    steps: list
    # Words of the instance over the usual; nothing takes it away.
    instance: dict | None = {}
    # The same from the start.
    faults: list = []
    # When sessions end that are given out.
    expiry: dict = {}
    # Whose sessions they are.
    role: str = "EcsRole"
    # Variables, and profiles of the CLI.
    env: dict = {}
    profiles: dict = {}
    # The calls that were made, where all libraries make the same.
    calls: list | None = None
    # Steps of libraries that do something else.
    but: dict = {}


TOKEN, ROLES, GET = "CreateToken", "ListRoles", "GetRoleCredentials"
ASSUME, ASSUME_OIDC = "AssumeRole", "AssumeRoleWithOIDC"
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
    Row("default chain: URI", DEFAULT, [NEW, SAME], env={**NO_ECS, "ALIBABA_CLOUD_CREDENTIALS_URI": URI}),
    Row("default chain: URI when there is no instance", DEFAULT, [NEW], instance=None, env={"ALIBABA_CLOUD_CREDENTIALS_URI": URI}),
    # Of two roles the chain's own last link could not tell which.
    Row(
        "CLI profile: instance",
        DEFAULT,
        [NEW, SAME],
        instance={"roles": ["EcsRole", "Other"]},
        profiles={"default": {"mode": "EcsRamRole", "ram_role_name": "EcsRole"}},
        calls=[TOKEN, GET],
    ),
    Row("URI", {"type": "credentials_uri", "uri": URI}, [NEW, SAME]),
    Row("URI, nearly over ones", {"type": "credentials_uri", "uri": URI}, [NEW, NEW], expiry={"returned": "2m"}),
    Row("URI of nobody", {"type": "credentials_uri", "uri": URI_OF_NOBODY}, [ERROR]),
    Row("key", {"type": "access_key", **ROBOT_KEY}, [KEY, KEY], calls=[]),
    Row("default chain: key", DEFAULT, [KEY], env=KEY_ENV, calls=[]),
    Row("temporary key", {"type": "sts", **NIGHT}, [NEW, SAME], role="Deploy", calls=[]),
    Row("CLI profile: key", DEFAULT, [KEY], profiles={"default": AK_PROFILE}, calls=[]),
]

# Providers that get sessions of STS: what makes one, the role, the call, and variables.
STS = [
    ("role ARN", ASSUMED, "Deploy", ASSUME, {}, {}),
    ("OIDC", OIDC, "Pipeline", ASSUME_OIDC, {}, {}),
    ("default chain: OIDC", DEFAULT, "Pipeline", ASSUME_OIDC, OIDC_ENV, {}),
    (
        "CLI profile: role ARN",
        DEFAULT,
        "Deploy",
        ASSUME,
        {},
        {"default": {**AK_PROFILE, **DEPLOY_PROFILE, "mode": "RamRoleArn"}},
    ),
    (
        "CLI profile: OIDC",
        DEFAULT,
        "Pipeline",
        ASSUME_OIDC,
        {},
        {
            "default": {
                "mode": "OIDC",
                "ram_role_arn": "acs:ram::UID:role/Pipeline",
                "oidc_provider_arn": "acs:ram::UID:oidc-provider/pipelines",
                "oidc_token_file": "HOME/token",
                "ram_session_name": "job",
            }
        },
    ),
]
for name, provider, role, call, env, profiles in STS:
    given = {"role": role, "env": {**NO_ECS, **env}, "profiles": profiles}
    ROWS += [
        Row(f"{name}: fresh ones are kept", provider, [NEW, SAME], calls=[call], **given),
        Row(f"{name}: down with fresh ones", provider, [NEW, STS_DOWN, SAME], **given),
    ]
    if provider is DEFAULT:
        continue
    nearly_over = {**given, "expiry": {"returned": "2m"}}
    ROWS += [
        Row(f"{name}: down without any", provider, [ERROR], faults=[STS_DOWN], **given),
        Row(f"{name}: nearly over ones are replaced", provider, [NEW, NEW], **nearly_over),
        # All but Node's refuse what is nearly over.
        Row(
            f"{name}: down with nearly over ones",
            provider,
            [NEW, STS_DOWN, ERROR],
            but={"node": [NEW, STS_DOWN, SAME]},
            **nearly_over,
        ),
        # Python's and Java's refuse what has ended when they get it; Node's keeps it for a minute, Go's asks each time.
        Row(
            f"{name}: expired ones",
            provider,
            [ERROR],
            faults=[LATE],
            but={"node": [NEW, SAME], "go": [NEW, NEW]},
            **given,
        ),
        Row(
            f"{name}: expired ones over nearly over ones",
            provider,
            [NEW, LATE, SAME],
            but={"node": [NEW, LATE, NEW], "go": [NEW, LATE, NEW]},
            **nearly_over,
        ),
        Row(
            f"{name}: down with expired ones",
            provider,
            [ERROR],
            faults=[LATE],
            but={"node": [NEW, STS_DOWN, SAME], "go": [NEW, STS_DOWN, ERROR]},
            **given,
        ),
    ]
ROWS += [
    Row("role ARN: a page of something else", ASSUMED, [ERROR], faults=[STS_GARBLED], role="Deploy"),
    Row("role ARN: a lost connection", ASSUMED, [ERROR], faults=[STS_LOST], role="Deploy"),
    Row("role ARN: no handshake", ASSUMED, [ERROR], faults=[NO_HANDSHAKE], role="Deploy"),
    Row("role ARN: regional STS", {**ASSUMED, "stsEndpoint": REGIONAL}, [NEW, SAME], role="Deploy"),
    Row("role ARN: STS at an address", {**ASSUMED, "stsEndpoint": "127.0.0.1:443"}, [NEW, SAME], role="Deploy"),
    Row("OIDC: STS at an address", {**OIDC, "stsEndpoint": "127.0.0.1:443"}, [NEW, SAME], role="Pipeline"),
    Row("role ARN: regional STS is down", {**ASSUMED, "stsEndpoint": REGIONAL}, [ERROR], faults=[REGION_DOWN]),
    Row("role ARN: global STS while the regional is down", ASSUMED, [NEW], faults=[REGION_DOWN], role="Deploy"),
    Row("role ARN: region by its variable", ASSUMED, [NEW], role="Deploy", env=STS_REGION),
    Row("role ARN: the region of its variable is down", ASSUMED, [ERROR], env=STS_REGION, faults=[REGION_DOWN]),
    Row("role ARN: a role that trusts somebody else", {**ASSUMED, "roleArn": "acs:ram::UID:role/EcsRole"}, [ERROR]),
    Row("OIDC: a role that trusts somebody else", {**OIDC, "roleArn": "acs:ram::UID:role/EcsRole"}, [ERROR]),
    Row("OIDC: no token", {**OIDC, "oidcTokenFilePath": "HOME/none"}, [ERROR], calls=[]),
    Row(
        "CLI profile: chained roles",
        DEFAULT,
        [NEW, SAME],
        role="Deploy",
        env=NO_ECS,
        profiles={
            "default": {**DEPLOY_PROFILE, "mode": "ChainableRamRoleArn", "source_profile": "middle"},
            "middle": {**AK_PROFILE, **DEPLOY_PROFILE, "mode": "RamRoleArn", "ram_role_arn": "acs:ram::UID:role/Middle"},
        },
        calls=[ASSUME, ASSUME],
    ),
]
