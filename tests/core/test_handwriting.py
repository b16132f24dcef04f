"""Photos that are read, and hands that write: the networks that ship, on digits that they drew themselves."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from core import latents
from core.catalog import Catalog
from core.errors import Flaw, InvalidPhoto
from core.generator import one_hot
from core.hand import from_token
from core.handwriting import HandReader, Handwriting
from core.imaging.pen import measure, measure_each
from core.imaging.scanning import MAX_DIGITS
from core.pictures.base import Form, draw
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest
from tests.benchmarks.photos import photograph
from tests.core.imaging.test_scanning import drawn, file_of, text
from tests.core.tokens import to_token

WRITERS = 24
PEN_PX = 12


def writing(catalog: Catalog, seed: int, digits: tuple[int, ...]) -> list[np.ndarray]:
    """Write digits in one hand."""
    generator = catalog.find_writer(None).generator
    rows = latents.one_hand(seed, len(digits), generator.latent_dim, 0.25)
    return list(generator.draw(rows, one_hot(digits), 0.8))


@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize("pen_px", [3, PEN_PX, 28])
def test_a_drawing_is_read(reader: HandReader, digit: int, pen_px: int) -> None:
    """With a fine pen, a broad one and a marker; dark on light and light on dark."""
    sheets = [drawn(digit, pen_px)]
    if pen_px == PEN_PX:
        sheets.append(drawn(digit, pen_px, background=25, ink=240))
    for sheet in sheets:
        read = reader.read(file_of(sheet))
        assert read.text == str(digit)
        assert read.digits[0].confidence > 0.9
        assert sum(read.digits[0].probabilities) == pytest.approx(1, abs=1e-4)
        assert read.digits[0].image.shape == (28, 28)


def test_a_photo_of_a_number_is_read_from_left_to_right(catalog: Catalog, reader: HandReader) -> None:
    """Up to six digits."""
    for seed, digits in ((0, (2, 0, 2, 6)), (2, (9, 8, 7)), (3, (1, 2, 3, 4, 5, 6))):
        read = reader.read(photograph(writing(catalog, seed, digits), 10 + seed))
        assert read.text == "".join(map(str, digits))
        assert not read.crowded


def test_the_same_photo_is_the_same_hand(reader: HandReader) -> None:
    """Nothing about it is left to chance."""
    photo = file_of(drawn(5, 14))
    assert reader.read(photo).hand == reader.read(photo).hand is not None


def pens(catalog: Catalog, request: NumberRequest | StripRequest) -> tuple[float, float]:
    """Return slant and stroke width of the images of a picture, the mean over them."""
    with Image.open(io.BytesIO(draw(catalog, request).data)) as picture:
        row = np.asarray(picture.convert("L"))
    stroke, slant = measure_each(row.reshape(28, -1, 28).swapaxes(0, 1)).mean(axis=0).tolist()
    return slant, stroke


def test_what_is_drawn_follows_the_hand(catalog: Catalog, reader: HandReader) -> None:
    """Slant and stroke width of other digits in a hand go with those of the one digit that was photographed."""
    originals, others = [], []
    for seed in range(WRITERS):
        (four,) = writing(catalog, seed, (4,))
        read = reader.read_images(four[None])
        pen = measure(four[None])
        originals.append((pen.slant, pen.stroke))
        others.append(pens(catalog, NumberRequest("2735", seed=1, hand=read.hand, form=Form.ORIGINAL)))
    for one, other, least in zip(np.transpose(originals), np.transpose(others), (0.8, 0.7), strict=True):
        assert np.corrcoef(one, other)[0, 1] > least


def test_a_strip_varies_around_its_hand(catalog: Catalog, reader: HandReader) -> None:
    """Its images are near the drawing's slant, no two are equal, and a longer strip begins with the shorter one."""
    hand = reader.read(file_of(drawn(1, 14))).hand
    request = StripRequest(1, 10, seed=1, hand=hand, form=Form.ORIGINAL)
    with Image.open(io.BytesIO(draw(catalog, request).data)) as picture:
        images = np.asarray(picture).reshape(28, 10, 28).swapaxes(0, 1)
    assert len({image.tobytes() for image in images}) == 10
    assert all(image.std() > 20 for image in images)
    with Image.open(io.BytesIO(draw(catalog, StripRequest(1, 3, seed=1, hand=hand, form=Form.ORIGINAL)).data)) as short:
        assert np.array_equal(np.asarray(short).reshape(28, 3, 28).swapaxes(0, 1), images[:3])


def test_a_hand_read_again_from_its_own_writing_is_near(catalog: Catalog, reader: HandReader) -> None:
    """The mean over six digits is nearer to the hand that wrote them than to any of 20 others."""
    generator = catalog.find_writer(None).generator
    hands = latents.independent(9, 21, generator.latent_dim)
    rows = latents.one_hand(5, 6, generator.latent_dim, 0.25, hand=hands[0])
    read = reader.read_images(generator.draw(rows, one_hot((0, 2, 3, 5, 6, 8))))
    assert read.hand is not None
    near = hands @ from_token(read.hand, generator.latent_dim)
    assert near.argmax() == 0


