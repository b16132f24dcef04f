"""The command line: `run` (the default), `draw` and `healthcheck`."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

# Each command imports what it needs inside its function: a health check that runs every 30 s should
# not load a model.

EXIT_UNHEALTHY = 1
REACHABLE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  asked, not listened on
EXIT_CONFIG = os.EX_CONFIG  # 78


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    options = _parser().parse_args(arguments)
    if options.command == "healthcheck":
        return healthcheck()
    from bot import replies
    from bot.settings import BadSettings
    from core.errors import BadRequest, BadWeights

    try:
        return draw(options) if options.command == "draw" else run()
    except (BadSettings, BadWeights) as error:
        _say(replies.operator_line(error))
        return EXIT_CONFIG
    except BadRequest as error:
        _say(replies.sentence(error))
        return os.EX_USAGE


def run() -> int:
    """Serve until told to stop."""
    import asyncio

    from bot import app, log
    from bot.settings import load_settings

    settings = load_settings()
    log.configure(settings.log_level, settings.secrets)
    try:
        asyncio.run(app.serve(settings, announce=_say))
    except app.AllRefused:
        return os.EX_UNAVAILABLE
    return os.EX_OK


def draw(options: argparse.Namespace) -> int:
    """Draw one strip to a file."""
    from bot import commands, replies
    from bot.settings import load_settings, open_catalog
    from core import service

    settings = load_settings()
    given = {"count": options.count, "seed": options.seed, "model": options.model}
    request = commands.strip_request(options.digit, {k: v for k, v in given.items() if v is not None})
    picture = service.draw(open_catalog(settings), request)
    path = options.out or Path(f"digit-{picture.digits[0]}-seed-{picture.seed}.png")
    try:
        path.write_bytes(picture.data)
    except OSError as error:
        _say(f"{path} cannot be written ({error.strerror}). Name another file with --out.")
        return os.EX_CANTCREAT
    _say(f"{path}: {replies.caption(picture)}")
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="A chat bot that draws handwritten digits.")
    subparsers = parser.add_subparsers(dest="command", metavar="command")
    subparsers.add_parser("run", help="serve the web page (the default)")
    drawing = subparsers.add_parser("draw", help="draw a strip to a PNG file")
    drawing.add_argument("digit", help="0 to 9, or random")
    drawing.add_argument("--count", metavar="N", help="1 to 10 images (default 5)")
    drawing.add_argument("--seed", metavar="N", help="0 to 4294967295; the same seed draws the same strip")
    drawing.add_argument("--model", metavar="NAME", help="which model draws")
    drawing.add_argument("--out", metavar="FILE", type=Path, help="default: digit-D-seed-S.png in this folder")
    subparsers.add_parser("healthcheck", help="ask the running bot whether it is ready; exit code 0 or 1")
    return parser


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
