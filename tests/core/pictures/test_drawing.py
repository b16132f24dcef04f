"""Drawing: every request has a picture, and the picture's own request draws it again."""

import csv
import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from core.catalog import Catalog
from core.errors import UnknownModel
from core.imaging.styles import Style
from core.pictures.base import Form, PictureRequest, draw, truncation
from core.pictures.comparison import CompareRequest
from core.pictures.morph import MorphRequest
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest
from tests.benchmarks.neatness import before, unevenness
from tests.benchmarks.neatness import draw as draw_steps

ASKED: list[PictureRequest] = [
    StripRequest(4),
    StripRequest(None, count=1, style=Style.TRANSPARENT),
    NumberRequest("2026-11-20", neat=80),
    MorphRequest((3, 8), style=Style.INK),
    MorphRequest((4,)),
    CompareRequest(None),
    CompareRequest(4, names=("vae", "cgan", "vae")),
]


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_a_picture_can_be_asked_for_again(catalog: Catalog, asked: PictureRequest, form: Form) -> None:
    """What comes back says all that it takes to get the very same file."""
    first = draw(catalog, replace(asked, form=form))
    assert draw(catalog, first.request) == first
    assert first.request.seed == first.seed
    assert first.titles


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_a_file_is_what_it_says(catalog: Catalog, asked: PictureRequest) -> None:
    """Media type and size are those of the file."""
    picture = draw(catalog, asked)
    image = Image.open(io.BytesIO(picture.data))
    assert Image.MIME[str(image.format)] == picture.media_type
    assert image.size == (picture.width, picture.height)


def test_one_number_is_one_hand_whatever_follows(catalog: Catalog) -> None:
    """The first digits of a longer number are those of the shorter one."""
    short, long = (draw(catalog, NumberRequest(text, seed=7, form=Form.ORIGINAL)).data for text in ("20", "2026"))
    pixels = [np.asarray(Image.open(io.BytesIO(data))) for data in (short, long)]
    assert (pixels[1][:, :56].astype(int) - pixels[0] <= 1).all()


def test_equal_digits_of_a_number_differ(catalog: Catalog) -> None:
    """No two twos of a number are the same picture."""
    data = draw(catalog, NumberRequest("22", seed=7, form=Form.ORIGINAL)).data
    pixels = np.asarray(Image.open(io.BytesIO(data))).astype(float)
    assert np.abs(pixels[:, :28] - pixels[:, 28:]).mean() > 2


def test_a_morph_is_small_and_loops(catalog: Catalog) -> None:
    """A GIF of two to four seconds that never ends, under 1 MB."""
    for style in Style:
        picture = draw(catalog, MorphRequest((2, 0, 2, 6), seed=7, style=style))
        assert len(picture.data) < 1_000_000
        image = Image.open(io.BytesIO(picture.data))
        assert image.info["loop"] == 0
        shown = 0
        for frame in range(image.n_frames):
            image.seek(frame)
            shown += image.info["duration"]
        assert 2000 <= shown <= 4000


def test_comparing_draws_one_seed_by_each_model(catalog: Catalog) -> None:
    """A row is what that model draws of the digit with that seed as it is, in the order that was asked for."""
    names = ("vae", "cgan")
    # Below the natural neatness no image of a strip is drawn again either.
    archive = draw(catalog, CompareRequest(4, names=names, seed=7, neat=49, form=Form.ARCHIVE))
    rows = [draw(catalog, StripRequest(4, seed=7, neat=49, model=name, form=Form.ARCHIVE)) for name in names]
    assert opened(archive.data)[0] == opened(rows[0].data)[0] + opened(rows[1].data)[0]


