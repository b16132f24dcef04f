"""The words that a person in a chat reads: a sentence for every error, help, menus, and the page.

Captions are in `bot.captions`, and what an operator reads in `bot.notices`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot import __version__
from bot.commands import (
    COMMANDS,
    EmptyCommand,
    Leftover,
    MissingDigit,
    MissingNumber,
    Outdated,
    RepeatedOption,
    Topic,
    UnknownCommand,
    UnknownOption,
)
from bot.gates import RoomFull, TooMany, TooSoon
from bot.links import WrongEnding
from bot.translation import _, ngettext
from bot.values import UnknownStyle
from core.catalog import Catalog
from core.dataset import MAX_EACH
from core.errors import (
    BadRequest,
    Closed,
    DigitError,
    EqualNeighbours,
    InvalidCount,
    InvalidDigit,
    InvalidMorph,
    InvalidNeatness,
    InvalidNumber,
    InvalidSeed,
    InvalidSize,
    NumberTooLong,
    Overloaded,
    TryLater,
    UnknownModel,
)
from core.noise import MAX_SEED
from core.requests import (
    MARKS,
    MAX_COUNT,
    MAX_DIGITS,
    MAX_NEATNESS,
    MAX_STATIONS,
    MAX_TEXT,
    NATURAL,
    Style,
)

LONGEST_QUOTE = 20
SORRY = _("Something went wrong on my side. Please try again.")
SENTENCES: dict[type, str] = {
    MissingDigit: _("Which digit? Try {example}."),
    MissingNumber: _("Which number? Try /number 2026."),
    InvalidDigit: _("{value} is no digit from 0 to 9. Try {example}."),
    InvalidNumber: _("A number has digits, spaces and any of {marks} in it, unlike {value}. Try /number 2026."),
    NumberTooLong: _(
        "I write up to {digits} digits, {characters} characters in all: {value} is longer. Try /number 2026."
    ),
    InvalidMorph: _("A morph goes through one to {stations} digits, not {value}. Try /morph 3 8."),
    EqualNeighbours: _(
        "From {value} to {value} nothing would change. Try /morph 3 8, or /morph 4 for a walk among fours."
    ),
    InvalidCount: _("I draw 1 to {most} at a time, not {value}. Try {example} count=3."),
    InvalidSize: _("A data set has 1 to {each} images of each digit, not {value}. Try --count 1000."),
    InvalidSeed: _("A seed is a whole number from 0 to {seeds}, not {value}. Try {example} seed=7."),
    InvalidNeatness: _(
        "Neatness goes from 0, wild, to {neatness}, tidy, and {value} is neither. Try {example} neat=80."
    ),
    UnknownModel: _("There is no model {value}, but there is {known}. Try {example}."),
    UnknownStyle: _("There is no style {value}, but there is {styles}. Try {example} style=ink."),
    UnknownOption: _("There is no option {value} here, but there is {known}. Try {example} seed=7."),
    WrongEnding: _("I have no {value} of that. Try /digit/4.png, or /morph/3/8.gif."),
    RepeatedOption: _("The option {value} is there twice. Try {example} count=3 seed=7."),
    Leftover: _("I don't know what to do with {value}. Try {example} count=3 seed=7."),
    EmptyCommand: _("Type a command, such as {example}."),
    UnknownCommand: _("I don't know {value}. Try {example}, or /help for the rest."),
    Outdated: _("That is from another version of me, and I can't read it. Try {example}."),
    BadRequest: _("I can't draw {value}. Try {example}."),
    Overloaded: _("I'm busy. Please try again {when}."),
    RoomFull: _("This chat has had all that I may send in a minute. I can go on {when}."),
    TooMany: _("Your address has had all pictures that one gets in a minute. Please try again {when}."),
    TooSoon: _("One moment, please: try again {when}."),
    Closed: _("I'm just restarting. Please try again in a minute."),
}
HTTP_SENTENCES = {
    400: _('Please send JSON such as {"text": "/digit 4"}.'),
    401: _("Only the platform itself may post here."),
    404: _("There is nothing here. Try /digit/4.png."),
    405: _("That cannot be done here. Try GET /digit/4.png."),
    413: _("That is too long for me: a message may have 4 KB. Try /digit 4."),
}
EXAMPLES = {"digit": "/digit 4", "number": "/number 2026", "morph": "/morph 3 8", "compare": "/compare 4"}
"""A line that works, for each command that draws."""
EXAMPLE = EXAMPLES["digit"]
DESCRIPTIONS = {
    "digit": _("Draw a handwritten digit that nobody ever wrote"),
    "number": _("Write a number in one hand: a year, a date, a price"),
    "morph": _("Watch one digit turn into another, and back"),
    "compare": _("See a digit by every model, one above the other"),
    "models": _("What can draw, and how well"),
    "about": _("What this is, how it was trained, and what it keeps"),
    "help": _("How to ask"),
}
"""A command in a few words, for a platform's own menu."""
ARGUMENTS = {
    "digit": {"digit": _("0 to 9, or random")},
    "number": {
        "number": _("Up to {digits} digits, with spaces and {marks} between").format(digits=MAX_DIGITS, marks=MARKS)
    },
    "morph": {
        "digits": _("Two to {stations} digits, such as 3 8; one for a walk among its kind").format(
            stations=MAX_STATIONS
        )
    },
    "compare": {"digit": _("0 to 9, or random")},
}
"""What a command is about, in a few words, by the command and the argument's name."""
OPTIONS = {
    "count": _("How many, 1 to {most}; five if you leave it out").format(most=MAX_COUNT),
    "seed": _("A number from 0 to {seeds}; the same seed draws the same again").format(seeds=MAX_SEED),
    "model": _("Which model draws"),
    "models": _("Which models to compare, such as cgan,vae; all if you leave it out"),
    "style": _("The colours: {styles}").format(styles=", ".join(Style)),
    "neat": _("From 0, wild, to {neatness}, tidy; {natural} is as the models learned it").format(
        neatness=MAX_NEATNESS, natural=NATURAL
    ),
    "ephemeral": _("Show it to nobody but you"),
    "spoiler": _("Hide it until it is clicked"),
}
"""An option in a few words, for a platform's own menu."""
SHOWN = {
    "count": "3",
    "seed": "7",
    "model": "vae",
    "models": "cgan,vae",
    "style": "ink",
    "neat": "80",
    "ephemeral": "True",
    "spoiler": "True",
}
"""A value of each option, for the help."""
AGAIN = _("Again")
ORIGINALS = _("Originals")
PICK = _("Another digit")
CURVE = _("How the losses of the generator and the discriminator went while the default model was trained")
"""The alternative text of the picture that comes with /about."""
PAGE = {
    "name": _("Digit Bot"),
    "tagline": _("Draws digits that nobody ever wrote"),
    "about": _("A chat bot that draws handwritten digits that nobody ever wrote."),
    "tuning": _("The newest picture again, drawn otherwise"),
    "model": _("Model"),
    "style": _("Style"),
    "neat": _("Neat"),
    "conversation": _("Conversation"),
    "greeting": _(
        "Hello! Name a digit and I write it five times, a little differently each time. "
        "Type {example}, pick a digit below, or start with one of these:"
    ),
    "noscript": _("This page needs JavaScript. Pictures come without it too: open /digit/4.png."),
    "pick": _("Pick a digit to draw"),
    "line": _("Command"),
    "placeholder": _("Type {example}").format(example=EXAMPLE),
    "send": _("Send"),
}
"""What stands on the web page from the start."""
PAGE_SCRIPT = {
    "you": _("You"),
    "bot": PAGE["name"],
    "unreachable": _("I can't be reached right now. Please try again in a moment."),
    "again": AGAIN,
    "copy": _("Copy link"),
    "copied": _("Link copied"),
    "download": _("Download"),
    "originals": ORIGINALS,
    "reuse": _("Reuse seed"),
    "models": _("Models to compare"),
}
"""What the web page's script says."""
NO_RIGHTS = _("I'm not allowed to send pictures here. Please ask whoever runs this chat, or write to me in private.")
GREETING = _("Hello! Pick a digit, and I draw five of it that nobody ever wrote. /help says what else I can do.")
WHICH = _("Which digit?")
PRIVATE = _("Draw it in a private chat")
HOW = _("How to ask")


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
        description=_("I draw handwritten digits that nobody ever wrote, with a neural network. Send /digit 4."),
        short_description=_("Draws handwritten digits that nobody ever wrote."),
        commands=DESCRIPTIONS,
        brief=(*COMMANDS, "help"),
    )
}
"""By language, as ISO 639-1 writes it; the one without a name is for everybody else."""


