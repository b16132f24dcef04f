"""Photos and drawings to images of digits: what was written is what is found, and nothing else."""

import io
from functools import partial

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from core import latents
from core.catalog import Catalog
from core.generator import one_hot
from core.imaging.inking import find_rules
from core.imaging.pen import measure
from core.imaging.scanning import BOX_PX, MAX_DIGITS, SIDE_PX, scan
from core.imaging.typesetting import INKED
from tests.benchmarks.photos import photograph

SHEET = (600, 450)
STROKES = {
    0: [[(60, 0), (10, 60), (5, 140), (50, 200), (100, 150), (105, 60), (60, 0)]],
    1: [[(30, 0), (10, 200)]],
    2: [[(0, 40), (40, 0), (100, 10), (110, 60), (0, 200), (130, 190)]],
    3: [[(0, 10), (90, 0), (110, 50), (40, 90), (110, 120), (100, 180), (0, 200)]],
    4: [[(60, 0), (0, 130), (150, 130)], [(120, 40), (110, 200)]],
    5: [[(110, 0), (10, 5), (5, 80), (80, 85), (110, 140), (70, 200), (0, 190)]],
    6: [[(80, 0), (10, 100), (20, 190), (80, 190), (90, 120), (20, 120)]],
    7: [[(0, 10), (120, 0), (40, 200)]],
    8: [[(100, 30), (50, 0), (10, 40), (100, 140), (60, 200), (10, 150), (100, 30)]],
    9: [[(100, 40), (50, 0), (5, 50), (50, 90), (100, 40), (70, 200)]],
}
"""The strokes of a hand on a page's canvas."""


@pytest.fixture(scope="module")
def written(catalog: Catalog) -> np.ndarray:
    """Digits 0..9 as the default model draws them: (10, 28, 28)."""
    generator = catalog.find(None).generator
    return generator.draw(latents.independent(7, 10, generator.latent_dim), one_hot(tuple(range(10))), 0.7)


def drawn(digit: int, pen_px: int, background: int = 255, ink: int = 20) -> np.ndarray:
    """Draw a digit on a canvas with a round pen: grey levels."""
    canvas = Image.new("L", SHEET, background)
    pencil = ImageDraw.Draw(canvas)
    for stroke in STROKES[digit]:
        pencil.line([(1.5 * x + 200, 1.5 * y + 70) for x, y in stroke], fill=ink, width=pen_px, joint="curve")
    return np.asarray(canvas)


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """Return the correlation of two images where they fit best: models set a digit a pixel or two off its middle."""
    shifts = [(down, right) for down in (-2, -1, 0, 1, 2) for right in (-2, -1, 0, 1, 2)]
    soft = [np.asarray(Image.fromarray(image).filter(ImageFilter.BoxBlur(1)), float) for image in (one, other)]
    return max(float(np.corrcoef(np.roll(soft[0], shift, (0, 1)).ravel(), soft[1].ravel())[0, 1]) for shift in shifts)


def found_in(grey: np.ndarray) -> np.ndarray:
    """Return the digits found in a drawing by the likelier guess."""
    return scan(file_of(grey))


def file_of(grey: np.ndarray) -> bytes:
    """Return grey levels as a PNG."""
    buffer = io.BytesIO()
    Image.fromarray(grey).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("digit", range(10))
def test_a_digit_comes_back_as_it_was(written: np.ndarray, digit: int) -> None:
    """An image such as MNIST's, black on white or white on black, is found as it is."""
    for image in (written[digit], 255 - written[digit]):
        (found,) = found_in(image)
        assert likeness(found, written[digit]) > 0.93


@pytest.mark.parametrize("seed", range(10))
def test_a_digit_is_found_in_a_photo(written: np.ndarray, seed: int) -> None:
    """Through shadow, texture, rules, perspective, blur and JPEG it is the one thing found, and looks alike."""
    digit = written[seed]
    (found,) = scan(photograph([digit], 100 + seed))
    assert likeness(found, digit) > 0.8
    pens = measure(found[None]), measure(digit[None])
    assert pens[0].stroke == pytest.approx(pens[1].stroke, rel=0.35)
    assert pens[0].slant == pytest.approx(pens[1].slant, abs=0.2)


