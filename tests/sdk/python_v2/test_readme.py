"""The first test of the README fails as the page shows."""

import os
import pathlib
import re
import subprocess
import sys

import pytest
from seeded import WAY

README = (pathlib.Path(__file__).parents[3] / "README.md").read_text()


def block(language):
    """The only block of the page in this language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return found


def timeless(output):
    """An output without what differs from run to run."""
    return re.sub(r"\d+\.\d\ds|\d\d:\d\d:\d\d", "TIME", output)


@pytest.mark.skipif(WAY != "plain", reason="it is about plain HTTP")
def test_the_first_test_prints_what_the_readme_shows(tmp_path):
    (tmp_path / "test_users.py").write_text(block("python"))
    words = ("PATH", "HOME", "TMPDIR")
    variables = {name: os.environ[name] for name in words if name in os.environ}
    variables["PATH"] = f"{pathlib.Path(sys.executable).parent}:{variables['PATH']}"

    def run(command):
        both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.run(command, shell=True, cwd=tmp_path, env=variables, text=True, **both)

    done, by_root = run(block("bash")), run(block("bash").replace("--as demo/dev", ""))

    assert timeless(done.stdout) == timeless(block("console"))
    assert (done.returncode, by_root.returncode) == (1, 0), by_root.stdout
    assert '"ram:CreateUser"' in (tmp_path / "policy.json").read_text()
