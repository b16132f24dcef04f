"""Console messages: the operator reads where the bot is, and how to bring the platforms in."""

import json

from bot.console import Start

TOKENS = {"Discord": "DISCORD_TOKEN", "Telegram": "TELEGRAM_TOKEN"}


def start(*connecting: str, everywhere: bool = False) -> Start:
    """The message about a bot that serves these platforms."""
    missing = {title: token for title, token in TOKENS.items() if title not in connecting}
    return Start("http://127.0.0.1:8080", everywhere, ("cgan", "vae"), connecting, missing)


def test_a_terminal_reads_the_address_first_and_alone() -> None:
    """Three lines: the address to click on, what draws there, and what an operator can do."""
    address, drawing, doing = str(start()).splitlines()
    assert address == "http://127.0.0.1:8080"
    assert "cgan, vae" in drawing
    assert (
        doing
        == "Stop it with Ctrl+C. Set DISCORD_TOKEN to serve Discord too. Set TELEGRAM_TOKEN to serve Telegram too."
    )


def test_the_operator_reads_what_is_on_and_what_could_be() -> None:
    """Platforms that have a token are named, and for each other one the setting that it lacks."""
    assert "Connecting to Telegram. Set DISCORD_TOKEN to serve Discord too." in str(start("Telegram"))
    both = str(start("Discord", "Telegram"))
    assert "Connecting to Discord and Telegram." in both
    assert "Set " not in both


def test_a_bot_that_listens_everywhere_says_so() -> None:
    """The address is one that a browser on this machine opens, and the rest is in words."""
    assert "every address of this machine" in str(start(everywhere=True))
    assert "every address" not in str(start())


def test_elsewhere_it_is_a_line_of_json() -> None:
    """In a container, where nobody can press Ctrl+C, the message is a line like those of the log."""
    line = json.loads(start("Discord").as_json())
    assert (line["event"], line["level"], line["address"]) == ("serving", "info", "http://127.0.0.1:8080")
    assert (line["models"], line["connecting"]) == (["cgan", "vae"], ["Discord"])
    assert "Ctrl" not in start().as_json()
