"""What goes with a release beside the image: other processors, and the list of what is inside."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.box.base_image import SCRIPTS
from tests.conftest import ROOT
from tests.deploy.test_requirements import IMAGE, locked, pins


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
