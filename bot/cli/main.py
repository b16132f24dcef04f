"""The parser of the command line, and errors to exit codes."""

import argparse
import os
import sys
from collections.abc import Sequence

from bot import __version__

EXIT_CONFIG = os.EX_CONFIG  # 78
EXIT_INTERRUPTED = 130
"""Of a drawing that Ctrl+C ended, as shells count it: 128 and the number of SIGINT."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand and return its exit code."""
    if sys.stderr is None:  # closed, as with 2>&-: the next file to be opened would take its place
        sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115  pathlib is not loaded; it stays open
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    # Each imports its own: a health check runs every 30 s, and a signal may come at any moment of a start.
    if arguments == ["healthcheck"]:
        from bot.cli.healthcheck import healthcheck

        return healthcheck()
    serving = arguments in ([], ["run"])
    if serving:
        from bot.cli.serve import end_at_a_signal

        end_at_a_signal()
    from bot import console
    from bot.cli import language, usage
    from bot.cli.output import print_note
    from bot.config.sources import BadSettings
    from bot.i18n import use_language
    from core.errors import BadRequest, BadWeights

    tag = language.choose(arguments)
    try:
        if serving:
            from bot.cli.serve import serve

            serve()
        with use_language(tag):
            return _run(arguments)
    except (BadSettings, BadWeights) as error:
        print_note(console.error_line(error))
        return EXIT_CONFIG
    except BadRequest as error:
        with use_language(tag):
            print_note(usage.error_line(error))
        return os.EX_USAGE
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _run(arguments: Sequence[str]) -> int:
    from bot.cli import answer, draw, hand, usage

    parser: argparse.ArgumentParser = usage.Parser(
        prog=usage.program(), description="A chat bot that draws handwritten digits."
    )
    parser.add_argument("--version", action="version", version=f"Digit Bot {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="command", required=True)
    subparsers.add_parser("run", help="serve the web page and each platform that has a token (the default)")
    draw.add_parsers(subparsers)
    hand.add_parser(subparsers)
    answer.add_parsers(subparsers)
    check_help = "check settings, models, port, clock and tokens without serving; exit code 0, 69 or 78"
    subparsers.add_parser("check", help=check_help).set_defaults(run=_check)
    settings_help = "print every setting with its meaning, as a file .env to start from"
    settings = subparsers.add_parser("settings", help=settings_help)
    settings.add_argument("--table", action="store_true", help="print them as a table in Markdown")
    settings.set_defaults(run=_print_settings)
    webhook = subparsers.add_parser("webhook", help="set, delete or show Telegram's webhook; exit code 0, 69 or 78")
    webhook.add_argument("action", choices=["set", "delete", "info"], help="what to do with it")
    webhook.set_defaults(run=_change_webhook)
    subparsers.add_parser("healthcheck", help="ask the running bot whether it is ready; exit code 0 or 1")
    if arguments[0] == "help":
        arguments = [*arguments[1:], "--help"]
    usage.refuse_unknown(arguments, subparsers.choices)
    options, unknown = parser.parse_known_args(usage.join_negative(arguments))
    if unknown:
        subparsers.choices[options.command].error(f"there is no {' '.join(unknown)}")
    code: int = options.run(options)
    return code


# These load the platforms, and with them a web server: a drawing needs neither.


def _check(_: argparse.Namespace) -> int:
    from bot.cli.check import check
    from bot.cli.output import print_result

    return check(print_result)


def _print_settings(options: argparse.Namespace) -> int:
    from bot.cli.settings import print_settings

    return print_settings(as_table=options.table)


def _change_webhook(options: argparse.Namespace) -> int:
    from bot.cli.webhook import change

    return change(options)
