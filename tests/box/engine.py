"""Container engines in a sandbox, with images and containers in one folder: Docker's, and podman where it cannot start.

The Dockerfile and compose.yaml are used as they are, on a copy of the project.
"""

import base64
import json
import shutil
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from tests.box import base_image
from tests.box.sandbox import Sandbox

START_SECONDS = 60
"""Time that dockerd gets to answer."""
GET = """
import base64, http.client, json, sys
connection = http.client.HTTPConnection("127.0.0.1", 8080, timeout=10)
connection.request("GET", sys.argv[1])
response = connection.getresponse()
print(json.dumps([response.status, base64.b64encode(response.read()).decode()]))
"""
HOST_NETWORK = """
services:
  digit:
    # A network of podman's own would need more packages; inside the sandbox the host is the sandbox.
    network_mode: host
    # podman would raise these limits, which a builder that is a container itself does not let it.
    ulimits: {core: 0, nofile: 1024, nproc: 1000}
"""


class CannotStartError(Exception):
    """The engine does not run containers on this machine; the message says why."""


class Engine(ABC):
    """A container engine.

    Attributes:
        install: Debian packages that it needs.
        limits: options of `run` without which it starts no container here.
        sandbox: where it runs.
        folder: where everything is kept.
    """

    install: ClassVar[str]
    limits: ClassVar[tuple[str, ...]] = ()

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.folder = folder
        folder.mkdir()
        self.environment: dict[str, str] = {}
        self.client: list[str | Path] = []
        self.compose_client: list[str | Path] = []

    @classmethod
    @abstractmethod
    def is_installed(cls) -> bool:
        """Return whether all its commands are there."""

    @abstractmethod
    def start(self) -> None:
        """Get ready to run containers.

        Raises:
            CannotStartError: it does not on this machine.
        """

    def load_base(self, tree: Path) -> None:
        """Make the base image of a tar file, and run it once.

        Raises:
            CannotStartError: the image or a container of it cannot be made.
        """
        trial = ("run", "--rm", "--network=none", *self.limits, base_image.NAME, "true")
        for arguments in (("import", str(tree), base_image.NAME), trial):
            done = self.try_run(*arguments)
            if done.returncode:
                raise CannotStartError(done.stderr.strip())

    def try_run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of the engine."""
        return self.sandbox.run(*self.client, *arguments, environment=self.environment)

    def run(self, *arguments: str) -> str:
        """Run a command of the engine, which must succeed; return what it printed."""
        done = self.try_run(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def compose(self, project: Path, *arguments: str) -> None:
        """Run a command of `docker compose` in the project's folder; it must succeed."""
        command = (*self.compose_client, *arguments)
        done = self.sandbox.run(*command, folder=project, environment=self.environment, timeout_seconds=500)
        assert done.returncode == 0, done.stdout + done.stderr

    def image_megabytes(self, image: str) -> float:
        """Return the size of an image's files, unpacked."""
        return int(self.run("image", "inspect", "--format", "{{.Size}}", image)) / 1e6

    @abstractmethod
    def describe(self) -> str:
        """Return the names and versions of what builds and runs the image."""

    @abstractmethod
    def is_healthy(self, container: "Container") -> bool:
        """Return whether the engine itself calls the container healthy."""

    @abstractmethod
    def log_files(self, container: "Container") -> list[Path]:
        """Return the files in which the engine keeps what the container printed."""

    @abstractmethod
    def close(self) -> None:
        """End everything that runs, the sandbox too, and leave nothing outside the folder."""


