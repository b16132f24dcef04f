"""Measure how smooth the ink of a picture is, and that nothing else changes.

    python -m tests.benchmarks.ink
    python -m tests.benchmarks.ink --sheet docs/ink.png

Each image is rendered as the bot sends it, and as versions before 0.2 did: enlarged along a bicubic surface and cut.
The second command writes both renderings of 100 digits to a picture, one row above the other.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from contourpy import contour_generator
from numpy.typing import NDArray
from PIL import Image

from core import latents
from core.catalog import Catalog
from core.generator import one_hot
from core.imaging.rendering import MARGIN_PX, SCALE, enlarge
from core.imaging.styles import LEVELS, PALETTES, Style
from core.reader import Reader
from tests.benchmarks.figures import times

WEIGHTS = Path(__file__).resolve().parents[2] / "weights"
COUNT = 1000
SEED = 11
ON_SHEET = 100
MAX_SHEET_BYTES = 300_000
STEP_PX, WINDOW_PX = 0.1, 2.0
"""Distance of points on an outline, and half the length of outline that a quadratic is fitted to, in pixels of 28."""
SHORTEST_PX = 8.0
"""Outlines shorter than this, in pixels of 28, are specks."""

SHOWN = slice(MARGIN_PX * SCALE, -MARGIN_PX * SCALE)
"""Pixels of each rendering that a sheet shows, rows and columns alike."""
RULE_PX, RULE_SHADE = 6, 0.35
"""Height and ink of the line between two kinds of digits on a sheet."""

Picture = NDArray[np.float64]
Enlarge = Callable[[NDArray[np.uint8]], Picture]


@dataclass(frozen=True)
class Measured:
    """Figures of one way to render.

    Attributes:
        roughness: of each image, in pixels of 28; NaN without an outline.
        widths: mean stroke width of each image, in pixels of 28.
        outlines: of each image.
        accuracy: share of the images that the reader reads right after they are scaled back to 28 pixels.
        milliseconds: of rendering a strip.
    """

    roughness: NDArray[np.float64]
    widths: NDArray[np.float64]
    outlines: NDArray[np.int64]
    accuracy: float
    milliseconds: list[float]


def today(image: NDArray[np.uint8]) -> Picture:
    """Render as the bot does: ink 0..1."""
    return np.asarray(enlarge(image), float) / (LEVELS - 1)


def before(image: NDArray[np.uint8]) -> Picture:
    """Render as version 0.1 did: a smooth step over a bicubic surface."""
    padded = Image.fromarray(np.pad(image, MARGIN_PX))
    large = padded.resize((padded.width * SCALE, padded.height * SCALE), Image.Resampling.BICUBIC)
    share = ((np.asarray(large, float) / 255 - 0.15) / 0.6).clip(0, 1)
    return share * share * (3 - 2 * share)


def roughness(outline: Picture) -> Picture:
    """Return the distances of an outline's points from a quadratic fitted to its neighbourhood, in pixels of 28.

    A quadratic follows the curves of a digit; what is left is wobble (Savitzky and Golay, 1964).

    Args:
        outline: (N, 2) closed, in pixels of the picture.
    """
    line = outline / SCALE
    lengths = np.concatenate([[0], np.hypot(*np.diff(line, axis=0).T).cumsum()])
    places = np.arange(0, lengths[-1], STEP_PX)
    points = np.stack([np.interp(places, lengths, line[:, axis]) for axis in (0, 1)], axis=1)
    half = round(WINDOW_PX / STEP_PX)
    offsets = np.arange(-half, half + 1) / half
    weights = np.linalg.pinv(np.vander(offsets, 3))[2]
    around = np.concatenate([points[-half:], points, points[:half]])
    fitted = np.stack([np.convolve(around[:, axis], weights[::-1], "valid") for axis in (0, 1)], axis=1)
    return np.hypot(*(points - fitted).T)


def measure(render: Enlarge, images: NDArray[np.uint8], digits: NDArray[np.intp], reader: Reader) -> Measured:
    """Render each image and measure it."""
    rough, widths, counts, small = [], [], [], []
    for image in images:
        picture = render(image)
        outlines = contour_generator(z=picture).lines(0.5)
        lengths = [np.hypot(*np.diff(line, axis=0).T).sum() / SCALE for line in outlines]
        long = [roughness(line) for line, length in zip(outlines, lengths, strict=True) if length >= SHORTEST_PX]
        rough.append(float(np.median(np.concatenate(long))) if long else np.nan)
        widths.append(2 * picture.sum() / SCALE**2 / sum(lengths))
        counts.append(len(outlines))
        shrunk = Image.fromarray((255 * picture).round().astype(np.uint8)).reduce(SCALE)
        small.append(np.asarray(shrunk)[MARGIN_PX:-MARGIN_PX, MARGIN_PX:-MARGIN_PX])
    read = reader.read(np.stack(small)).argmax(axis=1)
    strip = np.hstack(list(images[:5]))
    took = times(lambda: render(strip))
    return Measured(np.array(rough), np.array(widths), np.array(counts), float((read == digits).mean()), took)


def sample(catalog: Catalog, count: int) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
    """Return images (count, 28, 28) of the default model, a kind of digit in every tenth, and the digits (count,)."""
    generator = catalog.find(None).generator
    digits = np.arange(count) % 10
    rows = latents.independent(SEED, count, generator.latent_dim)
    return generator.draw(rows, one_hot(tuple(digits.tolist()))), digits


def sheet(images: NDArray[np.uint8]) -> Image.Image:
    """Set ten digits of each kind in two rows, the upper rendered as by version 0.1 and the lower as now.

    Args:
        images: uint8 (N, 28, 28), a kind of digit in every tenth.
    """
    rows = []
    for kind in range(10):
        drawn = [[render(image)[SHOWN, SHOWN] for image in images[kind::10]] for render in (before, today)]
        pair = np.block(drawn)
        rows += [pair, np.full((RULE_PX, pair.shape[1]), RULE_SHADE)]
    shades = np.rint(np.vstack(rows[:-1]) * (LEVELS - 1)).astype(np.uint8)
    picture = Image.fromarray(shades)
    picture.putpalette(PALETTES[Style.CHALK])
    return picture


def main() -> int:
    """Measure and print, or draw the sheet; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sheet", type=Path, help="a PNG to write in place of measuring")
    path = parser.parse_args().sheet
    catalog = Catalog.open(WEIGHTS)
    if path:
        sheet(sample(catalog, ON_SHEET)[0]).save(path, optimize=True)
        return 0
    images, digits = sample(catalog, COUNT)
    assert catalog.reader is not None
    old, new = (measure(render, images, digits, catalog.reader) for render in (before, today))
    rows = [
        (
            "roughness of the outline, pixels of 28",
            f"{np.nanmean(old.roughness):.4f}",
            f"{np.nanmean(new.roughness):.4f}",
        ),
        ("of version 0.1", "1", f"{np.nanmean(new.roughness) / np.nanmean(old.roughness):.2f}"),
        ("stroke width, of version 0.1", "1", f"{np.mean(new.widths / old.widths):.3f}"),
        ("images with fewer outlines (holes, specks)", "", f"{np.mean(new.outlines < old.outlines):.1%}"),
        ("read right when scaled back to 28 pixels", f"{old.accuracy:.1%}", f"{new.accuracy:.1%}"),
        ("milliseconds to render a strip", f"{median(old.milliseconds):.2f}", f"{median(new.milliseconds):.2f}"),
    ]
    lines = ["| ink | version 0.1 | now |", "| --- | --- | --- |", *(f"| {' | '.join(row)} |" for row in rows)]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
