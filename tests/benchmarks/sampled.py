"""The bot, which notes what it spends its processor time on.

    SAMPLES=FILE python -m tests.benchmarks.sampled

From SIGUSR1 on the system interrupts it after each millisecond of processor time, or as often as it can; at SIGUSR2 it
writes FILE, JSON: seconds of processor time by part. What the main thread has used since the last interrupt goes to the
part of the innermost function on its stack that is in PARTS, what others have used to THREADS.
"""

import json
import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from bot.cli.main import main

VARIABLE = "SAMPLES"
SECONDS = 0.001
POST, TREE, REDIS, TEXT, LOG = (
    "post: signature and schema",
    "discord.py: command",
    "claims, limits",
    "request, reply",
    "log",
)
ANSWER, SERVER, THREADS, LOOP = "call of Discord's API", "web server", "drawing, log lines: other threads", "event loop"
PARTS = {
    "nacl/": POST,
    "bot/adapters/discord/interaction": POST,
    "bot/adapters/web_requests": POST,
    "bot/limits/": REDIS,
    "redis/": REDIS,
    "limits/": REDIS,
    "bot/telemetry/": LOG,
    "structlog/": LOG,
    "prometheus_client/": LOG,
    "discord/http": ANSWER,
    "discord/webhook/": ANSWER,
    "aiohttp/client": ANSWER,
    "aiohttp/connector": ANSWER,
    "discord/": TREE,
    "bot/adapters/web/": SERVER,
    "aiohttp/web": SERVER,
    "bot/adapters/discord/": TEXT,
    "bot/conversation/": TEXT,
    "bot/commands/": TEXT,
    "core/": TEXT,
}
"""Beginnings of files, below a folder of the path, and what they are a part of; the first that fits counts."""


def part_of(files: Sequence[str]) -> str:
    """Return the part of a stack, whose files begin with that of the innermost function."""
    for file in files:
        below = [file[at + 1 :] for at, letter in enumerate(file) if letter == "/"]
        for beginning, part in PARTS.items():
            if any(path.startswith(beginning) for path in below):
                return part
    return LOOP


def _files(frame: FrameType | None) -> list[str]:
    found = []
    while frame:
        found.append(frame.f_code.co_filename)
        frame = frame.f_back
    return found


def sample(report: Path) -> None:
    """Measure from SIGUSR1 on, and report at SIGUSR2."""
    stacks: dict[tuple[str, ...], float] = defaultdict(float)
    used = [0.0, 0.0]

    def note(files: tuple[str, ...]) -> None:
        mine, everybodys = time.thread_time(), time.process_time()
        stacks[files] += mine - used[0]
        stacks[()] += everybodys - used[1] - (mine - used[0])
        used[:] = mine, everybodys

    def begin(*_: object) -> None:
        note(())
        stacks.clear()
        signal.setitimer(signal.ITIMER_PROF, SECONDS, SECONDS)

    def write(*_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        parts: dict[str, float] = defaultdict(float)
        for files, seconds in stacks.items():
            parts[part_of(files) if files else THREADS] += seconds
        unfinished = report.with_suffix(".new")
        unfinished.write_text(json.dumps(parts))
        unfinished.rename(report)

    signal.signal(signal.SIGPROF, lambda _, frame: note(tuple(_files(frame))))
    signal.signal(signal.SIGUSR1, begin)
    signal.signal(signal.SIGUSR2, write)


if __name__ == "__main__":
    sample(Path(os.environ.pop(VARIABLE)))
    sys.exit(main())
