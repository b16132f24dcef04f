"""A container engine of the tests' own, which needs no daemon: podman, with images and containers in one folder.

An image is built by the Dockerfile and run by compose.yaml, word for word. What differs from somebody's server:
the container gets no network but its own loopback, and where no registry can be reached the base image is a
stand-in, made of the Debian release that python:3.13-slim is made of.
"""

import base64
import json
import platform
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

BASE = "docker.io/library/python:3.13-slim"
IMAGE = "localhost/digit-bot"
SCRIPTS = Path(sysconfig.get_path("scripts"))
TOOLS = ("podman", "runc", "catatonit", "mmdebstrap", "unshare")
ASK = """
import base64, http.client, json, sys
connection = http.client.HTTPConnection("127.0.0.1", 8080, timeout=10)
connection.request("GET", sys.argv[1])
answer = connection.getresponse()
print(json.dumps([answer.status, base64.b64encode(answer.read()).decode()]))
"""
SECLUDED = """
services:
  digit:
    image: localhost/digit-bot
    network_mode: none
    # podman would raise these limits, which a builder that is a container itself does not let it.
    ulimits: {nofile: 1024, nproc: 1000}
"""


def impossible(why: str) -> None:
    """Say in one line why the box cannot be built on this machine."""
    pytest.skip(f"THE IMAGE WAS NOT BUILT: {why}")


