"""The bot's own web page, and HTTP for programs: aiohttp on loopback.

app       the routes, health, and what every answer has
page      the page itself, with a preview for who shares a link to it
chat      a line to what the page shows in a bubble
pictures  addresses of pictures, for embedding
drawing   what both have in common
scrape    the metrics, for who may have them
address   whose request it is, through proxies
errors    an answer in JSON to everything that is wrong
"""

from bot.adapters.web_app.app import create

__all__ = ["create"]
