"""`healthcheck`: ask the bot on this machine whether it is ready.

Docker runs it every 30 s, so it loads neither a model nor the settings library.
"""

import http.client
import os

from bot.cli.output import print_note
from bot.config import sources

EXIT_UNHEALTHY = 1
HEALTHY = 200
TIMEOUT_SECONDS = 2
LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  asked, not listened on
"""The address under which a server on every address is asked."""


def healthcheck() -> int:
    """Return 0 if the bot is ready, 1 if it is not."""
    values, faults = sources.read(("DIGIT_HOST", "DIGIT_PORT"))
    for fault in faults:
        print_note(str(fault))
    host, port = values.get("DIGIT_HOST", "127.0.0.1"), values.get("DIGIT_PORT", "8080")
    host = LOOPBACK.get(host, host)
    try:
        connection = http.client.HTTPConnection(host, int(port), timeout=TIMEOUT_SECONDS)
        connection.request("GET", "/readyz")
        status = connection.getresponse().status
    except (OSError, ValueError, OverflowError, http.client.HTTPException) as error:
        # Another program's answer may be in it, line breaks and all.
        print_note(f"No answer from {host}:{port} ({' '.join(str(error).split())}).")
        return EXIT_UNHEALTHY
    if status != HEALTHY:
        print_note(f"{host}:{port} answers {status}.")
        return EXIT_UNHEALTHY
    return os.EX_OK