def answer(topic: Topic, catalog: Catalog, more: Sequence[str] = ()) -> str:
    """The text that answers a command which draws nothing; `more` is as for `help_text`."""
    match topic:
        case Topic.HELP:
            return help_text(more)
        case Topic.MODELS:
            return _models(catalog)
        case Topic.ABOUT:
            return _about(catalog)


def help_text(more: Sequence[str] = ()) -> str:
    """Each command with a line that works, and each option with the commands that take it.

    Args:
        more: options that a platform adds to every command that draws.
    """
    lines = [f"{EXAMPLES[name]} – {DESCRIPTIONS[name]}" for name in COMMANDS]
    lines += [f"/{topic.value} – {DESCRIPTIONS[topic.value]}" for topic in Topic if topic is not Topic.HELP]
    lines += ["", _("You can add:")]
    options = dict.fromkeys(option for command in COMMANDS.values() for option in command.options)
    for option in (*options, *more):
        takers = [f"/{name}" for name, command in COMMANDS.items() if option in (*command.options, *more)]
        only = "" if len(takers) == len(COMMANDS) else f" ({', '.join(takers)})"
        lines.append(f"{option}={SHOWN[option]} – {OPTIONS[option]}{only}")
    lines += ["", _("In place of a digit, random lets the bot choose.")]
    return "\n".join(lines)