def qr_code() -> np.ndarray:
    """Draw squares as a QR code has them."""
    squares = np.random.RandomState(0).randint(0, 2, (29, 29))
    for top, left in ((0, 0), (0, 21), (21, 0)):
        squares[top : top + 8, left : left + 8] = 0
        squares[top : top + 7, left : left + 7] = 1
        squares[top + 1 : top + 6, left + 1 : left + 6] = 0
        squares[top + 2 : top + 5, left + 2 : left + 5] = 1
    return np.pad(np.kron(255 - 255 * squares, np.ones((15, 15))).astype(np.uint8), 60, constant_values=255)


def face() -> np.ndarray:
    """Draw a face with hair, eyes, a nose and a mouth, lit from one side."""
    image = Image.new("L", (450, 550), 150)
    pencil = ImageDraw.Draw(image)
    pencil.ellipse((90, 60, 360, 450), fill=200)
    pencil.pieslice((80, 30, 370, 260), 180, 360, fill=45)
    for x in (160, 260):
        pencil.ellipse((x, 200, x + 35, 220), fill=250)
        pencil.ellipse((x + 11, 201, x + 26, 218), fill=30)
    pencil.line((225, 220, 215, 295, 235, 300), fill=150, width=5)
    pencil.arc((170, 300, 280, 370), 20, 160, fill=90, width=11)
    return (np.asarray(image) * np.linspace(0.6, 1.1, 450)).clip(0, 255).astype(np.uint8)


def scribble() -> np.ndarray:
    """Draw a line to and fro."""
    image = Image.new("L", (600, 600), 255)
    corners = np.random.RandomState(0).randint(50, 550, (14, 2)).tolist()
    ImageDraw.Draw(image).line([tuple(corner) for corner in corners], fill=0, width=14)
    return np.asarray(image)


@pytest.mark.parametrize(
    "make",
    [
        lambda: np.full((400, 400), 255, np.uint8),
        lambda: np.zeros((300, 400), np.uint8),
        lambda: np.random.RandomState(0).randint(0, 256, (500, 700)).astype(np.uint8),
        lambda: text("OK", 300),
        lambda: text("W", 300),
        lambda: text("A page of printed text\nof which there is a lot,\nline by line by line\nby line.", 60),
        qr_code,
        face,
        scribble,
    ],
    ids=["empty", "black", "noise", "OK", "W", "text", "a QR code", "a face", "a scribble"],
)
def test_none_is_an_answer(reader: HandReader, make: object) -> None:
    """What is no digit is read as none, and has no hand."""
    assert callable(make)
    read = reader.read(file_of(make()))
    assert (read.digits, read.hand, read.text) == ((), None, "")


def test_too_many_digits_are_not_read(reader: HandReader) -> None:
    """It is said that there are too many, rather than some being picked."""
    assert reader.read(file_of(text("12345678", 170))) == Handwriting(crowded=True)
    assert len(reader.read(file_of(text("123456", 200))).digits) == MAX_DIGITS


def test_a_mark_beside_a_digit_is_left_out(reader: HandReader) -> None:
    """Of three things two are digits: those are read."""
    sheet = Image.fromarray(text("2 6", 250))
    ImageDraw.Draw(sheet).text((560, 30), "ж", font=ImageFont.truetype("core/imaging/inter-medium.otf", 250), fill=15)
    assert reader.read(file_of(np.asarray(sheet))).text == "26"


def test_a_blot_is_no_digit(reader: HandReader) -> None:
    """However like a fat 0 or 1 it is."""
    sheet = Image.new("L", (600, 450), 255)
    ImageDraw.Draw(sheet).ellipse((250, 150, 330, 250), fill=0)
    assert reader.read(file_of(np.asarray(sheet))) == Handwriting()


def test_a_bad_file_is_refused(reader: HandReader) -> None:
    """By the one error."""
    with pytest.raises(InvalidPhoto) as caught:
        reader.read(b"<svg/>")
    assert caught.value.value is Flaw.FORMAT


def test_a_hand_is_a_request_like_any(catalog: Catalog) -> None:
    """The same words give the same picture, and another hand another one, as a still and as an animation."""
    one, other = (to_token(row) for row in latents.independent(3, 2, catalog.find_writer(None).generator.latent_dim))
    assert (
        draw(catalog, NumberRequest("2026", seed=7, hand=one)).data
        == draw(catalog, NumberRequest("2026", seed=7, hand=one)).data
    )
    assert (
        draw(catalog, NumberRequest("2026", seed=7, hand=one)).data
        != draw(catalog, NumberRequest("2026", seed=7, hand=other)).data
    )
