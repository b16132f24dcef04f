"""What goes with a release beside the image: its version, other processors, and the list of what is inside."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.box.base_image import SCRIPTS
from tests.conftest import ROOT
from tests.deploy.test_requirements import IMAGE, locked, pins

SOMEBODY = {f"GIT_{role}_{field}": "a@b.example" for role in ("AUTHOR", "COMMITTER") for field in ("NAME", "EMAIL")}


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_processor_gets_the_same_packages(machine: str, tmp_path: Path) -> None:
    """An image for amd64 or arm64 needs no compiler: each package has a wheel for it, with a hash on file."""
    command = [SCRIPTS / "uv", "pip", "install", "--dry-run", "--target", tmp_path, "--require-hashes", "--no-deps"]
    command += ["--only-binary=:all:", "--python-version=3.13", f"--python-platform={machine}-manylinux_2_28"]
    command += ["--no-cache", "--requirements", ROOT / "requirements.txt"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"Would install {len(pins(IMAGE))} packages" in done.stderr


def test_the_bill_of_materials_names_every_package(tmp_path: Path) -> None:
    """A scanner finds each package with its version and hashes in the list that is made for a release."""
    bill = tmp_path / "sbom.json"
    command = [SCRIPTS / "cyclonedx-py", "requirements", "requirements.txt", "--pyproject", "pyproject.toml"]
    subprocess.run(
        [*command, "--output-reproducible", "--output-file", bill], cwd=ROOT, capture_output=True, check=True
    )
    found = json.loads(bill.read_text())["components"]
    listed = {(part["name"], part["version"]) for part in found if part["externalReferences"][0]["hashes"]}
    assert listed == {(entry.name, str(entry.specifier).removeprefix("==")) for entry, _ in locked()}


def test_one_command_makes_a_release(tmp_path: Path) -> None:
    """It raises the version, dates the notes, which keep an empty *Unreleased* on top, commits, tags, and can go on."""
    clone, git = ("git", "clone", "--quiet", "--local", str(ROOT), str(tmp_path)), ("git", "-C", str(tmp_path))
    subprocess.run(clone, check=True)
    before = (tmp_path / "CHANGELOG.md").read_text()
    for _ in range(2):
        subprocess.run(
            [SCRIPTS / "bump-my-version", "bump", "minor"], cwd=tmp_path, env=os.environ | SOMEBODY, check=True
        )
    described = subprocess.run([*git, "describe", "--exact-match"], capture_output=True, text=True, check=True).stdout
    version = described.strip().removeprefix("v")
    assert f'__version__ = "{version}"' in (tmp_path / "bot" / "__init__.py").read_text()
    after = (tmp_path / "CHANGELOG.md").read_text()
    notes = re.findall(r"^## (.+)$", after, re.MULTILINE)
    assert notes[0] == "Unreleased"
    assert re.fullmatch(rf"{re.escape(version)} - \d{{4}}-\d\d-\d\d", notes[1])
    # Nothing else of the changelog has changed.
    assert re.sub(r"## \d.*\n\n", "", after, count=2) == before
    assert subprocess.run([*git, "status", "--porcelain"], capture_output=True, check=True).stdout == b""
