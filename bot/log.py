"""Logging: lines for people on a terminal, JSON anywhere else."""

import json
import logging
import re
import sys
from collections.abc import Callable, Sequence
from functools import partial
from types import TracebackType

import structlog

HIDDEN = "[hidden]"
LONG_ENOUGH = 20
"""Characters from which on a part of a token counts as secret by itself: the part that signs has more, everywhere."""


def configure(level: str, secrets: Sequence[str] = ()) -> None:
    """Send every log line of the process, ours and the libraries', to standard error in one format.

    Args:
        level: of the least severe line that is written.
        secrets: what is written as HIDDEN wherever it stands and however it is spelled, in a traceback too.
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
    handler.setFormatter(_Redacting(formatter, redaction(secrets)))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    sys.excepthook = _log_the_end
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


def redaction(secrets: Sequence[str]) -> Callable[[str], str]:
    """Make a function that replaces secrets in a text by HIDDEN, however they are spelled there.

    Args:
        secrets: whole ones; parts of a token that are long enough to be secret by themselves are replaced too.
    """
    parts = {part for secret in secrets for part in re.split("[.:]", secret) if len(part) >= LONG_ENOUGH}
    # The longest first: of a whole token nothing is to stay, though a part of it is found as well.
    hidden = sorted({*secrets, *parts} - {""}, key=len, reverse=True)
    # A pattern that never matches, where there is nothing to hide.
    pattern = re.compile("|".join(map(_spellings, hidden)) or "(?!)")
    return partial(pattern.sub, HIDDEN)


class _Redacting(logging.Formatter):
    """Takes secrets out of the finished line: whatever wrote it and wherever in it they stand."""

    def __init__(self, inner: logging.Formatter, redact: Callable[[str], str]) -> None:
        super().__init__()
        self._inner = inner
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(self._inner.format(record))


def _spellings(secret: str) -> str:
    """A pattern that matches a text as it is, and as an address, JSON or Python writes it, even only in part."""
    return "".join(f"(?:{_plain(character)}|{_encoded(character)})" for character in secret)


def _plain(character: str) -> str:
    if character.isascii() and character.isalnum():
        return character
    # What is quoted and then quoted again has more backslashes each time.
    if character == "\\":
        return r"\\+"
    quoted = (f"'{character}'", json.dumps(character), ascii(character))
    names = {text[1:-1].lstrip("\\") for text in quoted}
    return rf"\\*(?:{'|'.join(map(re.escape, sorted(names)))})"


def _encoded(character: str) -> str:
    # An address within an address has its percent signs encoded in turn.
    return "".join(f"%(?:25)*(?i:{byte:02x})" for byte in character.encode())


def _log_the_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Write what ends the process as a line like all others: Python itself would hide no secret in it."""
    if isinstance(error, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        logging.getLogger("bot").critical("ended by a fault", exc_info=(kind, error, trace))


def _renderers() -> list[structlog.typing.Processor]:
    if sys.stderr.isatty():
        # Prettier ones break lines, secrets included, and write out what variables hold.
        return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
