"""Wrong usage of the command line: one line in its own words."""

import pytest

from bot.cli.main import main


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("drw 4", "draw 4"),
        ("Draw 4 --seed 7", "draw 4 --seed 7"),
        ("digit 4", "draw 4"),
        ("nummber 2026", "number 2026"),
        ("chek", "check"),
        ("settngs --table", "settings --table"),
    ],
)
def test_a_misspelled_command_is_offered_as_it_was_meant(
    capsys: pytest.CaptureFixture[str], typed: str, meant: str
) -> None:
    """One line with the same arguments behind the right name, also for who types the name that chats have for it."""
    assert main(typed.split()) == 64
    told = capsys.readouterr()
    word = typed.split()[0]
    assert (told.out, told.err) == ("", f"I don't know “{word}”. Did you mean python -m bot {meant}?\n")


def test_a_word_that_is_close_to_no_command_is_answered_with_all_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is guessed."""
    with pytest.raises(SystemExit, match="64"):
        main(["hello"])
    assert "'draw', 'number'" in capsys.readouterr().err
