"""Test servers of both platforms that refuse, fail and hang up, each question as it was drawn by lot for it."""

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.benchmarks.chaos.ledger import Ledger, Question
from tests.fakes.discord_rest import Rest
from tests.fakes.discord_server import TOKEN, DiscordServer
from tests.fakes.telegram_methods import Call
from tests.fakes.telegram_rules import Json, Refusal
from tests.fakes.telegram_server import Cut, Telegram

CUT, CUT_AFTER = "cut", "cut after it was taken"
"""Faults beside HTTP statuses: the connection ends before the answer is taken, or before that is said."""
RECIPIENTS = ("chat_id", "callback_query_id", "inline_query_id")
TOLD_TO_WAIT = "One moment, please"
"""The beginning of the sentence for those who ask too often; here everybody asks once."""
FLOOD_SECONDS = 2
"""For which Telegram refuses a chat."""

Fault = int | str


@dataclass
class FaultyTelegram(Telegram):
    """A Telegram on which calls fail as planned.

    Attributes:
        ledger: takes the answers.
        asked: the question behind a chat or a query.
        plans: the faults of the next calls for a chat or a query, and of getUpdates.
        down: whether every call fails.
        shuffled: reorders the updates of a poll, and repeats some.
        met: the faults that the bot met, by kind.
    """

    ledger: Ledger = field(default_factory=lambda: Ledger(lambda: 0.0))
    asked: dict[object, Question] = field(default_factory=dict)
    plans: dict[object, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    down: bool = False
    shuffled: Any = list
    met: Counter[str] = field(default_factory=Counter)
    polled: asyncio.Event = field(default_factory=asyncio.Event)
    _open_polls: set[asyncio.Transport] = field(default_factory=set)

    def cut_polls(self) -> None:
        """Cut the connection of every poll."""
        for transport in self._open_polls:
            transport.abort()

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a call, and know the connections of polls."""
        transport = request.transport
        if request.match_info["method"] != "getUpdates" or not isinstance(transport, asyncio.Transport):
            return await super().answer(request)
        self._open_polls.add(transport)
        try:
            return await super().answer(request)
        finally:
            self._open_polls.discard(transport)

    async def updates(self, call: Call) -> list[Json]:
        """Answer a poll that gets through."""
        self.polled.set()
        return await super().updates(call)

    async def _carry_out(self, token: str, call: Call) -> Any:
        recipient = next((call[name] for name in RECIPIENTS if call[name] is not None), call.method)
        plan = self.plans.get(recipient)
        if self.down and plan:
            # More faults in a row than an answer is tried again after.
            plan.clear()
        fault = 502 if self.down else plan.pop(0) if plan else None
        if fault is not None:
            self.met[f"Telegram: {fault}"] += 1
        match fault:
            case 429:
                raise Refusal(429, f"Too Many Requests: retry after {FLOOD_SECONDS}", {"retry_after": FLOOD_SECONDS})
            case int():
                raise Refusal(fault, "Bad Gateway")
            case "cut":
                raise Cut
        result = await super()._carry_out(token, call)
        question = self.asked.get(recipient)
        answers = call.method.startswith(("send", "edit")) or call.method == "answerInlineQuery" or call["text"]
        if question is not None and answers:
            self.ledger.answer(question)
            _check(self.ledger, "telegram", call["text"] or "")
            question.max_answers += fault == CUT_AFTER
        if fault == CUT_AFTER:
            raise Cut
        return result

    def _wanted(self) -> list[Json]:
        return list(self.shuffled(super()._wanted()))


class FaultyRest(Rest):
    """A REST API on which answers fail as planned.

    Attributes:
        ledger: takes the answers.
        asked: the question behind an interaction's token.
        plans: the faults of the next answers to it.
        met: the faults that the bot met, by kind.
    """

    ledger: Ledger
    met: Counter[str]

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.asked: dict[str, Question] = {}
        self.plans: dict[str, list[Fault]] = defaultdict(list)

    async def _callback(self, request: web.Request) -> web.Response:
        token = request.match_info["token"]
        fault = self.plans[token].pop(0) if self.plans.get(token) else None
        if fault is not None:
            self.met[f"Discord: {fault}"] += 1
        if isinstance(fault, int):
            self.faults.append(fault)
        if fault == CUT:
            return self._cut(request)
        response = await super()._callback(request)
        self._note(token)
        return self._cut(request) if fault == CUT_AFTER else response

    async def _edit(self, request: web.Request) -> web.Response:
        response = await super()._edit(request)
        self._note(request.match_info["token"])
        return response

    def _note(self, token: str) -> None:
        if token in self.asked and self.questions[token].answer.done():
            self.ledger.answer(self.asked[token])
            _check(self.ledger, "discord", self.questions[token].answer.result().text)

    @staticmethod
    def _cut(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()


class FaultyDiscord(DiscordServer):
    """A Discord on which answers fail as planned."""

    rest: FaultyRest

    def __init__(self, ledger: Ledger, met: Counter[str], **options: Any) -> None:
        super().__init__(**options)
        application = self.rest.application
        self.rest = FaultyRest(TOKEN, self.gateway)
        self.rest.application = application
        self.rest.ledger, self.rest.met = ledger, met


def _check(ledger: Ledger, platform: str, answer: str) -> None:
    if answer.startswith(TOLD_TO_WAIT):
        ledger.broken.append(f"{platform}: told to wait after a single question")
