"""What somebody would see who looks at the pictures: hands, morphs, colours, files, models, seeds."""

import io
import zipfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.catalog import Catalog
from core.dataset import Dataset, Format
from core.errors import EqualNeighbours
from core.imaging.styles import Style
from core.imaging.typesetting import rows_of, write
from core.pictures.base import Form, PictureRequest, draw
from core.pictures.comparison import CompareRequest
from core.pictures.morph import MorphRequest
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest
from tests.conftest import WEIGHTS
from tests.fakes.recording import RecordingGenerator, catalog_of, squares

INKED = 64
SEEDS = range(40)


def opened(data: bytes) -> Image.Image:
    """A file as an image."""
    return Image.open(io.BytesIO(data))


def contrast(one: np.ndarray, other: np.ndarray) -> float:
    """How well two colours can be told apart, from 1 to 21, as WCAG 2.2 defines it."""
    shares = np.stack([one, other]) / 255
    linear = np.where(shares <= 0.03928, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    low, high = sorted(linear @ (0.2126, 0.7152, 0.0722))
    return float((high + 0.05) / (low + 0.05))


# Numbers and morphs


@pytest.mark.parametrize("digit", range(10))
def test_a_morph_between_equal_digits_is_refused_zero_included(digit: int) -> None:
    """`/morph 0 0` is as pointless as `/morph 4 4`, and the error names the digit."""
    with pytest.raises(EqualNeighbours) as caught:
        MorphRequest((1, digit, digit) if digit != 1 else (2, 1, 1))
    assert caught.value.value == digit


@pytest.mark.parametrize("text", ["8", "2026", "31415926535897932384"])
def test_digits_of_a_number_are_as_varied_as_any_others(text: str) -> None:
    """Sharing a hand makes no digit tamer or wilder: each latent value has a variance of 1 over many seeds."""
    generator = RecordingGenerator()
    for seed in SEEDS:
        draw(catalog_of(generator), NumberRequest(text, seed=seed, form=Form.ORIGINAL))
    assert np.stack(generator.latents).var(axis=(0, 2)) == pytest.approx(np.ones(len(text)), abs=0.1)


def test_digits_of_a_number_share_fifteen_sixteenths_of_a_hand() -> None:
    """Two digits of a number have latents that correlate by 0.94: one hand, and yet no two equal digits."""
    generator = RecordingGenerator()
    for seed in SEEDS:
        draw(catalog_of(generator), NumberRequest("2222", seed=seed, form=Form.ORIGINAL))
    values = np.stack(generator.latents).swapaxes(0, 1).reshape(4, -1)
    apart = np.corrcoef(values)[np.triu_indices(4, 1)]
    assert apart == pytest.approx(np.full(6, 0.9375), abs=0.01)


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
    images = np.asarray(opened(strip)).astype(float).reshape(28, 10, 28).swapaxes(0, 1)
    usual = np.mean([np.abs(one - other).mean() for one, other in pairwise(images)])
    walk = draw(catalog, MorphRequest((4,), seed=7, form=Form.ORIGINAL)).data
    shown = np.asarray(opened(walk)).astype(float)
    shown = shown.reshape(28, -1, 28).swapaxes(0, 1)
    stations = shown[:: len(shown) // 3]
    assert np.mean([np.abs(stations[i] - stations[i - 1]).mean() for i in range(3)]) > 0.7 * usual


def test_a_morph_goes_at_an_even_pace_where_the_model_does_not() -> None:
    """Of a model that changes late and then all at once, each frame changes as much as the next one."""
    gif = draw(catalog_of(RecordingGenerator(squares)), MorphRequest((3, 8), seed=7, form=Form.ORIGINAL)).data
    shown = np.asarray(opened(gif)).astype(float).reshape(28, -1, 28).swapaxes(0, 1)[:, 14, 14]
    steps = np.abs(np.diff(shown, append=shown[0]))
    assert steps.max() < 1.5 * steps.mean()
    assert steps.min() > 0.5 * steps.mean()


def test_ten_digits_fill_a_row_words_included() -> None:
    """Words that together have exactly ten digits stand in one row; with an eleventh the last word goes below."""
    assert rows_of("1234567 890") == ["1234567 890"]
    assert rows_of("12345 67890") == ["12345 67890"]
    assert rows_of("12345 678901") == ["12345", "678901"]
    assert rows_of("1 234567890") == ["1 234567890"]


def hook() -> np.ndarray:
    """A seven: a bar at the top, and a stem at its left end, so that what follows is tucked in below the bar."""
    image = np.zeros((28, 28), np.uint8)
    image[4:7, 6:22] = 255
    image[4:24, 6:9] = 255
    return image


@pytest.mark.parametrize("mark", [".", ",", "-"])
def test_a_mark_that_is_tucked_in_erases_no_ink(mark: str) -> None:
    """Under the bar of a 7 the mark stands beside the stem, and digit and mark are both whole."""
    digit, beside = np.stack([hook()]), write(f"7{mark}", np.stack([hook()]))
    alone = write("7", digit)
    left = write(f"{mark}7", digit)
    assert int((beside >= INKED).sum()) == int((left >= INKED).sum()) > int((alone >= INKED).sum())


@pytest.mark.parametrize("lean", [-1, 1])
@pytest.mark.parametrize("mark", ["+", "/", ":"])
def test_marks_lean_with_the_digits(lean: int, mark: str) -> None:
    """Beside digits that lean to the right a mark leans to the right, and to the left beside those that lean left."""

    def tilt(lean: int) -> float:
        """Columns by which a mark's upper half is to the right of its lower half."""
        image = np.zeros((1, 28, 28), np.uint8)
        for row in range(4, 24):
            start = 12 - lean * (row - 14) // 3
            image[0, row, start : start + 3] = 255
        alone, page = write("1", image), write(f"{mark}1", image).astype(float)
        sign = page[:, : page.shape[1] - alone.shape[1] + 4]
        rows, columns = np.nonzero(sign >= INKED)
        middle = (rows.min() + rows.max()) / 2
        return float(columns[rows < middle].mean() - columns[rows > middle].mean())

    assert lean * (tilt(lean) - tilt(0)) > 1


# Colours and files


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
    pixels = np.asarray(opened(draw(catalog, asked).data)).astype(float)
    assert (pixels[0, 0] > 250).all()
    darkest = pixels.reshape(-1, 3)[pixels.sum(axis=2).argmin()]
    assert contrast(darkest, pixels[0, 0]) > 3
    # Strokes and letters are a small part of the page.
    assert 0.02 < (pixels.sum(axis=2) < 600).mean() < 0.4


def test_a_transparent_comparison_lets_everything_through_but_ink(catalog: Catalog) -> None:
    """Around letters and digits it is clear; letters and digits are of one full colour."""
    asked = CompareRequest(4, seed=7, style=Style.TRANSPARENT)
    pixels = np.asarray(opened(draw(catalog, asked).data).convert("RGBA"))
    assert pixels[0, 0, 3] == 0
    assert (pixels[..., 3] == 0).mean() > 0.5
    label = pixels[:48]
    assert (label[..., 3] == 255).sum() > 100
    inks = {tuple(pixel) for pixel in pixels[pixels[..., 3] == 255].tolist()}
    assert len(inks) == 1


def test_a_jpeg_keeps_the_colours_of_edges(catalog: Catalog) -> None:
    """The blue of a stroke ends where the stroke ends: at full resolution, without a rim around it."""
    colours = []
    for form in (Form.PICTURE, Form.JPEG):
        image = opened(draw(catalog, StripRequest(4, seed=7, style=Style.TRANSPARENT, form=form)).data).convert("RGBA")
        page = Image.new("RGBA", image.size, "white")
        page.alpha_composite(image)
        colours.append(np.asarray(page.convert("RGB").convert("YCbCr")).astype(float)[..., 1:])
    off = np.abs(colours[0] - colours[1]).max(axis=2)
    # At half resolution a hundredth of all pixels is off by six levels or more.
    assert np.quantile(off, 0.99) < 5


def test_an_archive_knows_no_clock(catalog: Catalog) -> None:
    """Every file in a ZIP is of the oldest day that a ZIP can name: the same picture is the same file tomorrow."""
    asked = NumberRequest("20", seed=7, form=Form.ARCHIVE)
    with zipfile.ZipFile(io.BytesIO(draw(catalog, asked).data)) as archive:
        assert [entry.filename for entry in archive.infolist()] == ["00-2.png", "01-0.png", "labels.csv"]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


# Neatness, models and seeds


@pytest.mark.parametrize(("neat", "spread"), [(0, 2.086), (25, 1.470), (50, 1.0), (75, 0.620), (100, 0.3)])
def test_neatness_draws_images_together_by_these_shares(neat: int, spread: float) -> None:
    """From twice as far apart as learned to three tenths of it, in steps that look equal, for every command."""
    generator = RecordingGenerator()
    for asked in (
        StripRequest(4, neat=neat),
        NumberRequest("4", neat=neat),
        MorphRequest((4,), neat=neat),
        CompareRequest(4, neat=neat),
    ):
        draw(catalog_of(generator), asked)
    assert generator.spreads == pytest.approx([spread] * 5, abs=0.001)


def test_a_model_that_is_named_twice_has_one_row(catalog: Catalog) -> None:
    """`models=vae,cgan,VAE` is a row of the VAE over a row of the cGAN, as it was asked for."""
    twice = draw(catalog, CompareRequest(4, names=("vae", "cgan", "VAE"), seed=7))
    once = draw(catalog, CompareRequest(4, names=("vae", "cgan"), seed=7))
    assert twice == once
    assert twice.titles == (catalog.find("vae").title, catalog.find("cgan").title)


def test_fresh_seeds_are_of_the_whole_range() -> None:
    """Of 200 pictures without a seed no two are the same, and seeds are as often large as small."""
    seeds = [
        draw(catalog_of(RecordingGenerator()), StripRequest(4, count=1, form=Form.ORIGINAL)).seed for _ in range(200)
    ]
    assert len(set(seeds)) == 200
    assert 40 < sum(seed >= 2**31 for seed in seeds) < 160
    assert 0 <= min(seeds) < 2**28
    assert 2**32 - 2**28 <= max(seeds) < 2**32


@pytest.mark.parametrize("name", ["cgan-mlp", "vae", "cgan"])
def test_the_operators_model_comes_first(name: str) -> None:
    """With DIGIT_MODEL that model draws where none is named and leads every list, in which each model is once."""
    ships = Catalog.open(WEIGHTS)
    catalog = Catalog.open(WEIGHTS, name)
    assert catalog.find(None).name == catalog.default == catalog.names[0] == catalog.models[0].name == name
    assert catalog.names[1:] == tuple(other for other in ships.names if other != name)
    rows = draw(catalog, CompareRequest(4, seed=7)).titles
    assert rows == tuple(model.title for model in catalog.models)
    assert len(set(rows)) == len(ships.names)


@pytest.mark.parametrize(("each", "tests"), [(1, 10), (5, 10), (6, 10), (11, 10), (12, 20), (60, 100)])
def test_every_data_set_has_images_to_test_on(each: int, tests: int) -> None:
    """A sixth as many as to train on, rounded down, and of each digit at least one."""
    dataset = Dataset(RecordingGenerator(), each, 7, 1.0, test=True)
    assert dataset.size == 10 * each + tests
    assert Dataset(RecordingGenerator(), each, 7, 1.0, test=False).size == 10 * each
    assert np.bincount(dataset.labels[10 * each :], minlength=10).tolist() == [tests // 10] * 10


def test_a_data_set_of_five_can_be_loaded_for_testing(tmp_path: Path) -> None:
    """Its test files hold ten images of 28 x 28 with their labels."""
    dataset = Dataset(RecordingGenerator(), 5, 7, 1.0, test=True)
    assert sum(dataset.draw()) == 60
    folder = dataset.write(Format.IDX, tmp_path)
    assert (folder / "t10k-images-idx3-ubyte").stat().st_size == 16 + 10 * 784
    assert (folder / "t10k-labels-idx1-ubyte").read_bytes()[8:] == bytes(range(10))
