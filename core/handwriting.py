"""Photos to digits that are read, and to the hand that wrote them."""

from dataclasses import dataclass
from typing import Self

from core.catalog import Catalog
from core.encoder import Encoder
from core.generator import Generator, one_hot
from core.hand import mean_hand
from core.imaging.pen import measure_each
from core.imaging.rendering import Images
from core.imaging.scanning import MAX_DIGITS, scan
from core.reader import Reader
from core.refinement import Refiner

MIN_CONFIDENCE = 0.6
"""Probability of its likeliest digit below which a thing in a photo is none."""
MIN_SHARE = 0.5
"""Share of things in a photo of which more have to be digits: a word has some letters that look like digits."""
MAX_STROKE_PX = 7
"""Width of a stroke, of 28 pixels: none of 10,000 test digits has one as wide."""


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
        generator: the model that writes in hands.
    """

    def __init__(self, reader: Reader, encoder: Encoder, generator: Generator) -> None:
        self._reader = reader
        self._encoder = encoder
        self._refiner = Refiner(generator, reader)

    @classmethod
    def of(cls, catalog: Catalog) -> Self | None:
        """Return one with the networks of a catalog; None if it lacks them."""
        if catalog.reader is None or catalog.encoder is None:
            return None
        return cls(catalog.reader, catalog.encoder, catalog.find_writer(None).generator)

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
        """Read images of digits, uint8 (N, 28, 28), white ink on black; a few that are none are left out."""
        if not len(images):
            return Handwriting()
        probabilities = self._reader.read(images)
        strokes = measure_each(images)[:, 0]
        sure = (probabilities.max(axis=1) >= MIN_CONFIDENCE) & (strokes <= MAX_STROKE_PX)
        if sure.mean() <= MIN_SHARE:
            return Handwriting()
        images, probabilities = images[sure], probabilities[sure]
        digits = probabilities.argmax(axis=1)
        found = mean_hand(self._encoder.encode(images, one_hot(tuple(digits.tolist()))))
        token = self._refiner.refine(found, images, digits)
        read = zip(digits.tolist(), probabilities.tolist(), images, strict=True)
        return Handwriting(tuple(ReadDigit(digit, tuple(row), image) for digit, row, image in read), token)
