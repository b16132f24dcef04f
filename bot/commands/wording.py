"""Words that captions and alternative texts share: numbers and digits by their names."""

from bot.i18n import lazy, ngettext

NUMBERS = (
    lazy("no"),
    lazy("one"),
    lazy("two"),
    lazy("three"),
    lazy("four"),
    lazy("five"),
    lazy("six"),
    lazy("seven"),
    lazy("eight"),
    lazy("nine"),
    lazy("ten"),
)


def number_word(number: int) -> str:
    """Return a number up to ten as a word, a larger one in figures."""
    return str(NUMBERS[number]) if number < len(NUMBERS) else str(number)


def digit_word(digit: int | None, count: int) -> str:
    """Return so many of a digit: `four`, `fours`; None is a random one."""
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


def capitalized(text: str) -> str:
    """Return the text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]
