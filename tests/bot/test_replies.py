"""Words: every picture is described and every error is one friendly sentence with a line that works."""

import ast
import dataclasses
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import captions, commands, links, notices, replies, values
from bot.commands import Topic
from bot.gates import RoomFull, TooMany, TooSoon
from bot.values import READERS
from core import errors
from core.catalog import Catalog
from core.errors import BadRequest, DigitError, Overloaded, UnknownModel
from core.requests import CompareRequest, DrawRequest, MorphRequest, NumberRequest, Picture, StripRequest, Style
from tests.conftest import ROOT


def drawn(request: DrawRequest, *titles: str) -> Picture:
    """A picture of which only the description matters."""
    return Picture(b"", "image/png", 1, 1, dataclasses.replace(request, seed=7), 7, titles or ("cGAN",))


def picture(digit: int, count: int) -> Picture:
    """A strip."""
    return drawn(StripRequest(digit, count, seed=7, model="cgan"))


def test_a_caption_holds_digit_model_and_seed() -> None:
    """Whoever reads the caption can ask for the same strip again."""
    assert captions.caption(picture(4, 5)) == "Five fours · cGAN · seed 7"
    assert captions.caption(picture(6, 10)) == "Ten sixes · cGAN · seed 7"


def test_a_title_that_hides_the_name_brings_it_along() -> None:
    """Where the title does not spell the model's name, the caption adds what `model=` takes."""
    deep = drawn(StripRequest(4, seed=7, model="cvae-deep"), "Deep CVAE")
    assert captions.caption(deep) == "Five fours · Deep CVAE (cvae-deep) · seed 7"


@pytest.mark.parametrize(
    ("request_", "caption", "alt"),
    [
        (
            NumberRequest("2026-11-20", model="cgan"),
            "2026-11-20 · cGAN · seed 7",
            "The handwritten number 2026-11-20, drawn by the cGAN model, seed 7",
        ),
        (
            MorphRequest((3, 8), model="cgan"),
            "3 → 8 → 3 · cGAN · seed 7",
            "A handwritten 3 that turns into 8 and back into 3, drawn by the cGAN model, seed 7",
        ),
        (
            MorphRequest((2, 0, 6), model="cgan"),
            "2 → 0 → 6 → 2 · cGAN · seed 7",
            "A handwritten 2 that turns into 0, then 6 and back into 2, drawn by the cGAN model, seed 7",
        ),
        (
            MorphRequest((4,), model="cgan"),
            "A walk among fours · cGAN · seed 7",
            "A handwritten four that turns into others of its kind, drawn by the cGAN model, seed 7",
        ),
        (
            StripRequest(4, 1, model="cgan", style=Style.INK, neat=80),
            "One four · cGAN · seed 7 · style ink · neat 80",
            "One handwritten four, drawn by the cGAN model, seed 7",
        ),
    ],
)
def test_every_kind_of_picture_is_described(request_: DrawRequest, caption: str, alt: str) -> None:
    """Caption and alt text of each command's picture, its options included."""
    assert captions.caption(drawn(request_)) == caption
    assert captions.alt_text(drawn(request_)) == alt


def test_a_comparison_is_described() -> None:
    """The caption says what the figures on the sheet are; the alt text names the models from top to bottom."""
    compared = drawn(CompareRequest(4, models=("cgan", "vae")), "cGAN", "VAE")
    assert captions.caption(compared).startswith("Fours by two models, with the share of its digits")
    assert captions.caption(compared).endswith("seed 7")
    assert captions.alt_text(compared) == "Handwritten fours by two models: cGAN, VAE, seed 7"
    alone = drawn(CompareRequest(0, models=("cgan",)), "cGAN")
    assert captions.caption(alone).startswith("Zeros by one model,")


def test_an_alt_text_says_what_is_to_be_seen() -> None:
    """A person who cannot see the strip hears how many of which digit there are, and who drew them."""
    assert captions.alt_text(picture(4, 5)) == "Five handwritten fours, drawn by the cGAN model, seed 7"
    assert captions.alt_text(picture(0, 1)) == "One handwritten zero, drawn by the cGAN model, seed 7"
    assert captions.alt_text(picture(1, 1)) == "One handwritten one, drawn by the cGAN model, seed 7"


BAD_LINES = ["", "/", "hello", "/digit", "/digit 10", "/digit 4 0", "/digit 4 seed=x", "/digit 4 a=b", "/digit 4 1 1"]
BAD_LINES += ["/digit 4 seed=1 seed=1", "/digit 4 style=x", "/digit 4 neat=101", "/number", "/number x", "/morph"]
BAD_LINES += ["/number 123456789012345678901", "/morph 1 2 3 4 5 6 7", "/morph 3 3", "/morph x", "/compare"]
BAD_LINES += ["/compare 4 4", "/compare 4 count=3", "/number 4 count=2"]


@pytest.mark.parametrize("line", BAD_LINES)
def test_a_sentence_shows_a_line_that_works(line: str) -> None:
    """Each answer to a bad line is one line long and shows a command that can be sent as it is."""
    with pytest.raises(BadRequest) as caught:
        commands.parse(line)
    sentence = replies.sentence(caught.value)
    assert "\n" not in sentence
    shown = re.findall(r"Try (/.+?)(?:, or .*)?\.$|such as (/.+)\.$", sentence)
    assert isinstance(commands.parse("".join(shown[0])), DrawRequest)


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
    kinds = {
        kind for module in (errors, commands, links, values) for _, kind in inspect.getmembers(module, inspect.isclass)
    }
    kinds = {kind for kind in kinds if issubclass(kind, BadRequest)} | {Overloaded, errors.Closed}
    assert kinds <= set(replies.SENTENCES)