@dataclass
class Engine:
    """Podman on a folder.

    Attributes:
        folder: where everything is kept.
        base: in words, what the image is built upon.
    """

    folder: Path
    base: str = ""

    def __post_init__(self) -> None:
        """Put a `podman` into the folder that knows where its things are, for podman-compose as well."""
        own = f"--root {self.folder}/images --runroot {self.folder}/run --cgroup-manager cgroupfs --runtime runc"
        self.command = self.folder / "podman"
        # Health checks on a schedule are systemd's part, and are asked for by hand here: it would complain.
        self.command.write_text(f'#!/bin/sh\nexec {shutil.which("podman")} {own} --log-level panic "$@"\n')
        self.command.chmod(0o755)

    @property
    def project(self) -> Path:
        """The folder with the project's files."""
        return self.folder / "project"

    def try_podman(self, *arguments: str, timeout: float = 300) -> "subprocess.CompletedProcess[str]":
        """Run podman."""
        command = [str(self.command), *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)

    def podman(self, *arguments: str, timeout: float = 300) -> str:
        """Run podman, which must succeed; returns what it printed."""
        done = self.try_podman(*arguments, timeout=timeout)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def compose(self, *arguments: str) -> None:
        """Run podman-compose on the project's compose.yaml."""
        (self.folder / "secluded.yaml").write_text(SECLUDED)
        files = ["-f", "compose.yaml", "-f", str(self.folder / "secluded.yaml")]
        # By itself podman makes /run and /var/tmp writable in a read-only container, and Docker does not.
        own = ["--podman-path", self.command, "--podman-run-args=--read-only-tmpfs=false"]
        command = [SCRIPTS / "podman-compose", *own, *files, *arguments]
        done = subprocess.run(command, cwd=self.project, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def size(self, image: str) -> float:
        """MB of an image's files, unpacked."""
        return int(self.podman("image", "inspect", "--format", "{{.Size}}", image)) / 1e6


@dataclass
class Container:
    """A container that was started."""

    engine: Engine
    name: str

    def python(self, code: str, *arguments: str) -> str:
        """Run Python code inside, as the bot's own user; it must succeed."""
        return self.engine.podman("exec", self.name, "python", "-c", code, *arguments)

    def ask(self, path: str) -> tuple[int, bytes]:
        """Ask the bot over HTTP from inside; returns the status and the body."""
        status, body = json.loads(self.python(ASK, path))
        return status, base64.b64decode(body)

    def state(self) -> dict[str, Any]:
        """What the engine knows about it."""
        (found,) = json.loads(self.engine.podman("inspect", self.name))
        return dict(found["State"])


def prepare(folder: Path) -> Engine:
    """An engine with a base image; skips the test with the reason where this machine does not let it."""
    missing = [name for name in TOOLS if not shutil.which(name)]
    if missing:
        impossible(f"{', '.join(missing)} not found; as root: apt-get install {' '.join(TOOLS[:-1])}")
    if subprocess.run(["unshare", "--mount", "--net", "--pid", "--fork", "true"], check=False).returncode:  # noqa: S607
        impossible("this machine does not let us make namespaces, as containers have them")
    engine = Engine(folder)
    _copy_project(engine.project)
    _base_image(engine)
    trial = engine.try_podman(
        "run", "--rm", "--network=none", "--ulimit=nofile=1024", "--ulimit=nproc=1000", BASE, "true"
    )
    if trial.returncode:
        impossible(f"this machine does not run containers: {_last_line(trial.stderr)}")
    return engine


def build(engine: Engine) -> None:
    """Build the image by the Dockerfile; its packages are downloaded here and only installed there."""
    wheels, settings = engine.folder / "wheels", engine.folder / "pip.conf"
    _download(engine.folder, wheels)
    settings.write_text("[global]\nno-index = true\nfind-links = /wheels\n")
    mounts = [f"--volume={wheels}:/wheels:ro", f"--volume={settings}:/etc/pip.conf:ro"]
    arguments = [
        "--pull=never",
        "--format=docker",
        "--isolation=chroot",
        *mounts,
        f"--tag={IMAGE}",
        str(engine.project),
    ]
    engine.podman("build", *arguments, timeout=500)


def _copy_project(to: Path) -> None:
    """The files as in a clone, and some that a user has there and that must stay out of the image."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).exists():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, to / name)
    (to / "secrets").mkdir()
    (to / ".env").write_text("DIGIT_COOLDOWN=0\n")


def _base_image(engine: Engine) -> None:
    try:
        if engine.try_podman("pull", "--quiet", BASE, timeout=60).returncode == 0:
            engine.base = "python:3.13-slim"
            return
    except subprocess.TimeoutExpired:
        pass
    tree = engine.folder / "base.tar"
    _stand_in(tree)
    engine.podman("import", "--quiet", str(tree), BASE)
    tree.unlink()
    engine.base = "a stand-in for python:3.13-slim: Debian trixie with its own Python 3.13, no registry being reached"


def _stand_in(tree: Path) -> None:
    """A base image like python:3.13-slim, but for the interpreter: Debian's in /usr, and a pip in /usr/local."""
    repositories = ["apt-get", "indextargets", "--format", "$(LABEL) $(REPO_URI)", "Created-By: Packages"]
    listed = subprocess.run(repositories, capture_output=True, text=True, check=False).stdout.splitlines()
    mirror = next((line.removeprefix("Debian ") for line in listed if line.startswith("Debian ")), None)
    if mirror is None:
        impossible("neither a registry nor a Debian mirror in apt's configuration, to make a base image of")
    command = ["mmdebstrap", "--quiet", "--variant=minbase", "--include=python3-venv,ca-certificates"]
    command += ["--keyring=/usr/share/keyrings", "--dpkgopt=force-unsafe-io", "--dpkgopt=path-exclude=/usr/share/doc/*"]
    command += ['--customize-hook=chroot "$1" python3 -m venv /usr/local', "trixie", str(tree), str(mirror)]
    made = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
    if made.returncode:
        impossible(f"no base image could be made from Debian's packages: {_last_line(made.stderr)}")


def _download(folder: Path, wheels: Path) -> None:
    """The wheels of requirements.txt for the image, each checked by its hash."""
    machine, here = platform.machine(), folder / "requirements.txt"
    resolve = [SCRIPTS / "uv", "pip", "compile", ROOT / "requirements.txt", "--quiet", "--no-deps", "--generate-hashes"]
    resolve += ["--python-version=3.13", f"--python-platform={machine}-manylinux_2_28", "--no-annotate", "--no-header"]
    resolve += ["--no-emit-index-url", "--no-emit-find-links", "--output-file", here]
    subprocess.run(resolve, check=True)
    fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:"]
    fetch += ["--python-version=3.13", *(f"--platform=manylinux_2_{minor}_{machine}" for minor in (28, 27, 17))]
    fetch += [f"--platform=manylinux2014_{machine}", "--dest", str(wheels), "--requirement", str(here)]
    subprocess.run(fetch, check=True)


def _last_line(written: str) -> str:
    lines = [line for line in written.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"
