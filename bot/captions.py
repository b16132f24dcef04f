"""A picture in words: its caption, and what it shows for people who cannot see it."""

from collections.abc import Sequence

from bot.translation import _, ngettext
from core.requests import (
    DEFAULT_COUNT,
    NATURAL,
    CompareRequest,
    DrawRequest,
    MorphRequest,
    NumberRequest,
    Picture,
    StripRequest,
    Style,
)

NUMBERS = (
    _("no"),
    _("one"),
    _("two"),
    _("three"),
    _("four"),
    _("five"),
    _("six"),
    _("seven"),
    _("eight"),
    _("nine"),
    _("ten"),
)


def caption(picture: Picture) -> str:
    """What stands under a picture: all that was asked for, and the seed, enough to ask for it again."""
    return title(picture.request, picture.titles)


def alt_text(picture: Picture) -> str:
    """What a picture shows, for people who cannot see it."""
    return description(picture.request, picture.titles)


def title(request: DrawRequest, titles: Sequence[str]) -> str:
    """The caption of a picture that may still have to be drawn, by models of these titles."""
    parts = [_what(request, len(titles)), *_who(request, titles), *_seed(request)]
    if request.style is not Style.CHALK:
        parts.append(_("style {style}").format(style=request.style))
    if request.neat != NATURAL:
        parts.append(_("neat {neat}").format(neat=request.neat))
    return " · ".join(parts)


def description(request: DrawRequest, titles: Sequence[str]) -> str:
    """The alternative text of a picture that may still have to be drawn, by models of these titles."""
    seen = _seen(request, len(titles))
    if isinstance(request, CompareRequest):
        return ", ".join([f"{seen}: {', '.join(titles)}", *_seed(request)])
    model = _("drawn by the {title} model").format(title=titles[0])
    return ", ".join([seen, model, *_seed(request)])


def _what(request: DrawRequest, models: int) -> str:
    """`Five fours`, `2026`, `3 → 8 → 3`."""
    match request:
        case StripRequest():
            return _capital(f"{NUMBERS[request.count]} {_named(request.digit, request.count)}")
        case NumberRequest():
            return request.text
        case MorphRequest(digits=(digit,)):
            return _("A walk among {digits}").format(digits=_named(digit, DEFAULT_COUNT))
        case MorphRequest():
            return " → ".join(map(str, (*request.digits, request.digits[0])))
        case CompareRequest():
            text = ngettext(
                "{digits} by {count} model, with the share of its digits that is read right",
                "{digits} by {count} models, with the share of its digits that is read right",
                models,
            )
            return text.format(digits=_capital(_named(request.digit, DEFAULT_COUNT)), count=_number(models))
    raise TypeError(request)


def _seen(request: DrawRequest, models: int) -> str:
    """`Five handwritten fours`, `The handwritten number 2026`."""
    match request:
        case StripRequest():
            text = ngettext("{count} handwritten {digit}", "{count} handwritten {digit}", request.count)
            return _capital(text.format(count=NUMBERS[request.count], digit=_named(request.digit, request.count)))
        case NumberRequest():
            return _("The handwritten number {text}").format(text=request.text)
        case MorphRequest(digits=(digit,)):
            return _("A handwritten {digit} that turns into others of its kind").format(digit=_named(digit, 1))
        case MorphRequest(digits=(first, *rest)):
            text = _("A handwritten {first} that turns into {rest} and back into {first}")
            return text.format(first=first, rest=_(", then ").join(map(str, rest)))
        case CompareRequest():
            text = ngettext("Handwritten {digits} by {count} model", "Handwritten {digits} by {count} models", models)
            return text.format(digits=_named(request.digit, DEFAULT_COUNT), count=_number(models))
    raise TypeError(request)


def _who(request: DrawRequest, titles: Sequence[str]) -> list[str]:
    """The model's title, and its name where that does not tell."""
    if isinstance(request, CompareRequest):
        return []
    (title,), name = titles, getattr(request, "model", None)
    return [title if name in (None, title.lower()) else f"{title} ({name})"]


def _seed(request: DrawRequest) -> list[str]:
    """The seed, once there is one."""
    return [] if request.seed is None else [_("seed {seed}").format(seed=request.seed)]


def _named(digit: int | None, count: int) -> str:
    """So many of a digit: `four`, `fours`."""
    if digit is None:
        return ngettext("random digit", "random digits", count)
    return (
        ngettext("zero", "zeros", count),
        ngettext("one", "ones", count),
        ngettext("two", "twos", count),
        ngettext("three", "threes", count),
        ngettext("four", "fours", count),
        ngettext("five", "fives", count),
        ngettext("six", "sixes", count),
        ngettext("seven", "sevens", count),
        ngettext("eight", "eights", count),
        ngettext("nine", "nines", count),
    )[digit]


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