def test_the_known_models_are_listed() -> None:
    """An unknown model is answered with those there are."""
    sentence = replies.sentence(UnknownModel("gpt", ("cgan", "vae")))
    assert "“gpt”" in sentence
    assert "cgan, vae" in sentence


def test_a_platform_may_tell_the_time_in_its_own_way() -> None:
    """What says when to come back can be a clock of the platform's own."""
    for error in (Overloaded(3), TooSoon(3), TooMany(3), RoomFull(3, first=True)):
        assert "at stroke 3." in replies.sentence(error, lambda seconds: f"at stroke {seconds}")


@pytest.mark.parametrize("chats", [[], ["discord"]])
def test_the_operator_reads_what_is_served_and_what_could_be(catalog: Catalog, chats: list[str]) -> None:
    """One line names the address, and the platforms or, where there is none, the settings that bring them."""
    line = notices.welcome("http://127.0.0.1:8080", catalog, chats)
    assert "\n" not in line
    assert "http://127.0.0.1:8080" in line
    assert ("DISCORD_TOKEN" in line) == (not chats)


def test_every_command_has_its_few_words() -> None:
    """A platform's menu has a description for each command that answers, short enough for any of them."""
    assert set(replies.DESCRIPTIONS) == {*commands.COMMANDS, *(topic.value for topic in Topic)}
    arguments = [text for command in replies.ARGUMENTS.values() for text in command.values()]
    texts = [*replies.DESCRIPTIONS.values(), *replies.OPTIONS.values(), *arguments]
    assert all(len(text) <= 100 for text in texts)
    assert {name: [command.argument] for name, command in commands.COMMANDS.items()} == {
        name: list(arguments) for name, arguments in replies.ARGUMENTS.items()
    }


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


def test_the_help_lists_what_there_is() -> None:
    """Every command with a line that works, and every option with a value that does, and nothing else."""
    lines = [line.partition(" – ")[0] for line in replies.help_text().splitlines() if " – " in line]
    named = [line for line in lines if line.startswith("/")]
    assert {line.split()[0] for line in named} == commands.NAMES - {"/start", "/help"}
    assert all(commands.parse(line) for line in named)
    options = dict(line.split("=") for line in lines if "=" in line)
    assert set(options) == set(READERS)
    for name, value in options.items():
        takers = [command for command in commands.COMMANDS.values() if name in command.options]
        assert all(commands.parse(f"{replies.EXAMPLES[taker.name]} {name}={value}") for taker in takers)


def test_the_help_fits_a_message() -> None:
    """Discord takes 2,000 characters."""
    assert len(replies.help_text()) < 1800


def test_about_is_short_and_says_how_it_was_trained(catalog: Catalog) -> None:
    """Version, training, licence, privacy: a line each, and with the curve within Telegram's 1,024 characters."""
    text = replies.answer(Topic.ABOUT, catalog)
    assert len(text.splitlines()) == 4
    assert len(text) < 1024
    for part in ("steps", "MNIST", "MIT", "CC BY-SA 3.0", "keeps nothing"):
        assert part in text


def test_the_banner_tells_what_is_on_and_what_could_be(catalog: Catalog) -> None:
    """The operator reads which platforms are being connected, and for each other one the setting that it lacks."""
    alone = notices.welcome("http://127.0.0.1:1", catalog, [])
    assert "Set DISCORD_TOKEN to serve Discord too. Set TELEGRAM_TOKEN to serve Telegram too." in alone
    one = notices.welcome("http://127.0.0.1:1", catalog, ["telegram"])
    assert "Connecting to Telegram. Set DISCORD_TOKEN to serve Discord too." in one
    both = notices.welcome("http://127.0.0.1:1", catalog, list(notices.TOKENS))
    assert "Connecting to Discord and Telegram." in both
    assert "Set " not in both


ROOMS = [ROOT / "bot" / f"{name}.py" for name in ("replies", "captions", "notices")]
"""Where words for people may stand."""
SOURCES = sorted(set((ROOT / "bot").rglob("*.py")) - {*ROOMS, ROOT / "bot" / "settings.py"})


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_sentence_stands_outside_of_its_rooms(path: Path) -> None:
    """What a person reads is where it can be translated: elsewhere no text is said, drawn or sent."""
    tree = ast.parse(path.read_text())
    unread = {node for parent in ast.walk(tree) for node in _not_for_people(parent)}
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in unread]
    assert [text for text in texts if isinstance(text, str) and SENTENCE.search(text)] == []


SENTENCE = re.compile(r"[a-z]{2} [a-z]+ [a-z].*[.!?…]$", re.DOTALL)


def _not_for_people(node: ast.AST) -> Iterator[ast.AST]:
    """Docstrings, and what is written to the log or raised."""
    match node:
        case ast.Expr(value=ast.Constant() as text):
            yield text
        case ast.Call(func=ast.Attribute(value=ast.Name(id="logger" | "log"))) | ast.Raise():
            yield from ast.walk(node)


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: path.name)
def test_every_text_is_marked_for_translation(path: Path) -> None:
    """Whatever reads like words goes through gettext."""
    tree = ast.parse(path.read_text())
    marked = {node for parent in ast.walk(tree) for node in _not_for_people(parent)}
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("_", "ngettext"):
            marked |= set(ast.walk(call))
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in marked]
    assert [text for text in texts if isinstance(text, str) and re.search("[a-z]{2} [a-z]{2}", text)] == []
