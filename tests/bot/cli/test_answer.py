"""`models` and `about` on the command line."""

import pytest

from bot.cli.main import main


@pytest.mark.parametrize("topic", ["models", "about"])
def test_what_tells_writes_to_standard_output(capsys: pytest.CaptureFixture[str], topic: str) -> None:
    """`models` and `about` are answered in the terminal; nothing goes to standard error."""
    assert main([topic]) == 0
    told = capsys.readouterr()
    assert "% read right" in told.out or "MNIST" in told.out
    assert told.err == ""