def test_several_digits_are_found_from_left_to_right(written: np.ndarray) -> None:
    """Each is itself."""
    found = scan(photograph(list(written[[2, 0, 2, 6]]), 3))
    assert len(found) == 4
    for image, digit in zip(found, (2, 0, 2, 6), strict=True):
        assert likeness(image, written[digit]) > 0.7


@pytest.mark.parametrize("pen_px", [2, 4, 8, 16, 30])
@pytest.mark.parametrize("digit", STROKES)
def test_a_pen_of_any_width_leaves_a_stroke_that_can_be_read(digit: int, pen_px: int) -> None:
    """A ballpoint's line a hundredth of the digit's height is no thinner in the image than those of MNIST."""
    (found,) = found_in(drawn(digit, pen_px))
    assert 1.4 < measure(found[None]).stroke < 3.5
    assert found.max() > 200


@pytest.mark.parametrize("digit", STROKES)
def test_light_ink_is_found_as_dark_ink_is(digit: int) -> None:
    """Chalk on a board and a dark page's canvas make the same image."""
    (dark,), (light,) = found_in(drawn(digit, 14)), found_in(drawn(digit, 14, background=25, ink=240))
    assert likeness(dark, light) > 0.98


def test_light_in_a_corner_makes_no_blackboard(written: np.ndarray) -> None:
    """What is written in the shadow that lies over most of a photo is found."""
    sheet = np.full((450, 600), 255, np.uint8)
    sheet[100:324, 100:324] = 255 - np.kron(written[1], np.ones((8, 8), np.uint8))
    lit = sheet * np.where(np.indices(sheet.shape).sum(axis=0) > 700, 0.8, 0.4)
    found = found_in(lit.astype(np.uint8))
    assert max(likeness(image, written[1]) for image in found) > 0.9


@pytest.mark.parametrize("digit", STROKES)
def test_a_digit_is_fitted_as_mnists_were(digit: int) -> None:
    """Its longer side has 20 pixels, and its centre of mass is in the middle, to the pixel."""
    (found,) = found_in(drawn(digit, 14))
    inked = found > 0
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    assert max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1 == BOX_PX
    for axis in (0, 1):
        mass = found.sum(axis=axis).astype(float)
        assert abs(mass @ (np.arange(SIDE_PX) + 0.5) / mass.sum() - SIDE_PX / 2) <= 0.6


@pytest.mark.parametrize("left", [200, 274])
def test_a_part_beside_a_digit_belongs_to_it(left: int) -> None:
    """Such as the bar of a five that was written last, on whichever side it begins."""
    sheet = np.full((450, 600), 255, np.uint8)
    sheet[100:300, 250:264] = 20
    alone = found_in(sheet)
    sheet[100:114, left : left + 40] = 20
    (both,) = found_in(sheet)
    assert not np.array_equal(both, alone[0])


def test_specks_are_no_digits() -> None:
    """Dust, and a blot half as high as the digit, change nothing."""
    sheet = drawn(4, 14).copy()
    clean = found_in(sheet)
    for y, x in np.random.RandomState(2).randint(0, 60, (30, 2)):
        sheet[y : y + 3, x : x + 3] = 0
    sheet[300:380, 30:90] = 0
    assert np.array_equal(found_in(sheet), clean)


@pytest.mark.parametrize("gap_px", [30, 60])
@pytest.mark.parametrize("squares", [False, True])
def test_ruled_lines_are_no_strokes(gap_px: int, *, squares: bool) -> None:
    """Ruled and squared paper leave the digit that is written across them."""
    sheet = drawn(3, 14).copy()
    clean = found_in(sheet)[0]
    rules = np.zeros(sheet.shape, bool)
    for thick in range(2):
        rules[10 + thick :: gap_px] = True
        if squares:
            rules[:, 10 + thick :: gap_px] = True
    sheet[rules] = np.minimum(sheet[rules], 120)
    (found,) = found_in(sheet)
    assert likeness(found, clean) > 0.93


