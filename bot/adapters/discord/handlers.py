"""An interaction in, an answer out: in time, and once."""

import asyncio
import io
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from time import monotonic
from typing import Any

import aiohttp
import discord
import structlog
from discord import app_commands
from discord.utils import MISSING
from yarl import URL

from bot.adapters.discord import photos
from bot.adapters.discord.buttons import ButtonView
from bot.adapters.discord.display import DISPLAY_OPTIONS, Display
from bot.adapters.discord.rendering import render
from bot.adapters.platform_client import reason_of
from bot.commands.errors import Outdated
from bot.conversation.pipeline import Conversation, Exchange, Read, ReadInHand
from bot.conversation.reply import Buttons, Reply
from bot.conversation.sender import Sender
from bot.limits.claims import Claims
from core.catalog import Catalog
from core.errors import DigitError

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("discord")

DEFER_AFTER_SECONDS = 2.0
"""Time after which a person sees that the bot is at it; Discord gives up on an answer after three seconds."""
MAX_WAIT_SECONDS = 10.0
"""The longest expected wait for a deferred picture; with a longer one "busy" at once is kinder."""
UNKNOWN_INTERACTION, ALREADY_ACKNOWLEDGED = 10062, 40060
"""Discord's codes for an answer that comes too late, and for a second one."""
UNDELIVERED = (discord.HTTPException, aiohttp.ClientError, OSError)

Interaction = discord.Interaction[Any]
Answer = Callable[[Exchange], Coroutine[Any, Any, Reply]]
Answered = Callable[[int], None]
"""Called with the id of an interaction once it has its first answer, or none is due."""


class Handlers:
    """Answers interactions, and keeps count of those under way.

    Args:
        conversation: answers requests.
        api_url: of Discord's API: photos may come from its host, too.
        claims: on interactions.
        answered: of the transport.
    """

    def __init__(
        self,
        conversation: Conversation,
        api_url: str,
        claims: Claims | None = None,
        answered: Answered = lambda _: None,
    ) -> None:
        self._conversation = conversation
        self._api_url = URL(api_url)
        self._claims = claims or Claims()
        self._answered = answered
        self._under_way: set[asyncio.Task[Any] | None] = set()
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def catalog(self) -> Catalog:
        """The models."""
        return self._conversation.service.catalog

    async def handle(self, interaction: Interaction, read: Read, display: Display) -> None:
        """Answer a command or the press of a button.

        Args:
            interaction: to answer.
            read: reads the request.
            display: of the answer, unless that is private anyway.
        """
        await self._answer(interaction, lambda exchange: exchange.reply(read), display)

    async def handle_photo(
        self, interaction: Interaction, photo: discord.Attachment, read: ReadInHand | None, display: Display
    ) -> None:
        """Answer a photo.

        Args:
            interaction: to answer.
            photo: to read.
            read: reads the request that is drawn in its hand; None draws what was read.
            display: of the answer, unless that is private anyway.
        """
        load = partial(photos.load, photo, self._api_url)
        await self._answer(interaction, lambda exchange: exchange.hand(load, read), display)

    async def _answer(self, interaction: Interaction, answer: Answer, display: Display) -> None:
        # Counted from the arrival: the wait for a claim of a replica that was killed is a part of it.
        defer_at = monotonic() + DEFER_AFTER_SECONDS
        with self._until_answered(interaction):
            # Discord takes one answer: that to a repetition, "too soon", would come before the picture.
            async with self._claims.claim("discord", str(interaction.id)) as first:
                if first:
                    await self._answer_first(interaction, answer, display, defer_at)

    async def _answer_first(self, interaction: Interaction, answer: Answer, display: Display, defer_at: float) -> None:
        with self._exchange(interaction, display) as exchange:
            try:
                reply = await self._in_time(interaction, answer(exchange), display, defer_at)
                await _send(interaction, reply, display)
            except Exception as error:  # noqa: BLE001  it is logged, and answered where that is still possible
                await _apologize(interaction, exchange, error)

    async def handle_error(self, interaction: Interaction, error: Exception) -> None:
        """Answer an interaction of which discord.py could make nothing."""
        with self._until_answered(interaction), self._exchange(interaction, Display()) as exchange:
            await _apologize(interaction, exchange, _cause(error))

    async def idle(self) -> None:
        """Wait until no interaction is under way."""
        await self._idle.wait()

    def give_up(self) -> None:
        """Cancel every interaction that is under way."""
        for task in self._under_way:
            if task is not None:
                task.cancel()

    def _exchange(self, interaction: Interaction, display: Display) -> AbstractContextManager[Exchange]:
        return self._conversation.exchange(_sender(interaction, display), *UNDELIVERED)

    async def _in_time(
        self, interaction: Interaction, reply: Coroutine[Any, Any, Reply], display: Display, defer_at: float
    ) -> Reply:
        """Return the reply; defer the answer if it takes long."""
        answering = asyncio.create_task(reply)
        # Deferring at once would be simpler, but then an error could not be shown to one person alone.
        await asyncio.wait({answering}, timeout=max(0.0, defer_at - monotonic()))
        if not answering.done():
            await interaction.response.defer(ephemeral=display.ephemeral, thinking=True)
            self._answered(interaction.id)
        return await answering

    @contextmanager
    def _until_answered(self, interaction: Interaction) -> Iterator[None]:
        """Count an interaction among those under way, and tell the transport at the end."""
        task = asyncio.current_task()
        self._under_way.add(task)
        self._idle.clear()
        try:
            yield
        finally:
            self._answered(interaction.id)
            self._under_way.discard(task)
            if not self._under_way:
                self._idle.set()


