"""/digit: caption and alternative text of a strip."""

import pytest

from core.imaging.styles import Style
from core.pictures.base import Picture, PictureRequest
from core.pictures.strip import StripRequest
from tests.bot.commands.captions import alt_text, caption, drawn


def picture(digit: int, count: int) -> Picture:
    """A strip."""
    return drawn(StripRequest(digit, count, seed=7, model="cgan"))


def test_a_caption_holds_digit_model_and_seed() -> None:
    """Whoever reads the caption can ask for the same strip again."""
    assert caption(picture(4, 5)) == "5 × 4 · cGAN · seed 7"
    assert caption(picture(6, 10)) == "10 × 6 · cGAN · seed 7"


def test_a_title_that_hides_the_name_brings_it_along() -> None:
    """Where the title does not spell the model's name, the caption adds what `model=` takes."""
    deep = drawn(StripRequest(4, seed=7, model="cvae-deep"), "Deep CVAE")
    assert caption(deep) == "5 × 4 · Deep CVAE (cvae-deep) · seed 7"


@pytest.mark.parametrize(
    ("request_", "wanted", "alt"),
    [
        (
            StripRequest(4, 1, model="cgan", style=Style.INK, neat=80),
            "1 × 4 · cGAN · seed 7 · style ink · neat 80",
            "The digit 4, handwritten once. Drawn by the cGAN model. Seed 7.",
        ),
        (
            StripRequest(4, model="cgan", walk=(0.3, -1.0)),
            "5 × 4 · cGAN · seed 7 · walk 0.3,-1",
            "The digit 4, handwritten 5 times. Drawn by the cGAN model. Seed 7.",
        ),
    ],
)
def test_a_strip_is_described(request_: PictureRequest, wanted: str, alt: str) -> None:
    """Caption and alternative text, its options included."""
    assert caption(drawn(request_)) == wanted
    assert alt_text(drawn(request_)) == alt


def test_an_alt_text_says_what_is_to_be_seen() -> None:
    """A person who cannot see the strip hears how many of which digit there are, and who drew them."""
    assert alt_text(picture(4, 5)) == "The digit 4, handwritten 5 times. Drawn by the cGAN model. Seed 7."
    assert alt_text(picture(0, 1)) == "The digit 0, handwritten once. Drawn by the cGAN model. Seed 7."
    assert alt_text(picture(1, 1)) == "The digit 1, handwritten once. Drawn by the cGAN model. Seed 7."
