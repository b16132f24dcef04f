"""Profile: the command menus and the descriptions that Telegram shows, written only where they differ."""

from collections.abc import Sequence

import structlog
from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import InvalidToken, TelegramError

from bot import i18n
from bot.commands import registry
from bot.commands.base import Command
from bot.i18n import lazy

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("telegram")

DESCRIPTION = lazy("I draw handwritten digits that nobody ever wrote, with a neural network. Send /digit 4.")
"""For people who open the chat for the first time, at most 512 characters."""
SHORT_DESCRIPTION = lazy("Draws handwritten digits that nobody ever wrote.")
"""For the bot's profile, at most 120 characters."""
LANGUAGE_CODE_LENGTH = 2
"""Telegram takes the two letters of ISO 639-1, and nothing for everybody else."""


async def update_profile(bot: Bot) -> None:
    """Bring the menus and descriptions for everybody up to date; log it if Telegram does not take them.

    Raises:
        InvalidToken: Telegram does not know the token.
    """
    try:
        await _update(bot, "")
    except InvalidToken:
        raise
    except TelegramError as error:
        logger.warning("menus and descriptions are not up to date", reason=error.message)


async def translate_profile(bot: Bot) -> None:
    """Bring menus and descriptions up to date in every language that has a catalog: four calls each, or more."""
    try:
        for code, language in language_codes(i18n.languages()).items():
            with i18n.use_language(language):
                await _update(bot, code)
    except TelegramError as error:
        logger.warning("translated menus and descriptions are not up to date", reason=error.message)


def language_codes(languages: Sequence[str]) -> dict[str, str]:
    """Return Telegram's language codes with the language that each is written in: `pt` in `pt-BR` unless `pt` exists.

    Args:
        languages: tags of the languages that have a catalog.
    """
    # The shortest tag comes last, and wins.
    tags = sorted(languages, key=len, reverse=True)
    codes = {tag.replace("_", "-").split("-")[0].lower(): tag for tag in tags}
    return {code: tag for code, tag in codes.items() if len(code) == LANGUAGE_CODE_LENGTH}


async def _update(bot: Bot, code: str) -> None:
    await _describe(bot, code)
    commands = registry.commands()
    await _set_menu(bot, code, BotCommandScopeAllPrivateChats(), commands)
    for_groups = [command for command in commands if command.in_group_menus]
    await _set_menu(bot, code, BotCommandScopeAllGroupChats(), for_groups)


async def _describe(bot: Bot, code: str) -> None:
    description, short_description = str(DESCRIPTION), str(SHORT_DESCRIPTION)
    if (await bot.get_my_description(code)).description != description:
        await bot.set_my_description(description, code)
    if (await bot.get_my_short_description(code)).short_description != short_description:
        await bot.set_my_short_description(short_description, code)


async def _set_menu(bot: Bot, code: str, scope: BotCommandScope, commands: Sequence[Command]) -> None:
    menu = tuple(BotCommand(command.name, str(command.description)) for command in commands)
    if await bot.get_my_commands(scope, code) != menu:
        await bot.set_my_commands(menu, scope, code)
