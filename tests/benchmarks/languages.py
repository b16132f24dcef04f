"""Measure what twelve languages cost a start with Telegram, and print rows of the table in docs/performance.md.

python -m tests.benchmarks.languages
"""

import asyncio
import statistics
import sys

from tests.benchmarks.figures import resident
from tests.benchmarks.telegram import processor_seconds
from tests.bot.conftest import on_telegram
from tests.fakes.telegram_server import telegram_server

STARTS = 7
"""With each setting, in turns."""
SETTINGS = {"all twelve": {}, "English alone": {"DIGIT_LANGUAGE": "en"}}


async def start(settings: dict[str, str]) -> tuple[float, float]:
    """Start the bot; return its seconds of processor time and its MB once it has written its menus and polls."""
    async with telegram_server() as telegram, on_telegram(telegram, english=False, **settings) as bot:
        await telegram.until(lambda: len(telegram.called("getUpdates")) > 1)
        return processor_seconds(bot.process.pid), resident(bot.process.pid)


async def measure() -> None:
    """Measure and print."""
    rounds = [[await start(settings) for settings in SETTINGS.values()] for _ in range(STARTS)]
    for name, found in zip(SETTINGS, zip(*rounds, strict=True), strict=True):
        seconds, memory = (statistics.median(values) for values in zip(*found, strict=True))
        sys.stdout.write(f"| start with Telegram, {name}: processor, memory | {seconds:.2f} s, {memory:.0f} MB |\n")


if __name__ == "__main__":
    asyncio.run(measure())
