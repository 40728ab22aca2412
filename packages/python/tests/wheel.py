"""Checks what is in a wheel: wheel.py WHEEL CARGO_TOML."""

import email
import json
import sys
import zipfile

import tomllib

path, manifest = sys.argv[1:]
with open(manifest, "rb") as file:
    package = tomllib.load(file)["package"]
version = package["version"]
with zipfile.ZipFile(path) as wheel:
    files = {info.filename: info for info in wheel.infolist()}

    def text(name):
        assert name in files, f"{path} lacks {name}; it has {sorted(files)}"
        return wheel.read(name).decode()

    info = f"alimock-{version}.dist-info"
    metadata = email.message_from_string(text(f"{info}/METADATA"))
    assert metadata["Version"] == version, (metadata["Version"], version)
    assert metadata["License-Expression"] == package["license"], metadata["License-Expression"]
    assert metadata.get_all("Provides-Extra") == ["testcontainers"], metadata.get_all("Provides-Extra")
    needs = metadata.get_all("Requires-Dist")
    assert all("extra ==" in need for need in needs), f"a plain installation asks for {needs}"
    assert "Apache License" in text(f"{info}/licenses/LICENSE")
    assert "alimock=alimock.pytest_plugin" in text(f"{info}/entry_points.txt").replace(" ", "")
    assert text("alimock/py.typed") == ""
    sbom = json.loads(text(f"{info}/sboms/alimock.cyclonedx.json"))
    assert sbom["bomFormat"] == "CycloneDX" and sbom["metadata"]["component"]["version"] == version
    crates = {one["name"] for one in sbom["components"]}
    assert {"axum", "ring", "tokio"} <= crates, f"the SBOM lacks crates: {sorted(crates)}"
    program = files[f"alimock-{version}.data/scripts/alimock"]
    assert program.external_attr >> 16 & 0o111 and program.file_size > 5_000_000, program
    strange = [name for name in files if not name.startswith(("alimock/", f"alimock-{version}."))]
    assert not strange and not any("__pycache__" in name for name in files), strange
