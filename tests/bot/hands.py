"""Handwriting that leans, as a person sends it, and the slant of what comes back."""

import io
import re
import zipfile

import numpy as np
from PIL import Image

from core.imaging.pen import measure_each
from tests.core.imaging.test_scanning import drawn, file_of

LEANINGS = (-0.35, 0.35)
"""Slants of two hands: pixels to the right for each one down, so that the first leans to the right."""
FOUR = file_of(drawn(4, 14))
BLANK = file_of(np.full((300, 400), 255, np.uint8))


def leaning(digit: int, slant: float, form: str = "JPEG") -> bytes:
    """Return a photo of a digit in a hand with a slant."""
    sheet = Image.fromarray(drawn(digit, 14))
    middle = sheet.height / 2
    shear = (1, -slant, slant * middle, 0, 1, 0)
    buffer = io.BytesIO()
    sheet.transform(sheet.size, Image.Transform.AFFINE, shear, Image.Resampling.BICUBIC, fillcolor=255).save(
        buffer, form
    )
    return buffer.getvalue()


def slant(originals: bytes) -> float:
    """Return the mean slant of the images in a ZIP of originals."""
    with zipfile.ZipFile(io.BytesIO(originals)) as archive:
        files = [archive.read(name) for name in archive.namelist() if name.endswith(".png")]
    images = np.stack([np.asarray(Image.open(io.BytesIO(file)).convert("L")) for file in files])
    return float(measure_each(images)[:, 1].mean())


def token(caption: str) -> str:
    """Return the token of the hand that a caption names."""
    found = re.search(r" · hand ([\w\\-]+)$", caption)
    assert found, caption
    return found[1].replace("\\", "")