def _sender(interaction: Interaction, display: Display) -> Sender:
    return Sender(
        platform="discord",
        language=interaction.locale.value,
        public_language=None if display.ephemeral else _server_language(interaction),
        person=interaction.user.id,
        chat=interaction.channel_id or interaction.user.id,
        max_wait_seconds=MAX_WAIT_SECONDS,
        platform_options=DISPLAY_OPTIONS,
    )


def _server_language(interaction: Interaction) -> str | None:
    """Return the language that a server chose; American English is also that of every server which chose none."""
    locale = interaction.guild_locale
    return None if locale in (None, discord.Locale.american_english) else locale.value


async def _send(interaction: Interaction, reply: Reply, display: Display) -> None:
    content, file = render(reply), _file(reply, display)
    view = MISSING if reply.buttons == Buttons() else ButtonView(reply.buttons, display)
    if interaction.response.is_done():
        await interaction.edit_original_response(content=content, attachments=[file] if file else [], view=view)
    else:
        ephemeral = reply.private or display.ephemeral
        await interaction.response.send_message(content, file=file or MISSING, view=view, ephemeral=ephemeral)


def _file(reply: Reply, display: Display) -> discord.File | None:
    if picture := reply.picture:
        data = io.BytesIO(picture.data)
        return discord.File(data, reply.file_name, spoiler=display.spoiler, description=reply.alt_text)
    if image := reply.illustration:
        return discord.File(io.BytesIO(image.data), image.name, description=image.alt_text)
    return None


async def _apologize(interaction: Interaction, exchange: Exchange, error: Exception) -> None:
    """Answer an error with a sentence, unless Discord takes no answer any more."""
    if isinstance(error, UNDELIVERED):
        _note_undelivered(exchange, error)
        if _is_over(error):
            return
        error = DigitError()
    try:
        await _send(interaction, exchange.error_reply(error), Display())
    except UNDELIVERED as failure:
        _note_undelivered(exchange, failure)


def _note_undelivered(exchange: Exchange, error: Exception) -> None:
    exchange.failed(error)
    log = logger.info if _is_over(error) else logger.warning
    # An error of aiohttp may name the URL, and the token in it lets anybody answer.
    reason = str(error) if isinstance(error, discord.HTTPException) else reason_of(error)
    log("answer not delivered", reason=reason)


def _is_over(error: Exception) -> bool:
    """Return whether Discord expects no answer to the interaction any more."""
    return isinstance(error, discord.HTTPException) and error.code in (UNKNOWN_INTERACTION, ALREADY_ACKNOWLEDGED)


def _cause(error: Exception) -> Exception:
    """Return the cause of an error that discord.py wraps, or our own name for one that it raises."""
    if isinstance(error, app_commands.CommandInvokeError):
        return error.original
    if isinstance(error, app_commands.AppCommandError):
        return Outdated(str(error))
    return error
