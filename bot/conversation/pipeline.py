"""The pipeline of every request: read, admit, draw, reply; an error becomes a reply in the same place."""

import secrets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import structlog

from bot import i18n
from bot.commands import registry
from bot.commands.base import AnswerContext, Drawing, Request, TextRequest
from bot.commands.errors import UnknownCommand, in_command
from bot.conversation.errors import Missed, NoHandReader
from bot.conversation.handwriting import describe, written_in
from bot.conversation.offered import OfferedPictures
from bot.conversation.photos import PHOTO_COST, PhotoSlots
from bot.conversation.reply import Buttons, Illustration, Offer, Reply
from bot.conversation.sender import Sender
from bot.conversation.sentences import APOLOGY, sentence
from bot.conversation.showing import choices, show, suggestions
from bot.i18n import lazy
from bot.limits.policy import RateLimited, RateLimits
from bot.telemetry.request_log import Entry, RequestLog
from bot.text import Text, join_lines
from core.catalog import CURVE
from core.errors import DigitError
from core.fair_queue import Flow
from core.hand_service import HandService
from core.handwriting import Handwriting
from core.latents import MAX_SEED
from core.pictures.base import Form, OneModelRequest, Picture, PictureRequest
from core.service import DigitService

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("conversation")

Read = Callable[[], Request]
"""Reads the request, or raises BadRequest."""
ReadInHand = Callable[[], OneModelRequest]
"""Reads the request for a picture in a hand, or raises BadRequest."""
Load = Callable[[], Awaitable[bytes]]
"""Loads a photo, or raises InvalidPhoto or NotReceived."""


class Conversation:
    """Answers requests.

    Args:
        service: draws.
        limits: refuse requests that come too often.
        request_log: logs every request.
        hands: reads photos; None where the weights have no reader and encoder.
    """

    def __init__(
        self, service: DigitService, limits: RateLimits, request_log: RequestLog, hands: HandService | None = None
    ) -> None:
        self.service = service
        self.limits = limits
        self.request_log = request_log
        self.hands = hands
        self.offered = OfferedPictures()
        self.photos = PhotoSlots()

    @contextmanager
    def exchange(self, sender: Sender, *undelivered: type[Exception]) -> Iterator["Exchange"]:
        """Log an exchange from here until its reply is delivered.

        Args:
            sender: of the request.
            undelivered: errors which mean that the platform did not take the reply.
        """
        with self.request_log.request(sender.platform, undelivered) as entry:
            yield Exchange(self, sender, entry)


