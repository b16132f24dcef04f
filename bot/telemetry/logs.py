"""Logging: lines for people on a terminal, JSON anywhere else."""

import logging
import sys
from collections.abc import Sequence
from types import TracebackType

import structlog

from bot.telemetry.queued_handler import QueuedHandler
from bot.telemetry.redaction import RedactingFormatter


def configure(level: str, secrets: Sequence[str] = ()) -> QueuedHandler:
    """Send every log line of the process, ours and the libraries', to standard error in one format.

    Args:
        level: of the least severe line that is written.
        secrets: hidden wherever they stand and however they are spelled, in a traceback too.

    Returns:
        The handler that writes the lines; `logging.shutdown` writes what waits.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    # Below INFO the libraries log messages as they come, with people's words, ids and the webhook's secret.
    least = max(logging.INFO, logging.getLevelNamesMapping()[level])
    handler = QueuedHandler(sys.stderr.fileno())
    handler.setLevel(least)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers()],
    )
    handler.setFormatter(RedactingFormatter(formatter, secrets))
    logging.basicConfig(level=least, handlers=[handler], force=True)
    # Python would write them to standard error itself, and wait until somebody reads them.
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    # These log each URL that they call, and Telegram's holds the token.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # The adapter logs in a line what these log with a traceback.
    for name in ("telegram.request.BaseRequest", "telegram.ext.AIORateLimiter"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # aiohttp's access log would repeat each request in another form.
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
    # Our middleware logs errors of handlers; the rest are clients that speak no HTTP.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    return handler


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log the error that ends the process like any other: Python itself would hide no secret in it."""
    if isinstance(error, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        logging.getLogger("bot").critical("ended by a fault", exc_info=(kind, error, trace))


def _renderers() -> list[structlog.typing.Processor]:
    if sys.stderr.isatty():
        # Prettier ones break lines, secrets included, and write out what variables hold.
        return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
