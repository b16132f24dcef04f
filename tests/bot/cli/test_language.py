"""The language of the command line."""

from pathlib import Path

import pytest

from bot.cli.main import main
from tests.bot.test_languages import GERMAN


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [(["--lang", "de"], {}), ([], {"LANGUAGE": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "de_AT.UTF-8"})],
)
def test_the_command_line_speaks_the_language_of_its_environment(
    arguments: list[str],
    environment: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`--lang` or LANG: captions, errors, answers and the help of a command."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    out = tmp_path / "four.png"
    assert main(["draw", "vier", "--seed", "7", "--out", str(out), *arguments]) == 0
    assert main(["draw", "x", *arguments]) == 64
    assert main(["models", *arguments]) == 0
    with pytest.raises(SystemExit):
        main(["number", "--help", *arguments])
    printed, noted = capsys.readouterr()
    error = GERMAN.error.replace("/digit 4", "python -m bot draw 4")
    assert noted == f"{out}: 5 × 4 · cGAN · Seed 7\n{error}\n"
    assert "richtig gelesen" in printed
    assert "Bis zu 20 Ziffern" in printed
