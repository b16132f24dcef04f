"""Captions and alternative texts: every picture is described, and can be asked for again."""

import dataclasses

import pytest

from bot.commands import registry
from core.catalog import Catalog
from core.imaging.styles import Style
from core.pictures.base import Picture, PictureRequest
from core.pictures.comparison import CompareRequest
from core.pictures.morph import MorphRequest
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest


def caption(picture: Picture) -> str:
    """The line under a picture."""
    return registry.command_for(picture.request).caption(picture.request, picture.titles)


def alt_text(picture: Picture) -> str:
    """The description of a picture."""
    return registry.command_for(picture.request).alt_text(picture.request, picture.titles)


def drawn(request: PictureRequest, *titles: str) -> Picture:
    """A picture of which only the description matters."""
    return Picture(b"", "image/png", 1, 1, dataclasses.replace(request, seed=7), 7, titles or ("cGAN",))


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
            NumberRequest("2026-11-20", model="cgan"),
            "2026-11-20 · cGAN · seed 7",
            "The handwritten number 2026-11-20. Drawn by the cGAN model. Seed 7.",
        ),
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
        (
            NumberRequest("2026", model="cgan", hand="FhdInVH8KQRqFbtqqZeCWW"),
            "2026 · cGAN · seed 7 · hand FhdInVH8KQRqFbtqqZeCWW",
            "The handwritten number 2026. Drawn by the cGAN model. Seed 7.",
        ),
    ],
)
def test_every_kind_of_picture_is_described(request_: PictureRequest, wanted: str, alt: str) -> None:
    """Caption and alt text of each command's picture, its options included."""
    assert caption(drawn(request_)) == wanted
    assert alt_text(drawn(request_)) == alt


def test_a_comparison_is_described() -> None:
    """The caption says how many models there are; the alt text names them from top to bottom."""
    compared = drawn(CompareRequest(4, names=("cgan", "vae")), "cGAN", "VAE")
    assert caption(compared) == "4 by 2 models · seed 7"
    assert alt_text(compared) == "The digit 4, handwritten by 2 models. From top to bottom: cGAN, VAE. Seed 7."
    alone = drawn(CompareRequest(0, names=("cgan",)), "cGAN")
    assert caption(alone) == "0 by 1 model · seed 7"


def test_figures_are_explained_where_there_are_any(catalog: Catalog) -> None:
    """The percentages of a comparison have a sentence below the caption; models without a score promise none."""
    asked = CompareRequest(4)
    command, scored = registry.command_for(asked), catalog.models
    assert "read" in command.note(scored)
    unscored = [dataclasses.replace(model, scores={}) for model in scored]
    assert command.note(unscored) == ""
    assert command.note([*unscored, *scored[:1]]) == command.note(scored)
    assert registry.picture_command("digit").note(scored) == ""


def test_an_alt_text_says_what_is_to_be_seen() -> None:
    """A person who cannot see the strip hears how many of which digit there are, and who drew them."""
    assert alt_text(picture(4, 5)) == "The digit 4, handwritten 5 times. Drawn by the cGAN model. Seed 7."
    assert alt_text(picture(0, 1)) == "The digit 0, handwritten once. Drawn by the cGAN model. Seed 7."
    assert alt_text(picture(1, 1)) == "The digit 1, handwritten once. Drawn by the cGAN model. Seed 7."
