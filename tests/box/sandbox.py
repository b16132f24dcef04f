"""Linux namespaces of the tests' own: a network, mounts and processes that nobody else sees and that end together."""

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

ADDRESS = "192.0.2.1"
"""IP address of the sandbox, which containers reach too; from the block that RFC 5737 keeps for documentation."""
INIT = f"ip address add {ADDRESS}/32 dev lo && ip link set lo up && echo ready && sleep infinity & wait"
# The kernel kills unshare when pytest ends, however it ends, and with unshare every process inside.
NAMESPACES = ["setpriv", "--pdeathsig=KILL", "unshare", "--mount", "--net", "--pid", "--fork", "--kill-child"]
TOOLS = ("setpriv", "unshare", "nsenter", "ip")


class NoNamespacesError(Exception):
    """This machine does not allow namespaces; the message says why."""


class Sandbox:
    """Namespaces that live until `close`, which ends every process and every mount inside.

    A container engine in it takes no port of this machine, adds no bridge and no firewall rule to it, and meets no
    other engine.

    Raises:
        NoNamespacesError: the kernel refuses them.
    """

    def __init__(self) -> None:
        self._unshare = subprocess.Popen(
            [*NAMESPACES, "--mount-proc", "sh", "-c", INIT], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self._unshare.stdout is not None
        if self._unshare.stdout.readline() != "ready\n":
            self._unshare.kill()
            raise NoNamespacesError(self._unshare.communicate()[1].strip())
        pid = self._unshare.pid
        self.init = int(Path(f"/proc/{pid}/task/{pid}/children").read_text())
        self._started: list[subprocess.Popen[bytes]] = []

    def command(self, *arguments: str | Path, folder: Path = Path("/")) -> list[str]:
        """Return a command line that runs another one inside, in this working folder."""
        enter = ["nsenter", f"--target={self.init}", "--mount", "--net", "--pid", "env", f"--chdir={folder}"]
        return [*enter, *map(str, arguments)]

    def run(
        self,
        *arguments: str | Path,
        folder: Path = Path("/"),
        environment: Mapping[str, str] | None = None,
        timeout_seconds: float = 300,
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command inside, with these variables added to the environment."""
        return subprocess.run(
            self.command(*arguments, folder=folder),
            env=os.environ | (environment or {}),
            capture_output=True,
            text=True,
            timeout=timeout_seconds,
            check=False,
        )

    def start(self, *arguments: str | Path, log: Path) -> "subprocess.Popen[bytes]":
        """Start a command inside that goes on, and write what it prints to a file."""
        with log.open("wb") as file:
            process = subprocess.Popen(self.command(*arguments), stdout=file, stderr=subprocess.STDOUT)
        self._started.append(process)
        return process

    def close(self) -> None:
        """Kill everything inside."""
        # The first process of a PID namespace is gone once all others are.
        os.kill(self.init, signal.SIGKILL)
        self._unshare.communicate()
        for process in self._started:
            process.wait()
