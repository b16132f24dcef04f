"""An order in, an answer out: in time, once, and in words where there is no picture."""

import asyncio
import io
import math
import re
import time
from collections.abc import Callable
from typing import Any

import aiohttp
import discord
import structlog
from discord import app_commands

from bot import captions, links, replies
from bot.adapters.discord_app.buttons import Buttons
from bot.adapters.discord_app.orders import MANNERS, Order
from bot.commands import Outdated, Topic
from bot.gates import Gates
from bot.offers import offers
from bot.record import Entry, Record
from bot.values import READERS
from core.catalog import CURVE
from core.errors import DigitError
from core.requests import DrawRequest, Form, Picture
from core.service import DigitService

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("discord")

DEFER_AFTER = 2.0
"""Seconds after which a person sees that the bot is at it; Discord gives up on it after three."""
LONGEST_WAIT = 10.0
"""Seconds that a deferred picture may be expected to take; past that it is kinder to say "busy" at once."""
TOO_LATE, ANSWERED = 10062, 40060
"""Discord's codes for an answer that it has given up on, and for a second one."""
UNDELIVERED = (discord.HTTPException, aiohttp.ClientError, OSError)
OPTION = re.compile(rf"\b({'|'.join((*READERS, *MANNERS))})=")
"""An option as `bot.commands` has it; on Discord one types a colon."""

Interaction = discord.Interaction[Any]


class Responder:
    """Answers interactions, and knows how many are under way.

    Args:
        service: draws.
        gates: hold back who asks too often.
        record: of every request.
    """

    def __init__(self, service: DigitService, gates: Gates, record: Record) -> None:
        self.service = service
        self._gates = gates
        self._record = record
        self._under_way: set[asyncio.Task[Any] | None] = set()
        self._idle = asyncio.Event()
        self._idle.set()

    async def serve(self, interaction: Interaction, read: Callable[[], Order]) -> None:
        """Answer an interaction.

        Args:
            interaction: a command or a press of a button.
            read: says what is asked for, or raises BadRequest.
        """
        task = asyncio.current_task()
        self._under_way.add(task)
        self._idle.clear()
        try:
            with self._record.request("discord", *UNDELIVERED) as entry:
                await self._respond(interaction, read, entry)
        finally:
            self._under_way.discard(task)
            if not self._under_way:
                self._idle.set()

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        await self._idle.wait()

    def give_up(self) -> None:
        """Cancel the answers under way: discord.py would try to deliver them through a session that is closed."""
        for task in self._under_way:
            if task is not None:
                task.cancel()

    async def fail(self, interaction: Interaction, error: Exception) -> None:
        """Answer what discord.py itself could make nothing of."""
        with self._record.request("discord", *UNDELIVERED) as entry:
            await self._fail(interaction, error, entry)

    async def _respond(self, interaction: Interaction, read: Callable[[], Order], entry: Entry) -> None:
        try:
            await self._answer(interaction, read(), entry)
        except Exception as error:  # noqa: BLE001  `_fail` logs what was not foreseen
            await self._fail(interaction, error, entry)

    async def _fail(self, interaction: Interaction, error: Exception, entry: Entry) -> None:
        """Tell a person in a sentence why there is no picture, and the log what it needs to know."""
        cause = _known(error)
        entry.failed(cause)
        if isinstance(cause, UNDELIVERED):
            _log_undelivered(cause)
        elif not isinstance(cause, DigitError):
            logger.error("answer failed", exc_info=cause)
        if _unwanted(cause):
            return
        try:
            await _tell(interaction, replies.sentence(_for_people(cause), _relative))
        except UNDELIVERED as failure:
            entry.failed(failure)
            _log_undelivered(failure)

    async def _answer(self, interaction: Interaction, order: Order, entry: Entry) -> None:
        entry.asks(order.request)
        await self._gates.person("discord", interaction.user.id)
        if isinstance(order.request, Topic):
            await self._explain(interaction, order.request)
        else:
            await self._draw(interaction, order, order.request, entry)

    async def _explain(self, interaction: Interaction, topic: Topic) -> None:
        catalog = self.service.catalog
        file = discord.utils.MISSING
        if topic is Topic.ABOUT and catalog.curve is not None:
            file = discord.File(io.BytesIO(catalog.curve), CURVE, description=replies.CURVE)
        await _tell(interaction, replies.answer(topic, catalog, MANNERS), file)

    async def _draw(self, interaction: Interaction, order: Order, request: DrawRequest, entry: Entry) -> None:
        await self._gates.picture("discord", interaction.channel_id or interaction.user.id)
        drawing = asyncio.ensure_future(self.service.draw(request, LONGEST_WAIT))
        # Deferring at once would be simpler, but then an error could not be shown to one person alone.
        await asyncio.wait({drawing}, timeout=DEFER_AFTER)
        if not drawing.done():
            await interaction.response.defer(ephemeral=order.ephemeral, thinking=True)
        picture = await drawing
        entry.drew(picture)
        await _show(interaction, order, request, picture)


async def _show(interaction: Interaction, order: Order, request: DrawRequest, picture: Picture) -> None:
    name, alt = links.file_name(picture), captions.alt_text(picture)
    file = discord.File(io.BytesIO(picture.data), name, spoiler=order.spoiler, description=alt)
    caption = _escaped(captions.caption(picture))
    offered = request.form is Form.PICTURE
    buttons = Buttons(order, offers(request, picture)) if offered else discord.utils.MISSING
    if interaction.response.is_done():
        await interaction.edit_original_response(content=caption, attachments=[file], view=buttons)
    else:
        await interaction.response.send_message(caption, file=file, view=buttons, ephemeral=order.ephemeral)


async def _tell(interaction: Interaction, text: str, file: discord.File = discord.utils.MISSING) -> None:
    text = OPTION.sub(r"\1:", text)
    if interaction.response.is_done():
        await interaction.edit_original_response(content=text)
    else:
        await interaction.response.send_message(text, file=file, ephemeral=True)


def _escaped(text: str) -> str:
    """A text of ours with somebody's number in it: `- 5` is no list, and `:100:` no emoji."""
    return discord.utils.escape_markdown(text).replace(":", "\\:")


def _unwanted(error: Exception) -> bool:
    return isinstance(error, discord.HTTPException) and error.code in (TOO_LATE, ANSWERED)


def _log_undelivered(error: Exception) -> None:
    log = logger.info if _unwanted(error) else logger.warning
    log("answer not delivered", reason=str(error))


def _known(error: Exception) -> Exception:
    """The cause of an error that discord.py wraps, or our own name for one that it raises."""
    match error:
        case app_commands.CommandInvokeError():
            return error.original
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return Outdated(str(error))
    return error


def _for_people(cause: Exception) -> DigitError:
    return cause if isinstance(cause, DigitError) else DigitError()


def _relative(seconds: int) -> str:
    """A time that each person's client counts down to."""
    return f"<t:{math.ceil(time.time()) + seconds}:R>"
