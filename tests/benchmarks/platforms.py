"""Measure the bot's memory with the page, Discord and Telegram in one process.

    python -m tests.benchmarks.platforms
    python -m tests.benchmarks.platforms --python CLEAN/bin/python

The second measures the bot of a virtual environment with nothing but `pip install .` in it: in that of the tests
structlog finds Rich, and loads it.
"""

import argparse
import asyncio
import sys

from tests.benchmarks.figures import resident
from tests.bot.conftest import on_telegram
from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram_server import telegram_server

STRIPS = 50


async def measure() -> float:
    """Resident MB once each platform has had STRIPS strips."""
    async with (
        telegram_server() as telegram,
        DiscordServer() as discord,
        on_telegram(telegram, english=False, **discord.settings) as bot,
    ):
        await discord.online()
        for index in range(STRIPS):
            await discord.command("digit", digit=str(index % 10))
            await telegram.say(f"/digit {index % 10}")
            await telegram.next("sendPhoto", after=index)
        return resident(bot.process.pid)


def main() -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(description="Measure the bot's memory with every platform.")
    parser.add_argument("--python", default=sys.executable, help="interpreter of the bot (default: this one)")
    # Bots are started with this one.
    sys.executable = parser.parse_args().python
    memory = asyncio.run(measure())
    sys.stdout.write(f"| memory, page, Discord and Telegram, after {2 * STRIPS} strips | {memory:.0f} MB |\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
