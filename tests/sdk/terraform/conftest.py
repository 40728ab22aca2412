"""Terraform with the unmodified provider that ALIMOCK_TERRAFORM_PROVIDER names."""

import json
import os
import pathlib
import shutil
import subprocess

import pytest
from seeded import HOST, WAY, control

HERE = pathlib.Path(__file__).resolve().parent
# The modes go to real hosts and to the metadata service; for resources, the provider is told its endpoints.
collect_ignore = ["test_resources.py" if WAY == "hosts" else "test_modes.py"]


class Terraform:
    """A configuration in its folder, with its state."""

    def __init__(self, folder, variables):
        self.folder, self.variables = folder, variables

    def run(self, command, *words, codes=(0,), **given):
        """Runs a command of terraform, which must end with one of `codes`, and gives what it printed."""
        variables = {**self.variables, **{f"TF_VAR_{name}": str(value) for name, value in given.items()}}
        call = ["terraform", command, *words]
        done = subprocess.run(call, cwd=self.folder, env=variables, capture_output=True, text=True)
        assert done.returncode in codes, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def apply(self, **given):
        self.run("apply", "-auto-approve", "-input=false", **given)

    def plan_is_empty(self, **given):
        self.run("plan", "-detailed-exitcode", "-input=false", **given)

    def imports(self, address, name, **given):
        """Forgets a resource and imports it. A resource that the provider cannot import stays; gives whether it can."""
        state = self.folder / "terraform.tfstate"
        before = state.read_text()
        self.run("state", "rm", address)
        said = self.run("import", "-no-color", address, name, codes=(0, 1), **given)
        if "doesn't support import" in said:
            state.write_text(before)
            return False
        assert "Import successful!" in said, said
        return True

    def destroy(self, **given):
        self.run("destroy", "-auto-approve", "-input=false", **given)

    def output(self, name):
        return self.run("output", "-raw", name)

    def resources(self):
        """The resources of the state: address and id."""
        state = json.loads(self.run("show", "-json"))
        found = state.get("values", {}).get("root_module", {}).get("resources", [])
        return {one["address"]: one["values"]["id"] for one in found if one["mode"] == "managed"}


@pytest.fixture(scope="session")
def settings(tmp_path_factory):
    """The file of settings that makes terraform take the provider as it is."""
    folder = tmp_path_factory.mktemp("provider")
    provider = pathlib.Path(os.environ["ALIMOCK_TERRAFORM_PROVIDER"]).resolve()
    (folder / "terraform-provider-alicloud").symlink_to(provider)
    path = folder / "terraform.rc"
    path.write_text(f'provider_installation {{\n  dev_overrides {{ "aliyun/alicloud" = "{folder}" }}\n  direct {{}}\n}}\n')
    return path


def environment(settings):
    """The variables that every run of terraform has."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "TMPDIR", "SSL_CERT_FILE")}
    return {**kept, "TF_CLI_CONFIG_FILE": str(settings), "CHECKPOINT_DISABLE": "1"}


@pytest.fixture
def mode(settings, tmp_path):
    """Gives Terraform with a mode of credentials and variables of its environment."""

    def make(name, variables):
        folder = tmp_path / name
        folder.mkdir()
        for part in ("main", name):
            shutil.copy(HERE / "modes" / f"{part}.tf", folder)
        return Terraform(folder, {**environment(settings), **variables})

    return make


@pytest.fixture
def configured(settings, tmp_path):
    """Makes a world of a scenario, and gives Terraform with a configuration of this folder and the keys of a caller."""
    worlds = []

    def make(configuration, scenario, caller):
        world = control("POST", f"worlds?slug=true&as={caller}", scenario)
        worlds.append(world["world"])
        folder = tmp_path / configuration
        shutil.copytree(HERE / configuration, folder)
        shutil.copy(HERE / "provider.tf", folder)
        env = world["env"]
        keys = {
            "ALICLOUD_ACCESS_KEY": env["ALIBABA_CLOUD_ACCESS_KEY_ID"],
            "ALICLOUD_SECRET_KEY": env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
            "TF_VAR_host": HOST,
            # The block `endpoints` has no word for it.
            "ALIBABA_CLOUD_ENDPOINT_RESOURCEDIRECTORYMASTER": HOST,
        }
        return Terraform(folder, {**environment(settings), **keys})

    yield make
    for name in worlds:
        control("DELETE", f"worlds/{name}")
