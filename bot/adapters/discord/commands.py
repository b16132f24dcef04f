"""Slash commands, from the commands' definitions."""

from collections.abc import Callable, Coroutine, Mapping
from inspect import Parameter, Signature
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice, Range, locale_str

from bot.adapters.discord import photos
from bot.adapters.discord.display import DISPLAY_OPTIONS, Display
from bot.adapters.discord.handlers import Handlers
from bot.adapters.discord.translator import translatable
from bot.commands import hand, parser, registry
from bot.commands.base import Command, Drawing, PictureCommand, TextRequest
from bot.commands.options import Argument, Option, Suggest
from bot.i18n import lazy
from core.imaging.scanning import MAX_DIGITS
from core.pictures.base import PictureRequest

SlashCommand = app_commands.Command[Any, ..., Any]
Interaction = discord.Interaction[Any]
Completion = Callable[[Interaction, str], Coroutine[Any, Any, list[Choice[str]]]]
IMAGE = Argument(name="image", description=lazy("A photo of up to {most} digits, dark on plain paper", most=MAX_DIGITS))
NUMBER = Argument(name="number", description=lazy("A number to write in that hand; if you leave it out, what I read"))
MAX_SUGGESTIONS = 25
"""Suggestions that Discord shows."""
MAX_CHOICE_CHARACTERS = 100
"""Characters that a choice or a suggestion may have."""


def slash_commands(handlers: Handlers) -> list[SlashCommand]:
    """Return every command."""
    return [_command(command, handlers) for command in registry.commands()]


def message_menu(handlers: Handlers) -> app_commands.ContextMenu:
    """Return the command in the menu of a message, which reads the first picture in it."""

    async def read(interaction: Interaction, message: discord.Message) -> None:
        if photo := next(filter(photos.is_picture, message.attachments), None):
            await handlers.handle_photo(interaction, photo, None, Display())
        else:
            await handlers.handle(interaction, lambda: TextRequest(hand.COMMAND.name), Display())

    return app_commands.ContextMenu(name=translatable(hand.COMMAND.menu_name), callback=read)


def _command(command: Command, handlers: Handlers) -> SlashCommand:
    if isinstance(command, PictureCommand):
        return _drawing(command, handlers)
    return _reading(handlers) if command is hand.COMMAND else _telling(command, handlers)


def _reading(handlers: Handlers) -> SlashCommand:
    argument = registry.picture_command("number").argument

    async def read(
        interaction: Interaction,
        image: discord.Attachment,
        number: str | None = None,
        ephemeral: bool = False,
        spoiler: bool = False,
    ) -> None:
        in_hand = hand.COMMAND.read_number((number or "").split())
        await handlers.handle_photo(interaction, image, in_hand, Display(ephemeral, spoiler))

    # discord.py reads the bounds from the annotation.
    read.__annotations__["number"] = Range[str, 1, argument.max_length] | None
    described: list[Argument | Option] = [IMAGE, NUMBER, *DISPLAY_OPTIONS]
    app_commands.describe(**{each.name: translatable(each.description) for each in described})(read)
    return _slash_command(hand.COMMAND, read)


def _telling(command: Command, handlers: Handlers) -> SlashCommand:
    async def tell(interaction: Interaction) -> None:
        await handlers.handle(interaction, lambda: TextRequest(command.name), Display())

    return _slash_command(command, tell)


def _drawing(command: Drawing, handlers: Handlers) -> SlashCommand:
    async def draw(interaction: Interaction, **given: Any) -> None:  # noqa: ANN401
        display = Display(**{option.name: given[option.name] for option in DISPLAY_OPTIONS})
        await handlers.handle(interaction, lambda: _read(command, given), display)

    options = (*command.options, *DISPLAY_OPTIONS)
    parameters: list[Argument | Option] = [command.argument, *options]
    # discord.py reads the parameters' types from the signature, and the rest from these decorators.
    draw.__signature__ = _signature(command.argument, options)  # type: ignore[attr-defined]
    app_commands.describe(**{each.name: translatable(each.description) for each in parameters})(draw)
    app_commands.choices(**{each.name: _choices(each) for each in parameters if each.choices})(draw)
    completions = {each.name: _completion(each.suggest, handlers) for each in options if each.suggest}
    app_commands.autocomplete(**completions)(draw)
    return _slash_command(command, draw)


def _slash_command(command: Command, callback: Callable[..., Coroutine[Any, Any, None]]) -> SlashCommand:
    description = translatable(command.description)
    return app_commands.Command(name=locale_str(command.name), description=description, callback=callback)


def _signature(argument: Argument, options: tuple[Option, ...]) -> Signature:
    return Signature(
        [
            _parameter("interaction", Parameter.empty),
            _parameter(argument.name, _argument_type(argument)),
            *(_parameter(option.name, _option_type(option), False if option.flag else None) for option in options),
        ]
    )


def _parameter(name: str, annotation: object, default: object = Parameter.empty) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _argument_type(argument: Argument) -> object:
    return str if argument.max_length is None else Range[str, 1, argument.max_length]


def _option_type(option: Option) -> object:
    if option.flag:
        return bool
    return str if option.minimum is None else Range[int, option.minimum, option.maximum]


def _choices(parameter: Argument | Option) -> list[Choice[str]]:
    return [Choice(name=locale_str(word), value=word) for word in parameter.choices]


def _completion(suggest: Suggest, handlers: Handlers) -> Completion:
    async def complete(_interaction: Interaction, typed: str) -> list[Choice[str]]:
        # An option of another type, such as a number, comes here as it was typed.
        found = [pair for pair in suggest(handlers.catalog, str(typed)) if max(map(len, pair)) <= MAX_CHOICE_CHARACTERS]
        return [Choice(name=label, value=value) for label, value in found[:MAX_SUGGESTIONS]]

    return complete


def _read(command: Drawing, given: Mapping[str, Any]) -> PictureRequest:
    # As texts: a client with an older form of the command sends values that this one does not allow.
    options = {option.name: str(given[option.name]) for option in command.options if given[option.name] is not None}
    return parser.read(command.name, str(given[command.argument.name]).split(), options)
