"""Sentences: every error is one friendly sentence with a line that works."""

import inspect

import pytest

from bot.commands import errors as command_errors
from bot.commands import free_text, registry
from bot.commands.base import Drawing
from bot.commands.parser import parse
from bot.conversation.sentences import APOLOGY, SENTENCES, sentence
from bot.text import Example
from core import errors
from core.catalog import Catalog
from core.errors import BadRequest, DigitError, Overloaded, UnknownModel
from core.pictures.base import PictureRequest

BAD_LINES = ["", "/", "hello", "/digit", "/digit 10", "/digit 4 0", "/digit 4 seed=x", "/digit 4 a=b", "/digit 4 1 1"]
BAD_LINES += ["/digit 4 seed=1 seed=1", "/digit 4 style=x", "/digit 4 neat=101", "/number", "/number x", "/morph"]
BAD_LINES += ["/number 123456789012345678901", "/morph 1 2 3 4 5 6 7", "/morph 3 3", "/morph x", "/compare"]
BAD_LINES += ["/compare 4 4", "/compare 4 count=3", "/number 4 count=2", "/digit 4 walk=2,0"]


@pytest.mark.parametrize("line", BAD_LINES)
def test_a_sentence_shows_a_line_that_works(line: str) -> None:
    """Each answer to a bad line is one line long and shows a command that can be sent as it is."""
    with pytest.raises(BadRequest) as caught:
        parse(line)
    text = sentence(caught.value)
    assert "\n" not in str(text)
    examples = [part.line for part in text if isinstance(part, Example)]
    assert isinstance(parse(examples[0]), PictureRequest)


@pytest.mark.parametrize("command", registry.picture_commands(), ids=lambda command: command.name)
def test_a_hint_is_about_the_command(command: Drawing) -> None:
    """Whatever is wrong with a line of a command, the first example is a line of that command, and each one works."""
    wrong = ["", "x", "3 x 8", "neat", "4 neat", "4 5 6 7 8 9 10 11", "4 seed=x", "4 neat=101", "4 style=x", "4 a=b"]
    errors: list[BadRequest] = []
    for words in [*wrong, "4 seed=1 seed=1", "10" * 20, "4 count=11"]:
        try:
            parse(f"/{command.name} {words}")
        except BadRequest as error:
            errors.append(error)
    assert len(errors) > 9
    for error in errors:
        examples = sentence(error).examples
        assert examples[0].startswith(f"/{command.name} "), error
        assert all(map(parse, examples)), error


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/morph", "Which digits? Try /morph 3 8."),
        ("/morph 3 x", "A digit is 0 to 9, not “x”. Try /morph 3 8."),
        ("/digit 4 neat", "“neat” needs a value. Try /digit 4 neat=80."),
        ("/digit 4 walk=up", "A walk is two numbers from -1 to 1, unlike “up”. Try /digit 4 walk=0.3,-0.5."),
        ("/digit 12", "A digit is 0 to 9, not “12”. Try /digit 4, or /number 12 for the whole number."),
        ("/compare ٤٢", "A digit is 0 to 9, not “٤٢”. Try /compare 4, or /number 42 for the whole number."),
        ("/digit 4 ink", "I don't know what to do with “ink”. Try /digit 4 style=ink."),
        ("/compare 4 Trans", "I don't know what to do with “Trans”. Try /compare 4 style=transparent."),
        ("/digit 4 3 2", "I don't know what to do with “2”. Try /digit 4."),
        ("/digt 4", "I don't know “/digt”. Did you mean /digit 4?"),
    ],
)
def test_a_hint_names_what_was_probably_meant(line: str, said: str) -> None:
    """A number where a digit is expected, an option without a value, a misspelled command: the hint fits."""
    with pytest.raises(BadRequest) as caught:
        free_text.read(line)
    assert str(sentence(caught.value)) == said


def test_every_error_has_a_sentence_of_its_own() -> None:
    """No error that a person can cause is answered with the words for a fault of ours."""
    found = [kind for module in (errors, command_errors) for _, kind in inspect.getmembers(module, inspect.isclass)]
    kinds = {kind for kind in found if issubclass(kind, BadRequest)} | {Overloaded, errors.Closed}
    of_commands = [kind for command in registry.picture_commands() for kind in command.sentences]
    assert kinds <= {*SENTENCES, *of_commands}


def test_the_known_models_are_listed() -> None:
    """An unknown model is answered with those there are."""
    text = str(sentence(UnknownModel("gpt", ("cgan", "vae"))))
    assert "“gpt”" in text
    assert "cgan, vae" in text


def test_busy_says_when_to_come_back() -> None:
    """A full queue is answered with seconds."""
    assert "3 s" in str(sentence(Overloaded(3)))


def test_a_model_without_its_option_is_understood(catalog: Catalog) -> None:
    """Where the models are known, a model's name is among the values that show the option which was meant."""
    with pytest.raises(BadRequest) as caught:
        parse("/digit 4 vae")
    assert str(sentence(caught.value, catalog)).endswith("Try /digit 4 model=vae.")


def test_an_unforeseen_error_is_still_a_sentence() -> None:
    """A fault of ours shows no detail of it."""
    assert str(sentence(DigitError("secret"))) == str(APOLOGY)
