"""Draw the icons of the page from a digit of the bot's own.

    python -m tests.icons [FOLDER]

Writes icon.svg, the PNGs that browsers install and favicon.ico beside the page's style, or to another folder.
"""

import io
import sys
from pathlib import Path

import numpy as np
from contourpy import contour_generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from bot.adapters.web.static import FOLDER
from core.catalog import Catalog
from core.imaging.rendering import enlarge
from core.imaging.styles import LEVELS
from core.pictures.base import Form, draw
from core.pictures.strip import StripRequest
from tests.conftest import WEIGHTS

DIGIT = StripRequest(4, 1, seed=61, neat=60, form=Form.ORIGINAL)
TILE, INK = "#2f4bc8", "#f6f4ee"
"""Colours: the page's accent, and chalk."""
VIEW = 64
"""Sides of the SVG's coordinates."""
ROUND, SHARE = 14 / VIEW, 0.68
"""Radius of the tile's corners, and height of the digit, both of the tile's side."""
SAFE_SHARE = 0.5
"""Height of the digit where a platform may cut the icon to a circle of 0.8 of its side."""
APPLE_PX = 180
FAVICON_PX = (16, 32, 48)
SUPERSAMPLING = 8
"""Pixels drawn for one of the icon's, along each axis."""
TOLERANCE = 0.06
"""Distance of the SVG's outline from the digit's, at most, in units of VIEW."""

Outline = NDArray[np.float64]
"""(N, 2) points x, y, closed; a digit in a box of height 1 around the origin."""


def outlines(catalog: Catalog) -> list[Outline]:
    """Return the outlines of the digit, the longest first."""
    with Image.open(io.BytesIO(draw(catalog, DIGIT).data)) as image:
        ink = np.asarray(enlarge(np.asarray(image)), float)
    found = sorted(contour_generator(z=ink).lines((LEVELS - 1) / 2), key=len, reverse=True)
    low, high = found[0].min(axis=0), found[0].max(axis=0)
    return [(line - (low + high) / 2) / (high - low)[1] for line in found]


def svg(lines: list[Outline]) -> str:
    """Return the icon as an SVG: a curve through the middles between the points of a simpler outline."""
    path = "".join(_curve(_simplify(line * SHARE * VIEW + VIEW / 2)) for line in lines)
    tile = f'<rect width="{VIEW}" height="{VIEW}" rx="{ROUND * VIEW:g}" fill="{TILE}"/>'
    ink = f'<path fill="{INK}" fill-rule="evenodd" d="{path}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {VIEW} {VIEW}">{tile}{ink}</svg>\n'


def png(lines: list[Outline], side_px: int, share: float = SHARE, corner: float = 0) -> Image.Image:
    """Return the icon in pixels.

    Args:
        lines: outlines of the digit.
        side_px: of the icon.
        share: height of the digit, of the side.
        corner: radius of the corners, of the side.
    """
    large = side_px * SUPERSAMPLING
    sheet = Image.new("RGBA", (large, large))
    pen = ImageDraw.Draw(sheet)
    pen.rounded_rectangle((0, 0, large - 1, large - 1), corner * large, TILE)
    for index, line in enumerate(lines):
        pen.polygon([tuple(point) for point in line * share * large + large / 2], TILE if index else INK)
    return sheet.resize((side_px, side_px), Image.Resampling.BOX)


def write(catalog: Catalog, folder: Path) -> list[Path]:
    """Write every icon to a folder that exists, and return the paths."""
    lines = outlines(catalog)
    (folder / "icon.svg").write_text(svg(lines))
    sheets = {"apple-touch-icon.png": png(lines, APPLE_PX)}
    for side in (192, 512):
        sheets[f"icon-{side}.png"] = png(lines, side, corner=ROUND)
        sheets[f"maskable-{side}.png"] = png(lines, side, SAFE_SHARE)
    for name, sheet in sheets.items():
        sheet.quantize(64).save(folder / name, optimize=True)
    small = [png(lines, side, corner=ROUND) for side in FAVICON_PX]
    small[-1].save(folder / "favicon.ico", sizes=[(side, side) for side in FAVICON_PX], append_images=small[:-1])
    return [folder / name for name in ("icon.svg", *sheets, "favicon.ico")]


def _simplify(line: Outline) -> Outline:
    """Leave out points of a closed outline that are near the line between others (Douglas and Peucker, 1973)."""
    half = len(line) // 2
    return np.concatenate([_thin(line[: half + 1])[:-1], _thin(line[half:])[:-1]])


def _thin(line: Outline) -> Outline:
    if len(line) < 3:
        return line
    along, offsets = line[-1] - line[0], line[1:-1] - line[0]
    distances = np.abs(along[0] * offsets[:, 1] - along[1] * offsets[:, 0]) / (np.hypot(*along) or 1)
    farthest = int(distances.argmax()) + 1
    if distances.max() <= TOLERANCE:
        return line[[0, -1]]
    return np.concatenate([_thin(line[: farthest + 1])[:-1], _thin(line[farthest:])])


def _curve(points: Outline) -> str:
    middles = (points + np.roll(points, -1, axis=0)) / 2
    steps = zip(np.roll(points, -1, axis=0), np.roll(middles, -1, axis=0), strict=True)
    written = "".join(f"Q{x:.1f} {y:.1f} {to_x:.1f} {to_y:.1f}" for (x, y), (to_x, to_y) in steps)
    return f"M{middles[0][0]:.1f} {middles[0][1]:.1f}{written}Z"


def main(folder: Path) -> None:
    """Write the icons and print their sizes."""
    for path in write(Catalog.open(WEIGHTS), folder):
        sys.stdout.write(f"{path.name}: {path.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
