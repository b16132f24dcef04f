"""An answer in JSON, with one sentence and the right status, to everything that is wrong."""

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from bot import replies
from bot.gates import Limited
from core.errors import BadRequest, Closed, DigitError, TryLater

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("web")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what a handler raises into an answer."""
    try:
        return await handler(request)
    except BadRequest as error:
        return _error(400, replies.sentence(error))
    except TryLater as error:
        status = 429 if isinstance(error, Limited) else 503
        return _error(status, replies.sentence(error), {"Retry-After": str(error.retry_after)})
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
