"""People and clients of a chaos run: those who ask on each platform, and those who only do harm."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from urllib.parse import urlsplit

import aiohttp

from bot.adapters.discord.handlers import MAX_WAIT_SECONDS as MAX_DEFERRED_SECONDS
from bot.limits.redis_storage import ANSWER_TIMEOUT_SECONDS, SLOT_TIMEOUT_SECONDS
from core.service import MAX_WAIT_SECONDS
from tests.benchmarks.chaos.ledger import Ledger
from tests.benchmarks.chaos.platforms import CUT, CUT_AFTER, FLOOD_SECONDS, Fault, FaultyDiscord, FaultyTelegram
from tests.fakes.discord_server import NoAnswer

WORD, NUMBER, FIRST_PERSON = "quokka", "27182818", 77_000_000_000_000
"""Typed by people, and ids of theirs: none of it may be in the log."""
LINES = (
    *(("digit", {"digit": str(digit)}) for digit in range(10)),
    ("digit", {"digit": "4", "count": 10}),
    ("number", {"number": NUMBER}),
    ("morph", {"digits": "3 8"}),
    ("compare", {"digit": "5"}),
    ("digit", {"digit": WORD}),
    ("help", {}),
)
LIMITS_SECONDS = 3 * (SLOT_TIMEOUT_SECONDS + ANSWER_TIMEOUT_SECONDS)
"""A request is counted against three limits at most, and Redis may hang at each."""
MARGIN_SECONDS = 1.0
"""For the drawing, the way, and this process, which is all platforms and all people at once."""
MAX_SECONDS = {
    "http": MAX_WAIT_SECONDS + LIMITS_SECONDS + MARGIN_SECONDS,
    # The sign that the bot is at it has to come within three seconds; the server holds the bot to that.
    "discord": MAX_DEFERRED_SECONDS + LIMITS_SECONDS + MARGIN_SECONDS,
    # A person whom Telegram refuses to hear may be the fifth in a row, which holds up everybody for as long.
    "telegram": MAX_WAIT_SECONDS + LIMITS_SECONDS + FLOOD_SECONDS + MARGIN_SECONDS,
}
"""The longest wait for an answer."""
FLOODED = [[429], [429, 429]]
FAILING = [[502], [502, 500], [CUT], [CUT, 502]]
RETRY_SECONDS = 0.5 + 1 + 2
"""Pauses between the tries of an answer to Telegram."""
GOOD, BAD = [f"127.0.0.{number}" for number in range(2, 18)], [f"127.0.0.{number}" for number in range(50, 58)]
"""Addresses of this machine."""
STATUSES = (200, 400, 429, 503)
WRONG = (
    b"\x00" * 64,
    b"GET /digit/4.png HTTP/1.1\r\nHost: \xff\r\n\r\n",
    b"GET /morph/3/8/1/7/2/9.gif HTTP/1.1\r\nHost: a\r\n\r\n" * 20,
    b"POST /api/chat HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n" + WORD.encode(),
    b"POST /api/chat HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 6\r\n\r\n" + WORD.encode(),
    b"POST /api/chat HTTP/1.1\r\nHost: a\r\nContent-Type: application/json; charset=" + WORD.encode() + b"\r\n\r\n",
    b"GET /" + 300 * WORD.encode() + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /static/" + WORD.encode() + b" HTTP/1.1\r\nHost: a\r\nExpect: \xff\r\n\r\n",
    b"POST /telegram HTTP/1.1\r\nHost: a\r\nX-Telegram-Bot-Api-Secret-Token: \xff\r\nContent-Length: 2\r\n\r\n{}",
    b"GET / HTTP/1.1\r\nA: " + WORD.encode(),
)
"""Requests of clients that do harm."""


class People:
    """Everybody who asks.

    Args:
        lots: draws lots.
        ledger: takes the questions.
        discord, telegram: where they ask.
        address: of the page.
        met: takes the harm that clients do, by kind.

    Attributes:
        storm: whether questions meet faults of their own.
        habits: how often they do a thing in a second.
    """

    def __init__(
        self,
        lots: random.Random,
        ledger: Ledger,
        discord: FaultyDiscord,
        telegram: FaultyTelegram,
        address: str,
        met: Counter[str],
    ) -> None:
        self.storm = False
        self.habits = {self.on_discord: 3.0, self.on_telegram: 3.0, self.on_page: 3.0, self.do_harm: 3.0}
        self._lots, self._ledger, self._met = lots, ledger, met
        self._discord, self._telegram, self._address = discord, telegram, address
        self._ids = count(FIRST_PERSON)
        self._wrong: list[asyncio.StreamWriter] = []

    async def on_discord(self) -> None:
        """Send a command, now and then twice, and wait for its answer; nobody can to a bot that is offline."""
        if not self._discord.gateway.online:
            return
        name, options = self._lots.choice(LINES)
        plan = self._plan([[500], [429], [CUT], [CUT_AFTER]])
        question = self._ledger.ask("discord", MAX_SECONDS["discord"], f"{name} {options}, faults {plan}")
        asked = self._discord.ask(name, **options)
        token = next(reversed(self._discord.rest.questions))
        self._discord.rest.asked[token] = question
        self._discord.rest.plans[token] = plan
        if self.storm and self._lots.random() < 0.1:
            await asyncio.sleep(self._lots.random() / 10)
            if self._discord.gateway.online:
                self._met["Discord: an interaction twice"] += 1
                await self._discord.repeat()
        with contextlib.suppress(NoAnswer, TimeoutError, RuntimeError):
            await asked

    async def on_telegram(self) -> None:
        """Write, press a button, or type behind the bot's name; do not wait for the answer."""
        person = next(self._ids)
        name, options = self._lots.choice(LINES)
        line = " ".join([f"/{name}", *(str(value) for value in options.values())][:2])
        plan = self._plan([*FLOODED, *FAILING, [CUT_AFTER]])
        question = self._ledger.ask("telegram", MAX_SECONDS["telegram"], f"{line}, faults {plan}")
        question.max_seconds += FLOOD_SECONDS * plan.count(429) + RETRY_SECONDS * (len(plan) - plan.count(429))
        self._telegram.asked[person] = question
        match self._lots.random():
            case lot if lot < 0.7:
                self._telegram.plans[person] = plan
                await self._telegram.say(line, user=person)
            case lot if lot < 0.85:
                self._telegram.plans[person] = plan
                message = self._telegram.message(person, None)
                self._telegram.asked[await self._telegram.forge(message, "1d/digit 4", person)] = question
            case _:
                query = await self._telegram.type_inline(line.removeprefix("/"), person)
                self._telegram.asked[query] = question

    async def on_page(self) -> None:
        """Ask over HTTP, on a connection of its own."""
        name, options = self._lots.choice(LINES)
        line = " ".join([f"/{name}", *(str(value) for value in options.values())][:2])
        path = self._lots.choice(("/digit/4.png", "/compare/4.png", f"/number/{NUMBER}.png", "/models"))
        async with self._client(self._lots.choice(GOOD)) as client:
            if self._lots.random() < 0.5:
                await self._over_http(client, path)
            else:
                await self._over_http(client, "/api/chat", {"text": line})

    async def crowd(self, size: int) -> None:
        """Ask for morphs, all at once and from one address."""
        async with self._client(self._lots.choice(GOOD)) as client:
            await asyncio.gather(*(self._over_http(client, "/morph/3/8.gif") for _ in range(size)))

    async def do_harm(self) -> None:
        """Send what is wrong, read at most a little, and hang up now or when the others do."""
        self._met["HTTP: a harmful client"] += 1
        url, address = urlsplit(self._address), self._lots.choice(BAD)
        with contextlib.suppress(OSError, TimeoutError):
            reader, writer = await asyncio.open_connection(url.hostname, url.port, local_addr=(address, 0), limit=1024)
            self._wrong.append(writer)
            writer.write(self._lots.choice(WRONG))
            if self._lots.random() < 0.5:
                async with asyncio.timeout(self._lots.random()):
                    await reader.read(100)
            if self._lots.random() < 0.7:
                writer.transport.abort()

    async def each(self, times: int) -> None:
        """Ask so often on each platform, all at once, and for a crowd of morphs."""
        asked = [ask() for ask in (self.on_discord, self.on_telegram, self.on_page) for _ in range(times)]
        await asyncio.gather(*asked, self.crowd(3 * times))

    def hang_up(self) -> None:
        """End the connections of those who do harm."""
        for writer in self._wrong:
            writer.transport.abort()
        self._wrong.clear()

    def _client(self, address: str) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(limit=0, local_addr=(address, 0), force_close=True)
        return aiohttp.ClientSession(self._address, connector=connector, timeout=aiohttp.ClientTimeout(30))

    async def _over_http(self, client: aiohttp.ClientSession, path: str, typed: dict[str, str] | None = None) -> None:
        question = self._ledger.ask("http", MAX_SECONDS["http"], f"{path} {typed or ''}")
        with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
            async with client.request("POST" if typed else "GET", path, json=typed) as response:
                await response.read()
            self._ledger.answer(question)
            if response.status not in STATUSES:
                self._ledger.broken.append(f"http: status {response.status} at {path}")

    def _plan(self, plans: "list[list[Fault]]") -> "list[Fault]":
        return list(self._lots.choice(plans)) if self.storm and self._lots.random() < 0.25 else []


@asynccontextmanager
async def asking(people: People, lots: random.Random) -> AsyncIterator[None]:
    """Let everybody ask within this block, and wait for what was asked at its end."""
    over = asyncio.Event()

    async def keep_asking(ask: Callable[[], Awaitable[None]], a_second: float) -> None:
        while not over.is_set():
            asked.create_task(ask())
            await asyncio.sleep(lots.expovariate(a_second))

    async with asyncio.TaskGroup() as asked:
        for ask, a_second in people.habits.items():
            asked.create_task(keep_asking(ask, a_second))
        try:
            yield
        finally:
            over.set()
