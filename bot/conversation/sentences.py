"""A sentence for every error that a person can meet: the rule, the mistake, and a line that works."""

from bot.commands import registry
from bot.commands.base import Drawing
from bot.commands.converters import complete, to_ascii_digits
from bot.commands.errors import (
    EmptyCommand,
    MissingDigit,
    MissingDigits,
    MissingValue,
    MisspelledCommand,
    NumberForDigit,
    Outdated,
    RepeatedOption,
    UnexpectedWord,
    UnknownCommand,
    UnknownOption,
    UnknownStyle,
    WrongExtension,
)
from bot.conversation.errors import Missed, NoHandReader, NotReceived
from bot.i18n import lazy
from bot.limits.policy import AddressLimited, ChatLimited, CooldownActive
from bot.text import Example, Text, compose, listed, quote, wait
from core.catalog import Catalog
from core.dataset import MAX_EACH
from core.errors import (
    BadRequest,
    Closed,
    DigitError,
    Flaw,
    HandlessModel,
    InvalidCount,
    InvalidDigit,
    InvalidHand,
    InvalidNeatness,
    InvalidPhoto,
    InvalidSeed,
    InvalidSize,
    InvalidWalk,
    Overloaded,
    TryLater,
    UnknownModel,
)
from core.imaging.styles import Style
from core.latents import MAX_SEED
from core.pictures.base import MAX_NEATNESS
from core.pictures.strip import MAX_COUNT

EXAMPLE = Example("/digit 4")
"""The line that works where no command is in question."""
APOLOGY = lazy("Something went wrong on my side. Please try again.")
SENTENCES: dict[type[DigitError], lazy] = {
    MissingDigit: lazy("Which digit? Try {example}."),
    MissingDigits: lazy("Which digits? Try {example}."),
    MissingValue: lazy("{value} needs a value. Try {meant}."),
    NumberForDigit: lazy("A digit is 0 to 9, not {value}. Try {example}, or {number} for the whole number."),
    InvalidDigit: lazy("A digit is 0 to 9, not {value}. Try {example}."),
    InvalidCount: lazy("I draw 1 to {max_count} at a time, not {value}. Try {example:count=3}."),
    InvalidSize: lazy("A data set has 1 to {max_each} images of each digit, not {value}. Try --count 1000."),
    InvalidSeed: lazy("A seed is a whole number from 0 to {max_seed}, not {value}. Try {example:seed=7}."),
    InvalidNeatness: lazy("Neatness is 0 (wild) to {max_neatness} (tidy), not {value}. Try {example:neat=80}."),
    UnknownModel: lazy("The models are {known}, and {value} is none of them. Try {example}."),
    HandlessModel: lazy("Of the models, {known} writes in a hand, and {value} does not. Try {example}."),
    InvalidHand: lazy("A hand is a token that I make from a photo of digits, and {value} is none. Try {example}."),
    InvalidWalk: lazy("A walk is two numbers from -1 to 1, unlike {value}. Try {example:walk=0.3,-0.5}."),
    InvalidPhoto: lazy("I can't use that photo. Please send another one."),
    UnknownStyle: lazy("The styles are {styles}, and {value} is none of them. Try {example:style=ink}."),
    UnknownOption: lazy("The options here are {known}, and {value} is none of them. Try {example:seed=7}."),
    WrongExtension: lazy("That picture does not come as {value}. Try /digit/4.png, or /morph/3/8.gif."),
    RepeatedOption: lazy("An option can be given once, and {value} is there twice. Try {example:seed=7}."),
    UnexpectedWord: lazy("I don't know what to do with {value}. Try {meant}."),
    EmptyCommand: lazy("Type a command, such as {example}."),
    MisspelledCommand: lazy("I don't know {value}. Did you mean {meant}?"),
    UnknownCommand: lazy("I don't know {value}. Try {example}, or {help} for the rest."),
    Outdated: lazy("That is from another version of me, and I can't read it. Try {example}."),
    BadRequest: lazy("I can't draw {value}. Try {example}."),
    Overloaded: lazy("I'm busy. Please try again {when}."),
    ChatLimited: lazy("This chat has had all that I may send in a minute. I can go on {when}."),
    AddressLimited: lazy("Your address has had all pictures that one gets in a minute. Please try again {when}."),
    CooldownActive: lazy("One moment, please: try again {when}."),
    Missed: lazy("I was away when you wrote that. Please send it again."),
    NoHandReader: lazy("I can't read photos: the networks that do are not in my weights folder."),
    NotReceived: lazy("That photo did not arrive, or not in time. Please send it again."),
    Closed: lazy("I'm just restarting. Please try again in a minute."),
}
PHOTO_SENTENCES = {
    Flaw.BYTES: lazy("A photo may have up to {millions} MB, and that one has more. Please send a smaller one."),
    Flaw.PIXELS: lazy(
        "A photo of that kind may have up to {millions} megapixels, and that one has more. Please send a smaller one."
    ),
    Flaw.FORMAT: lazy("I read photos as JPEG, PNG or WebP, and that is none of them. Please send one of those."),
    Flaw.DAMAGED: lazy("That photo is damaged or cut short: I can't open it. Please send it again."),
}
HTTP_SENTENCES = {
    400: lazy('Please send JSON such as {{"text": "/digit 4"}}.'),
    401: lazy("Only the platform itself may post here."),
    404: lazy("There is nothing here. Try /digit/4.png."),
    405: lazy("That cannot be done here. Try GET /digit/4.png."),
    408: lazy("That took too long to arrive. Please send it again."),
    413: lazy("That is too long for me: a message may have 4 KB. Try /digit 4."),
    415: lazy('Please send JSON such as {{"text": "/digit 4"}}, as Content-Type: application/json.'),
}


