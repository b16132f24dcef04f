"""What Telegram shows about the bot: its menus and descriptions, written only where they differ."""

from collections.abc import Mapping

import structlog
from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import InvalidToken, TelegramError

from bot.replies import INTRODUCTIONS, Introduction

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("telegram")


async def introduce(bot: Bot) -> None:
    """Bring menus and descriptions up to date, in each language that there is; what cannot be set is logged.

    Raises:
        InvalidToken: Telegram does not know the token.
    """
    try:
        await _introduce(bot)
    except InvalidToken:
        raise
    except TelegramError as error:
        logger.warning("menus and descriptions are not up to date", reason=error.message)


async def _introduce(bot: Bot) -> None:
    for language, introduction in INTRODUCTIONS.items():
        await _describe(bot, language, introduction)
        brief = {name: introduction.commands[name] for name in introduction.brief}
        await _offer(bot, language, BotCommandScopeAllPrivateChats(), introduction.commands)
        await _offer(bot, language, BotCommandScopeAllGroupChats(), brief)


async def _describe(bot: Bot, language: str, introduction: Introduction) -> None:
    described = await bot.get_my_description(language)
    if described.description != introduction.description:
        await bot.set_my_description(introduction.description, language)
    described_shortly = await bot.get_my_short_description(language)
    if described_shortly.short_description != introduction.short_description:
        await bot.set_my_short_description(introduction.short_description, language)


async def _offer(bot: Bot, language: str, scope: BotCommandScope, commands: Mapping[str, str]) -> None:
    menu = tuple(BotCommand(name, description) for name, description in commands.items())
    if await bot.get_my_commands(scope, language) != menu:
        await bot.set_my_commands(menu, scope, language)
