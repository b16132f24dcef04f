"""Morphs: a loop that goes at an even pace between digits as varied as any others."""

import io
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from core.catalog import Catalog
from core.errors import (
    EqualNeighbours,
    InvalidDigit,
    InvalidMorph,
)
from core.imaging.styles import Style
from core.pictures.base import Form, draw
from core.pictures.morph import MorphRequest
from core.pictures.strip import StripRequest
from tests.core.pictures.files import image_of
from tests.core.pictures.test_number import SEEDS
from tests.fakes.recording import RecordingGenerator, catalog_of, squares


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


@pytest.mark.parametrize(
    ("digits", "error"),
    [((), InvalidMorph), ((1, 2) * 3 + (1,), InvalidMorph), ((3, 3), EqualNeighbours), ((3, 10), InvalidDigit)],
)
def test_a_morph_needs_somewhere_to_go(digits: tuple[int, ...], error: type[Exception]) -> None:
    """No digit, seven, or twice the same in a row is no walk."""
    with pytest.raises(error):
        MorphRequest(digits)


@pytest.mark.parametrize("digit", range(10))
def test_a_morph_between_equal_digits_is_refused_zero_included(digit: int) -> None:
    """`/morph 0 0` is as pointless as `/morph 4 4`, and the error names the digit."""
    with pytest.raises(EqualNeighbours) as caught:
        MorphRequest((1, digit, digit) if digit != 1 else (2, 1, 1))
    assert caught.value.value == digit


@pytest.mark.parametrize(("digits", "correlation"), [((3, 8), 0.64), ((2, 0, 2, 6), 0.64), ((4,), 0.0)])
def test_digits_of_a_morph_are_as_varied_as_any_others(digits: tuple[int, ...], correlation: float) -> None:
    """At each digit the latent has a variance of 1; a morph among images of one digit goes from hand to hand."""
    generator = RecordingGenerator()
    stations = 3 if len(digits) == 1 else len(digits)
    for seed in SEEDS:
        draw(catalog_of(generator), MorphRequest(digits, seed=seed, form=Form.ORIGINAL))
    drawn = generator.latents[1::2]  # the calls in between measure the pace
    values = np.stack([latents[:: len(latents) // stations] for latents in drawn]).swapaxes(0, 1)
    assert values.var(axis=(1, 2)) == pytest.approx(np.ones(stations), abs=0.1)
    apart = np.corrcoef(values.reshape(stations, -1))[np.triu_indices(stations, 1)]
    assert apart == pytest.approx(np.full(len(apart), correlation), abs=0.06)


def test_a_morph_of_one_digit_moves_as_far_as_its_images_differ(catalog: Catalog) -> None:
    """`/morph 4` walks among fours that differ as much as those of a strip do."""
    strip = draw(catalog, StripRequest(4, count=10, seed=7, form=Form.ORIGINAL)).data
    images = np.asarray(image_of(strip)).astype(float).reshape(28, 10, 28).swapaxes(0, 1)
    usual = np.mean([np.abs(one - other).mean() for one, other in pairwise(images)])
    walk = draw(catalog, MorphRequest((4,), seed=7, form=Form.ORIGINAL)).data
    shown = np.asarray(image_of(walk)).astype(float)
    shown = shown.reshape(28, -1, 28).swapaxes(0, 1)
    stations = shown[:: len(shown) // 3]
    assert np.mean([np.abs(stations[i] - stations[i - 1]).mean() for i in range(3)]) > 0.7 * usual


def test_a_morph_goes_at_an_even_pace_where_the_model_does_not() -> None:
    """Of a model that changes late and then all at once, each frame changes as much as the next one."""
    gif = draw(catalog_of(RecordingGenerator(squares)), MorphRequest((3, 8), seed=7, form=Form.ORIGINAL)).data
    shown = np.asarray(image_of(gif)).astype(float).reshape(28, -1, 28).swapaxes(0, 1)[:, 14, 14]
    steps = np.abs(np.diff(shown, append=shown[0]))
    assert steps.max() < 1.5 * steps.mean()
    assert steps.min() > 0.5 * steps.mean()
