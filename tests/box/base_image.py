"""Stand-in for the base image python:3.13-slim, and the wheels of requirements.txt, where no registry is reached."""

import platform
import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.box.sandbox import ADDRESS
from tests.conftest import ROOT

NAME = "docker.io/library/python:3.13-slim"
WHEELS_PORT = 8000
PIP_CONF = f"""[global]
no-index = true
find-links = http://{ADDRESS}:{WHEELS_PORT}/
trusted-host = {ADDRESS}
"""
SCRIPTS = Path(sysconfig.get_path("scripts"))
TOOLS = ("mmdebstrap",)


class CannotMakeError(Exception):
    """The base image cannot be made on this machine; the message says why."""


def make_tools(tree: Path) -> None:
    """Write a file system with HAProxy and Redis of the same Debian, and nothing around them, as a tar file.

    Raises:
        CannotMakeError: there is no Debian mirror, or it does not answer.
    """
    _debian(tree, "--variant=extract", "--include=base-files,haproxy,redis-server")


def make(tree: Path) -> None:
    """Write the file system of the base image as a tar file.

    It is Debian trixie as in python:3.13-slim, with Debian's own Python 3.13 in /usr and a pip in /usr/local that
    takes packages from `WHEELS_PORT` of the sandbox.

    Raises:
        CannotMakeError: there is no Debian mirror, or it does not answer.
    """
    settings = tree.with_name("pip.conf")
    settings.write_text(PIP_CONF)
    venv = '--customize-hook=chroot "$1" python3 -m venv /usr/local'
    upload = f"--customize-hook=upload {settings} /etc/pip.conf"
    _debian(tree, "--variant=minbase", "--include=python3-venv,ca-certificates", venv, upload)


def _debian(tree: Path, *options: str) -> None:
    """Write a file system of Debian trixie as a tar file."""
    command = ["mmdebstrap", "--quiet", "--keyring=/usr/share/keyrings", "--dpkgopt=force-unsafe-io"]
    command += ["--dpkgopt=path-exclude=/usr/share/doc/*", *options, "trixie", str(tree), _mirror()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
    if done.returncode:
        raise CannotMakeError(f"mmdebstrap failed: {done.stderr.strip()}")


def _mirror() -> str:
    """Return the address of the Debian mirror that apt uses."""
    targets = ["apt-get", "indextargets", "--format", "$(LABEL) $(REPO_URI)", "Created-By: Packages"]
    listed = subprocess.run(targets, capture_output=True, text=True, check=False).stdout.splitlines()
    mirror = next((line.removeprefix("Debian ") for line in listed if line.startswith("Debian ")), None)
    if mirror is None:
        raise CannotMakeError("apt is not configured with a Debian mirror")
    return mirror


def download_wheels(folder: Path) -> None:
    """Download the image's wheels of requirements.txt, and check their hashes."""
    machine, locked = platform.machine(), folder.with_name("locked.txt")
    resolve = [str(SCRIPTS / "uv"), "pip", "compile", str(ROOT / "requirements.txt"), "--quiet", "--no-deps"]
    resolve += [
        "--generate-hashes",
        "--python-version=3.13",
        f"--python-platform={machine}-manylinux_2_28",
        "--no-annotate",
    ]
    resolve += ["--no-header", "--no-emit-index-url", "--no-emit-find-links", "--output-file", str(locked)]
    subprocess.run(resolve, check=True)
    fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:"]
    fetch += ["--python-version=3.13", *(f"--platform=manylinux_2_{minor}_{machine}" for minor in (28, 27, 17))]
    fetch += [f"--platform=manylinux2014_{machine}", "--dest", str(folder), "--requirement", str(locked)]
    subprocess.run(fetch, check=True)
