"""Discord on loopback: REST and gateway v10, strict about what Discord is strict about.

A test asks as a person would (`command`, `press`, `complete`) and gets what that person would see: the
message, or NoAnswer where Discord would show that the application did not respond.
"""

import asyncio
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.fakes import discord_payloads as payloads
from tests.fakes.discord_endpoint import PATH, EndpointClient
from tests.fakes.discord_gateway import Gateway
from tests.fakes.discord_payloads import GUILD, GUILD_ID, Json
from tests.fakes.discord_rest import AUTOCOMPLETE, BASE, Answer, Question, Rest
from tests.fakes.files import Files

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GxYzAb.a-token-of-the-fake-server_27ch"  # noqa: S105
COMMAND, COMPONENT = 2, 3
ON_MESSAGE = 3
"""The type of a command in the menu of a message."""


class NoAnswer(Exception):
    """What a person sees as "The application did not respond"."""


class DiscordServer:
    """A Discord with one application.

    Args:
        shards: how many gateway connections the application is to open.
        heartbeat: seconds between two heartbeats.
        over_http: whether the application has an Interactions Endpoint URL, so that nothing comes over the gateway.
        host: IP address at which it listens.

    Attributes:
        gateway: one half.
        rest: the other.
        endpoint: posts interactions; None over the gateway.
        files: what people have attached.
    """

    def __init__(
        self, *, shards: int = 1, heartbeat: float = 41.25, over_http: bool = False, host: str = "127.0.0.1"
    ) -> None:
        self._host = host
        self.gateway = Gateway(TOKEN, shards, heartbeat)
        self.rest = Rest(TOKEN, self.gateway)
        self.endpoint = EndpointClient() if over_http else None
        if self.endpoint:
            url = f"https://bot.example{PATH}"
            self.rest.application |= {"verify_key": self.endpoint.public_key, "interactions_endpoint_url": url}
        self.files = Files()
        self._deliveries: set[asyncio.Task[bool]] = set()
        self._people = iter(range(10**17, 10**18))

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self.rest.refusing], client_max_size=2 * payloads.LIMIT)
        app.add_routes([web.get("/", self.gateway.handle), *self.rest.routes()])
        app.router.add_get("/attachments/{name}", self.files.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, 0, backlog=1024).start()
        port = self._runner.addresses[0][1]
        self.host = f"http://{self._host}:{port}"
        self.url = self.host + BASE
        self.gateway.url = f"ws://{self._host}:{port}/"
        if self.endpoint:
            await self.endpoint.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.endpoint:
            await asyncio.gather(*self._deliveries, return_exceptions=True)
            await self.endpoint.__aexit__()
        await self._runner.cleanup()

    @property
    def settings(self) -> dict[str, str]:
        """What makes a bot use this Discord."""
        key = {"DISCORD_PUBLIC_KEY": self.endpoint.public_key} if self.endpoint else {}
        limits = {"DIGIT_COOLDOWN": "0", "DIGIT_CHAT_LIMIT": "0"}
        return {"DISCORD_TOKEN": TOKEN, "DISCORD_API_URL": self.url} | key | limits

    async def online(self, bot: str = "") -> None:
        """Wait until the bot is here.

        Args:
            bot: address of its web server, where interactions are posted.
        """
        if self.endpoint:
            self.endpoint.bot = bot or self.endpoint.bot
            await self.endpoint.verify()
        else:
            await self.gateway.until(lambda: self.gateway.online)

    async def command(self, name: str, /, *, where: int = GUILD, person: str = "", **options: object) -> Answer:
        """Send a slash command and wait for its answer."""
        return await self.ask(name, where=where, person=person, **options)

    def ask(
        self,
        name: str,
        /,
        *,
        where: int = GUILD,
        person: str = "",
        guild: str = GUILD_ID,
        locale: str = "en-US",
        server_locale: str = "en-US",
        **options: object,
    ) -> "asyncio.Task[Answer]":
        """Send a slash command; what its options may be is not checked, as an old client would not.

        Args:
            name: of the command.
            where: server, direct messages or a private channel.
            person: who asks.
            guild: the server.
            locale: of the person.
            server_locale: of the server.
            options: of the command.
        """
        kinds = {str: 3, int: 4, bool: 5}
        given = [{"name": key, "type": kinds[type(value)], "value": value} for key, value in options.items()]
        data = {"id": payloads.snowflake(), "name": name, "type": 1, "options": given}
        of_server = {"guild_locale": server_locale} if where == GUILD else {}
        return self._ask(COMMAND, data, where, person, guild, locale=locale, **of_server)

    async def repeat(self) -> None:
        """Send the last interaction once more."""
        payload = next(reversed(self.rest.questions.values())).payload
        if self.endpoint:
            await self.endpoint.deliver(payload)
        else:
            await self._dispatch(payload)

    def attach(self, content: bytes, media_type: str | None = "image/png", **fields: object) -> Json:
        """A file that somebody attaches; `fields` replace what Discord says about it, such as its URL."""
        url = f"{self.host}/attachments/{self.files.add(content)}?ex=1&hm=2"
        return payloads.attachment(len(content), media_type, url) | fields

    def ask_hand(self, image: Json, *, person: str = "", **options: str) -> "asyncio.Task[Answer]":
        """Send /hand with an attachment."""
        given = [{"name": "image", "type": 11, "value": image["id"]}]
        given += [{"name": key, "type": 3, "value": value} for key, value in options.items()]
        resolved = {"attachments": {image["id"]: image}}
        data = {"id": payloads.snowflake(), "name": "hand", "type": 1, "options": given, "resolved": resolved}
        return self._ask(COMMAND, data, GUILD, person, GUILD_ID)

    def choose(self, menu: str, *attachments: Json, where: int = GUILD) -> "asyncio.Task[Answer]":
        """Choose a command in the menu of a message with these attachments."""
        author = next(self._people)
        message = payloads.posted(str(author), list(attachments))
        data = {"id": payloads.snowflake(), "name": menu, "type": ON_MESSAGE, "target_id": message["id"]}
        data["resolved"] = {"messages": {message["id"]: message}}
        return self._ask(COMMAND, data, where, "", GUILD_ID)

    async def crowd(self, people: int) -> "asyncio.Future[list[Answer]]":
        """Everybody asks for a strip at once; when this returns, the gateway has it all."""
        questions = [self.ask("digit", digit=str(person % 10)) for person in range(people)]
        await asyncio.sleep(0)
        return asyncio.gather(*questions)

    async def complete(self, name: str, option: str, typed: str) -> list[Json]:
        """Type into an option and return what is offered."""
        given = [{"name": option, "type": 3, "value": typed, "focused": True}]
        data = {"id": payloads.snowflake(), "name": name, "type": 1, "options": given}
        choices: list[Json] = await self._ask(AUTOCOMPLETE, data, GUILD, "", GUILD_ID)
        return choices

    async def press(self, answer: Answer, label: str, *values: str, where: int = GUILD, person: str = "") -> Answer:
        """Press a button by its label, or pick values from the list with this placeholder."""
        part = next(part for part in answer.components if label in (part.get("label"), part.get("placeholder")))
        data = {"custom_id": part["custom_id"], "component_type": part["type"]}
        if values:
            data["values"] = list(values)
        return await self._ask(COMPONENT, data, where, person, GUILD_ID, message=answer.message)

    def _ask(self, kind: int, data: Json, where: int, person: str, guild: str, **more: Any) -> "asyncio.Task[Any]":
        payload = payloads.interaction(kind, data, where, person or str(next(self._people)), guild) | more
        question = Question(payload, _now())
        self.rest.remember(question)
        return asyncio.create_task(self._wait(question))

    async def _wait(self, question: Question) -> object:
        if self.endpoint:
            await self._post(self.endpoint, question)
        else:
            await self._dispatch(question.payload)
        await asyncio.wait({question.answer}, timeout=question.sent + self.rest.patience - _now())
        if question.first is None:
            raise NoAnswer(question.payload["data"])
        return await asyncio.wait_for(question.answer, timeout=30)

    async def _post(self, endpoint: EndpointClient, question: Question) -> None:
        """Post an interaction; where nobody takes it, Discord waits no longer."""
        delivery = asyncio.create_task(endpoint.deliver(question.payload))
        self._deliveries.add(delivery)
        delivery.add_done_callback(self._deliveries.discard)
        await asyncio.wait({delivery}, timeout=self.rest.patience)
        if question.first is None and delivery.done() and not delivery.result():
            raise NoAnswer(question.payload["data"])

    async def _dispatch(self, payload: Json) -> None:
        guild = int(payload.get("guild_id", 0))
        session = self.gateway.session((guild >> 22) % self.gateway.shards)
        await session.dispatch("INTERACTION_CREATE", payload)


def _now() -> float:
    return asyncio.get_running_loop().time()
