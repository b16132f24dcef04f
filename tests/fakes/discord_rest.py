"""Discord's REST API v10, as far as a bot of ours uses it."""

import asyncio
import json
import time
from collections import deque
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

from aiohttp import web

from tests.fakes import discord_payloads as payloads
from tests.fakes.discord_gateway import Gateway
from tests.fakes.discord_payloads import APPLICATION, EPHEMERAL, Json
from tests.fakes.discord_rules import Refusal, check_choices, check_commands, check_message

BASE = "/api/v10"
REMEMBERED = 2000
"""Interactions that a late or a second answer can be told from one to nothing at all."""
AUTOCOMPLETE = 4
MESSAGE, DEFERRED, CHOICES = 4, 5, 8
"""The kinds of answer that this server takes."""


@dataclass
class Answer:
    """What a person sees.

    Attributes:
        message: as Discord sends it along when one of its buttons is pressed.
        files: what was uploaded, in order.
        seconds: from the question to the first sign of an answer.
        deferred: whether that sign was "thinking".
    """

    message: Json
    files: list[bytes]
    seconds: float
    deferred: bool

    @property
    def text(self) -> str:
        """The words."""
        return str(self.message["content"])

    @property
    def ephemeral(self) -> bool:
        """Whether nobody else sees it."""
        return bool(self.message["flags"] & EPHEMERAL)

    @property
    def attachments(self) -> list[Json]:
        """Filename and description of each file."""
        return list(self.message["attachments"])

    @property
    def components(self) -> list[Json]:
        """Every button and list under the message."""
        return [part for row in self.message["components"] for part in row["components"]]

    @property
    def labels(self) -> list[str]:
        """The words on each button and list."""
        return [part.get("label") or part["placeholder"] for part in self.components]


