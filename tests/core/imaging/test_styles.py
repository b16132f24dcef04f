"""Styles: the colours of ink and background, and nothing else."""

import io

import numpy as np
import pytest
from PIL import Image

from core.catalog import Catalog
from core.imaging.styles import Style
from core.pictures.base import Form, PictureRequest, draw
from core.pictures.comparison import CompareRequest
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest
from tests.core.pictures.files import image_of
from tests.fakes.recording import RecordingGenerator, catalog_of


def contrast(one: np.ndarray, other: np.ndarray) -> float:
    """Return the contrast of two colours, 1 to 21, as WCAG 2.2 defines it."""
    shares = np.stack([one, other]) / 255
    linear = np.where(shares <= 0.03928, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    low, high = sorted(linear @ (0.2126, 0.7152, 0.0722))
    return float((high + 0.05) / (low + 0.05))


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
        assert contrast(np.array(ink), np.array(background)) >= 3


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize("form", [Form.PICTURE, Form.JPEG])
def test_a_blank_picture_has_no_ink(style: Style, form: Form) -> None:
    """Black images are background from edge to edge, in each style."""
    picture = draw(catalog_of(RecordingGenerator()), StripRequest(4, style=style, form=form))
    pixels = np.asarray(Image.open(io.BytesIO(picture.data)).convert("RGBA")).reshape(-1, 4)
    assert len(np.unique(pixels, axis=0)) == 1


@pytest.mark.parametrize(
    "asked",
    [
        StripRequest(4, seed=7, style=Style.TRANSPARENT, form=Form.JPEG),
        NumberRequest("2026", seed=7, style=Style.TRANSPARENT, form=Form.JPEG),
        CompareRequest(4, seed=7, style=Style.TRANSPARENT, form=Form.JPEG),
    ],
    ids=["digit", "number", "compare"],
)
def test_a_transparent_jpeg_is_ink_on_white(catalog: Catalog, asked: PictureRequest) -> None:
    """JPEG knows no transparency: the page is white, and the ink stands out from it."""
    pixels = np.asarray(image_of(draw(catalog, asked).data)).astype(float)
    assert (pixels[0, 0] > 250).all()
    darkest = pixels.reshape(-1, 3)[pixels.sum(axis=2).argmin()]
    assert contrast(darkest, pixels[0, 0]) > 3
    # Strokes and letters are a small part of the page.
    assert 0.02 < (pixels.sum(axis=2) < 600).mean() < 0.4
