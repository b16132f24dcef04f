"""`healthcheck`: ask the bot on this machine whether it is ready.

Docker runs it every 30 s, so it loads neither a model nor the settings library.
"""

import contextlib
import http.client
import json
import os

from bot.cli.output import print_note
from bot.config import sources
from bot.config.loopback import LOOPBACK

EXIT_UNHEALTHY = 1
HEALTHY = 200
TIMEOUT_SECONDS = 2
MAX_BODY_BYTES = 4096
"""Of an answer that is read: this bot's has about 100."""


def healthcheck() -> int:
    """Return 0 if the bot is ready, 1 if it is not."""
    values, faults = sources.read(("DIGIT_HOST", "DIGIT_PORT"))
    for fault in faults:
        print_note(str(fault))
    host, port = values.get("DIGIT_HOST", "127.0.0.1"), values.get("DIGIT_PORT", "8080")
    host = LOOPBACK.get(host, host)
    try:
        status, body = _ask(host, int(port))
    except (OSError, ValueError, OverflowError, http.client.HTTPException) as error:
        # Another program's answer may be in it, line breaks and all.
        print_note(f"No answer from {host}:{port} ({' '.join(str(error).split())}).")
        return EXIT_UNHEALTHY
    if status != HEALTHY:
        print_note(f"{host}:{port} answers {status}{_reason(body)}.")
        return EXIT_UNHEALTHY
    return os.EX_OK


def _ask(host: str, port: int) -> tuple[int, bytes]:
    """Return the status of /readyz and the beginning of its body."""
    with contextlib.closing(http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)) as connection:
        connection.request("GET", "/readyz")
        with connection.getresponse() as answer:
            return answer.status, answer.read(MAX_BODY_BYTES)


def _reason(body: bytes) -> str:
    """Return what this bot says about itself on /readyz; nothing for another program's answer."""
    try:
        state = json.loads(body)
        missing = [str(name) for name, ready in state["adapters"].items() if not ready]
        stopping = state["stopping"]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return ""
    if stopping:
        return ": the bot is stopping"
    return f": not connected to {' and '.join(missing)}" if missing else ""