def in_seconds(seconds: int) -> str:
    """When to try again, in figures."""
    return _("in {seconds} s").format(seconds=seconds)


def sentence(error: DigitError, when: Callable[[int], str] = in_seconds) -> str:
    """One friendly sentence for the person whose request failed, with a line that works.

    Args:
        error: what went wrong.
        when: puts words to a number of seconds from now; a platform may have a clock of its own to show.
    """
    template = next((SENTENCES[kind] for kind in type(error).__mro__ if kind in SENTENCES), SORRY)
    example = EXAMPLES.get(str(error.value), EXAMPLE) if isinstance(error, MissingDigit) else EXAMPLE
    fields = {name: _quote(value) if name == "value" else value for name, value in vars(error).items()}
    if isinstance(error, UnknownModel | UnknownOption):
        fields["known"] = ", ".join(error.known)
    if isinstance(error, TryLater):
        fields["when"] = when(error.retry_after)
    return template.format(
        example=example,
        most=MAX_COUNT,
        each=MAX_EACH,
        seeds=MAX_SEED,
        marks=" ".join(MARKS),
        digits=MAX_DIGITS,
        characters=MAX_TEXT,
        stations=MAX_STATIONS,
        neatness=MAX_NEATNESS,
        styles=", ".join(Style),
        **fields,
    )


def http_sentence(status: int) -> str:
    """One friendly sentence for an HTTP error that is not about a drawing."""
    return HTTP_SENTENCES.get(status, SORRY)


def _quote(value: object) -> str:
    text = str(value)
    return f"“{text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + '…'}”"


def _models(catalog: Catalog) -> str:
    lines = [f"{model.name}: {model.title}{_reading(model.scores.get('reading'))}" for model in catalog.models]
    lines[0] += " " + _("(draws when you name none)")
    lines.append(_("Pick one with /digit 4 model={name}, or see all with /compare 4.").format(name=catalog.names[-1]))
    return "\n".join(lines)


def _reading(score: float | None) -> str:
    return "" if score is None else _(", {share} of its digits read right").format(share=f"{score:.1%}")


def _about(catalog: Catalog) -> str:
    model = catalog.find(None)
    about = model.generator.metadata
    trained = _("Its model {title} was trained from scratch on {data}").format(title=model.title, data=about["data"])
    if "steps" in about:
        count = int(about["steps"])
        steps = ngettext("{steps} step, {images} images in all", "{steps} steps, {images} images in all", count)
        trained += ": " + steps.format(steps=f"{count:,}", images=f"{int(about['images']):,}")
    lines = [
        _("Digit Bot {version} draws handwritten digits that nobody ever wrote.").format(version=__version__),
        trained + ".",
        _("Program and models: MIT licence. MNIST: Yann LeCun and Corinna Cortes, CC BY-SA 3.0."),
        _("It keeps nothing of what you type, and nobody else gets it."),
    ]
    return "\n".join(lines)
