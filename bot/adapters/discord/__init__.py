"""Discord: slash commands and buttons over discord.py's client, by its gateway or by posts over HTTP.

settings        token, development server, API
adapter         connect, serve, be refused, close
client          the discord.py client: intents, presence, start
transports      the gateway or posts: which of them the application is set to
interactions    the route to which Discord posts, with a signature
session_starts  connections that are left for the day
commands        slash commands, from the commands' definitions
translator      their descriptions in each language
sync            the commands that Discord has against those of this version
display         ephemeral and spoiler: options that are about the answer
handlers        an interaction in, an answer out: in time, and once
photos          attachments, and their way here
rendering       a reply's text in Discord's markdown
buttons         the buttons under a picture
custom_ids      a request and its display as the `custom_id` of a button
invite_links    links that add the bot
checks          `check`: token, invite links, connections
"""
