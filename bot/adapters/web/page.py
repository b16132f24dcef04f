"""The page itself: a template with its words, its controls, and a preview for shared links."""

import re
from dataclasses import replace
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot import i18n
from bot.adapters.web import caching, language, playground, static
from bot.adapters.web.hand import HANDS
from bot.adapters.web.responses import CONVERSATION
from bot.adapters.web.wording import GALLERY_WORDS, GREETING, HAND_SCRIPT_WORDS, HAND_WORDS, NAME, SCRIPT_WORDS, WORDS
from bot.commands import free_text, parser, registry
from bot.commands.base import TextRequest
from bot.commands.options import Option
from bot.conversation import urls
from bot.conversation.pipeline import Conversation
from core.catalog import Catalog
from core.errors import BadRequest
from core.imaging.card import HEIGHT_PX, WIDTH_PX
from core.pictures.base import Form, PictureRequest
from core.pictures.number import MAX_CHARACTERS
from core.pictures.strip import StripRequest

FOLDER = Path(__file__).resolve().parent
TEMPLATES = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
# The order of the models is the catalog's.
TEMPLATES.policies["json.dumps_kwargs"] = {"sort_keys": False}
TEMPLATE = TEMPLATES.get_template("index.html")
PUBLIC_URL: web.AppKey[str | None] = web.AppKey("public_url")
HOST = re.compile(r"([\w.-]+|\[[\da-f:.]+\])(:\d+)?", re.ASCII | re.IGNORECASE)
"""A Host header that can be part of a URL."""
SAMPLE = StripRequest(4, seed=15)
"""The picture in the preview of a page that has none yet."""


async def show(request: web.Request) -> web.Response:
    """Return the page; its script draws the line in the parameter `q` first."""
    conversation = request.app[CONVERSATION]
    catalog = conversation.service.catalog
    tag, version = language.of(request), request.app[caching.VERSION]
    with i18n.use_language(tag):
        preview = _preview(request.query.get("q", ""), catalog, _home(request), version)
        html = TEMPLATE.render(
            WORDS,
            language=tag or "en",
            direction=i18n.direction(),
            preview=preview,
            static=static.PATH,
            manifest=language.keep(request, "manifest.webmanifest"),
            gallery=GALLERY_WORDS,
            **_content(catalog, version),
            **_pad(conversation),
            **playground.content(catalog),
        )
    return web.Response(text=html, content_type="text/html", headers={"Vary": language.HEADER})


def _home(request: web.Request) -> str:
    """Return the URL of the page without a slash at its end; empty where the request does not name the host."""
    host = request.headers.get("Host", "")
    named = f"{request.scheme}://{host}" if HOST.fullmatch(host) else ""
    return (request.app[PUBLIC_URL] or named).rstrip("/")


def _content(catalog: Catalog, version: str) -> dict[str, object]:
    """Return everything on the page that follows from the commands and the catalog."""
    words = {name: str(text) for name, text in SCRIPT_WORDS.items()}
    commands = registry.picture_commands()
    options = {option.name: option for command in commands for option in command.options if option.label}
    controls = [option for option in options.values() if not option.several]
    toggles = {option.name: _toggles(option, catalog) for option in options.values() if option.several}
    return {
        "catalog": catalog,
        "greeting": GREETING,
        "starters": [*(command.example for command in commands), "/help"],
        "picker": _picker(),
        "controls": controls,
        "first_options": commands[0].options,
        "script_data": {"words": words, "toggles": toggles, "version": version},
    }


def _pad(conversation: Conversation) -> dict[str, object]:
    """Return everything on the pad; where no photo can be read there is none."""
    if conversation.hands is None:
        return {"hand": None}
    words = {name: str(text) for name, text in HAND_SCRIPT_WORDS.items()}
    return {"hand": HAND_WORDS, "hand_data": {"words": words}, "hands": HANDS, "max_characters": MAX_CHARACTERS}


def _toggles(option: Option, catalog: Catalog) -> dict[str, object]:
    return {"label": str(option.label), "values": list(option.values(catalog).items())}


def _picker() -> dict[str, str]:
    """Return labels and lines of the first command that can be answered by choosing."""
    for command in registry.picture_commands():
        blank = command.blank()
        if blank is not None:
            return {label: parser.write(choice) for label, choice in command.choices(blank)}
    return {}


def _preview(line: str, catalog: Catalog, home: str, version: str) -> dict[str, object]:
    """Return title, image and description for the card that other sites make of a link to the page.

    Args:
        line: drawn first by the page; one that cannot be drawn has the card of the bot itself.
        catalog: the models.
        home: URL of the page, without a slash at its end, or nothing.
        version: of the pictures.
    """
    asked = _read(line, catalog)
    shown = asked or SAMPLE
    command = registry.command_for(shown)
    titles = [model.title for model in shown.models(catalog)]
    card = urls.picture_url(replace(shown, form=Form.CARD))
    if shown.seed is not None:
        card = card.update_query({caching.PARAMETER: version})
    return {
        "title": command.caption(shown, titles) if asked else str(NAME),
        "image": f"{home}{card}",
        "width": WIDTH_PX,
        "height": HEIGHT_PX,
        "alt": command.alt_text(shown, titles),
    }


def _read(line: str, catalog: Catalog) -> PictureRequest | None:
    """Return the picture that a line asks for, if it asks for one that can be drawn."""
    try:
        request = free_text.read(line)
        if not isinstance(request, TextRequest):
            request.models(catalog)
            return request
    except BadRequest:
        pass
    return None