def sentence(error: DigitError, catalog: Catalog | None = None) -> Text:
    """Return one friendly sentence for the person whose request failed, with a line that works.

    Args:
        error: why it failed.
        catalog: the models that there are, if that is known.
    """
    template, command = _find(type(error))
    fields: dict[str, object] = dict(vars(error))
    if isinstance(error, BadRequest):
        command = registry.picture_command(error.command) if error.command else command
        fields |= _fields(error, command, catalog)
    if isinstance(error, InvalidPhoto):
        template, fields["millions"] = PHOTO_SENTENCES[error.value], error.most // 1_000_000
    if isinstance(error, TryLater):
        fields["when"] = wait(error.retry_after)
    return compose(
        str(template),
        example=Example(command.example) if command else EXAMPLE,
        help=Example("/help"),
        max_count=MAX_COUNT,
        max_each=MAX_EACH,
        max_seed=MAX_SEED,
        max_neatness=MAX_NEATNESS,
        styles=listed(Style),
        **(command.sentence_fields if command else {}),
        **fields,
    )


def _fields(error: BadRequest, command: Drawing | None, catalog: Catalog | None) -> dict[str, object]:
    """Return the parts that the sentence about a request may have."""
    value = str(error.value)
    fields: dict[str, object] = {"value": quote(value), "known": listed(getattr(error, "known", ()))}
    if isinstance(error, NumberForDigit):
        fields["number"] = Example(f"/number {to_ascii_digits(value)}")
    if isinstance(error, MisspelledCommand):
        fields["meant"] = Example(error.meant)
    if isinstance(error, UnexpectedWord) and command:
        fields["meant"] = Example(f"{command.example} {_option_for(value, command, catalog)}".strip())
    if isinstance(error, MissingValue) and command:
        option = next(option for option in command.options if option.name == value.lower())
        fields["meant"] = Example(f"{command.example} {option.name}={option.example}")
    return fields


def _option_for(word: str, command: Drawing, catalog: Catalog | None) -> str:
    """Return the option that takes a word as its value, `style=ink`; empty if there is none."""
    for option in command.options:
        value = complete(word.lower(), option.values(catalog) if catalog else option.choices)
        if value is not None:
            return f"{option.name}={value}"
    return ""


def http_sentence(status: int) -> Text:
    """Return one friendly sentence for an HTTP error that is not about a drawing."""
    return compose(str(HTTP_SENTENCES.get(status, APOLOGY)))


def _find(kind: type[DigitError]) -> tuple[lazy, Drawing | None]:
    """Return the sentence of the nearest class of an error, and the command that it belongs to, if it does."""
    commands = registry.picture_commands()
    for base in kind.__mro__:
        for command in commands:
            if base in command.sentences:
                return command.sentences[base], command
        if base in SENTENCES:
            return SENTENCES[base], None
    return APOLOGY, None
