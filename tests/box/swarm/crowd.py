"""People who ask on both platforms at a steady pace, each once, and what becomes of their questions."""

import asyncio
import contextlib
import math
import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from tests.benchmarks.chaos.ledger import Ledger, Question
from tests.benchmarks.chaos.platforms import FaultyDiscord, FaultyTelegram
from tests.fakes.discord_endpoint import EndpointClient
from tests.fakes.discord_payloads import Json
from tests.fakes.discord_rest import Answer
from tests.fakes.discord_server import NoAnswer

LINES: tuple[tuple[str, dict[str, str | int]], ...] = (
    ("digit", {"digit": "4"}),
    ("digit", {"digit": "7", "count": 2}),
    ("number", {"number": "2026"}),
    ("morph", {"digits": "3 8"}),
    ("help", {}),
    ("digit", {"digit": "x"}),
    ("number", {"number": "abc"}),
)
"""Requests, two of which are answered with a sentence that says what is wrong."""
A_SECOND = float(os.environ.get("SWARM_QUESTIONS", "4"))
"""Questions on each platform."""
FIRST_PERSON = 700_000_000
DISCORD_SECONDS = 3.0
"""For which the real Discord waits for a sign."""
PATIENCE_SECONDS = 60.0
"""For which Discord waits here, in place of three: how busy the machine is is not under test, and what comes late is
counted and not lost."""


@dataclass
class Endpoint(EndpointClient):
    """Posts interactions, and knows which were acknowledged.

    Attributes:
        acknowledged: ids of interactions.
    """

    acknowledged: set[str] = field(default_factory=set)

    async def deliver(self, interaction: Json) -> bool:
        """Post an interaction; returns whether it was acknowledged."""
        taken = await super().deliver(interaction)
        if taken:
            self.acknowledged.add(interaction["id"])
        return taken


class Discord(FaultyDiscord):
    """A Discord that posts interactions.

    Args:
        ledger: takes the answers.
        host: IP address at which it listens.
    """

    endpoint: Endpoint

    def __init__(self, ledger: Ledger, host: str) -> None:
        super().__init__(ledger, Counter(), over_http=True, host=host)
        self.endpoint = Endpoint(self.endpoint.key)
        self.rest.patience = PATIENCE_SECONDS


class Crowd:
    """Everybody who asks.

    Args:
        ledger: takes the questions and the answers.
        discord: where they ask, over HTTP.
        telegram: where they ask, by webhook.

    Attributes:
        event: what is going on, noted with each question.
    """

    def __init__(self, ledger: Ledger, discord: Discord, telegram: FaultyTelegram) -> None:
        self.event = ""
        self._ledger, self._discord, self._telegram = ledger, discord, telegram
        self._lots = random.Random(1)
        self._people = count(FIRST_PERSON)
        self._tasks: set[asyncio.Task[None]] = set()
        self._interactions: dict[Question, str] = {}
        self._on_discord: Counter[str] = Counter()

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[None]:
        """Let people ask until the context ends, and wait until nobody waits on Discord."""
        tasks = [asyncio.create_task(self._keep_asking(ask)) for ask in (self._ask_discord, self._ask_telegram)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, *self._tasks, return_exceptions=True)

    def unacknowledged(self) -> set[Question]:
        """Return the questions that a platform may deliver again, or has told people that nobody took them."""
        people = {update["message"]["from"]["id"] for update in self._telegram.pending.values()}
        questions = {question for person, question in self._telegram.asked.items() if person in people}
        posted = self._interactions.items()
        return questions | {
            question for question, number in posted if number not in self._discord.endpoint.acknowledged
        }

    def acknowledged(self) -> set[Question]:
        """Return the questions that nobody else can answer any more: acknowledged or announced, and not answered."""
        acknowledged, rest = self._discord.endpoint.acknowledged, self._discord.rest
        posted = {question for question, number in self._interactions.items() if number in acknowledged}
        signs = {rest.asked[token] for token, sent in rest.questions.items() if token in rest.asked and sent.first}
        return {question for question in posted | signs if not question.answers}

    def ignored(self) -> int:
        """Return how many questions the real Discord would have given up before a first sign of an answer."""
        rest = self._discord.rest
        signs = [sent.first for token, sent in rest.questions.items() if token in rest.asked]
        return sum(first is None or first > DISCORD_SECONDS for first in signs)

    def told(self) -> Counter[str]:
        """Return what people were told in place of a picture: how often, by the text."""
        calls = self._telegram.done("sendMessage")
        return self._on_discord + Counter(call["text"] for call in calls)

    async def _keep_asking(self, ask: Callable[[str, dict[str, str | int]], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(self._lots.expovariate(A_SECOND))
            await ask(*self._lots.choice(LINES))

    async def _ask_telegram(self, name: str, options: dict[str, str | int]) -> None:
        person, line = next(self._people), " ".join([f"/{name}", *map(str, options.values())])
        self._telegram.asked[person] = self._ledger.ask("telegram", math.inf, f"{line}, {self.event}")
        await self._telegram.say(line, user=person)

    async def _ask_discord(self, name: str, options: dict[str, str | int]) -> None:
        question = self._ledger.ask("discord", math.inf, f"{name} {options}, {self.event}")
        asked = self._discord.ask(name, **options)
        token, sent = next(reversed(self._discord.rest.questions.items()))
        self._discord.rest.asked[token], self._interactions[question] = question, sent.payload["id"]
        task = asyncio.create_task(self._listen(asked))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _listen(self, asked: "asyncio.Task[Answer]") -> None:
        with contextlib.suppress(NoAnswer):
            answer = await asked
            if not answer.files:
                self._on_discord[answer.text] += 1
