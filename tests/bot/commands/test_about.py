"""/about: short, and how it was trained."""

from core.catalog import Catalog
from tests.bot.commands.answers import answer


def test_about_is_short_and_says_how_it_was_trained(catalog: Catalog) -> None:
    """Version, training, licence, privacy: a line each, and with the curve within Telegram's 1,024 characters."""
    text = answer("about", catalog)
    assert len(text.splitlines()) == 4
    assert len(text) < 1024
    for part in ("steps", "MNIST", "MIT", "CC BY-SA 3.0", "keeps nothing"):
        assert part in text
