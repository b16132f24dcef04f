"""The image that the Dockerfile makes, run as compose.yaml says: what an operator gets, and an intruder does not."""

import re
import time
from pathlib import Path

from tests.box import base_image
from tests.box.conftest import FIGURES, wait_until_ready
from tests.box.engine import Container, wait_until

LARGEST = 250
"""MB, unpacked, beyond the base image."""
MOST_MEMORY = 136
"""MiB resident, the page alone: a tenth above the 125 MiB that version 0.2 takes, so that a library that is loaded for
nothing is noticed, and another kernel is not."""
TMP = "/tmp"  # noqa: S108  the one in the container
RESTART_SECONDS = 60
LOG_SECONDS = 60
MOST_LOG_BYTES = 30e6 + 1e6
"""Three files of 10 MB, as compose.yaml allows, each of which ends with a whole line."""
LAST_LINE = "the last line"

FIND_BOT = """
import os, pathlib, re, signal, sys
processes = pathlib.Path("/proc").glob("[0-9]*")
(bot,) = (path for path in processes if (path / "cmdline").read_bytes() == b"python\\0-m\\0bot\\0")
"""
PRINT_FILE = FIND_BOT + "print((bot / sys.argv[1]).read_text())"
KILL = FIND_BOT + "os.kill(int(bot.name), signal.SIGKILL)"
FLOOD = f"""{FIND_BOT}
with open(bot / "fd" / "1", "w") as log:
    for _ in range(40_000):
        log.write("x" * 1000 + "\\n")
    log.write(sys.argv[1] + "\\n")
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
    """Return /proc/PID/status of the bot's process."""
    return dict(re.findall(r"^(\w+):\s+(.*)$", bot.python(PRINT_FILE, "status"), re.MULTILINE))


def test_the_page_draws(bot: Container) -> None:
    """`docker compose up`, with no token and nothing set, is a bot that is ready and draws."""
    assert bot.get("/readyz")[0] == 200
    code, strip = bot.get("/digit/4.png?seed=7")
    assert (code, strip[:4]) == (200, b"\x89PNG")
    assert strip == bot.get("/digit/4.png?seed=7")[1] != bot.get("/digit/4.png?seed=8")[1]
    for path in ("/", "/morph/3/8.gif", "/compare/4.png", "/digit/4.zip", "/curve.png"):
        assert bot.get(path)[0] == 200, path


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
    assert bot.engine.try_run("exec", bot.name, "python", "-c", "bytearray(b'x' * (450 << 20))").returncode != 0
    assert bot.engine.try_run("exec", bot.name, "python", "-c", "bytearray(b'x' * (50 << 20))").returncode == 0
    assert bot.get("/readyz")[0] == 200


def test_processes_are_bounded(bot: Container) -> None:
    """Whatever multiplies inside is stopped at compose.yaml's number of processes, and the bot goes on."""
    assert 10 < int(bot.python(MULTIPLY)) < 64
    assert bot.get("/readyz")[0] == 200


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


def test_settings_come_from_dotenv(bot: Container) -> None:
    """A setting in `.env` beside compose.yaml reaches the bot; a variable that is not set does no harm."""
    assert b"https://digits.example/" in bot.get("/")[1]
    assert "DIGIT_MODEL" not in bot.python("import os; print(*os.environ)").split()


def test_cores_and_open_files_are_bounded(bot: Container) -> None:
    """A crash writes no core dump, in which the tokens would be; connections end before the memory does."""
    limits = bot.python(PRINT_FILE, "limits")
    assert re.search(r"^Max core file size +0 +0 ", limits, re.MULTILINE)
    ((soft, hard),) = re.findall(r"^Max open files +(\d+) +(\d+) ", limits, re.MULTILINE)
    assert 256 <= int(soft) <= int(hard) <= 4096


def test_one_core_at_most(bot: Container) -> None:
    """However much is asked of the bot, the machine's other cores stay free."""
    assert bot.inspect()["HostConfig"]["NanoCpus"] == 1e9


def test_a_flood_of_log_lines_does_not_fill_the_disk(bot: Container) -> None:
    """Of 40 MB of log lines the newest stay, in no more than the 30 MB of compose.yaml."""
    bot.python(FLOOD, LAST_LINE)
    logs = ("logs", "--tail=1", bot.name)
    assert wait_until(lambda: LAST_LINE in bot.engine.run(*logs), LOG_SECONDS)
    sizes = [path.stat().st_size for path in bot.engine.log_files(bot)]
    FIGURES["log files after 40 MB of lines"] = " + ".join(f"{size / 1e6:.1f}" for size in sizes) + " MB"
    assert 0 < sum(sizes) <= MOST_LOG_BYTES


def test_the_image_is_small(bot: Container) -> None:
    """An update is soon downloaded."""
    base = bot.engine.image_megabytes(base_image.NAME)
    beyond = bot.engine.image_megabytes(bot.inspect()["Image"]) - base
    FIGURES["image, unpacked, beyond its base"] = f"{beyond:.0f} MB (base, a stand-in: {base:.0f} MB)"
    assert 50 < beyond <= LARGEST


def test_the_bot_is_small_in_memory(bot: Container) -> None:
    """After many strips the bot still takes less than half of what it is allowed."""
    for seed in range(20):
        assert bot.get(f"/digit/4.png?seed={seed}")[0] == 200
    resident = int(status(bot)["VmRSS"].split()[0]) / 1024
    FIGURES["memory, page alone, after 20 strips: resident"] = f"{resident:.0f} MiB"
    usage = bot.engine.run("stats", "--no-stream", "--format={{.MemUsage}}", bot.name)
    FIGURES["memory, page alone, after 20 strips: container"] = usage
    assert 20 < resident <= MOST_MEMORY


def test_the_bot_stops_without_an_init(bot: Container) -> None:
    """`docker stop` ends the bot cleanly without an init in front of it too."""
    engine, image = bot.engine, bot.inspect()["Image"]
    name = engine.run("run", "--detach", "--network=none", "--read-only", "--cap-drop=all", *engine.limits, image)
    other = Container(engine, name)
    wait_until_ready(other)
    engine.run("stop", "--time=20", name)
    state = other.inspect()["State"]
    assert (state["Status"], state["ExitCode"]) == ("exited", 0)


def test_the_health_check_passes(healthy_bot: Container) -> None:
    """The engine calls the bot healthy by the image's own check; there is no curl in it to ask with."""
    assert healthy_bot.engine.is_healthy(healthy_bot)


def test_a_killed_bot_comes_back(bot: Container) -> None:
    """After a crash the engine starts the bot again."""
    before, began = bot.inspect()["State"]["StartedAt"], time.monotonic()
    bot.engine.try_run("exec", bot.name, "python", "-c", KILL)
    assert wait_until(lambda: bot.inspect()["State"]["StartedAt"] != before and bot.is_ready(), RESTART_SECONDS)
    FIGURES["killed to ready again"] = f"{time.monotonic() - began:.1f} s"
    assert bot.inspect()["RestartCount"] == 1
    assert bot.get("/digit/4.png?seed=7")[0] == 200


def test_the_composed_bot_stops_when_told(bot: Container, project: Path) -> None:
    """`docker compose stop` ends the bot within its grace time: it was not killed, which would be 137."""
    began = time.monotonic()
    bot.engine.compose(project, "stop")
    FIGURES["`stop` to stopped"] = f"{time.monotonic() - began:.1f} s"
    assert bot.inspect()["State"]["ExitCode"] == 0
