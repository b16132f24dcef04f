"""Photos to digits that are read, and to the hand that wrote them."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from core.catalog import Catalog
from core.encoder import Encoder
from core.generator import one_hot
from core.hand import mean_hand, to_token
from core.imaging.rendering import Images
from core.imaging.scanning import MAX_DIGITS, scan
from core.reader import Reader

MIN_CONFIDENCE = 0.6
"""Probability of its likeliest digit below which a thing in a photo is none."""


@dataclass(frozen=True, slots=True)
class ReadDigit:
    """A digit found in a photo.

    Attributes:
        digit: 0..9.
        probabilities: of each digit, calibrated.
        image: uint8 (28, 28), white ink on black: the digit as the networks see it.
    """

    digit: int
    probabilities: tuple[float, ...]
    image: Images

    @property
    def confidence(self) -> float:
        """Probability of the digit, 0..1."""
        return self.probabilities[self.digit]


@dataclass(frozen=True, slots=True)
class Handwriting:
    """The digits in a photo, and their hand.

    Attributes:
        digits: from left to right; empty where there is none.
        hand: token of the hand, see `core.hand`; None where there is no digit.
        crowded: whether there are more things in the photo than digits are read, so that none was.
    """

    digits: tuple[ReadDigit, ...] = ()
    hand: str | None = None
    crowded: bool = False

    @property
    def text(self) -> str:
        """The digits as a number."""
        return "".join(str(read.digit) for read in self.digits)


class HandReader:
    """Reads photos; `read` may be called from any thread.

    Args:
        reader: reads digits.
        encoder: finds their latents.
    """

    def __init__(self, reader: Reader, encoder: Encoder) -> None:
        self._reader = reader
        self._encoder = encoder

    @classmethod
    def of(cls, catalog: Catalog) -> Self | None:
        """Return one with the networks of a catalog; None if it lacks them."""
        if catalog.reader is None or catalog.encoder is None:
            return None
        return cls(catalog.reader, catalog.encoder)

    def read(self, photo: bytes) -> Handwriting:
        """Read a photo or drawing; takes some 100 ms for 12 megapixels.

        Args:
            photo: a PNG, JPEG or WebP.

        Raises:
            InvalidPhoto: it is too large, of another format, or damaged.
        """
        images = scan(photo)
        if len(images) > MAX_DIGITS:
            return Handwriting(crowded=True)
        return self.read_images(images)

    def read_images(self, images: Images) -> Handwriting:
        """Read images of digits, uint8 (N, 28, 28), white ink on black; those that are none are left out."""
        if not len(images):
            return Handwriting()
        probabilities = self._reader.read(images)
        (sure,) = np.nonzero(probabilities.max(axis=1) >= MIN_CONFIDENCE)
        if not len(sure):
            return Handwriting()
        read = tuple(_read_digit(images[index], probabilities[index]) for index in sure)
        latents = self._encoder.encode(images[sure], one_hot(tuple(each.digit for each in read)))
        return Handwriting(read, to_token(mean_hand(latents)))


def _read_digit(image: Images, probabilities: NDArray[np.float32]) -> ReadDigit:
    return ReadDigit(int(probabilities.argmax()), tuple(probabilities.tolist()), image)
