"""`settings`: what it prints is what the repository holds."""

import pytest

from bot.cli.main import main
from tests.conftest import ROOT


def test_the_example_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    """`.env.example` is what `python -m bot settings` prints."""
    assert main(["settings"]) == 0
    assert capsys.readouterr().out == (ROOT / ".env.example").read_text()


def test_the_docs_have_the_table_of_settings(capsys: pytest.CaptureFixture[str]) -> None:
    """The table of docs/settings.md is what `python -m bot settings --table` prints."""
    assert main(["settings", "--table"]) == 0
    assert capsys.readouterr().out.strip() in (ROOT / "docs" / "settings.md").read_text()
