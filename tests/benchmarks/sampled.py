"""The bot, which notes what it spends its processor time on.

    SAMPLES=FILE python -m tests.benchmarks.sampled

From SIGUSR1 on the system interrupts it after each millisecond of processor time, or as often as it can; at SIGUSR2 it
writes FILE, JSON: interrupts by part. A part is that of the innermost function on the stack that is in PARTS.
"""

import json
import os
import signal
import sys
from collections import Counter
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
ANSWER, SERVER, DRAWING, LOOP = "call of Discord's API", "web server", "drawing", "event loop"
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
    "core/": DRAWING,
    # The main thread waits, so it is the one that draws.
    "selectors": DRAWING,
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
    """Count interrupts from SIGUSR1 on, and report them at SIGUSR2."""
    stacks: Counter[tuple[str, ...]] = Counter()

    def count(_: int, frame: FrameType | None) -> None:
        stacks[tuple(_files(frame))] += 1

    def write(*_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        parts: Counter[str] = Counter()
        for files, times in stacks.items():
            parts[part_of(files)] += times
        unfinished = report.with_suffix(".new")
        unfinished.write_text(json.dumps(parts))
        unfinished.rename(report)

    signal.signal(signal.SIGPROF, count)
    signal.signal(signal.SIGUSR1, lambda *_: signal.setitimer(signal.ITIMER_PROF, SECONDS, SECONDS))
    signal.signal(signal.SIGUSR2, write)


if __name__ == "__main__":
    sample(Path(os.environ.pop(VARIABLE)))
    sys.exit(main())