@pytest.mark.parametrize(("left", "right", "rule"), [(20, 280, False), (0, 280, True), (20, 300, True), (0, 300, True)])
def test_a_single_line_is_a_rule_where_it_leaves_the_sheet(left: int, right: int, *, rule: bool) -> None:
    """On either side; within the sheet it may be a stroke."""
    mask = np.zeros((200, 300), bool)
    mask[100:103, left:right] = True
    assert np.array_equal(find_rules(mask), mask if rule else np.zeros_like(mask))


def test_a_bar_of_a_seven_is_no_rule() -> None:
    """The widest level stroke of a digit that fills its sheet stays."""
    seven = drawn(7, 10)[60:380, 190:390]
    (found,) = found_in(seven)
    rows = (found >= INKED).sum(axis=1)
    assert rows[rows > 0][:3].max() > 8


def test_a_number_of_too_many_digits_is_one_more_than_are_read(written: np.ndarray) -> None:
    """It is known that there are more, and no more is done about them."""
    strip = np.hstack([*written[:9]])
    assert len(found_in(strip)) == MAX_DIGITS + 1


def clouds() -> np.ndarray:
    """Return a picture without any stroke: noise of all scales, as of a photo out of focus."""
    random = np.random.RandomState(0)
    frequencies = np.hypot(np.fft.fftfreq(400)[:, None], np.fft.fftfreq(600)[None])
    frequencies[0, 0] = 1
    waves = np.fft.ifft2(np.fft.fft2(random.normal(size=(400, 600))) / frequencies**1.5).real
    return (255 * (waves - waves.min()) / np.ptp(waves)).astype(np.uint8)


@pytest.mark.parametrize(
    "grey",
    [
        np.full((400, 400), 255, np.uint8),
        np.zeros((300, 400), np.uint8),
        np.full((1, 1), 7, np.uint8),
        np.zeros((1000, 1), np.uint8),
        np.tile(np.linspace(0, 255, 600).astype(np.uint8), (400, 1)),
        np.kron(np.array([[0, 255]], np.uint8), np.ones((400, 300), np.uint8)),
        (8 + np.random.RandomState(0).normal(0, 3, (400, 600))).clip(0, 255).astype(np.uint8),
        (215 + np.random.RandomState(0).normal(0, 3, (400, 600))).clip(0, 255).astype(np.uint8),
        clouds(),
    ],
    ids=["white", "black", "a pixel", "a column", "gradient", "an edge", "a dark photo", "paper", "clouds"],
)
def test_nothing_is_found_where_nothing_is_written(grey: np.ndarray) -> None:
    """An empty canvas, a black photo, a sheet of paper: no thing, and no error."""
    assert found_in(grey).shape == (0, SIDE_PX, SIDE_PX)


def text(words: str, size_px: int) -> np.ndarray:
    """Print words on a sheet."""
    sheet = Image.new("L", (900, 600), 240)
    font = ImageFont.truetype("core/imaging/inter-medium.otf", size_px)
    ImageDraw.Draw(sheet).multiline_text((30, 30), words, font=font, fill=15)
    return np.asarray(sheet)


@pytest.mark.parametrize(
    "make",
    [
        partial(text, "A page of printed text\nof which there is a lot,\nline by line by line\nby line.", 60),
        lambda: np.random.RandomState(0).randint(0, 256, (500, 700)).astype(np.uint8),
        lambda: np.kron(np.random.RandomState(0).randint(0, 2, (29, 29)) * 255, np.ones((15, 15))).astype(np.uint8),
        lambda: np.kron(np.indices((20, 30)).sum(axis=0) % 2 * 255, np.ones((20, 20))).astype(np.uint8),
    ],
    ids=["text", "noise", "a code of squares", "a chessboard"],
)
def test_what_is_full_of_things_is_scanned_all_the_same(make: object) -> None:
    """A page, a QR code and noise are at most one thing more than digits are read."""
    assert callable(make)
    assert len(found_in(make())) <= MAX_DIGITS + 1
