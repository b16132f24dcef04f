"""Comparisons: a row a model, each of one seed."""

import io

import numpy as np
import pytest
from PIL import Image

from core.catalog import Catalog, Model
from core.errors import (
    UnknownModel,
)
from core.imaging.page import ABOVE_PX, BELOW_PX, TITLE_PX
from core.imaging.styles import Style
from core.pictures.base import Form, draw
from core.pictures.comparison import CompareRequest
from core.pictures.strip import StripRequest
from tests.core.pictures.files import image_of, in_archive
from tests.fakes.recording import RecordingGenerator, catalog_of


def test_comparing_draws_one_seed_by_each_model(catalog: Catalog) -> None:
    """A row is what that model draws of the digit with that seed as it is, in the order that was asked for."""
    names = ("vae", "cgan")
    # Below the natural neatness no image of a strip is drawn again either.
    archive = draw(catalog, CompareRequest(4, names=names, seed=7, neat=49, form=Form.ARCHIVE))
    rows = [draw(catalog, StripRequest(4, seed=7, neat=49, model=name, form=Form.ARCHIVE)) for name in names]
    assert in_archive(archive.data)[0] == in_archive(rows[0].data)[0] + in_archive(rows[1].data)[0]


def test_every_model_has_to_be_there(catalog: Catalog) -> None:
    """One unknown name among several is refused, with those there are."""
    with pytest.raises(UnknownModel) as caught:
        CompareRequest(4, names=("cgan", "gpt")).models(catalog)
    assert caught.value.value == "gpt"
    assert "vae" in caught.value.known


def test_a_random_comparison_is_of_one_digit_that_comes_back() -> None:
    """A zero that the seed picks is a zero, and not another random digit."""
    picture = draw(catalog_of(RecordingGenerator()), CompareRequest(None, seed=15))
    assert picture.request == CompareRequest(0, ("only",), seed=15)


def test_a_score_of_nothing_is_a_score() -> None:
    """A model whose digits are never read right says 0.0 % over its row; one without a score says nothing."""
    pages = []
    for scores in ({"reading": 0.0}, {}, {"reading": 1.0}):
        catalog = Catalog({"only": Model("only", "Only", scores, RecordingGenerator())}, "only")
        page = Image.open(io.BytesIO(draw(catalog, CompareRequest(4, seed=7)).data)).convert("L")
        note = np.asarray(page)[TITLE_PX : TITLE_PX + ABOVE_PX + BELOW_PX, page.width // 2 :]
        pages.append((note > 128).any(axis=0).sum())
    none, unscored, full = pages
    assert unscored == 0 < none < full


def test_a_transparent_comparison_lets_everything_through_but_ink(catalog: Catalog) -> None:
    """Around letters and digits it is clear; letters and digits are of one full colour."""
    asked = CompareRequest(4, seed=7, style=Style.TRANSPARENT)
    pixels = np.asarray(image_of(draw(catalog, asked).data).convert("RGBA"))
    assert pixels[0, 0, 3] == 0
    assert (pixels[..., 3] == 0).mean() > 0.5
    label = pixels[:48]
    assert (label[..., 3] == 255).sum() > 100
    inks = {tuple(pixel) for pixel in pixels[pixels[..., 3] == 255].tolist()}
    assert len(inks) == 1


def test_a_model_that_is_named_twice_has_one_row(catalog: Catalog) -> None:
    """`models=vae,cgan,VAE` is a row of the VAE over a row of the cGAN, as it was asked for."""
    twice = draw(catalog, CompareRequest(4, names=("vae", "cgan", "VAE"), seed=7))
    once = draw(catalog, CompareRequest(4, names=("vae", "cgan"), seed=7))
    assert twice == once
    assert twice.titles == (catalog.find("vae").title, catalog.find("cgan").title)
