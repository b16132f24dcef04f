"""The web app manifest, by which a browser installs the page."""

from urllib.parse import urlencode

from aiohttp import web

from bot import i18n
from bot.adapters.web import language, static
from bot.adapters.web.wording import WORDS
from bot.commands import registry

ICONS = [("icon.svg", "any", "any"), *((f"icon-{px}.png", f"{px}x{px}", "any") for px in (192, 512))]
MASKABLE = [(f"maskable-{px}.png", f"{px}x{px}", "maskable") for px in (192, 512)]
"""Name, size and purpose of each icon; a maskable one may be cut to a circle."""
THEME, BACKGROUND = "#2f4bc8", "#f3f4f7"
"""Colours of a window's frame and of the page while it starts; the page itself names those for light and dark."""


async def show(request: web.Request) -> web.Response:
    """Return the manifest in the language of the request."""
    tag = language.of(request)
    with i18n.use_language(tag):
        body = {
            "name": str(WORDS["name"]),
            "short_name": str(WORDS["name"]),
            "description": str(WORDS["about"]),
            "lang": tag or "en",
            "dir": i18n.direction(),
            "start_url": language.keep(request, "./"),
            "scope": "./",
            "display": "standalone",
            "theme_color": THEME,
            "background_color": BACKGROUND,
            "categories": ["education", "entertainment"],
            "icons": [_icon(*icon) for icon in (*ICONS, *MASKABLE)],
            "shortcuts": [_shortcut(request, command.example) for command in registry.picture_commands()],
        }
    return web.json_response(body, content_type="application/manifest+json", headers={"Vary": language.HEADER})


def _icon(name: str, sizes: str, purpose: str) -> dict[str, str]:
    kind = "image/svg+xml" if name.endswith(".svg") else "image/png"
    return {"src": f"{static.PATH}/{name}", "sizes": sizes, "type": kind, "purpose": purpose}


def _shortcut(request: web.Request, line: str) -> dict[str, str]:
    return {"name": line, "url": language.keep(request, f"./?{urlencode({'q': line})}")}
