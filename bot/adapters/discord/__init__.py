"""Discord: slash commands and buttons over discord.py's gateway client.

settings        token, development server, API
adapter         connect, serve, be refused, close
client          the discord.py client: intents, presence, sync at start
session_starts  connections that are left for the day
commands        the slash commands, from the commands' definitions
sync            the commands that Discord has against those of this version
custom_ids      a request and its display as the `custom_id` of a button
buttons         the buttons under a picture
handlers        an interaction in, an answer out: in time, and once
rendering       text in Discord's idiom
checks          `check`: token, invite links, connections
"""
