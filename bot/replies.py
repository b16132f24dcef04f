"""The words that a person reads: captions, alt texts, help, and a sentence for every error."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot import __version__
from bot.adapters import Refused
from bot.commands import (
    EmptyCommand,
    Leftover,
    MissingDigit,
    Outdated,
    RepeatedOption,
    Topic,
    UnknownCommand,
    UnknownOption,
)
from bot.cooldown import RoomFull, TooSoon
from bot.settings import BadSettings
from core.catalog import Catalog
from core.errors import (
    BadRequest,
    BadWeights,
    Closed,
    DigitError,
    InvalidCount,
    InvalidDigit,
    InvalidSeed,
    Overloaded,
    TryLater,
    UnknownModel,
)
from core.noise import MAX_SEED
from core.requests import MAX_COUNT, Picture

EXAMPLE = "/digit 4"
LONGEST_QUOTE = 20
SORRY = "Something went wrong on my side. Please try again."
SENTENCES: dict[type, str] = {
    MissingDigit: "Which digit? Try {example}.",
    InvalidDigit: "{value} is no digit from 0 to 9. Try {example}.",
    InvalidCount: "I draw 1 to {most} at a time, not {value}. Try {example} count=3.",
    InvalidSeed: "A seed is a whole number from 0 to {seeds}, not {value}. Try {example} seed=7.",
    UnknownModel: "There is no model {value}, but there is {known}. Try {example}.",
    UnknownOption: "There is no option {value}. Try {example} count=3 seed=7.",
    RepeatedOption: "The option {value} is there twice. Try {example} count=3 seed=7.",
    Leftover: "I don't know what to do with {value}. Try {example} count=3 seed=7.",
    EmptyCommand: "Type a command, such as {example}.",
    UnknownCommand: "I don't know {value}. Try {example}, or /help for the rest.",
    Outdated: "That is from another version of me, and I can't read it. Try {example}.",
    BadRequest: "I can't draw {value}. Try {example}.",
    Overloaded: "I'm busy. Please try again {when}.",
    RoomFull: "This chat has had all that I may send in a minute. I can go on {when}.",
    TooSoon: "One moment, please: try again {when}.",
    Closed: "I'm just restarting. Please try again in a minute.",
}
HTTP_SENTENCES = {
    400: 'Please send JSON such as {"text": "/digit 4"}.',
    401: "Only the platform itself may post here.",
    404: "There is nothing here. Try /digit/4.png.",
    405: "That cannot be done here. Try GET /digit/4.png.",
    413: "That is too long for me: a message may have 4 KB. Try /digit 4.",
}
TOKENS = {"discord": "DISCORD_TOKEN", "telegram": "TELEGRAM_TOKEN"}
"""The setting that switches a chat platform on."""
DESCRIPTIONS = {
    "digit": "Draw a handwritten digit that nobody ever wrote",
    "models": "What can draw",
    "about": "What this bot is",
    "help": "How to ask",
}
"""A command in a few words, for a platform's own menu."""
OPTIONS = {
    "digit": "0 to 9, or random",
    "count": f"How many, 1 to {MAX_COUNT}; five if you leave it out",
    "seed": f"A number from 0 to {MAX_SEED}; the same seed draws the same strip",
    "model": "Which model draws",
    "ephemeral": "Show it to nobody but you",
    "spoiler": "Hide it until it is clicked",
}
"""An option in a few words, for a platform's own menu."""
AGAIN = "Again"
ORIGINALS = "Originals"
PICK = "Another digit"
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
PLURALS = ("zeros", "ones", "twos", "threes", "fours", "fives", "sixes", "sevens", "eights", "nines")
HELP = f"""\
/digit 4 draws five fours that nobody ever wrote.
/digit random draws a digit of its own choice.
/digit 4 count=3 seed=7 draws three, and the same three each time. \
A count goes from 1 to {MAX_COUNT}, a seed from 0 to {MAX_SEED}.
/models lists what can draw; /digit 4 model=NAME picks one.
/about says what this is."""
NO_RIGHTS = "I'm not allowed to send pictures here. Please ask whoever runs this chat, or write to me in private."
GREETING = "Hello! Pick a digit, and I draw five of it that nobody ever wrote."
WHICH = "Which digit?"
PRIVATE = "Draw it in a private chat"
HOW = "How to ask"


@dataclass(frozen=True, slots=True)
class Introduction:
    """What a platform shows about the bot in one language.

    Attributes:
        description: for who opens a chat with it for the first time.
        short_description: for its profile, at most 120 characters.
        commands: the menu, a line for each command.
        brief: the commands that a group's menu has.
    """

    description: str
    short_description: str
    commands: Mapping[str, str]
    brief: Sequence[str]