class Docker(Engine):
    """Docker's own engine and `docker compose`, or Debian's docker-compose where that plugin is not installed."""

    install = "docker.io docker-compose"

    @classmethod
    def is_installed(cls) -> bool:
        """Return whether the daemon, the client and a Compose are there."""
        compose = cls._has_plugin() or shutil.which("docker-compose")
        return bool(shutil.which("dockerd") and shutil.which("docker") and compose)

    def start(self) -> None:
        """Start dockerd and wait until it answers."""
        socket = f"unix://{self.folder}/docker.sock"
        self.environment = {"DOCKER_HOST": socket}
        self.client = ["docker"]
        self.compose_client = ["docker", "compose"] if self._has_plugin() else ["docker-compose"]
        options = [f"--data-root={self.folder}/data", f"--exec-root={self.folder}/exec", f"--host={socket}"]
        options += [f"--pidfile={self.folder}/docker.pid", f"--cgroup-parent=/{self._cgroup}"]
        log = self.folder / "dockerd.log"
        daemon = self.sandbox.start("dockerd", *options, log=log)
        answers = wait_until(lambda: self._answers() or daemon.poll() is not None, START_SECONDS)
        if not answers or daemon.poll() is not None:
            raise CannotStartError(log.read_text().strip().rpartition("\n")[2])

    def describe(self) -> str:
        """Return the versions of the engine and of Compose."""
        engine = self.run("version", "--format", "{{.Server.Version}}")
        compose = self.sandbox.run(*self.compose_client, "version", "--short", environment=self.environment)
        return f"Docker {engine}, Compose {compose.stdout.strip()}"

    def is_healthy(self, container: "Container") -> bool:
        """Return what the engine's own schedule of health checks has found."""
        return bool(container.inspect()["State"]["Health"]["Status"] == "healthy")

    def log_files(self, container: "Container") -> list[Path]:
        """Return the current file of the json-file driver and the older ones beside it."""
        current = Path(container.inspect()["LogPath"])
        return sorted(current.parent.glob(f"{current.name}*"))

    def close(self) -> None:
        """End the sandbox, dockerd and containers with it, and remove their control groups."""
        self.sandbox.close()
        for pattern in (self._cgroup, f"*/{self._cgroup}"):  # of cgroup v2, and of v1
            for top in Path("/sys/fs/cgroup").glob(pattern):
                inner = [path for path in top.rglob("*") if path.is_dir()]
                for group in (*sorted(inner, reverse=True), top):
                    group.rmdir()

    @staticmethod
    def _has_plugin() -> bool:
        if not shutil.which("docker"):
            return False
        return subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0  # noqa: S607

    @property
    def _cgroup(self) -> str:
        return self.folder.parent.name

    def _answers(self) -> bool:
        return self.try_run("version").returncode == 0


class Podman(Engine):
    """Podman, which needs no daemon, and podman-compose."""

    install = "podman runc catatonit"
    limits = ("--ulimit=nofile=1024", "--ulimit=nproc=1000")

    @classmethod
    def is_installed(cls) -> bool:
        """Return whether podman, its runtime and its init are there."""
        return all(map(shutil.which, ("podman", "runc", "catatonit")))

    def start(self) -> None:
        """Write a `podman` that knows where its things are, for podman-compose as well."""
        own = f"--root {self.folder}/images --runroot {self.folder}/run --cgroup-manager cgroupfs --runtime runc"
        podman = self.folder / "podman"
        # Health checks on a schedule are systemd's part, and are asked for by hand here: it would complain.
        podman.write_text(f'#!/bin/sh\nexec {shutil.which("podman")} {own} --log-level panic "$@"\n')
        podman.chmod(0o755)
        network = self.folder / "network.yaml"
        network.write_text(HOST_NETWORK)
        self.client = [podman]
        # By itself podman makes /run and /var/tmp writable in a read-only container, and Docker does not.
        options = [f"--podman-path={podman}", "--podman-run-args=--read-only-tmpfs=false"]
        self.compose_client = [base_image.SCRIPTS / "podman-compose", *options, "-f", "compose.yaml", "-f", network]
        # Only an image in Docker's format has a health check; a builder in a container can do no more than chroot.
        self.environment = {"BUILDAH_FORMAT": "docker", "BUILDAH_ISOLATION": "chroot"}

    def describe(self) -> str:
        """Return the version."""
        return self.run("--version")

    def is_healthy(self, container: "Container") -> bool:
        """Run the image's health check once."""
        return self.try_run("healthcheck", "run", container.name).returncode == 0

    def log_files(self, container: "Container") -> list[Path]:
        """Return the one file that podman keeps."""
        return [Path(container.inspect()["HostConfig"]["LogConfig"]["Path"])]

    def close(self) -> None:
        """Remove the containers, and with them their control groups; end the sandbox."""
        self.try_run("rm", "--force", "--all", "--time=0")
        self.sandbox.close()


class Container:
    """A container that was started.

    Attributes:
        engine: that started it.
        name: its id.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine = engine
        self.name = name

    def python(self, code: str, *arguments: str) -> str:
        """Run Python code inside, as the bot's own user; it must succeed."""
        return self.engine.run("exec", self.name, "python", "-c", code, *arguments)

    def get(self, path: str) -> tuple[int, bytes]:
        """Send an HTTP request to the port that compose.yaml publishes; return the status and the body."""
        done = self.engine.sandbox.run("python3", "-c", GET, path)
        assert done.returncode == 0, done.stderr
        status, body = json.loads(done.stdout)
        return status, base64.b64decode(body)

    def inspect(self) -> dict[str, Any]:
        """Return what the engine knows about it."""
        (found,) = json.loads(self.engine.run("inspect", self.name))
        return dict(found)

    def is_ready(self) -> bool:
        """Return whether the bot's own health check passes inside."""
        return self.engine.try_run("exec", self.name, "python", "-m", "bot", "healthcheck").returncode == 0


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Return True once the condition holds, or False when it did not in this time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True
