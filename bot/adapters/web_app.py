"""The bot's own web page, and HTTP for programs: aiohttp on loopback."""

import base64
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

import structlog
from aiohttp import web
from yarl import URL

from bot import commands, replies
from bot.adapters import ChatAdapter
from core.catalog import Catalog
from core.errors import BadRequest, Closed, DigitError, Overloaded
from core.requests import Picture, StripRequest
from core.service import DigitService

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("web")

STATIC = Path(__file__).resolve().parent.parent / "static"
LARGEST_BODY = 4096
SERVICE = web.AppKey("service", DigitService)
CHATS: web.AppKey[Sequence[ChatAdapter]] = web.AppKey("chats", Sequence)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SEEDED = "public, max-age=3600"
FRESH = "no-store"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def create(service: DigitService, chats: Sequence[ChatAdapter] = ()) -> web.Application:
    """The web application: page, chat, pictures, health; `chats` are the adapters that /readyz asks about."""
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[_errors_as_json])
    app[SERVICE] = service
    app[CHATS] = chats
    for chat in chats:
        app.add_routes(chat.routes)
    app.on_response_prepare.append(_harden)
    app.add_routes(
        [
            web.get("/", _page),
            web.get("/models", _models),
            web.post("/api/chat", _chat),
            web.get("/digit/{digit}.{form:png|jpg}", _digit),
            web.get("/healthz", _healthz),
            web.get("/readyz", _readyz),
            web.static("/static", STATIC),
        ]
    )
    return app


async def _page(_: web.Request) -> web.FileResponse:
    return web.FileResponse(STATIC / "index.html")


async def _chat(request: web.Request) -> web.Response:
    text = await _read_text(request)
    asked = commands.parse(text)
    if isinstance(asked, commands.Topic):
        return web.json_response({"text": replies.answer(asked, request.app[SERVICE].catalog)})
    picture = await _draw(request, asked)
    return web.json_response(_message(asked, picture, request.app[SERVICE].catalog))


async def _digit(request: web.Request) -> web.Response:
    options = _options(request)
    original = options.pop("original", "0")
    if original not in ("0", "1"):
        raise commands.UnknownOption(f"original={original}")
    jpeg = request.match_info["form"] == "jpg"
    if jpeg and original == "1":
        raise commands.UnknownOption("original")
    asked = commands.strip_request(request.match_info["digit"], options)
    asked = replace(asked, original=original == "1", jpeg=jpeg)
    picture = await _draw(request, asked)
    headers = {
        "Cache-Control": FRESH if asked.seed is None else SEEDED,
        "X-Digit-Caption": str(URL.build(path=replies.caption(picture)).raw_path),
        "X-Digit-Seed": str(picture.seed),
    }
    content_type = "image/jpeg" if jpeg else "image/png"
    return web.Response(body=picture.data, content_type=content_type, headers=headers)


async def _models(request: web.Request) -> web.Response:
    catalog = request.app[SERVICE].catalog
    return web.json_response(
        [{"name": model.name, "title": model.title, "scores": dict(model.scores)} for model in catalog.models]
    )


async def _healthz(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def _readyz(request: web.Request) -> web.Response:
    service = request.app[SERVICE]
    adapters = {chat.name: chat.ready for chat in request.app[CHATS]}
    ready = all(adapters.values())
    body = {"ready": ready, "model": service.catalog.default, "pending": service.pending, "adapters": adapters}
    return web.json_response(body, status=200 if ready else 503)


async def _draw(request: web.Request, asked: StripRequest) -> Picture:
    picture = await request.app[SERVICE].draw(asked)
    logger.info("drawn", digit=picture.digits[0], count=asked.count, seed=picture.seed, model=picture.model)
    return picture


async def _read_text(request: web.Request) -> str:
    try:
        body = await request.json()
    except (ValueError, LookupError, RecursionError):  # no JSON, an unknown charset, a thousand brackets
        raise web.HTTPBadRequest from None
    match body:
        case {"text": str(text)}:
            return text
    raise web.HTTPBadRequest


def _options(request: web.Request) -> dict[str, str]:
    for name in request.query:
        if len(request.query.getall(name)) > 1:
            raise commands.RepeatedOption(name)
    return dict(request.query)


def _message(asked: StripRequest, picture: Picture, catalog: Catalog) -> dict[str, object]:
    """A picture as the page shows it: in a bubble, with its buttons."""
    again = replace(asked, seed=None)
    same = replace(asked, digit=picture.digits[0], seed=picture.seed, model=picture.model)
    return {
        "caption": replies.caption(picture),
        "alt": replies.alt_text(picture),
        "image": "data:image/png;base64," + base64.b64encode(picture.data).decode(),
        "width": picture.width,
        "height": picture.height,
        "link": _link(same),
        "again": commands.to_text(again),
        "original": _link(replace(same, original=True)),
        "digits": [commands.to_text(replace(again, digit=digit)) for digit in range(10)],
        "model": picture.model,
        "models": {
            model.name: {"title": model.title, "command": commands.to_text(replace(same, model=model.name))}
            for model in catalog.models
        },
    }


def _link(asked: StripRequest) -> str:
    query = {"count": str(asked.count), "seed": str(asked.seed), "model": str(asked.model)}
    if asked.original:
        query["original"] = "1"
    return str(URL.build(path=f"/digit/{asked.digit}.png", query=query))


@web.middleware
async def _errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except BadRequest as error:
        return _error(400, replies.sentence(error))
    except Overloaded as error:
        return _error(503, replies.sentence(error), {"Retry-After": str(error.retry_after)})
    except Closed as error:
        return _error(503, replies.sentence(error), {"Retry-After": "60"})
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _error(error.status, replies.http_sentence(error.status))
    except Exception:
        logger.exception("request failed", path=request.path)
        return _error(500, replies.sentence(DigitError()))


def _error(status: int, sentence: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"error": sentence}, status=status, headers=headers)


async def _harden(_: web.Request, response: web.StreamResponse) -> None:
    # Page, style and script change together at an update: a browser has to ask whether they did.
    response.headers.setdefault("Cache-Control", "no-cache")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