def opened(data: bytes) -> tuple[list[bytes], list[list[str]]]:
    """The pixels in an archive, and the rows of its labels."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        rows = list(csv.reader(io.StringIO(file.read("labels.csv").decode())))
        images = [Image.open(io.BytesIO(file.read(row[0]))) for row in rows[1:]]
    assert all((image.size, image.mode) == ((28, 28), "L") for image in images)
    return [image.tobytes() for image in images], rows


def test_an_archive_holds_every_image_with_its_label(catalog: Catalog) -> None:
    """The untouched images of a number, each with the digit that it shows."""
    images, rows = opened(draw(catalog, NumberRequest("20-26", seed=7, form=Form.ARCHIVE)).data)
    assert rows[0] == ["file", "digit"]
    assert [row[1] for row in rows[1:]] == ["2", "0", "2", "6"]
    side_by_side = draw(catalog, NumberRequest("20-26", seed=7, form=Form.ORIGINAL)).data
    pixels = np.asarray(Image.open(io.BytesIO(side_by_side)))
    assert images == [pixels[:, 28 * i : 28 * (i + 1)].tobytes() for i in range(4)]


def test_neater_digits_differ_less(catalog: Catalog) -> None:
    """From wild to tidy the images of a strip are ever more alike, by every model; and never all the same."""

    def variety(model: str, neat: int) -> float:
        asked = StripRequest(4, count=10, seed=7, model=model, neat=neat, form=Form.ORIGINAL)
        row = np.asarray(Image.open(io.BytesIO(draw(catalog, asked).data))).astype(float)
        images = row.reshape(28, 10, 28).swapaxes(0, 1)
        return float(images.std(axis=0).mean())

    for name in catalog.names:
        wild, natural, tidy = (variety(name, neat) for neat in (0, 50, 100))
        assert wild > natural > tidy > 1


def test_neatness_50_is_what_the_model_has_learned() -> None:
    """Half-way nothing is drawn together and nothing apart."""
    assert truncation(50) == 1
    assert truncation(0) > 1 > truncation(100) > 0


def test_equal_steps_of_neatness_look_equal(catalog: Catalog) -> None:
    """By the default model each tenth step changes an image as much as any other; by another nearly so."""
    for name, most in (("cgan", 1.1), ("vae", 1.5)):
        model = catalog.find(name)
        assert unevenness(draw_steps(model, truncation, count=50)) < most
        # In version 0.1 one saw next to nothing from 0 to 50.
        assert unevenness(draw_steps(model, before, count=50)) > 2


def test_a_style_changes_colours_and_nothing_else(catalog: Catalog) -> None:
    """Chalk and ink are the same strip, light on dark and dark on light."""
    shades = []
    for style in (Style.CHALK, Style.INK):
        image = Image.open(io.BytesIO(draw(catalog, StripRequest(4, seed=7, style=style)).data))
        shades.append(np.asarray(image))
        assert (image.convert("L").getpixel((0, 0)) < 128) == (style is Style.CHALK)
    assert (shades[0] == shades[1]).all()


def test_transparent_ink_shows_on_light_and_dark(catalog: Catalog) -> None:
    """The background lets everything through; the ink has a contrast of 3 with white and with Discord's dark."""
    image = Image.open(io.BytesIO(draw(catalog, StripRequest(4, seed=7, style=Style.TRANSPARENT)).data)).convert("RGBA")
    pixels = np.asarray(image).reshape(-1, 4)
    assert pixels[0, 3] == 0
    (ink,) = {tuple(pixel[:3].tolist()) for pixel in pixels if pixel[3] == 255}
    for background in ((255, 255, 255), (49, 51, 56)):
        low, high = sorted((luminance(ink), luminance(background)))
        assert (high + 0.05) / (low + 0.05) >= 3


def luminance(colour: tuple[int, ...]) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_model_has_to_be_there(catalog: Catalog) -> None:
    """One unknown name among several is refused, with those there are."""
    with pytest.raises(UnknownModel) as caught:
        CompareRequest(4, names=("cgan", "gpt")).models(catalog)
    assert caught.value.value == "gpt"
    assert "vae" in caught.value.known
