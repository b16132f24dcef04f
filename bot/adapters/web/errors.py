"""JSON with one sentence and the right status for every error."""

from collections.abc import Mapping

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from bot import i18n
from bot.adapters.web import language
from bot.conversation.errors import NotReceived
from bot.conversation.reply import Reply
from bot.conversation.sentences import http_sentence, sentence
from bot.limits.policy import RateLimited
from bot.text import Text
from core.errors import BadRequest, Closed, DigitError, Flaw, InvalidPhoto, TryLater

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("web")

STATUSES: Mapping[type[DigitError], int] = {
    BadRequest: 400,
    NotReceived: 408,
    RateLimited: 429,
    TryLater: 503,
    Closed: 503,
}
"""The status of each kind of error; 500 for all others."""
FLAW_STATUSES = {Flaw.BYTES: 413, Flaw.PIXELS: 413, Flaw.FORMAT: 415, Flaw.DAMAGED: 400}
RESTART_SECONDS = 60
"""After which to come back to a bot that is restarting."""


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn exceptions of handlers into JSON."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return http_error(request, error)
    except DigitError as error:  # of a route that has no exchange, such as a platform's webhook
        with i18n.use_language(language.of(request)):
            return _digit_error(error, sentence(error))
    except Exception:
        logger.exception("request failed", path=request.path)
        return http_error(request, web.HTTPInternalServerError())


def http_error(request: web.Request, error: web.HTTPException) -> web.Response:
    """Return the response for an error that is not about a picture, in the language of the request."""
    headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else None
    with i18n.use_language(language.of(request)):
        return _error(error.status, http_sentence(error.status), headers)


def reply_error(reply: Reply, **more: object) -> web.Response:
    """Return the response for an error that became a reply.

    Args:
        reply: to a request.
        more: further fields of the JSON.
    """
    return _digit_error(reply.error or DigitError(), reply.text, **more)


def _digit_error(error: DigitError, text: Text, **more: object) -> web.Response:
    status = next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)
    if isinstance(error, InvalidPhoto):
        status = FLAW_STATUSES[error.value]
    retry_after = RESTART_SECONDS if isinstance(error, Closed) else getattr(error, "retry_after", None)
    return _error(status, text, {"Retry-After": str(retry_after)} if retry_after else None, **more)


def _error(status: int, sentence: Text, headers: Mapping[str, str] | None = None, **more: object) -> web.Response:
    return web.json_response({"error": str(sentence), **more}, status=status, headers=headers)
