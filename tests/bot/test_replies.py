"""Words: every picture is described and every error is one friendly sentence with a line that works."""

import dataclasses
import inspect

import pytest

from bot import commands, replies
from bot.commands import Topic
from bot.cooldown import TooSoon
from core import errors
from core.catalog import Catalog
from core.errors import BadRequest, DigitError, Overloaded, UnknownModel
from core.requests import Picture, StripRequest


def picture(digit: int, count: int) -> Picture:
    """A picture of which only the description matters."""
    return Picture(b"", 1, 1, (digit,) * count, 7, "cgan", "cGAN")


def test_a_caption_holds_digit_model_and_seed() -> None:
    """Whoever reads the caption can ask for the same strip again."""
    assert replies.caption(picture(4, 5)) == "Five fours · cGAN · seed 7"
    assert replies.caption(picture(6, 10)) == "Ten sixes · cGAN · seed 7"


def test_a_title_that_hides_the_name_brings_it_along() -> None:
    """Where the title does not spell the model's name, the caption adds what `model=` takes."""
    drawn = dataclasses.replace(picture(4, 5), model="cvae-deep", title="Deep CVAE")
    assert replies.caption(drawn) == "Five fours · Deep CVAE (cvae-deep) · seed 7"


def test_an_alt_text_says_what_is_to_be_seen() -> None:
    """A person who cannot see the strip hears how many of which digit there are, and who drew them."""
    assert replies.alt_text(picture(4, 5)) == "Five handwritten fours, drawn by the cGAN model, seed 7"
    assert replies.alt_text(picture(0, 1)) == "One handwritten zero, drawn by the cGAN model, seed 7"
    assert replies.alt_text(picture(1, 1)) == "One handwritten one, drawn by the cGAN model, seed 7"


BAD_LINES = ["", "/", "hello", "/digit", "/digit 10", "/digit 4 0", "/digit 4 seed=x", "/digit 4 a=b", "/digit 4 1 1"]


@pytest.mark.parametrize("line", [*BAD_LINES, "/digit 4 seed=1 seed=1"])
def test_a_sentence_shows_a_line_that_works(line: str) -> None:
    """Each answer to a bad line is one line long and ends in a command that can be sent as it is."""
    with pytest.raises(BadRequest) as caught:
        commands.parse(line)
    sentence = replies.sentence(caught.value)
    assert "\n" not in sentence
    shown = sentence.rpartition("/digit")[2].partition(",")[0].removesuffix(".")
    assert isinstance(commands.parse("/digit" + shown), StripRequest)


def test_a_long_text_is_not_thrown_back() -> None:
    """What was wrong is quoted in at most a line, however long it was."""
    with pytest.raises(BadRequest) as caught:
        commands.parse("/digit " + "9" * 1_000_000)
    assert len(replies.sentence(caught.value)) < 100


def test_braces_are_only_braces() -> None:
    """A text with the signs of a format string is quoted, not carried out."""
    with pytest.raises(BadRequest) as caught:
        commands.parse("/digit {value.__class__}")
    assert "{value.__class__}" in replies.sentence(caught.value)


def test_every_error_has_a_sentence_of_its_own() -> None:
    """No error that a person can cause is answered with the words for a fault of ours."""
    kinds = {kind for module in (errors, commands) for _, kind in inspect.getmembers(module, inspect.isclass)}
    kinds = {kind for kind in kinds if issubclass(kind, BadRequest)} | {Overloaded, errors.Closed}
    assert kinds <= set(replies.SENTENCES)


def test_the_known_models_are_listed() -> None:
    """An unknown model is answered with those there are."""
    sentence = replies.sentence(UnknownModel("gpt", ("cgan", "vae")))
    assert "“gpt”" in sentence
    assert "cgan, vae" in sentence


def test_a_platform_may_tell_the_time_in_its_own_way() -> None:
    """What says when to come back can be a clock of the platform's own."""
    for error in (Overloaded(3), TooSoon(3)):
        assert "at stroke 3." in replies.sentence(error, lambda seconds: f"at stroke {seconds}")


@pytest.mark.parametrize("chats", [[], ["discord"]])
def test_the_operator_reads_what_is_served_and_what_could_be(catalog: Catalog, chats: list[str]) -> None:
    """One line names the address, and the platforms or, where there is none, the settings that bring them."""
    line = replies.welcome("http://127.0.0.1:8080", catalog, chats)
    assert "\n" not in line
    assert "http://127.0.0.1:8080" in line
    assert ("DISCORD_TOKEN" in line) == (not chats)


def test_every_command_has_its_few_words() -> None:
    """A platform's menu has a description for each command that answers, short enough for any of them."""
    assert set(replies.DESCRIPTIONS) == {"digit", *(topic.value for topic in Topic)}
    assert all(len(text) <= 100 for text in (*replies.DESCRIPTIONS.values(), *replies.OPTIONS.values()))


def test_busy_says_when_to_come_back() -> None:
    """A full queue is answered with seconds."""
    assert "3 s" in replies.sentence(Overloaded(3))


def test_an_unforeseen_error_is_still_a_sentence() -> None:
    """A fault of ours shows no detail of it."""
    assert replies.sentence(DigitError("secret")) == replies.SORRY


@pytest.mark.parametrize("topic", Topic)
def test_each_topic_has_a_text(topic: Topic, catalog: Catalog) -> None:
    """/help, /models and /about answer."""
    assert len(replies.answer(topic, catalog)) > 40


def test_the_help_lists_lines_that_work() -> None:
    """Each line of the help begins with a command that the bot knows."""
    for line in replies.HELP.splitlines():
        command = line.partition(" draws ")[0].partition(" lists ")[0].partition(" says ")[0]
        assert commands.parse(command)


def test_the_banner_tells_what_is_on_and_what_could_be(catalog: Catalog) -> None:
    """The operator reads which platforms are being connected, and for each other one the setting that it lacks."""
    alone = replies.welcome("http://127.0.0.1:1", catalog, [])
    assert "Set DISCORD_TOKEN to serve Discord too. Set TELEGRAM_TOKEN to serve Telegram too." in alone
    one = replies.welcome("http://127.0.0.1:1", catalog, ["telegram"])
    assert "Connecting to Telegram. Set DISCORD_TOKEN to serve Discord too." in one
    both = replies.welcome("http://127.0.0.1:1", catalog, list(replies.TOKENS))
    assert "Connecting to Discord and Telegram." in both
    assert "Set " not in both
