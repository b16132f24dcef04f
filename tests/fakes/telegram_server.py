"""A Telegram of our own on loopback: the part of the Bot API that the bot uses, as strict as the real one."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from itertools import count
from typing import Any

import aiohttp
from aiohttp import web

from tests.fakes import telegram_methods as methods
from tests.fakes.files import Files
from tests.fakes.telegram_methods import Call
from tests.fakes.telegram_rules import Json, Refusal

TOKEN = "123456:" + "aB-_" * 8
ALICE, BOB = 1, 2
GROUP = -1001
HOST = "https://bot.example"
"""The public address of the bot, from where a proxy of this server leads to `Telegram.bot`."""
PATIENCE = 30.0
MAX_CONNECTIONS = 100
"""Posts to the webhook at a time: Telegram's own limit, which the bot asks for."""
REDELIVERY = 0.05
"""Seconds until an update is posted again that the webhook did not take."""


class Cut(Exception):
    """In place of an answer the connection is cut."""


@dataclass
class Telegram:
    """Telegram, for one bot.

    Attributes:
        calls: every call of the bot, in the order of arrival.
        pending: updates that the bot has not confirmed, by number.
        messages: what stands in the chats, by chat and number.
        shown: what the bot has said about itself, by method and place.
        posts: each post to the webhook: the number of the update and the status of the answer.
        webhook: what the bot has set; empty while it polls.
        bot: the address where the bot listens.
        blocked: chats that have blocked the bot.
        queries: presses and inline queries that wait for an answer.
        spoken: when the bot spoke in a group.
        trouble: when and why a post to the webhook has failed last.
        ahead_seconds: by which its clock is ahead of this machine's.
        files: what people have sent.
        broken: faults of this server, of which there must be none.
    """

    url: str = ""
    bot: str = ""
    calls: list[Call] = field(default_factory=list)
    pending: dict[int, Json] = field(default_factory=dict)
    messages: dict[tuple[int, int], Json] = field(default_factory=dict)
    shown: dict[tuple[str, ...], Any] = field(default_factory=dict)
    posts: list[tuple[int, int]] = field(default_factory=list)
    webhook: Json = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    queries: set[str] = field(default_factory=set)
    spoken: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    numbers: "count[int]" = field(default_factory=lambda: count(1000))
    trouble: Json = field(default_factory=dict)
    revoked: bool = False
    ahead_seconds: int = 0
    files: Files = field(default_factory=Files)
    broken: list[Exception] = field(default_factory=list)
    _faults: dict[str, list[Refusal]] = field(default_factory=lambda: defaultdict(list))
    _held: dict[str, asyncio.Event] = field(default_factory=dict)
    _polls: int = 0
    _kinds: set[str] = field(default_factory=set)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _posting: dict[int, "asyncio.Task[None]"] = field(default_factory=dict)
    _connections: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MAX_CONNECTIONS))

    async def say(
        self,
        text: str,
        *,
        user: int = ALICE,
        chat: int | None = None,
        topic: int | None = None,
        ago: int = 0,
        language: str = "en",
        text_as: str = "text",
        **fields: Any,
    ) -> Json:
        """Somebody writes a message; returns it. A chat with a negative number is a group.

        Args:
            text: of the message.
            user: who writes it.
            chat: where; by default in private.
            topic: of the chat.
            ago: seconds since then.
            language: of the user.
            text_as: the field of the text; an empty caption is none.
            fields: more of the message, or others in place of its own.
        """
        message = self.message(user if chat is None else chat, topic) | {"from": person(user, language)}
        if text or text_as == "text":
            message[text_as] = text
        message["date"] -= ago
        message |= fields
        if text.startswith("/"):
            message["entities" if text_as == "text" else "caption_entities"] = [
                {"type": "bot_command", "offset": 0, "length": len(text.split()[0])}
            ]
        self.messages[user if chat is None else chat, message["message_id"]] = message
        await self._push({"message": message})
        return message

    async def show(self, photo: bytes, caption: str = "", media_type: str = "", **fields: Any) -> Json:
        """Somebody sends a photo, or a file of a media type; returns the message.

        Args:
            photo: the file; Telegram keeps a small size of each photo beside it.
            caption: under it.
            media_type: of a file that is sent as it is, such as image/png.
            fields: as for `say`.
        """
        sent = self.file(photo)
        if media_type:
            content: Json = {"document": sent | {"file_name": "note", "mime_type": media_type}}
        else:
            small = self.file(b"a small size") | {"width": 90, "height": 67}
            content = {"photo": [small, sent | {"width": 1280, "height": 960}]}
        return await self.say(caption, text_as="caption", **fields, **content)

    def file(self, content: bytes) -> Json:
        """A file that the bot may ask for."""
        name = self.files.add(content)
        return {"file_id": name, "file_unique_id": name[:16], "file_size": len(content)}

    async def edit(self, message: Json, text: str) -> None:
        """Somebody edits a message."""
        await self._push({"edited_message": message | {"text": text, "edit_date": message["date"]}})

    async def press(self, message: Json, label: str, user: int = ALICE, language: str = "en") -> str:
        """Somebody presses the button with that label; returns the number of the query."""
        rows = message["reply_markup"]["inline_keyboard"]
        (button,) = [button for row in rows for button in row if button["text"] == label]
        return await self.forge(message, button["callback_data"], user, language)

    async def forge(self, message: Json, data: str, user: int = ALICE, language: str = "en") -> str:
        """Somebody sends the data of a button that need not be there; returns the number of the query."""
        query = self._query(user, language) | {"data": data, "message": message, "chat_instance": "1"}
        await self._push({"callback_query": query})
        return str(query["id"])

    async def type_inline(self, text: str, user: int = ALICE, language: str = "en") -> str:
        """Somebody types after the bot's name in some chat; returns the number of the query."""
        query = self._query(user, language) | {"query": text, "offset": ""}
        await self._push({"inline_query": query})
        return str(query["id"])

    def refuse(self, method: str, status: int, description: str, **parameters: int) -> None:
        """Refuse one more call of a method."""
        self._faults[method].append(Refusal(status, description, parameters))

    def hold(self, method: str) -> asyncio.Event:
        """Answer no call of a method until the event is set."""
        self._held[method] = asyncio.Event()
        return self._held[method]

    async def revoke(self) -> None:
        """The token is no longer good."""
        self.revoked = True
        await self.tell()

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until something holds that calls and posts change."""
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: bool(holds())), PATIENCE)

    def called(self, *names: str) -> list[Call]:
        """The calls of these methods, those included that are not answered or were refused."""
        return [call for call in self.calls if call.method in names]

    def done(self, *names: str) -> list[Call]:
        """The calls of these methods that were carried out."""
        return [call for call in self.called(*names) if call.result is not None]

    async def next(self, *names: str, after: int = 0) -> Call:
        """The call of these methods that comes after so many others of them."""
        await self.until(lambda: len(self.done(*names)) > after)
        return self.done(*names)[after]

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a call of the bot."""
        call = await methods.read(request)
        self.calls.append(call)
        await self.tell()
        if call.method in self._held:
            await self._held[call.method].wait()
        try:
            call.result = await self._carry_out(request.match_info["token"], call)
        except Refusal as error:
            return web.json_response(error.body, status=error.status, headers=self._date())
        except Cut:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        except Exception as error:
            self.broken.append(error)
            raise
        await self.tell()
        return web.json_response({"ok": True, "result": call.result}, headers=self._date())

    async def updates(self, call: Call) -> list[Json]:
        """Hold a poll open until there is something new, or another poll ends it."""
        if self.webhook:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        self._kinds = set(call["allowed_updates"] or self._kinds)
        self._polls += 1
        poll = self._polls
        for number in [number for number in self.pending if number < (call["offset"] or 0)]:
            del self.pending[number]
        await self.tell()
        try:
            async with asyncio.timeout(call["timeout"] or 0), self._news:
                await self._news.wait_for(lambda: self._wanted() or poll != self._polls or self.revoked)
        except TimeoutError:
            return []
        if self.revoked:
            raise Refusal(401, "Unauthorized")
        if poll != self._polls:
            raise Refusal(
                409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
            )
        return self._wanted()

    async def tell(self) -> None:
        """Let those who wait look again."""
        async with self._news:
            self._news.notify_all()

    def post_all(self) -> None:
        """Post what is pending to the webhook."""
        for number in self.pending.keys() - self._posting.keys():
            self._posting[number] = asyncio.create_task(self._post(number))

    def message(self, chat: int, topic: int | None) -> Json:
        """A message without anything in it."""
        kind = {"type": "private", "first_name": "A"} if chat > 0 else {"type": "supergroup", "title": "G"}
        message = {"message_id": next(self.numbers), "date": self._now(), "chat": {"id": chat} | kind}
        if topic is not None:
            message |= {"message_thread_id": topic, "is_topic_message": True}
        return message

    def _now(self) -> int:
        return int(time.time()) + self.ahead_seconds

    def _date(self) -> dict[str, str]:
        return {"Date": formatdate(self._now(), usegmt=True)}

    async def _carry_out(self, token: str, call: Call) -> Any:
        if self.revoked or token != TOKEN:
            raise Refusal(401, "Unauthorized")
        if self._faults[call.method]:
            raise self._faults[call.method].pop(0)
        return await methods.carry_out(self, call)

    def _wanted(self) -> list[Json]:
        return [update for update in self.pending.values() if self._kinds & set(update)][:100]

    def _query(self, user: int, language: str) -> Json:
        number = str(next(self.numbers))
        self.queries.add(number)
        return {"id": number, "from": person(user, language)}

    async def _push(self, update: Json) -> None:
        number = next(self.numbers)
        self.pending[number] = {"update_id": number} | update
        await self.tell()
        if self.webhook:
            self.post_all()

    async def _post(self, number: int) -> None:
        async with aiohttp.ClientSession() as client:
            while self.webhook:
                address = self.bot + self.webhook["url"].removeprefix(HOST)
                secret = {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret_token"]}
                try:
                    async with (
                        self._connections,
                        client.post(address, json=self.pending[number], headers=secret) as response,
                    ):
                        status = response.status
                except aiohttp.ClientError:
                    status = 0
                self.posts.append((number, status))
                if status == 200:
                    del self.pending[number]
                    return await self.tell()
                self.trouble = {"last_error_date": int(time.time()), "last_error_message": f"Wrong response: {status}"}
                await self.tell()
                await asyncio.sleep(REDELIVERY)
        del self._posting[number]
        return None


def person(user: int, language: str) -> Json:
    """A user, with the language of their Telegram."""
    return {"id": user, "is_bot": False, "first_name": f"User {user}", "language_code": language}


@asynccontextmanager
async def telegram_server(
    port: int = 0, telegram: Telegram | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[Telegram]:
    """Telegram, or the one given, on a port of this machine."""
    telegram = telegram or Telegram()
    app = web.Application(client_max_size=60 * 1024 * 1024)
    app.router.add_route("*", "/bot{token}/{method}", telegram.answer)
    app.router.add_get(f"/file/bot{TOKEN}/photos/{{name}}", telegram.files.serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, host, port, backlog=1024)
    await site.start()
    telegram.url = f"http://{host}:{runner.addresses[0][1]}"
    try:
        yield telegram
    finally:
        telegram.webhook = {}
        await runner.cleanup()
        assert not telegram.broken
