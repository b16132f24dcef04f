"""Play a long day to the bot, fast: mixed commands on every platform, to see whether it holds.

    python -m tests.benchmarks.soak

A server on which somebody asks every four seconds is a busy one; ten times that for twelve hours is 108,000 commands.
The bot is one process, with the real client libraries, between our Discord, our Telegram and HTTP clients. It has
to answer all of them, to log no error, and to end no larger than it was after a fifth of the day. Telegram's own limit
of thirty messages a second is taken out of its client, and the limits of people, chats and addresses are off.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections import Counter

import aiohttp
from tqdm import tqdm

from bot.commands import registry
from tests.benchmarks.figures import resident
from tests.benchmarks.telegram import UNLIMITED
from tests.bot.conftest import ADDRESS
from tests.fakes.discord_rest import Answer
from tests.fakes.discord_server import DiscordServer
from tests.fakes.telegram_server import TOKEN, Telegram, telegram_server

COMMANDS = 108_000
ROUND = 600
SHARES = {"discord": 0.5, "telegram": 0.3, "http": 0.2}
IN_FLIGHT = 16
WARM = 0.2
"""Share of the day after which the bot must not grow any more, but for GROWTH."""
GROWTH = 8.0
"""MB that count as none: what the allocator holds back differs from run to run."""
LINES = {
    "/digit {digit}": 55,
    "/digit {digit} count=10 seed={seed}": 5,
    "/digit random style=ink neat=80": 5,
    "/digit {digit} model=vae": 5,
    "/number {seed}": 12,
    "/number 2026-11-20 style=transparent": 3,
    "/morph {digit} x": 1,
    "/morph 3 8": 2,
    "/compare {digit}": 2,
    "/help": 2,
    "/models": 2,
    "/about": 1,
    "/digit ten": 2,
    "/digit {digit} count=99": 2,
    "/nonsense": 1,
}
"""What people type, and how often."""
AGAIN = "Again"
"""The label of the button."""
ANSWERS = ("sendPhoto", "sendAnimation", "sendDocument", "sendMessage")


class Day:
    """What is asked for and what comes of it, by platform."""

    def __init__(self, seed: int) -> None:
        self.asked: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()
        self._random = random.Random(seed)

    def line(self) -> str:
        """What the next person types."""
        (template,) = self._random.choices(list(LINES), list(LINES.values()))
        return template.format(digit=self._random.randrange(10), seed=self._random.randrange(10**6))


async def on_discord(day: Day, server: DiscordServer, count: int) -> None:
    """So many commands, IN_FLIGHT at once; after a strip half of the people press *Again*."""
    numbers = iter(range(count))

    async def person() -> None:
        last: Answer | None = None
        for number in numbers:
            day.asked["discord"] += 1
            if number % 2 and last is not None and any(part.get("label") == AGAIN for part in last.components):
                last = await server.press(last, AGAIN)
            else:
                last = await _ask(server, day.line())
            day.answered["discord"] += bool(last.files or last.text)

    await asyncio.gather(*(person() for _ in range(IN_FLIGHT)))


async def _ask(server: DiscordServer, line: str) -> Answer:
    """A line as Discord sends it: the name of a command, and options."""
    name, *words = line.removeprefix("/").split()
    arguments = {command.name: command.argument.name for command in registry.picture_commands()}
    if name not in arguments:
        return await server.command(name if name in registry.names() else "help")
    options: dict[str, object] = dict(word.split("=") for word in words if "=" in word)
    options |= {key: int(value) for key, value in options.items() if str(value).isdecimal()}
    plain = " ".join(word for word in words if "=" not in word)
    return await server.command(name, **{arguments[name]: plain}, **options)


async def on_telegram(day: Day, telegram: Telegram, count: int) -> None:
    """So many messages, each from somebody else, of which one in ten is followed by a press."""
    telegram.calls.clear()
    telegram.messages.clear()
    for person in range(1, count + 1):
        day.asked["telegram"] += 1
        await telegram.say(day.line(), user=person)
        if person % 64 == 0:
            await telegram.until(lambda: not telegram.pending)
    await telegram.until(lambda: not telegram.pending)
    day.answered["telegram"] += len({call.values["chat_id"] for call in telegram.done(*ANSWERS)})


async def over_http(day: Day, client: aiohttp.ClientSession, count: int) -> None:
    """So many lines typed into the page."""
    for _ in range(count):
        day.asked["http"] += 1
        async with client.post("/api/chat", json={"text": day.line()}) as response:
            body = await response.json()
            day.answered["http"] += response.status in (200, 400) and bool(body)


async def start(**settings: str) -> tuple[Process, str, list[str]]:
    """Start the bot; returns it, its address, and the lines that it logs from then on."""
    limits = dict.fromkeys(("DIGIT_COOLDOWN", "DIGIT_CHAT_LIMIT", "DIGIT_ADDRESS_LIMIT"), "0")
    given = {**limits, "DIGIT_PORT": "0", "DIGIT_LOG_LEVEL": "WARNING"} | settings
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", UNLIMITED, env=os.environ | given, stderr=PIPE)
    assert process.stderr is not None
    found = ADDRESS.search((await process.stderr.readline()).decode())
    assert found is not None, "the bot did not start"
    return process, found.group(), []


async def read(process: Process, lines: list[str]) -> None:
    """Keep what the bot logs."""
    assert process.stderr is not None
    while line := await process.stderr.readline():
        lines.append(line.decode())


async def play(commands: int) -> int:
    """Play the day, and print what came of it; returns the exit code."""
    day, sizes, began = Day(seed=1), [], time.monotonic()
    async with telegram_server() as telegram, DiscordServer() as discord:
        tokens = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url}
        process, address, lines = await start(**discord.settings, **tokens)
        reader = asyncio.create_task(read(process, lines))
        try:
            await discord.online()
            async with aiohttp.ClientSession(address) as client:
                for _ in tqdm(range(0, commands, ROUND), unit="round", disable=None):
                    await asyncio.gather(
                        on_discord(day, discord, round(ROUND * SHARES["discord"])),
                        on_telegram(day, telegram, round(ROUND * SHARES["telegram"])),
                        over_http(day, client, round(ROUND * SHARES["http"])),
                    )
                    sizes.append(resident(process.pid))
        finally:
            process.terminate()
            code = await process.wait()
        await reader
    return _report(day, sizes, lines, code, time.monotonic() - began)


def _report(day: Day, sizes: list[float], lines: list[str], code: int, seconds: float) -> int:
    warm = sizes[int(WARM * len(sizes))]
    errors = [
        line for line in lines if not line.startswith("{") or json.loads(line)["level"] not in ("info", "warning")
    ]
    unanswered = day.asked - day.answered
    rows = [
        f"| commands, on Discord, Telegram and the page | {sum(day.asked.values()):,} |",
        f"| unanswered | {sum(unanswered.values())} {dict(unanswered) or ''} |",
        f"| lines in the log that are errors | {len(errors)} |",
        f"| memory after a round / a fifth of the day / the day | {sizes[0]:.0f} / {warm:.0f} / {sizes[-1]:.0f} MB |",
        f"| commands a second | {sum(day.asked.values()) / seconds:.0f} |",
        f"| exit code after SIGTERM | {code} |",
    ]
    sys.stdout.write("\n".join(["| what | measured |", "| --- | --- |", *rows, *errors[:5]]) + "\n")
    return int(bool(unanswered or errors or code or sizes[-1] > warm + GROWTH))


def main() -> int:
    """Play from the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.soak", description="Play a long day to the bot.")
    parser.add_argument("--commands", type=int, default=COMMANDS, help=f"how many (default: {COMMANDS:,})")
    return asyncio.run(play(parser.parse_args().commands))


if __name__ == "__main__":
    sys.exit(main())
