"""The command line: `run` (the default), what draws, what tells, and `healthcheck`."""

import os
import sys
from collections.abc import Sequence

# Each command imports what it needs inside its function: a health check that runs every 30 s should
# not load a model.

EXIT_UNHEALTHY = 1
REACHABLE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  asked, not listened on
EXIT_CONFIG = os.EX_CONFIG  # 78


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if list(arguments) == ["healthcheck"]:
        return healthcheck()
    from bot import command_line, replies
    from bot.settings import BadSettings
    from core.errors import BadRequest, BadWeights

    options = command_line.parser().parse_args(arguments)
    try:
        return run() if options.command in (None, "run") else command_line.carry_out(options)
    except (BadSettings, BadWeights) as error:
        _say(replies.operator_line(error))
        return EXIT_CONFIG
    except BadRequest as error:
        _say(replies.sentence(error))
        return os.EX_USAGE


def run() -> int:
    """Serve until told to stop."""
    import asyncio
    import signal

    # A terminal that closes ends nothing, not even a start; `app.serve` says so in the log.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

    from bot import app, log
    from bot.settings import load_settings

    settings = load_settings()
    log.configure(settings.log_level, settings.secrets)
    try:
        asyncio.run(app.serve(settings, announce=_say))
    except app.AllRefused:
        return os.EX_UNAVAILABLE
    return os.EX_OK


def healthcheck() -> int:
    """Ask the bot on this machine whether it is ready; 0 is yes, 1 is no."""
    import http.client

    port = os.environ.get("DIGIT_PORT") or "8080"
    host = os.environ.get("DIGIT_HOST") or "127.0.0.1"
    host = REACHABLE.get(host, host)
    connection = http.client.HTTPConnection(host, int(port), timeout=2)
    try:
        connection.request("GET", "/readyz")
        status = connection.getresponse().status
    except OSError as error:
        _say(f"No answer from {host}:{port} ({error}).")
        return EXIT_UNHEALTHY
    finally:
        connection.close()
    if status != 200:
        _say(f"{host}:{port} answers {status}.")
    return 0 if status == 200 else EXIT_UNHEALTHY


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
