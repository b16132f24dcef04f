"""Lines to the terminal: whatever it can show."""

import io
import sys

import pytest

from bot.cli.output import print_result

WRITTEN = {"utf-8": "é\n".encode(), "ascii": b"\\xe9\n", "latin-1": b"\xe9\n"}


@pytest.mark.parametrize("encoding", WRITTEN)
def test_a_terminal_gets_what_it_can_show(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    """What its encoding lacks comes as an escape, and no result is lost to it."""
    shown = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(shown, encoding=encoding))
    print_result("é")
    assert shown.getvalue() == WRITTEN[encoding]


def test_a_stream_without_an_encoding_is_taken_for_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a program that embeds the bot has it."""
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stdout", shown)
    print_result("é")
    assert shown.getvalue() == "é\n"
