"""A photo's file to grey levels: checked before it is decoded, and decoded no larger than needed."""

import io
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
MAX_DECODED_BYTES = 100_000_000
"""Memory that the decoding of one photo may take."""
DECODED_BYTES = {"PNG": 8, "WEBP": 16}
"""Bytes a pixel that decoding takes: the pixels, and a copy in another mode; libwebp keeps two frames beside them."""
COEFFICIENT_BYTES = 2
"""A JPEG of several scans is kept whole, as a coefficient for each pixel of each component, before it is scaled."""
MAX_SCANS = 24
"""Scans of a JPEG, those of its thumbnails included: cameras write ten, and each costs a pass over all pixels."""
WORKING_PX = 1000
"""Length of a photo's longer side after scaling: a digit that fills a thirtieth of it still has MNIST's 28 pixels."""
WHITE = (255, 255, 255, 255)

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
# Pillow warns of a photo that is refused here anyway.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


def decode(data: bytes) -> Grey:
    """Decode a photo or drawing.

    Args:
        data: a PNG, JPEG or WebP, of which the first picture counts.

    Returns:
        uint8 (height, width), upright, transparent parts white; the longer side is at most 2 WORKING_PX.

    Raises:
        InvalidPhoto: it is too large, of another format, or damaged.
    """
    if len(data) > MAX_BYTES:
        raise InvalidPhoto(Flaw.BYTES, MAX_BYTES)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check(image, data)
            return _grey(image)
    except InvalidPhoto:
        raise
    except UnidentifiedImageError:
        raise InvalidPhoto(Flaw.FORMAT) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise InvalidPhoto(Flaw.PIXELS, MAX_PIXELS) from None
    except Exception as error:  # Pillow raises errors of many kinds at a damaged file
        raise InvalidPhoto(Flaw.DAMAGED) from error


def _check(image: Image.Image, data: bytes) -> None:
    """Refuse a picture that would take too much memory or time."""
    pixel_bytes = DECODED_BYTES.get(image.format or "", 0)
    if not pixel_bytes and not _has_one_scan(data):
        pixel_bytes = COEFFICIENT_BYTES * len(image.getbands())
        if data.count(b"\xff\xda") > MAX_SCANS:
            raise InvalidPhoto(Flaw.DAMAGED)
    most = min(MAX_PIXELS, MAX_DECODED_BYTES // pixel_bytes) if pixel_bytes else MAX_PIXELS
    if image.width * image.height > most:
        raise InvalidPhoto(Flaw.PIXELS, most)


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
    if orientation:
        small.getexif()[Base.Orientation] = orientation
        small = ImageOps.exif_transpose(small)
    return np.asarray(small)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Convert to eight bits a channel, without a palette: to what can be scaled."""
    if image.mode.startswith("I"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    return image.convert({"1": "L", "P": "RGBA"}.get(image.mode, image.mode))


def _over_white(image: Image.Image) -> Image.Image:
    """Convert to grey levels, over white where it is transparent."""
    if "A" in image.getbands():
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, WHITE), image)
    return image.convert("L")