@dataclass
class Question:
    """An interaction, from its sending to its answer."""

    payload: Json
    sent: float
    first: float | None = None
    flags: int = 0
    answer: "asyncio.Future[Any]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Rest:
    """The API of one application.

    Args:
        token: the one that it knows.
        gateway: the other half.

    Attributes:
        commands: what the application has registered, by server; None is everywhere.
        syncs: how often it has written them.
        faults: statuses that the next answers get in place of being taken.
        refusals: what was refused, for whatever reason.
        up: whether it works.
        refused: set once somebody came while it did not, or got a fault.
        deferred: set once an answer was put off.
        may_write: whether the application may register commands.
        patience: seconds within which an interaction has to be answered or deferred.
        questions: the last interactions, by their token.
        calls: the path of each request, the gateway's included.
        starts: what it says about connections: how many there are, are left, and milliseconds until there are new ones.
        application: the application, as it is told.
        ahead: seconds by which its clock is ahead.
    """

    def __init__(self, token: str, gateway: Gateway) -> None:
        self._token = token
        self._gateway = gateway
        self.commands: dict[str | None, list[Json]] = {}
        self.syncs = 0
        self.faults: deque[int] = deque()
        self.refusals: list[Json] = []
        self.up = True
        self.refused = asyncio.Event()
        self.deferred = asyncio.Event()
        self.may_write = True
        self.patience = 3.0
        self.questions: dict[str, Question] = {}
        self.calls: list[str] = []
        self.starts = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        self.application = payloads.application()
        self.ahead = 0.0

    def remember(self, question: Question) -> None:
        """Expect an answer to an interaction."""
        self.questions[question.payload["token"]] = question
        if len(self.questions) > REMEMBERED:
            del self.questions[next(iter(self.questions))]

    def routes(self) -> list[web.RouteDef]:
        """What it answers."""
        mine = f"{BASE}/applications/{APPLICATION}"
        return [
            web.get(BASE + "/users/@me", self._me),
            web.get(BASE + "/oauth2/applications/@me", self._application),
            web.get(BASE + "/applications/@me", self._application),
            web.get(BASE + "/gateway/bot", self._gateway_address),
            web.get(mine + "/commands", self._get_commands),
            web.put(mine + "/commands", self._put_commands),
            web.get(mine + "/guilds/{guild}/commands", self._get_commands),
            web.put(mine + "/guilds/{guild}/commands", self._put_commands),
            web.post(BASE + "/interactions/{id}/{token}/callback", self._callback),
            web.patch(f"{BASE}/webhooks/{APPLICATION}/{{token}}/messages/@original", self._edit),
        ]

    @web.middleware
    async def refusing(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Turn a refusal into its status and its JSON."""
        self.calls.append(request.path)
        if not self.up:
            self.refused.set()
            return web.Response(status=503)
        try:
            response: web.StreamResponse = await handler(request)
        except Refusal as refusal:
            self.refusals.append(refusal.body)
            return _json(refusal.body, refusal.status)
        return response

    def _authorize(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bot {self._token}":
            raise Refusal(401, 0, "401: Unauthorized")

    async def _me(self, request: web.Request) -> web.Response:
        self._authorize(request)
        return _json(payloads.user(APPLICATION, bot=True))

    async def _application(self, request: web.Request) -> web.Response:
        self._authorize(request)
        response = _json(self.application)
        response.headers["Date"] = formatdate(time.time() + self.ahead, usegmt=True)
        return response

    async def _gateway_address(self, request: web.Request) -> web.Response:
        self._authorize(request)
        return _json({"url": self._gateway.url, "shards": self._gateway.shards, "session_start_limit": self.starts})

    async def _get_commands(self, request: web.Request) -> web.Response:
        self._authorize(request)
        return _json(self.commands.get(request.match_info.get("guild"), []))

    async def _put_commands(self, request: web.Request) -> web.Response:
        self._authorize(request)
        guild, commands = request.match_info.get("guild"), await request.json()
        if not self.may_write:
            raise Refusal(403, 50001, "Missing Access")
        check_commands(commands)
        self.syncs += 1
        self.commands[guild] = [_registered(command, guild) for command in commands]
        return _json(self.commands[guild])

    async def _callback(self, request: web.Request) -> web.Response:
        if self.faults:
            self.refused.set()
            return _fault(self.faults.popleft())
        body, files = await _read(request)
        question = self._question(request, body["type"])
        message = self._take(question, body["type"], body.get("data") or {}, files)
        told = {"id": question.payload["id"], "type": question.payload["type"], "response_message_id": message["id"]}
        return _json({"interaction": told, "resource": {"type": body["type"], "message": message}})

    def _take(self, question: Question, kind: int, data: Json, files: dict[int, bytes]) -> Json:
        """Show an answer to whoever asked; returns the message that it became."""
        if kind == MESSAGE:
            check_message(data, files)
        elif kind == CHOICES:
            check_choices(data["choices"])
        question.first = asyncio.get_running_loop().time() - question.sent
        question.flags = data.get("flags", 0)
        message = payloads.message(question.payload, data, _attachments(data))
        if kind == MESSAGE:
            question.answer.set_result(Answer(message, list(files.values()), question.first, deferred=False))
        elif kind == CHOICES:
            question.answer.set_result(data["choices"])
        else:
            self.deferred.set()
        return message

    def _question(self, request: web.Request, kind: int) -> Question:
        """The interaction that is being answered, if it may be answered so."""
        question = self.questions.get(request.match_info["token"])
        if question is None or question.payload["id"] != request.match_info["id"]:
            raise Refusal(404, 10062, "Unknown interaction")
        if asyncio.get_running_loop().time() - question.sent > self.patience:
            raise Refusal(404, 10062, "Unknown interaction")
        if question.first is not None:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        if (kind == CHOICES) != (question.payload["type"] == AUTOCOMPLETE) or kind not in (MESSAGE, DEFERRED, CHOICES):
            raise Refusal(400, 50035, "Invalid Form Body: type")
        return question

    async def _edit(self, request: web.Request) -> web.Response:
        question = self.questions.get(request.match_info["token"])
        if question is None or question.first is None:
            raise Refusal(404, 10015, "Unknown Webhook")
        data, files = await _read(request)
        check_message(data, files)
        message = payloads.message(question.payload, data | {"flags": question.flags}, _attachments(data))
        question.answer.set_result(Answer(message, list(files.values()), question.first, deferred=True))
        return _json(message)


async def _read(request: web.Request) -> tuple[Json, dict[int, bytes]]:
    """The JSON of a request, and the files that came with it."""
    if request.content_type == "application/json":
        return await request.json(), {}
    form = await request.post()
    files = {int(name[6:-1]): part.file.read() for name, part in form.items() if isinstance(part, web.FileField)}
    body: Json = json.loads(str(form["payload_json"]))
    return body, files


def _attachments(data: Json) -> list[Json]:
    """Uploaded files as a message tells them; Discord marks a spoiler by the name alone."""
    url = {"url": "https://cdn.example/file", "proxy_url": "https://cdn.example/file", "size": 1}
    return [attachment | url | {"id": payloads.snowflake()} for attachment in data.get("attachments", [])]


def _registered(command: Json, guild: str | None) -> Json:
    """A command as Discord returns it: with ids, and without what says nothing."""
    options = [{k: v for k, v in option.items() if v is not False} for option in command.get("options", [])]
    ids = {"id": payloads.snowflake(), "application_id": APPLICATION, "version": payloads.snowflake()}
    command = {"description": ""} | command
    if guild is None:
        return command | ids | {"options": options}
    own = {key: value for key, value in command.items() if key not in ("contexts", "integration_types")}
    return own | ids | {"options": options, "guild_id": guild}


def _fault(status: int) -> web.Response:
    if status == 429:
        body = {"message": "You are being rate limited.", "retry_after": 0.2, "global": False}
        return _json(body, status, {"Retry-After": "1", "Via": "1.1 google"})
    return web.Response(status=status, text="upstream connect error")


def _json(body: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    # discord.py reads JSON only where the type is this and nothing more; aiohttp would add the charset.
    return web.Response(
        body=json.dumps(body).encode(), status=status, headers={"Content-Type": "application/json"} | (headers or {})
    )
