"""The reply to a request: a value that each adapter translates into its platform's idiom."""

from dataclasses import dataclass

from bot.commands.base import Request
from bot.text import Text
from core.errors import DigitError
from core.handwriting import Handwriting
from core.pictures.base import Picture, PictureRequest


@dataclass(frozen=True, slots=True)
class Button:
    """A button that asks for a picture.

    Attributes:
        label: a word or a digit.
        request: the picture that it asks for.
    """

    label: str
    request: PictureRequest


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A button that sends a line which stands in the text.

    Attributes:
        line: its label.
        request: that the line stands for.
    """

    line: str
    request: Request


@dataclass(frozen=True, slots=True)
class Buttons:
    """The buttons under a reply.

    Attributes:
        again: the same with a new seed.
        originals: the untouched images of this very picture.
        choices: the same with each value of the argument, such as the ten digits.
        choices_label: the words for choosing one.
        blank: the request that the choices complete.
        suggestions: the lines that the text suggests.
        number: a number in the hand of a strip.
    """

    again: Button | None = None
    originals: Button | None = None
    choices: tuple[Button, ...] = ()
    choices_label: str = ""
    blank: PictureRequest | None = None
    suggestions: tuple[Suggestion, ...] = ()
    number: Button | None = None


@dataclass(frozen=True, slots=True)
class Illustration:
    """A PNG that goes with a text.

    Attributes:
        data: the file.
        name: its name.
        alt_text: its alternative text.
    """

    data: bytes
    name: str
    alt_text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to a request.

    Attributes:
        text: a caption, an answer, or a sentence about an error.
        request: the request as it was made; None if it could not be read.
        picture: the picture, if one was drawn.
        alt_text: its alternative text.
        note: a sentence below the caption that explains the picture; mostly there is none.
        file_name: its file name.
        illustration: a picture that goes with a text.
        buttons: the buttons under it.
        private: whether it is for the person alone.
        error: the error behind it.
        handwriting: what was read in a photo.
        repeated: whether the person or the chat has been told the same within the time that they have to wait.
    """

    text: Text
    request: Request | None = None
    picture: Picture | None = None
    alt_text: str = ""
    note: str = ""
    file_name: str = ""
    illustration: Illustration | None = None
    buttons: Buttons = Buttons()
    private: bool = False
    error: DigitError | None = None
    handwriting: Handwriting | None = None
    repeated: bool = False

    @property
    def retry_after(self) -> int | None:
        """Seconds after which the same request may succeed."""
        return getattr(self.error, "retry_after", None)


@dataclass(frozen=True, slots=True)
class Offer:
    """A picture that somebody may choose, not drawn yet.

    Attributes:
        request: settled.
        caption: the line under the picture.
        again: the request with a new seed.
        seeded: whether the seed was asked for, so that it is the same picture each time.
        note: a sentence below the caption; mostly there is none.
    """

    request: PictureRequest
    caption: str
    again: PictureRequest
    seeded: bool
    note: str = ""
