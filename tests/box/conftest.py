"""The image, built once, and a container of it, as `docker compose up` makes it."""

import shutil
import time
from collections.abc import Iterator

import pytest

from tests.box.engine import Container, Engine, build, prepare

FIGURES: list[str] = []


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine that has the image."""
    engine = prepare(tmp_path_factory.mktemp("box"))
    build(engine)
    FIGURES.append(f"base image: {engine.base}")
    yield engine
    engine.try_podman("rm", "--force", "--all", "--time=0")
    engine.try_podman("rmi", "--force", "--all")
    shutil.rmtree(engine.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def bot(engine: Engine) -> Container:
    """The bot, started by compose.yaml and ready."""
    engine.compose("up", "--no-build", "--detach")
    bot = Container(engine, engine.podman("ps", "--all", "--quiet"))
    wait_until_ready(bot)
    return bot


def wait_until_ready(bot: Container) -> None:
    """Return once its health check passes, as the engine would ask it."""
    for _ in range(60):
        if bot.engine.try_podman("healthcheck", "run", bot.name).returncode == 0:
            return
        time.sleep(0.5)
    pytest.fail(f"the bot did not get ready: {bot.engine.try_podman('logs', bot.name)}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured."""
    for line in FIGURES:
        terminalreporter.write_line(line)
