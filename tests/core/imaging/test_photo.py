"""Photos to grey levels: what is refused before it is decoded, and what is read right."""

import contextlib
import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from core.errors import Flaw, InvalidPhoto
from core.imaging.photo import LONGEST_PX, MAX_BYTES, MAX_SCANS, WORKING_PX, decode
from tests.core.imaging import decoding

ORIENTATION = 0x0112
ALLOWED_BYTES = 80_000_000
"""Memory that a photo may take, beside what the program has; with a second, smaller one it is 100 MB."""
MAX_ROWS_BYTES = 40_000_000
"""Of a bomb, of which the rest is missing."""


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """Return an image as a file."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_bomb(width: int, height: int) -> bytes:
    """Return a small PNG that says it has so many black pixels, the first rows of which are there."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(min(height * (3 * width + 1), MAX_ROWS_BYTES)), 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def scene(size: tuple[int, int] = (120, 80)) -> Image.Image:
    """Return a white sheet that is black in its upper left quarter."""
    image = Image.new("L", size, 255)
    image.paste(0, (0, 0, size[0] // 2, size[1] // 2))
    return image


def noise(size: tuple[int, int]) -> Image.Image:
    """Return a picture that does not compress."""
    return Image.frombytes("RGB", size, np.random.RandomState(0).bytes(size[0] * size[1] * 3))


def flaw_of(data: bytes) -> Flaw:
    """Return why a file is refused."""
    with pytest.raises(InvalidPhoto) as caught:
        decode(data)
    return caught.value.value


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(500)


def animated_gif() -> bytes:
    """Return a GIF of two frames."""
    return encoded(scene(), "GIF", save_all=True, append_images=[Image.new("L", (120, 80))])


@pytest.mark.parametrize(
    ("data", "flaw"),
    [
        (b"", Flaw.FORMAT),
        (b"hello", Flaw.FORMAT),
        (SVG, Flaw.FORMAT),
        (HEIC, Flaw.FORMAT),
        (animated_gif(), Flaw.FORMAT),
        (encoded(scene(), "TIFF"), Flaw.FORMAT),
        (encoded(scene(), "BMP"), Flaw.FORMAT),
        (bytes(MAX_BYTES + 1), Flaw.BYTES),
        (encoded(noise((300, 300)))[:9_000], Flaw.DAMAGED),
        (encoded(noise((300, 300)), "JPEG")[:9_000], Flaw.DAMAGED),
        (encoded(noise((300, 300)), "WEBP")[:9_000], Flaw.DAMAGED),
        (png_bomb(10_000, 10_000), Flaw.PIXELS),
        (png_bomb(50_000, 50_000), Flaw.PIXELS),
        (png_bomb(2**31 - 1, 2**31 - 1), Flaw.PIXELS),
        (png_bomb(0, 0), Flaw.FORMAT),
    ],
)
def test_what_is_no_photo_is_refused(data: bytes, flaw: Flaw) -> None:
    """Whatever it is, there is one kind of error, and it says what is wrong."""
    assert flaw_of(data) is flaw


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_file_cut_anywhere_is_refused_or_read(kind: str) -> None:
    """No place at which a file can end, and no byte that can be wrong, raises anything but the one error."""
    whole = encoded(noise((40, 30)), kind)
    random = np.random.RandomState(1)
    for _ in range(60):
        place = random.randint(len(whole))
        for data in (whole[:place], whole[:place] + bytes([random.randint(256)]) + whole[place + 1 :]):
            with contextlib.suppress(InvalidPhoto):
                assert decode(data).dtype == np.uint8


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_stands_upright(orientation: int, kind: str) -> None:
    """A phone turns the picture by a note in the file, of which there are eight."""
    turned = {
        1: [],
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }
    image = scene()
    for method in turned[orientation]:
        image = image.transpose(method)
    note = Image.Exif()
    note[ORIENTATION] = orientation
    grey = decode(encoded(image, kind, exif=note))
    assert grey.shape == (80, 120)
    assert grey[:36, :56].max() < 30
    assert min(grey[44:].min(), grey[:, 64:].min()) > 225


def with_alpha() -> Image.Image:
    """Return black ink on nothing, the nothing being black where it is not seen."""
    image = Image.new("RGBA", (120, 80), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 60, 40))
    return image


def with_palette() -> bytes:
    """Return a palette PNG of which one colour is transparent."""
    image = Image.new("P", (120, 80), 1)
    image.putpalette([0, 0, 0, 0, 0, 0])
    image.paste(0, (0, 0, 60, 40))
    return encoded(image, transparency=1)


@pytest.mark.parametrize(
    "data",
    [
        encoded(scene()),
        encoded(scene().convert("1")),
        encoded(scene().convert("LA")),
        encoded(scene().convert("RGB"), "WEBP", lossless=True),
        encoded(with_alpha()),
        encoded(with_alpha(), "WEBP", lossless=True),
        with_palette(),
        encoded(Image.fromarray(np.asarray(scene(), np.uint16) * 257)),
        encoded(scene().convert("CMYK"), "JPEG", quality=95),
        encoded(scene().convert("RGB"), "JPEG", quality=95, progressive=True),
    ],
    ids=["grey", "bits", "grey and alpha", "webp", "alpha", "webp alpha", "palette", "16 bits", "cmyk", "progressive"],
)
def test_every_mode_is_read(data: bytes) -> None:
    """Black is black and white is white, and so is what is transparent."""
    grey = decode(data)
    assert grey.shape == (80, 120)
    assert grey[:36, :56].max() < 30
    assert min(grey[44:].min(), grey[:, 64:].min()) > 225


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("size", [(2400, 1600), (1600, 2400), (2001, 3), (1, 2500)])
def test_a_large_photo_is_scaled(kind: str, size: tuple[int, int]) -> None:
    """Its longer side has the working length, and it keeps its proportions."""
    grey = decode(encoded(scene(size), kind))
    assert WORKING_PX <= max(grey.shape) <= LONGEST_PX
    if min(size) > 3:
        assert grey.shape[1] / grey.shape[0] == pytest.approx(size[0] / size[1], rel=0.01)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_is_scaled(mode: str) -> None:
    """A large picture of few or many bits a pixel is no larger than others."""
    assert max(decode(encoded(Image.new(mode, (2500, 1500)))).shape) <= LONGEST_PX


def test_a_phones_file_of_several_pictures_is_read() -> None:
    """Phones write a JPEG with a preview behind it (MPO); the first picture counts."""
    data = encoded(scene().convert("RGB"), "MPO", save_all=True, append_images=[Image.new("RGB", (60, 40))])
    assert decode(data).shape == (80, 120)


def test_an_animation_is_its_first_picture() -> None:
    """A WebP or PNG that moves is read as it begins."""
    for kind in ("WEBP", "PNG"):
        data = encoded(scene(), kind, save_all=True, append_images=[Image.new("L", (120, 80))], duration=100)
        assert decode(data)[:30, :50].max() < 30


def test_a_jpeg_of_many_scans_is_refused() -> None:
    """Each scan costs a pass over all pixels: a file of a thousand would keep a processor busy for minutes."""
    data = encoded(noise((64, 64)), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    assert decode(data).shape == (64, 64)
    assert flaw_of(data[:last] + data[last:-2] * (MAX_SCANS + 1) + data[-2:]) is Flaw.DAMAGED


BLANKS = {
    "grey": ("L", (8_000, 5_000), "PNG", {}),
    "more grey": ("L", (8_000, 5_001), "PNG", {}),
    "colours": ("RGB", (4_000, 4_000), "PNG", {}),
    "more colours": ("RGB", (4_000, 4_001), "PNG", {}),
    "palette": ("P", (4_000, 2_000), "PNG", {"transparency": 0}),
    "alpha": ("RGBA", (4_000, 2_000), "PNG", {}),
    "grey and alpha": ("LA", (4_000, 2_000), "PNG", {}),
    "16 bits": ("I;16", (3_800, 3_000), "PNG", {}),
    "one scan": ("RGB", (8_000, 6_000), "JPEG", {}),
    "a phone's coefficients": ("RGB", (4_032, 3_024), "JPEG", {"progressive": True, "subsampling": 0}),
    "coefficients": ("CMYK", (4_000, 2_000), "JPEG", {"progressive": True}),
    "more coefficients": ("CMYK", (4_000, 2_001), "JPEG", {"progressive": True}),
    "webp": ("RGBA", (2_400, 1_600), "WEBP", {}),
    "more webp": ("RGBA", (2_400, 1_700), "WEBP", {}),
}
"""Mode, size, format and options of blank pictures, the largest that are decoded and larger ones."""


def test_a_bomb_is_not_unfolded() -> None:
    """A small file that says it has 10 GB of pixels is refused before any of them is there."""
    for bomb in (png_bomb(10_000, 10_000), png_bomb(100_000, 33_000)):
        assert len(bomb) < 1_000_000
        outcome, grown = decoding.decode(bomb)
        assert outcome == Flaw.PIXELS
        assert grown < ALLOWED_BYTES / 5


@pytest.mark.parametrize("name", BLANKS)
def test_memory_is_bounded(name: str) -> None:
    """The largest file of each kind that is decoded, and those larger, take 80 MB at most."""
    mode, size, kind, options = BLANKS[name]
    data = encoded(Image.new(mode, size), kind, **options)
    assert len(data) < MAX_BYTES
    outcome, grown = decoding.decode(data)
    assert outcome == Flaw.PIXELS or outcome.startswith("(")
    assert grown <= ALLOWED_BYTES
    assert (outcome == Flaw.PIXELS) == name.startswith("more")
