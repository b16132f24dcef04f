"""The image, built and started once by `docker compose up`, in an engine of the tests' own."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

from tests.box import base_image, sandbox
from tests.box.engine import CannotStartError, Container, Docker, Engine, Podman, wait_until
from tests.conftest import ROOT

INSTALL = "mmdebstrap iproute2 util-linux"
DOTENV = "DIGIT_COOLDOWN=0\nDIGIT_PUBLIC_URL=https://digits.example\n"
START_SECONDS = 60
HEALTHY_SECONDS = 120

UP: dict[str, float] = {}
"""Monotonic seconds at which a container was started, by its name."""
FIGURES: dict[str, str] = {}
"""Measured values by what was measured, printed at the end."""


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """An engine with the base image; the test is skipped where none can start."""
    missing = [name for name in (*sandbox.TOOLS, *base_image.TOOLS) if not shutil.which(name)]
    if missing or not any(kind.is_installed() for kind in (Docker, Podman)):
        lacking(f"as root, apt-get install {INSTALL} and {Docker.install} or {Podman.install}")
    with ExitStack() as stack:
        # A short path: that of a socket has at most 107 bytes.
        folder = Path(tempfile.mkdtemp(prefix="digit-bot-", dir="/tmp"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        engine = stack.enter_context(started(folder))
        FIGURES["engine"] = engine.describe()
        yield engine


@pytest.fixture(scope="session")
def project(engine: Engine) -> Path:
    """The files of a clone, and a few that a user has there; packages come from wheels that were downloaded before."""
    wheels, project = engine.folder.parent / "wheels", engine.folder.parent / "digit-bot"
    base_image.download_wheels(wheels)
    serve = ("-m", "http.server", str(base_image.WHEELS_PORT), f"--bind={sandbox.ADDRESS}", f"--directory={wheels}")
    engine.sandbox.start(shutil.which("python3") or "python3", *serve, log=wheels.with_name("wheels.log"))
    copy_project(project)
    return project


@pytest.fixture(scope="session")
def bot(engine: Engine, project: Path) -> Container:
    """The bot, built and started by compose.yaml and ready."""
    began = time.monotonic()
    engine.compose(project, "build")
    FIGURES["build"] = f"{time.monotonic() - began:.0f} s"
    began = time.monotonic()
    engine.compose(project, "up", "--detach")
    bot = Container(engine, engine.run("ps", "--all", "--quiet"))
    wait_until_ready(bot)
    FIGURES["`up` to ready"] = f"{time.monotonic() - began:.1f} s"
    UP[bot.name] = began
    return bot


@pytest.fixture(scope="session")
def healthy_bot(bot: Container) -> Container:
    """The bot, once the engine calls it healthy, which it first asks after half a minute."""
    assert wait_until(lambda: bot.engine.is_healthy(bot), HEALTHY_SECONDS), bot.engine.run("logs", bot.name)
    FIGURES["`up` to healthy"] = f"{time.monotonic() - UP[bot.name]:.0f} s"
    return bot


@contextmanager
def started(folder: Path) -> Iterator[Engine]:
    """Run the first engine that can start; it and everything in it end with the context."""
    tree, reasons = folder / "base.tar", []
    for kind in filter(lambda kind: kind.is_installed(), (Docker, Podman)):
        with ExitStack() as stack:
            try:
                engine = kind(sandbox.Sandbox(), folder / kind.__name__.lower())
                stack.callback(engine.close)
                engine.start()
                if not tree.exists():
                    base_image.make(tree)
                engine.load_base(tree)
            except base_image.CannotMakeError as error:
                lacking(f"no base image: {error}")
            except (sandbox.NoNamespacesError, CannotStartError) as error:
                reasons.append(f"{kind.__name__}: {error}")
                continue
            yield engine
            return
    lacking(f"no container engine starts on this machine: {'; '.join(reasons)}")


def lacking(reason: str) -> NoReturn:
    """Skip the test for want of something; with CI=true it fails."""
    if os.environ.get("CI", "").lower() in {"true", "1"}:
        pytest.fail(reason, pytrace=False)
    pytest.skip(f"THE IMAGE WAS NOT BUILT: {reason}")


def copy_project(to: Path) -> None:
    """Copy the files as in a clone, and add some that a user has there and that must stay out of the image."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).exists():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, to / name)
    (to / "secrets").mkdir()
    (to / ".env").write_text(DOTENV)


def wait_until_ready(bot: Container) -> None:
    """Return once the bot's own health check passes."""
    if not wait_until(bot.is_ready, START_SECONDS):
        pytest.fail(f"the bot did not get ready: {bot.engine.run('logs', bot.name)}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured."""
    for name, value in FIGURES.items():
        terminalreporter.write_line(f"| {name} | {value} |")
