"""Discord: slash commands and buttons over discord.py's gateway client.

life       DiscordApp: connect, serve, be refused, close
client     the discord.py client: what it declares and does at start
budget     connections that are left for the day
commands   the slash commands
sync       the commands that Discord has against those there are
orders     what is asked for, as the `custom_id` of a button carries it
buttons    the buttons under a picture
responder  an order in, an answer out: in time, once, and in words where there is no picture
"""

from bot.adapters.discord_app.life import DiscordApp

__all__ = ["DiscordApp"]
