"""The language of a web request."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

from aiohttp import web

from bot import i18n

HEADER = "Accept-Language"
PARAMETER = "lang"
"""The query parameter that chooses a language: `/?lang=de`."""
MAX_TAGS = 10
"""Tags of a header that are read; a browser sends fewer."""
TAG = re.compile(r"\s*([a-z]{1,8}(?:-[a-z0-9]{1,8})*)\s*(?:;\s*q=([01](?:\.[0-9]{0,3})?)\s*)?", re.IGNORECASE)
"""A language and its weight, as RFC 9110 (12.5.4) writes them."""


def of(request: web.Request) -> str:
    """Return the tag of the catalog that a request asks for; an empty one stands for English.

    The parameter `lang` comes first, where there is a catalog for it, and then `Accept-Language`.
    """
    return i18n.negotiate([request.query.get(PARAMETER, ""), *_by_weight(request.headers.get(HEADER, ""))])


def keep(request: web.Request, url: str) -> str:
    """Return a relative URL that asks for the same language, if the request's own URL chose one."""
    chosen = request.query.get(PARAMETER)
    return url + ("&" if "?" in url else "?") + urlencode({PARAMETER: chosen}) if chosen else url


def _by_weight(header: str) -> Iterator[str]:
    """Yield the tags of a header, the heaviest first; those of weight 0 are not wanted."""
    found = [match for match in map(TAG.fullmatch, header.split(",")[:MAX_TAGS]) if match]
    weights = [(float(match[2] or 1), match[1]) for match in found]
    yield from (tag for weight, tag in sorted(weights, key=lambda each: -each[0]) if weight)
