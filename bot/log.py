"""Logging: lines for people on a terminal, JSON anywhere else."""

import logging
import sys
from collections.abc import Sequence

import structlog

HIDDEN = "[hidden]"


def configure(level: str, secrets: Sequence[str] = ()) -> None:
    """Send every log line of the process, ours and the libraries', to standard error in one format.

    Args:
        level: of the least severe line that is written.
        secrets: what is written as HIDDEN wherever it stands, in a traceback too.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers()],
    )
    handler.setFormatter(_Redacting(formatter, secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # These write each address that they call, and in Telegram's stands the token.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # What these tell with a traceback the adapter tells in a line.
    for name in ("telegram.request.BaseRequest", "telegram.ext.AIORateLimiter"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # aiohttp's access log would repeat each request in another form.
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
    # What a handler raises is logged by our own middleware; what is left are clients that speak no HTTP.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    # At DEBUG discord.py writes out every event, and with it who asked for what.
    logging.getLogger("discord").setLevel(max(logging.INFO, logging.getLogger().level))


class _Redacting(logging.Formatter):
    """Takes secrets out of the finished line: whatever wrote it and wherever in it they stand."""

    def __init__(self, inner: logging.Formatter, secrets: Sequence[str]) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        line = self._inner.format(record)
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return line


def _renderers() -> list[structlog.typing.Processor]:
    if sys.stderr.isatty():
        return [structlog.dev.ConsoleRenderer()]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
