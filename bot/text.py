"""Text for people, as parts that each platform renders in its own idiom."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from string import Formatter
from typing import Any

from bot.i18n import ISOLATE, POP_ISOLATE, direction, ngettext, pgettext
from bot.i18n import gettext as _

MAX_QUOTED = 20
"""Characters of a person's own words that are repeated to them."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A person's own words: no platform may make a mention or a link of them.

    Attributes:
        words: as they were typed.
        template: their quotation marks.
    """

    words: str
    template: str = "“{words}”"

    def __str__(self) -> str:
        return self.template.format(words=self.shown)

    @property
    def shown(self) -> str:
        """The words, cut short."""
        return self.words if len(self.words) <= MAX_QUOTED else self.words[:MAX_QUOTED] + "…"


@dataclass(frozen=True, slots=True)
class Example:
    """A line that works, such as `/digit 4 seed=7`."""

    line: str

    def __str__(self) -> str:
        return self.line


@dataclass(frozen=True, slots=True)
class OptionExample:
    """An option with a value, such as `seed=7`."""

    name: str
    value: str

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


@dataclass(frozen=True, slots=True)
class Wait:
    """The time after which to try again.

    Attributes:
        seconds: from now, at least 1.
        text: in words.
    """

    seconds: int
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class SeedNumber:
    """The seed in a caption, which a page lets people edit."""

    seed: int

    def __str__(self) -> str:
        return str(self.seed)


MarkedPart = Quote | Example | OptionExample | Wait | SeedNumber
Part = str | MarkedPart
Renderers = Mapping[type, Callable[[Any], str]]


class Text(tuple[Part, ...]):
    """Parts in their order; `str()` of it is the plain text."""

    __slots__ = ()

    def __str__(self) -> str:
        return self.render({})

    @property
    def examples(self) -> tuple[str, ...]:
        """The lines of its examples, each once."""
        return tuple(dict.fromkeys(part.line for part in self if isinstance(part, Example)))

    def render(self, renderers: Renderers) -> str:
        """Return the text, each part as the renderer of its type writes it, or else plainly."""
        return "".join(renderers.get(type(part), str)(part) for part in self)


def wait(seconds: int) -> Wait:
    """Return the time after which to try again, in words."""
    text = ngettext("in {seconds} second", "in {seconds} seconds", seconds)
    return Wait(seconds, text.format(seconds=seconds))


def quote(words: object) -> Quote:
    """Return a person's own words, in the quotation marks of the language."""
    return Quote(str(words), _("“{words}”"))


def listed(items: Iterable[object]) -> str:
    """Return items as a list."""
    return pgettext("between two items of a list", ", ").join(map(str, items))


def number(value: float, decimals: int = 0) -> str:
    """Return a number as CLDR writes it in the language, in Western digits."""
    sample = pgettext("a number", "1,234,567.8")
    *groups, _decimals = re.split(r"\D", sample)
    separator, *_others, point = re.findall(r"\D", sample)
    whole, _point, fraction = f"{value:.{decimals}f}".partition(".")
    # In India only the last group has three digits.
    size = len(groups[-1])
    parts: list[str] = []
    while whole:
        parts.append(whole[-size:])
        whole, size = whole[:-size], len(groups[-2])
    return str(separator).join(reversed(parts)) + (f"{point}{fraction}" if fraction else "")


def percent(share: float, decimals: int = 1) -> str:
    """Return a share of 1 in percent."""
    return pgettext("a percentage", "{number}%").format(number=number(share * 100, decimals))


def compose(template: str, **fields: object) -> Text:
    """Put parts into a translated template with named fields.

    A field of an example may have more of the line behind a colon: `{example:seed=7}`.

    Args:
        template: such as `A digit is 0 to 9, not {value}. Try {example}.`
        fields: parts, or anything whose `str()` is meant.
    """
    parts: list[Part] = []
    for literal, name, addition, _conversion in Formatter().parse(template):
        if literal:
            parts.append(literal)
        if name is None:
            continue
        value = fields[name]
        if isinstance(value, Example) and addition:
            value = Example(f"{value.line} {addition}")
        part = value if isinstance(value, MarkedPart) else str(value)
        keeps_direction = direction() == "ltr" or isinstance(value, int | SeedNumber)
        parts += [part] if keeps_direction else [ISOLATE, part, POP_ISOLATE]
    return Text(parts)


def join(separator: str, texts: Iterable[Text]) -> Text:
    """Set texts after one another, with a separator between; plain parts that meet become one."""
    separated = (part for text in texts for part in (separator, *text))
    next(separated, None)
    parts: list[Part] = []
    for plain, group in groupby(separated, key=lambda part: isinstance(part, str)):
        met = list(group)
        parts += ["".join(map(str, met))] if plain else met
    return Text(parts)


def join_lines(lines: Iterable[Text]) -> Text:
    """Set texts below one another."""
    return join("\n", lines)
