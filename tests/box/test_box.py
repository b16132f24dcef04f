"""The image that the Dockerfile makes, run as compose.yaml says: what an operator gets, and an intruder does not."""

import json

from tests.box.conftest import FIGURES, wait_until_ready
from tests.box.engine import BASE, IMAGE, Container, Engine

LARGEST = 250
"""MB, unpacked, beyond the base image."""
MOST_MEMORY = 150
"""MB resident, the page alone."""
TMP = "/tmp"  # noqa: S108  the one in the container

BOT = """
import json, pathlib, re
for process in pathlib.Path("/proc").glob("[0-9]*"):
    if (process / "cmdline").read_bytes().startswith(b"python\\0-m\\0bot\\0"):
        print(json.dumps(dict(re.findall(r"^(\\w+):\\s+(.*)$", (process / "status").read_text(), re.MULTILINE))))
"""
WRITE = """
import pathlib, sys
for folder in sys.argv[1:]:
    try:
        (pathlib.Path(folder) / "written").write_text("")
        print(folder)
    except OSError:
        pass
"""
MULTIPLY = """
import os, signal
children = []
try:
    while len(children) < 200:
        child = os.fork()
        if child == 0:
            signal.pause()
        children.append(child)
except OSError:
    pass
for child in children:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
print(len(children))
"""
FIND = """
import importlib.util, shutil, sys
print(*(name for name in ("torch", "pip", "setuptools") if importlib.util.find_spec(name)))
print(*(name for name in ("gcc", "cc", "ld", "make", "pip", "uv", "curl", "git") if shutil.which(name)))
"""
UNCOMPILED = """
import importlib.util, pathlib
sources = list(pathlib.Path("/app").rglob("*.py"))
print(len(sources), *(path for path in sources if not pathlib.Path(importlib.util.cache_from_source(path)).exists()))
"""
FILES = """
import pathlib
app = pathlib.Path("/app")
print(*sorted(path.name for path in app.iterdir()), *(path for path in app.rglob("*") if path.stat().st_mode & 0o022))
"""


def status(bot: Container) -> dict[str, str]:
    """/proc/PID/status of the bot's process."""
    return dict(json.loads(bot.python(BOT)))


def test_the_page_draws(bot: Container) -> None:
    """`docker compose up`, with no token and nothing set, is a bot that is ready and draws."""
    assert bot.ask("/readyz")[0] == 200
    code, strip = bot.ask("/digit/4.png?seed=7")
    assert (code, strip[:4]) == (200, b"\x89PNG")
    assert strip == bot.ask("/digit/4.png?seed=7")[1] != bot.ask("/digit/4.png?seed=8")[1]
    for path in ("/", "/morph/3/8.gif", "/compare/4.png", "/digit/4.zip", "/curve.png"):
        assert bot.ask(path)[0] == 200, path


def test_the_health_check_passes(bot: Container) -> None:
    """The engine sees by the image's own check that the bot is well; there is no curl in it to ask with."""
    assert bot.engine.try_podman("healthcheck", "run", bot.name).returncode == 0


def test_the_bot_has_no_rights(bot: Container) -> None:
    """Whoever takes the bot over is a user with a number and no name, without capabilities or a way to get one."""
    found = status(bot)
    assert found["Uid"].split() == found["Gid"].split() == ["10001"] * 4
    assert {found[name].strip("0") for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {""}
    assert found["NoNewPrivs"] == "1"


def test_nothing_but_tmp_can_be_written(bot: Container) -> None:
    """The bot leaves nothing behind and cannot be changed in place."""
    folders = ("/app", "/app/bot", "/app/weights", "/", "/etc", "/var/tmp", "/run", "/run/secrets", TMP)  # noqa: S108
    assert bot.python(WRITE, *folders).split() == [TMP]


def test_memory_is_bounded(bot: Container) -> None:
    """Whatever runs wild inside gets no more of the machine's memory than compose.yaml allows, and the bot goes on."""
    assert bot.engine.try_podman("exec", bot.name, "python", "-c", "bytearray(b'x' * (450 << 20))").returncode != 0
    assert bot.engine.try_podman("exec", bot.name, "python", "-c", "bytearray(b'x' * (50 << 20))").returncode == 0
    assert bot.ask("/readyz")[0] == 200


def test_processes_are_bounded(bot: Container) -> None:
    """Whatever multiplies inside is stopped at compose.yaml's number of processes, and the bot goes on."""
    assert 10 < int(bot.python(MULTIPLY)) < 64
    assert bot.ask("/readyz")[0] == 200


def test_nothing_to_build_with_is_inside(bot: Container) -> None:
    """No torch, no installer, no compiler and nothing to fetch more with."""
    assert bot.python(FIND) == ""


def test_only_what_runs_is_inside(bot: Container) -> None:
    """The licences, the models and the program are in the image: no tests, no `.env`, no tokens."""
    assert bot.python(FILES).split() == [".venv", "LICENCES.md", "LICENSE", "bot", "core", "weights"]


def test_nothing_is_compiled_at_a_start(bot: Container) -> None:
    """Every module comes with its bytecode, which a read-only container could not keep."""
    count, *missing = bot.python(UNCOMPILED).split()
    assert int(count) > 1000
    assert missing == []


def test_the_image_is_small(engine: Engine) -> None:
    """An update is soon downloaded."""
    beyond = engine.size(IMAGE) - engine.size(BASE)
    FIGURES.append(f"| image, unpacked, beyond its base | {beyond:.0f} MB |")
    assert 50 < beyond <= LARGEST


def test_the_bot_is_small_in_memory(bot: Container) -> None:
    """After many strips the bot still takes less than half of what it is allowed."""
    for seed in range(20):
        assert bot.ask(f"/digit/4.png?seed={seed}")[0] == 200
    resident = int(status(bot)["VmRSS"].split()[0]) / 1024
    FIGURES.append(f"| memory in the container, page alone, after 20 strips | {resident:.0f} MB |")
    assert 20 < resident <= MOST_MEMORY


def test_the_bot_stops_when_told(engine: Engine) -> None:
    """`docker stop` ends the bot at once and cleanly, without an init in front of it too."""
    limits = ["--ulimit=nofile=1024", "--ulimit=nproc=1000"]
    name = engine.podman("run", "--detach", "--network=none", "--read-only", "--cap-drop=all", *limits, IMAGE)
    bot = Container(engine, name)
    wait_until_ready(bot)
    engine.podman("stop", "--time=20", name)
    assert (bot.state()["Status"], bot.state()["ExitCode"]) == ("exited", 0)


def test_the_composed_bot_stops_when_told(bot: Container) -> None:
    """`docker compose stop` does so too."""
    bot.engine.compose("stop")
    assert bot.state()["ExitCode"] == 0
