"""The command line: `run` (the default), what draws, what tells, `check`, `settings` and `healthcheck`."""

import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

# Each command imports what it needs inside its function: a health check that runs every 30 s should
# not load a model.

EXIT_UNHEALTHY = 1
HEALTHY = 200
REACHABLE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  asked, not listened on
EXIT_CONFIG = os.EX_CONFIG  # 78


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if list(arguments) == ["healthcheck"]:
        return healthcheck()
    serving = list(arguments) in ([], ["run"])
    if serving:
        _end_at_a_signal()
    from bot import notices, replies
    from bot.settings import BadSettings
    from core.errors import BadRequest, BadWeights

    try:
        if serving:
            run()
        from bot import command_line

        return command_line.carry_out(command_line.parser().parse_args(arguments))
    except (BadSettings, BadWeights) as error:
        _say(notices.operator_line(error))
        return EXIT_CONFIG
    except BadRequest as error:
        _say(replies.sentence(error))
        return os.EX_USAGE


def run() -> NoReturn:
    """Serve until told to stop, and end the process.

    Raises:
        BadSettings, BadWeights: as where they arise.
    """
    import asyncio

    # A terminal that closes ends nothing, not even a start; `app.serve` says so in the log.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

    from bot import app, log
    from bot.settings import load_settings

    _open_many()
    settings = load_settings()
    log.configure(settings.log_level, settings.secrets)
    code = os.EX_OK
    try:
        asyncio.new_event_loop().run_until_complete(app.serve(settings, announce=_say))
    except app.AllRefused:
        code = os.EX_UNAVAILABLE
    # Everything is closed. What may be left is a thread that looks up a name and gets no answer: nothing can end it,
    # and Python would wait for it.
    os._exit(code)


def healthcheck() -> int:
    """Ask the bot on this machine whether it is ready; 0 is yes, 1 is no."""
    import http.client

    from bot import sources

    values, faults = sources.read(("DIGIT_HOST", "DIGIT_PORT"))
    for fault in faults:
        _say(str(fault))
    host, port = values.get("DIGIT_HOST", "127.0.0.1"), values.get("DIGIT_PORT", "8080")
    host = REACHABLE.get(host, host)
    try:
        connection = http.client.HTTPConnection(host, int(port), timeout=2)
        connection.request("GET", "/readyz")
        status = connection.getresponse().status
    except (OSError, ValueError, OverflowError, http.client.HTTPException) as error:
        # Another program's answer may be in it, line breaks and all.
        _say(f"No answer from {host}:{port} ({' '.join(str(error).split())}).")
        return EXIT_UNHEALTHY
    if status != HEALTHY:
        _say(f"{host}:{port} answers {status}.")
        return EXIT_UNHEALTHY
    return os.EX_OK


def _open_many() -> None:
    """Take as many connections as the system lets us: by default it is 1,024, files and all."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    # macOS has no hard limit, and refuses none.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _end_at_a_signal() -> None:
    """Until the event loop listens to signals, end with 0 at one: there is nothing yet to finish."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)


def _end(*_: object) -> None:
    # An exception, SystemExit too, would become another one where C code is just loading a module.
    os._exit(os.EX_OK)


def _say(line: str) -> None:
    # A log that cannot be written, as on a full disk, keeps nobody from being served.
    with contextlib.suppress(OSError):
        sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
