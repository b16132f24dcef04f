"""/number: caption and alternative text."""

import pytest

from core.pictures.base import PictureRequest
from core.pictures.number import NumberRequest
from tests.bot.commands.captions import alt_text, caption, drawn


@pytest.mark.parametrize(
    ("request_", "wanted", "alt"),
    [
        (
            NumberRequest("2026-11-20", model="cgan"),
            "2026-11-20 · cGAN · seed 7",
            "The handwritten number 2026-11-20. Drawn by the cGAN model. Seed 7.",
        ),
        (
            NumberRequest("2026", model="cgan", hand="FhdInVH8KQRqFbtqqZeCWW"),
            "2026 · cGAN · seed 7 · hand FhdInVH8KQRqFbtqqZeCWW",
            "The handwritten number 2026. Drawn by the cGAN model. Seed 7.",
        ),
    ],
)
def test_a_number_is_described(request_: PictureRequest, wanted: str, alt: str) -> None:
    """Caption and alternative text, its options included."""
    assert caption(drawn(request_)) == wanted
    assert alt_text(drawn(request_)) == alt
