"""Telegram: commands, buttons and inline mode over python-telegram-bot, by polling or by webhook.

life      TelegramApp: connect, serve, be refused, close
client    the library, set up: how many calls at once, how fast, how patient
setup     the command menu and the description, where Telegram has others
updates   what came in and is not answered yet
webhook   where Telegram posts, with its secret
answers   what is sent, and what comes back: commands, presses, inline queries
messages  the ways in which a picture or a sentence is sent
buttons   the buttons under a picture, each with its whole request
inline    what `@bot 4` and `@bot morph 3 8` offer
"""

from bot.adapters.telegram_app.life import TelegramApp

__all__ = ["TelegramApp"]
