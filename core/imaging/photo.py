"""A photo's file to grey levels: checked before it is decoded, and decoded no larger than needed."""

import contextlib
import io
import threading
import warnings

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.ExifTags import Base

from core.errors import Flaw, InvalidPhoto

Grey = NDArray[np.uint8]

FORMATS = ("JPEG", "PNG", "WEBP")
"""Told apart by their content; a phone's JPEG of several pictures (MPO) counts as JPEG."""
MAX_BYTES = 12_000_000
"""Of a file: three times a phone's photo of 12 megapixels, and less than Telegram lets a bot download."""
MAX_PIXELS = 50_000_000
"""Of a photo that is decoded at a part of its size."""
MAX_DECODED_BYTES, LARGE_BYTES = 80_000_000, 20_000_000
"""Memory that the decoding of one photo may take; and from which another such one waits, so that two take 100 MB."""
DECODED_BYTES = {"L": 2, "RGB": 5, "I;16": 7}
"""Bytes a pixel that decoding a PNG takes, with the copies that Pillow makes; of other modes ALPHA_BYTES."""
ALPHA_BYTES, WEBP_BYTES = 10, 20
"""The same with transparency, which is multiplied in and out again, and with libwebp, which keeps two frames."""
COEFFICIENT_BYTES = {"L": 2.2, "RGB": 6.5, "CMYK": 10}
"""The same of a JPEG of several scans: it is kept whole, as coefficients of two bytes, before it is scaled."""
ROW_BYTES = 0.2
"""Bytes a pixel that a JPEG of one scan takes: it is decoded row by row, at an eighth of its size."""
MAX_SCANS = 24
"""Scans of a JPEG, those of its thumbnails included: cameras write ten, and each costs a pass over all pixels."""
WORKING_PX = 1000
"""Length of a larger photo's longer side after scaling: of a digit that fills a thirtieth of it 33 pixels are left."""
LONGEST_PX = 1250
"""Length that is not scaled further: to scale by a little blurs, and takes thin lines away in places."""
WHITE = (255, 255, 255, 255)

_LARGE = threading.Lock()
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
# Pillow warns of a photo that is refused here anyway.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


def decode(data: bytes) -> Grey:
    """Decode a photo or drawing.

    Args:
        data: a PNG, JPEG or WebP, of which the first picture counts.

    Returns:
        uint8 (height, width), upright, transparent parts white; the longer side is at most LONGEST_PX.

    Raises:
        InvalidPhoto: it is too large, of another format, or damaged.
    """
    if len(data) > MAX_BYTES:
        raise InvalidPhoto(Flaw.BYTES, MAX_BYTES)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            large = _check(image, data) > LARGE_BYTES
            with _LARGE if large else contextlib.nullcontext():
                return _grey(image)
    except InvalidPhoto:
        raise
    except UnidentifiedImageError:
        raise InvalidPhoto(Flaw.FORMAT) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise InvalidPhoto(Flaw.PIXELS, MAX_PIXELS) from None
    except Exception as error:  # Pillow raises errors of many kinds at a damaged file
        raise InvalidPhoto(Flaw.DAMAGED) from error


def _check(image: Image.Image, data: bytes) -> int:
    """Return the memory that decoding takes, in bytes.

    Raises:
        InvalidPhoto: it is too much, or decoding takes too long.
    """
    pixel_bytes = _pixel_bytes(image, data)
    most = int(min(MAX_PIXELS, MAX_DECODED_BYTES / pixel_bytes))
    pixels = image.width * image.height
    if pixels > most:
        raise InvalidPhoto(Flaw.PIXELS, most)
    return int(pixels * pixel_bytes)


def _pixel_bytes(image: Image.Image, data: bytes) -> float:
    """Return the memory that decoding takes, in bytes a pixel."""
    if image.format == "PNG":
        return DECODED_BYTES.get(image.mode, ALPHA_BYTES)
    if image.format == "WEBP":
        return WEBP_BYTES
    if _has_one_scan(data):
        return ROW_BYTES
    if data.count(b"\xff\xda") > MAX_SCANS:
        raise InvalidPhoto(Flaw.DAMAGED)
    return COEFFICIENT_BYTES.get(image.mode, max(COEFFICIENT_BYTES.values()))


def _has_one_scan(jpeg: bytes) -> bool:
    """Return whether the first scan of a JPEG holds all that there is, so that it is decoded row by row."""
    at, components, progressive = 2, 0, False
    while at + 10 <= len(jpeg) and jpeg[at] == 0xFF:
        kind, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4])
        if kind == 0xDA:
            return not progressive and jpeg[at + 4] == components
        if 0xC0 <= kind <= 0xC2:
            components, progressive = jpeg[at + 9], kind == 0xC2
        at += 2 + length
    return False


def _grey(image: Image.Image) -> Grey:
    orientation = image.getexif().get(Base.Orientation)
    part = WORKING_PX / max(image.size)
    if part < 1:
        image.draft("L", (max(int(image.width * part), 1), max(int(image.height * part), 1)))
    image.load()
    small = _over_white(_eight_bits(image).reduce(max(max(image.size) // WORKING_PX, 1)))
    if max(small.size) > LONGEST_PX:
        small.thumbnail((WORKING_PX, WORKING_PX), Image.Resampling.BILINEAR)
    if orientation:
        small.getexif()[Base.Orientation] = orientation
        small = ImageOps.exif_transpose(small)
    return np.asarray(small)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Convert to eight bits a channel, without a palette: to what can be scaled."""
    if image.mode.startswith("I"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    mode = {"1": "L", "P": "RGBA"}.get(image.mode)
    return image.convert(mode) if mode else image


def _over_white(image: Image.Image) -> Image.Image:
    """Convert to grey levels, over white where it is transparent."""
    if "A" in image.getbands():
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, WHITE), image)
    return image.convert("L")
