"""/morph: caption and alternative text."""

import pytest

from core.pictures.base import PictureRequest
from core.pictures.morph import MorphRequest
from tests.bot.commands.captions import alt_text, caption, drawn


@pytest.mark.parametrize(
    ("request_", "wanted", "alt"),
    [
        (
            MorphRequest((3, 8), model="cgan"),
            "3 → 8 → 3 · cGAN · seed 7",
            "Handwritten digits that turn into one another: 3, 8, 3. Drawn by the cGAN model. Seed 7.",
        ),
        (
            MorphRequest((2, 0, 6), model="cgan"),
            "2 → 0 → 6 → 2 · cGAN · seed 7",
            "Handwritten digits that turn into one another: 2, 0, 6, 2. Drawn by the cGAN model. Seed 7.",
        ),
        (
            MorphRequest((4,), model="cgan"),
            "A morph of the digit 4 · cGAN · seed 7",
            "A handwritten 4 that turns into others of its kind. Drawn by the cGAN model. Seed 7.",
        ),
    ],
)
def test_a_morph_is_described(request_: PictureRequest, wanted: str, alt: str) -> None:
    """Caption and alternative text, its options included."""
    assert caption(drawn(request_)) == wanted
    assert alt_text(drawn(request_)) == alt
