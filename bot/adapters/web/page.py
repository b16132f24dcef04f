"""The page itself: index.html with its words filled in, and a preview for wherever a link to it is shared."""

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template

from aiohttp import web

from bot import captions, commands, links, replies
from bot.adapters.web_app.drawing import SERVICE
from core.catalog import Catalog
from core.drawing import chosen
from core.errors import BadRequest
from core.requests import MAX_NEATNESS, NATURAL, DrawRequest, StripRequest, Style

STATIC = Path(__file__).resolve().parents[2] / "static"
TEMPLATE = Template((STATIC / "index.html").read_text(encoding="utf-8"))
PUBLIC_URL: web.AppKey[str | None] = web.AppKey("public_url")
SAMPLE = StripRequest(4, seed=15)
"""What the preview shows of a page that has no picture yet."""


async def show(request: web.Request) -> web.Response:
    """The page; `q` is the line that it draws first."""
    catalog = request.app[SERVICE].catalog
    home = request.app[PUBLIC_URL] or f"{request.scheme}://{request.host}"
    preview = _preview(_asked(request.query.get("q", ""), catalog), catalog, home.rstrip("/"))
    fields = _words() | _controls(catalog) | preview
    return web.Response(text=TEMPLATE.substitute(fields), content_type="text/html")


def _words() -> dict[str, str]:
    escaped = {name: escape(text) for name, text in replies.PAGE.items()}
    escaped["greeting"] = escaped["greeting"].format(example=f"<code>{escape(replies.EXAMPLE)}</code>")
    # In a script element nothing is an entity; all that can end it is its closing tag.
    return escaped | {"phrases": json.dumps(replies.PAGE_SCRIPT).replace("<", "\\u003c")}


def _controls(catalog: Catalog) -> dict[str, str]:
    first, *others = (f"/digit {digit}" for digit in range(10))
    return {
        "starters": "".join(_button(line, line) for line in (*replies.EXAMPLES.values(), "/help")),
        # One stop of the Tab key for ten digits; the script moves it along.
        "picker": _button(first, "0") + "".join(_button(line, line[-1], 'tabindex="-1"') for line in others),
        "models": _menu({model.name: model.title for model in catalog.models}),
        "styles": _menu({style: style for style in Style}),
        "natural": str(NATURAL),
        "neatest": str(MAX_NEATNESS),
    }


def _button(line: str, label: str, attributes: str = "") -> str:
    return f'<button type="button" data-command="{escape(line)}" {attributes}>{escape(label)}</button>'


def _menu(titles: Mapping[str, str]) -> str:
    return "".join(f'<option value="{escape(name)}">{escape(title)}</option>' for name, title in titles.items())


def _asked(line: str, catalog: Catalog) -> DrawRequest | None:
    """What a line draws, if it draws."""
    try:
        asked = commands.parse(line)
        if isinstance(asked, DrawRequest):
            chosen(catalog, asked)
            return asked
    except BadRequest:
        pass
    return None


def _preview(asked: DrawRequest | None, catalog: Catalog, home: str) -> dict[str, str]:
    """Title, address and description of a picture, for the card that other sites make of a link to it."""
    shown = asked or SAMPLE
    titles = [model.title for model in chosen(catalog, shown)]
    fields = {
        "preview_title": captions.title(asked, titles) if asked else replies.PAGE["name"],
        "preview_image": f"{home}{links.picture(shown)}",
        "preview_alt": captions.description(shown, titles),
    }
    return {name: escape(value) for name, value in fields.items()}
