"""The base of every command: one that draws a picture, and one that answers with text."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Generic, TypeVar

from bot.commands import converters
from bot.commands.options import Argument, Option
from bot.commands.scores import Result
from bot.i18n import gettext as _
from bot.i18n import isolate, lazy
from bot.text import SeedNumber, Text, compose, join
from core.catalog import Catalog, Model
from core.errors import BadRequest
from core.imaging.styles import Style
from core.pictures.base import Form, Picture, PictureRequest


@dataclass(frozen=True, slots=True)
class TextRequest:
    """A request that is answered with text.

    Attributes:
        command: the name of the command.
    """

    command: str


Request = PictureRequest | TextRequest
SEPARATOR = " · "
"""Stands between the parts of a caption."""
Words = Sequence[str]
Values = dict[str, Any]
R = TypeVar("R", bound=PictureRequest)


class Command(ABC):
    """A command.

    Attributes:
        name: the word behind the slash.
        description: in a few words, for menus.
        position: its place in menus and help; lower ones come first.
        aliases: further names, which no menu lists.
        in_group_menus: whether it is in the short menu of a group chat, too.
    """

    name: str
    description: lazy
    position: int
    aliases: tuple[str, ...] = ()
    in_group_menus: bool = True


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """The things that a text is about.

    Attributes:
        catalog: the models.
        commands: every command, in the order of menus.
        platform_options: options that a platform adds to every command that draws.
    """

    catalog: Catalog
    commands: Sequence[Command]
    platform_options: Sequence[Option] = ()


class TextCommand(Command):
    """A command that is answered with text."""

    in_group_menus = False

    @abstractmethod
    def answer(self, context: AnswerContext) -> Text:
        """Return the answer."""

    def image(self, catalog: Catalog) -> tuple[bytes, str] | None:
        """Return a PNG that goes with the answer and its alternative text, if there is one."""
        del catalog
        return None


class PictureCommand(Command, Generic[R]):
    """A command that draws.

    Attributes:
        request: the kind of request that it makes.
        argument: the words without a name.
        options: the options that it takes.
        example: a line that works.
        sentences: for errors that only this command raises; see `bot.conversation.sentences`.
        sentence_fields: values for further named fields of its sentences.
        prompt: the question that asks for the argument, where `choices` can answer it.
        slashes_separate: whether a slash in a URL stands between words; otherwise it is a part of them.
        cli_name: its name on the command line, where that is another one.
    """

    request: type[R]
    argument: Argument
    options: tuple[Option, ...]
    example: str
    sentences: ClassVar[Mapping[type[BadRequest], lazy]] = {}
    sentence_fields: ClassVar[Mapping[str, object]] = {}
    prompt: lazy | None = None
    slashes_separate: bool = True
    cli_name: str = ""

    @abstractmethod
    def read(self, words: Words, values: Values) -> R:
        """Make the request.

        Args:
            words: the argument's words.
            values: of the options that were given, by the name of the option.

        Raises:
            BadRequest: a word is missing, not expected, or cannot be read.
        """

    @abstractmethod
    def write(self, request: R) -> str:
        """Write the words from which `read` makes the request."""

    @abstractmethod
    def subject(self, request: R, models: int) -> str:
        """Return the beginning of a caption: `5 × 4`."""

    @abstractmethod
    def depiction(self, request: R, models: int) -> str:
        """Return the first sentence of an alternative text: `The digit 4, handwritten 5 times`."""

    def blank(self) -> R | None:
        """Return a request with the argument left open, for `prompt`."""
        return None

    def choices(self, request: R) -> tuple[tuple[str, R], ...]:
        """Return labels and requests for the same picture with another argument, for buttons."""
        del request
        return ()

    def for_originals(self, asked: R, drawn: R) -> R:
        """Return the request for the untouched images of a picture.

        Args:
            asked: the request as it was made.
            drawn: the settled request.
        """
        del asked
        return drawn

    def log_fields(self, request: R) -> dict[str, object]:
        """Return the part of the request that may stand in the request log: nothing that may be somebody's own."""
        del request
        return {}

    def credit(self, request: R, titles: Sequence[str]) -> list[str]:
        """Return the model's title, and its name where that says more."""
        name = getattr(request, "model", None)
        return [titles[0] if name in (None, titles[0].lower()) else f"{titles[0]} ({name})"]

    def depicted_credit(self, titles: Sequence[str]) -> str:
        """Return the sentence of an alternative text about the model."""
        return _("Drawn by the {title} model.").format(title=isolate(titles[0]))

    def convert_options(self, given: Mapping[str, str]) -> Values:
        """Convert the texts of options to values of the request's fields."""
        options = {option.name: option for option in self.options}
        return {options[name].request_field: options[name].convert(text) for name, text in given.items()}

    def given_options(self, request: R) -> dict[str, str]:
        """Return the options of a request that differ from their defaults, as texts by name."""
        defaults = {field.name: field.default for field in fields(request)}
        values = {option: getattr(request, option.request_field) for option in self.options}
        return {
            option.name: converters.to_text(value)
            for option, value in values.items()
            if value != defaults[option.request_field]
        }

    def without_option(self, request: R, option: Option) -> R:
        """Return the request with an option at its default."""
        default: Any = next(field.default for field in fields(request) if field.name == option.request_field)
        return replace(request, **{option.request_field: default})

    def caption(self, request: R, titles: Sequence[str]) -> str:
        """Return the line under a picture as plain text; see `caption_text`."""
        return str(self.caption_text(request, titles))

    def caption_text(self, request: R, titles: Sequence[str]) -> Text:
        """Return the line under a picture: enough to ask for it again.

        Args:
            request: settled, or not drawn yet.
            titles: of the models that draw it.
        """
        credit = (self.subject(request, len(titles)), *self.credit(request, titles))
        texts = [Text((isolate(words),)) for words in credit]
        if request.seed is not None:
            texts.append(compose(_("seed {seed}"), seed=SeedNumber(request.seed)))
        given = self.given_options(request)
        captions = {option.name: option.caption for option in self.options if option.caption}
        texts += [compose(str(captions[name]), **{name: value}) for name, value in given.items() if name in captions]
        return join(SEPARATOR, texts)

    def note(self, models: Sequence[Model]) -> str:
        """Return a sentence below the caption that explains what is on the picture; mostly there is none.

        Args:
            models: that draw it.
        """
        del models
        return ""

    def results(self, models: Sequence[Model]) -> list[Result]:
        """Return the scores of the models, where the picture compares them.

        Args:
            models: that draw it.
        """
        del models
        return []

    def alt_text(self, request: R, titles: Sequence[str]) -> str:
        """Return the description of a picture for people who cannot see it.

        Args:
            request: settled, or not drawn yet.
            titles: of the models that draw it.
        """
        sentences = [self.depiction(request, len(titles)), self.depicted_credit(titles)]
        if request.seed is not None:
            sentences.append(_("Seed {seed}.").format(seed=request.seed))
        return " ".join(sentences)

    def originals(self, asked: R, picture: Picture) -> R:
        """Return the request for the untouched images of a picture that `asked` was answered with."""
        drawn: R = picture.request  # type: ignore[assignment]
        # An original has no colours, and a button no room to spare for them.
        return replace(self.for_originals(asked, drawn), form=drawn.originals_form, style=Style.CHALK)

    def again(self, asked: R) -> R:
        """Return the request for another picture of the kind."""
        return replace(asked, seed=None, form=Form.PICTURE)


Drawing = PictureCommand[Any]
"""A command that draws, whatever the kind of its picture."""
