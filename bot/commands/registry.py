"""Every command, found by its file in this package."""

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import bot.commands
from bot.commands.base import Command, Drawing, PictureCommand, Request, TextCommand, TextRequest
from core.pictures.base import PictureRequest


@cache
def _registered() -> dict[str, Command]:
    modules = pkgutil.iter_modules(bot.commands.__path__, f"{bot.commands.__name__}.")
    found = (getattr(importlib.import_module(module.name), "COMMAND", None) for module in modules)
    return {command.name: command for command in found if command is not None}


@cache
def commands() -> tuple[Command, ...]:
    """Return every command in the order of menus."""
    return tuple(sorted(_registered().values(), key=lambda command: command.position))


@cache
def picture_commands() -> tuple[Drawing, ...]:
    """Return every command that draws, in the order of menus."""
    return tuple(command for command in commands() if isinstance(command, PictureCommand))


@cache
def names() -> frozenset[str]:
    """Return the name and the aliases of every command."""
    return frozenset(name for command in commands() for name in (command.name, *command.aliases))


def find(name: str) -> Command:
    """Return the command of that name or alias.

    Raises:
        KeyError: there is none.
    """
    registered = _registered()
    if name in registered:
        return registered[name]
    return {alias: command for command in registered.values() for alias in command.aliases}[name]


def picture_command(name: str) -> Drawing:
    """Return the command of that name that draws.

    Raises:
        KeyError: there is none.
    """
    command = find(name)
    if not isinstance(command, PictureCommand):
        raise KeyError(name)
    return command


def text_command(request: TextRequest) -> TextCommand:
    """Return the command that answers a request with text."""
    command = find(request.command)
    assert isinstance(command, TextCommand)  # noqa: S101  the parser makes no other
    return command


def command_for(request: PictureRequest) -> Drawing:
    """Return the command that draws a request."""
    return next(command for command in picture_commands() if isinstance(request, command.request))


def name_of(request: Request) -> str:
    """Return the name of the command of a request."""
    return request.command if isinstance(request, TextRequest) else command_for(request).name


@contextmanager
def registered(command: Command) -> Iterator[None]:
    """Add a command within this block, for tests."""
    _registered()[command.name] = command
    _forget()
    try:
        yield
    finally:
        del _registered()[command.name]
        _forget()


def _forget() -> None:
    for cached in (commands, picture_commands, names):
        cached.cache_clear()
