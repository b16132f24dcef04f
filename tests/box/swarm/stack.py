"""deploy/swarm's stack, through the engine's command line."""

import asyncio
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from tests.conftest import ROOT
from tests.waiting import until

FILE = ROOT / "deploy" / "swarm" / "stack.yaml"
NAME = "digit"
REPLICAS = 4
START_SECONDS, UPDATE_SECONDS, STOP_SECONDS = 90.0, 120.0, 60.0
EXIT = '{{index .Actor.Attributes "com.docker.swarm.service.name"}} {{.Actor.Attributes.exitCode}}'


class Stack:
    """The stack `digit`.

    Args:
        address: of this node.
        settings: variables that stack.yaml takes.
        secrets: files, by the name of the secret.

    Attributes:
        exits: how containers of the bot have ended: how many, by exit code.
    """

    def __init__(self, address: str, settings: Mapping[str, str], secrets: Mapping[str, Path]) -> None:
        self._address = address
        self._settings = settings
        self._secrets = secrets
        self.exits: Counter[str] = Counter()

    async def deploy(self) -> None:
        """Make a swarm of this node, start the stack, and wait until every service runs."""
        await docker("swarm", "init", f"--advertise-addr={self._address}")
        for name, path in self._secrets.items():
            await docker("secret", "create", name, str(path))
        self._events = asyncio.create_task(self._watch())
        await docker("stack", "deploy", "--resolve-image=never", f"--compose-file={FILE}", NAME, **self._settings)
        await self.whole()

    async def whole(self) -> None:
        """Wait until every service has all its replicas."""
        wanted = {"digit": REPLICAS, "redis": 1, "proxy": 1}
        await until(lambda: self._runs(wanted), seconds=START_SECONDS)

    async def update(self) -> str:
        """Replace every replica of the bot, one after another; returns the engine's word for the result."""
        await docker("service", "update", "--detach", "--force", f"{NAME}_digit")
        await until(self._is_updated, seconds=UPDATE_SECONDS)
        # Old replicas may still be answering what they have accepted.
        await self.whole()
        return await self._update_state()

    async def kill_replica(self) -> None:
        """Kill one replica, `kill -9`."""
        containers = await docker("ps", "--quiet", f"--filter=name={NAME}_digit")
        await docker("kill", "--signal=KILL", containers.split()[0])

    async def scale(self, service: str, replicas: int) -> None:
        """Have so many replicas of a service."""
        await docker("service", "scale", "--detach", f"{NAME}_{service}={replicas}")
        await until(lambda: self._runs({service: replicas}), seconds=START_SECONDS)

    async def remove(self) -> None:
        """Stop everything, wait until no container is left, and end the swarm with its networks."""
        await docker("stack", "rm", NAME)
        await until(self._is_gone, seconds=STOP_SECONDS)
        self._events.cancel()
        await asyncio.wait([self._events])
        await docker("swarm", "leave", "--force")

    async def logs(self) -> str:
        """Return what all replicas have written, those included that have ended."""
        containers = await docker("ps", "--all", "--quiet", f"--filter=name={NAME}_digit.")
        return "\n".join([await docker("logs", container) for container in containers.split()])

    async def _runs(self, wanted: Mapping[str, int]) -> bool:
        for service, replicas in wanted.items():
            running = await docker("ps", "--quiet", f"--filter=name={NAME}_{service}.", *HEALTHY.get(service, ()))
            if len(running.split()) != replicas:
                return False
        return True

    async def _is_updated(self) -> bool:
        return await self._update_state() not in {"", "updating", "<no value>"}

    async def _update_state(self) -> str:
        return await docker("service", "inspect", "--format={{.UpdateStatus.State}}", f"{NAME}_digit")

    async def _is_gone(self) -> bool:
        return not await docker("ps", "--quiet", f"--filter=label=com.docker.stack.namespace={NAME}")

    async def _watch(self) -> None:
        """Note the exit code of each container of the bot."""
        command = ("docker", "events", "--filter=event=die", f"--format={EXIT}")
        process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
        assert process.stdout is not None
        try:
            async for line in process.stdout:
                service, code = line.decode().split()
                self.exits[code] += service == f"{NAME}_digit"
        finally:
            process.kill()
            await process.wait()


HEALTHY = {"digit": ("--filter=health=healthy",)}
"""Further conditions for a container to count as running."""


async def docker(*arguments: str, **environment: str) -> str:
    """Run a command of the engine, which must succeed; return what it printed."""
    command = ("env", *(f"{name}={value}" for name, value in environment.items()), "docker", *arguments)
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    output, errors = await process.communicate()
    assert process.returncode == 0, (arguments, output, errors)
    # `docker logs` writes to both.
    return (output + errors).decode().strip()
