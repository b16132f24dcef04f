"""Measure drawing, start and memory, and print rows of the table in docs/performance.md.

    python -m tests.benchmarks.figures
    python -m tests.benchmarks.figures --rounds 30 --starts 2    # sooner, and less exact

Times on a shared machine are noisy: each is a median, with the fastest and the slowest beside it.
"""

import argparse
import asyncio
import http.client
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.config.loading import load, open_catalog
from core import latents
from core.generator import one_hot
from core.pictures.base import NATURAL, PictureRequest
from core.pictures.comparison import CompareRequest
from core.pictures.morph import MorphRequest
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest
from core.service import DigitService

ROUNDS = 300
STARTS = 7


def spread(values: list[float], unit: str, digits: int) -> str:
    """`median (least to greatest) unit`."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.{digits}f} {unit} ({low:.{digits}f} to {high:.{digits}f})"


def times(action: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Milliseconds of so many calls, after a few that do not count."""
    for _ in range(20):
        action()
    found = []
    for _ in range(rounds):
        began = time.perf_counter()
        action()
        found.append(1000 * (time.perf_counter() - began))
    return found


UNREAD = StripRequest(4, neat=NATURAL - 1)
"""A strip that no reader looks at; it is hardly wilder."""
ASKED = (StripRequest(4), NumberRequest("2026"), CompareRequest(4), MorphRequest((3, 8)))


def requests(service: DigitService, rounds: int, asked: Sequence[PictureRequest] = ASKED) -> list[list[float]]:
    """Milliseconds from each request to its picture, in turns, so that a busy machine is as hard on each."""
    loop = asyncio.new_event_loop()

    def draw(request: PictureRequest) -> float:
        began = time.perf_counter()
        loop.run_until_complete(service.draw(request))
        return 1000 * (time.perf_counter() - began)

    try:
        found = [[draw(request) for request in asked] for _ in range(20 + rounds)]
    finally:
        loop.run_until_complete(service.close())
        loop.close()
    return [list(one) for one in zip(*found[20:], strict=True)]


def start() -> tuple[float, float]:
    """Seconds from the start of the process to the first strip over HTTP, and its resident MB then."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot"], env=os.environ | {"DIGIT_PORT": "0"}, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    try:
        found = re.search(r"http://([\w.:]+)", process.stderr.readline())
        assert found, "the bot did not start"
        connection = http.client.HTTPConnection(found.group(1))
        connection.request("GET", "/digit/4.png")
        assert connection.getresponse().read()[:4] == b"\x89PNG"
        return time.perf_counter() - began, resident(process.pid)
    finally:
        process.terminate()
        process.communicate()


def resident(pid: int) -> float:
    """Resident memory of a process in MB (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text()
    kilobytes = re.search(r"VmRSS:\s+(\d+)", status)
    assert kilobytes is not None
    return int(kilobytes.group(1)) / 1024


def processor() -> str:
    """The processor's name, as far as the system tells it."""
    info = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.*)", info.read_text()) if info.exists() else []
    return names[0] if names else platform.processor()


def main() -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.figures", description="Measure drawing.")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"of each picture (default: {ROUNDS})")
    parser.add_argument("--starts", type=int, default=STARTS, help=f"of the bot (default: {STARTS})")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    settings = load({}).settings
    catalog = open_catalog(settings)
    generator = catalog.find(None).generator
    rows, digits = latents.independent(7, 5, generator.latent_dim), one_hot((4,) * 5)
    drawing = times(lambda: generator.draw(rows, digits), options.rounds)
    alone, unread = requests(DigitService(catalog, settings.queue), options.rounds, (StripRequest(4), UNREAD))
    whole, number, comparison, morph = requests(DigitService(catalog, settings.queue), options.rounds)
    ratio = statistics.median(number) / statistics.median(whole)
    seconds, memory = zip(*(start() for _ in range(options.starts)), strict=True)
    lines = [
        f"{processor()}, one core, Python {platform.python_version()}; median (least to greatest):",
        "",
        "| what | measured |",
        "| --- | --- |",
        f"| `/digit 4` inside the process, request to PNG, strips alone | {spread(alone, 'ms', 2)} |",
        f"| in turn with it, without the reader (`neat=49`) | {spread(unread, 'ms', 2)} |",
        f"| `/digit 4` in turn with those that follow | {spread(whole, 'ms', 2)} |",
        f"| of which the generator, five images | {spread(drawing, 'ms', 2)} |",
        f"| `/number 2026`, likewise | {spread(number, 'ms', 2)}, {ratio:.2f} times the median of `/digit 4` |",
        f"| `/compare 4`, likewise, six models | {spread(comparison, 'ms', 1)} |",
        f"| `/morph 3 8`, request to GIF | {spread(morph, 'ms', 1)} |",
        f"| start of the process to the first strip over HTTP | {spread(list(seconds), 's', 2)} |",
        f"| memory after that strip, web page alone | {spread(list(memory), 'MB', 0)} |",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