INTRODUCTIONS = {
    "": Introduction(
        description="I draw handwritten digits that nobody ever wrote, with a neural network. Send /digit 4.",
        short_description="Draws handwritten digits that nobody ever wrote.",
        commands=DESCRIPTIONS,
        brief=("digit", "help"),
    )
}
"""By language, as ISO 639-1 writes it; the one without a name is for everybody else."""


def caption(picture: Picture) -> str:
    """What stands under a picture: the digit, the model and the seed, enough to ask for it again."""
    told = picture.title.lower() == picture.model
    model = picture.title if told else f"{picture.title} ({picture.model})"
    return f"{_amount(picture).capitalize()} · {model} · seed {picture.seed}"


def alt_text(picture: Picture) -> str:
    """What a picture shows, for people who cannot see it."""
    first, _, rest = _amount(picture).partition(" ")
    return f"{first.capitalize()} handwritten {rest}, drawn by the {picture.title} model, seed {picture.seed}"


def answer(topic: Topic, catalog: Catalog) -> str:
    """The text that answers a command which draws nothing."""
    match topic:
        case Topic.HELP:
            return HELP
        case Topic.MODELS:
            return _models(catalog)
        case Topic.ABOUT:
            return _about(catalog)


def in_seconds(seconds: int) -> str:
    """When to try again, in figures."""
    return f"in {seconds} s"


def sentence(error: DigitError, when: Callable[[int], str] = in_seconds) -> str:
    """One friendly sentence for the person whose request failed, with a line that works.

    Args:
        error: what went wrong.
        when: puts words to a number of seconds from now; a platform may have a clock of its own to show.
    """
    template = next((SENTENCES[kind] for kind in type(error).__mro__ if kind in SENTENCES), SORRY)
    fields = {name: _quote(value) if name == "value" else value for name, value in vars(error).items()}
    if isinstance(error, UnknownModel):
        fields["known"] = ", ".join(error.known)
    if isinstance(error, TryLater):
        fields["when"] = when(error.retry_after)
    return template.format(example=EXAMPLE, most=MAX_COUNT, seeds=MAX_SEED, **fields)


def http_sentence(status: int) -> str:
    """One friendly sentence for an HTTP error that is not about a drawing."""
    return HTTP_SENTENCES.get(status, SORRY)


def operator_line(error: DigitError) -> str:
    """One line for the operator: which setting or file is wrong, and what to do."""
    match error:
        case BadSettings():
            return f"{error.name}: {error.reason}. Correct it in the environment or in .env and start again."
        case Refused():
            return f"{error.setting}: the platform refused this token. Put in a new one and start again."
        case BadWeights():
            return (
                f"{error.path} {error.reason}. Restore it from the repository, or set DIGIT_WEIGHTS to a good folder."
            )
    return sentence(error)


def _amount(picture: Picture) -> str:
    """`five fours`, `one four`."""
    count, digit = len(picture.digits), picture.digits[0]
    return f"{NUMBERS[count]} {PLURALS[digit] if count > 1 else _singular(digit)}"


def _singular(digit: int) -> str:
    return "zero" if digit == 0 else NUMBERS[digit]


def _quote(value: object) -> str:
    text = str(value)
    return f"“{text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + '…'}”"


def _models(catalog: Catalog) -> str:
    lines = [f"{model.name}: {model.title}{_reading(model.scores.get('reading'))}" for model in catalog.models]
    lines[0] += " (draws when you name none)"
    return "\n".join([*lines, f"Pick one with /digit 4 model={catalog.names[-1]}."])


def _reading(score: float | None) -> str:
    return "" if score is None else f", {score:.1%} of its digits read right"


def _about(catalog: Catalog) -> str:
    model = catalog.find(None)
    return (
        f"Digit Bot {__version__} draws handwritten digits that nobody ever wrote. "
        f"Its default model is {model.title}, trained from scratch on {model.generator.metadata['data']}. "
        "It keeps nothing of what you type."
    )


def welcome(address: str, catalog: Catalog, chats: Sequence[str]) -> str:
    """What the operator reads once the bot serves."""
    line = f"Digit Bot {__version__} draws at {address} with {', '.join(catalog.names)}. Stop it with Ctrl+C."
    connecting = [f"Connecting to {' and '.join(name.title() for name in chats)}."] if chats else []
    missing = [f"Set {token} to serve {name.title()} too." for name, token in TOKENS.items() if name not in chats]
    return " ".join([line, *connecting, *missing])