class Exchange:
    """One request and its reply.

    Args:
        conversation: service and limits.
        sender: of the request.
        entry: in the request log.
    """

    def __init__(self, conversation: Conversation, sender: Sender, entry: Entry) -> None:
        self._service = conversation.service
        self._limits = conversation.limits
        self._offered = conversation.offered
        self._hands = conversation.hands
        self._photos = conversation.photos
        self._sender = sender
        self._entry = entry

    async def reply(self, read: Read) -> Reply:
        """Return the reply to a request; whatever goes wrong, that is a reply too."""
        with i18n.use_language(self._sender.language):
            try:
                return await self._answer(read)
            except Exception as error:  # noqa: BLE001  each becomes a reply, and an unforeseen one a log line
                return self.error_reply(error)

    async def hand(self, load: Load, read: ReadInHand | None = None, *, draws: bool = True) -> Reply:
        """Return the reply to a photo of digits: what was read, and a picture in the same hand.

        Nothing of the photo is kept, and nothing logged but the number of its digits.

        Args:
            load: called once the sender may send a photo.
            read: reads the request that is drawn in the hand; None draws what was read, five times if it is one digit.
            draws: whether a picture is wanted.
        """
        with i18n.use_language(self._sender.language):
            try:
                return await self._answer_photo(load, read, draws=draws)
            except Exception as error:  # noqa: BLE001  as in `reply`
                return self.error_reply(error)

    async def prompt(self, command: Drawing, question: lazy | None = None) -> Reply:
        """Return a question with a button for each answer: the command's own, unless another one is given."""
        with i18n.use_language(self._sender.language):
            try:
                await self._count_message()
            except RateLimited as error:
                return self.error_reply(error)
            blank = command.blank()
            assert blank is not None  # noqa: S101  a command with a prompt has one
            self._entry.asked(command.name, blank, command.log_fields(blank))
            text = Text((str(question or command.prompt),))
            return Reply(text, blank, buttons=Buttons(choices=choices(command, blank), blank=blank))

    async def offers(self, read: Read, count: int) -> list[Offer]:
        """Return pictures to choose from, each with a seed of its own; one, if the request names a seed or moves.

        They are drawn when their URLs are fetched, each once; the request counts as one picture. A morph takes as long
        to draw as ten strips.

        Raises:
            DigitError: the request cannot be read, or has to wait.
        """
        with i18n.use_language(self._sender.language):
            request = read()
            if isinstance(request, TextRequest):
                raise UnknownCommand(request.command)
            command = registry.command_for(request)
            self._entry.asked(command.name, request, command.log_fields(request))
            # Checked first: half of what is typed names no model yet, and costs nothing.
            with in_command(command.name):
                self._service.check(request, self._sender.max_wait_seconds, self._flow(request))
            await self._admit(request)
            fresh = secrets.SystemRandom().sample(range(MAX_SEED + 1), 1 if request.moving else count)
            seeds = fresh if request.seed is None else [request.seed]
            self._entry.offered()
            return [self._offer(command, request, seed) for seed in seeds]

    async def missed(self) -> Reply:
        """Return the sentence about a message that was sent too long ago."""
        chat = self._sender.chat
        repeated = chat is not None and await self._limits.notice(self._sender.platform, chat)
        return self.error_reply(Missed(repeated=repeated))

    def known(self, request: PictureRequest) -> None:
        """Note in the request log that the client has the picture already."""
        command = registry.command_for(request)
        self._entry.asked(command.name, request, command.log_fields(request))

    def error_reply(self, error: Exception) -> Reply:
        """Return the sentence about an error, and log the error if nobody foresaw it."""
        self.failed(error)
        if isinstance(error, DigitError):
            repeated = getattr(error, "repeated", False)
            with i18n.use_language(self._sender.language):
                text = sentence(error, self._service.catalog)
                buttons = Buttons(suggestions=suggestions(text))
                return Reply(text, buttons=buttons, private=True, error=error, repeated=repeated)
        logger.error("request failed", platform=self._sender.platform, exc_info=error)
        with i18n.use_language(self._sender.language):
            return Reply(Text((str(APOLOGY),)), private=True, error=DigitError())

    def failed(self, error: BaseException) -> None:
        """Note in the request log that the request failed, or that its reply was not delivered."""
        self._entry.failed(error)

    async def _answer(self, read: Read) -> Reply:
        if not self._sender.quiet_errors:
            await self._count_message()
        request = read()
        if isinstance(request, TextRequest):
            self._entry.asked(request.command, None, {})
            if self._sender.quiet_errors:
                await self._count_message()
            return self._tell(request)
        command = registry.command_for(request)
        self._entry.asked(command.name, request, command.log_fields(request))
        with in_command(command.name):
            await self._admit(request)
            picture = await self._offered.draw(request, partial(self._draw, request))
        self._entry.drawn(picture, command.log_fields(picture.request))
        public = self._sender.public_language
        with i18n.use_language(self._sender.language if public is None else public):
            return show(command, request, picture, self._service.catalog)

    async def _answer_photo(self, load: Load, read: ReadInHand | None, *, draws: bool) -> Reply:
        if not self._sender.quiet_errors:
            await self._count_message()
        self._entry.asked("hand", None, {})
        request = read() if read else None
        handwriting = await self._read_photo(load, None if request is None else request.model)
        log_fields = {"count": len(handwriting.digits)}
        self._entry.asked("hand", None, log_fields)
        told = Reply(describe(handwriting), private=handwriting.hand is None, handwriting=handwriting)
        if handwriting.hand is None or not draws:
            return told
        request = written_in(handwriting.hand, request or handwriting)
        picture = await self._draw(request)
        self._entry.drawn(picture, log_fields)
        shown = show(registry.command_for(request), request, picture, self._service.catalog)
        return replace(shown, text=join_lines([told.text, shown.text]), handwriting=handwriting)

    async def _read_photo(self, load: Load, model: str | None) -> Handwriting:
        """Load and read a photo, unless the model that is to draw in its hand cannot."""
        if self._hands is None:
            raise NoHandReader
        self._service.catalog.find_writer(model)
        self._hands.check()
        with self._photos.hold(self._sender.flow):
            await self._count_pictures(PHOTO_COST, PHOTO_COST)
            return await self._hands.read(await load())

    async def _draw(self, request: PictureRequest) -> Picture:
        return await self._service.draw(request, self._sender.max_wait_seconds, self._flow(request))

    def _flow(self, request: PictureRequest) -> Flow:
        """Return the flow of a picture: steps of a walk wait behind no heavy picture of the same sender."""
        return (*self._sender.flow, "steps" if request.is_step else "pictures")

    def _tell(self, request: TextRequest) -> Reply:
        catalog = self._service.catalog
        command = registry.text_command(request)
        text = command.answer(AnswerContext(catalog, registry.commands(), self._sender.platform_options))
        image = command.image(catalog)
        illustration = Illustration(image[0], CURVE, image[1]) if image else None
        buttons = Buttons(suggestions=suggestions(text))
        return Reply(text, request, illustration=illustration, buttons=buttons, private=True)

    async def _count_message(self) -> None:
        if self._sender.max_messages is not None and self._sender.chat is not None:
            await self._limits.message(self._sender.platform, self._sender.chat, self._sender.max_messages)

    async def _admit(self, request: PictureRequest) -> None:
        """Count a picture against every limit of its sender."""
        # An offered picture was counted when it was offered: all that are fetched come from Telegram's few addresses.
        cost = 0 if request in self._offered else max(1, int(self._service.cost(request)))
        await self._count_pictures(1, cost, steps=request.is_step)

    async def _count_pictures(self, chat_cost: int, address_cost: int, *, steps: bool = False) -> None:
        """Count pictures, or steps of a walk, against every limit; a person waits once, however many they are."""
        sender = self._sender
        if sender.person is not None:
            await self._limits.person(sender.platform, sender.person, quiet=sender.quiet_errors)
        if sender.quiet_errors:
            await self._count_message()
        if sender.chat is not None:
            await self._limits.chat(sender.platform, sender.chat, chat_cost)
        if sender.address is not None and address_cost:
            await self._limits.address(sender.address, address_cost, steps=steps)

    def _offer(self, command: Drawing, request: PictureRequest, seed: int) -> Offer:
        # A photo that a platform fetches has to be a JPEG.
        settled = replace(request, form=Form.JPEG).settle(seed, self._service.catalog)
        self._offered.add(settled)
        models = settled.models(self._service.catalog)
        caption = command.caption(settled, [model.title for model in models])
        return Offer(settled, caption, command.again(request), request.seed is not None, command.note(models))
