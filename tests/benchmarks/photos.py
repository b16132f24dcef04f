"""Simulated photos of handwritten notes: real digits on paper, in uneven light, seen askew by a phone.

python -m tests.benchmarks.photos --data FOLDER --out FOLDER [--count 20]
"""

import argparse
import io
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

PHOTO = (1008, 756)
"""Width and height; a phone's 4032 x 3024 has no more to show once it is scaled for reading."""
JPEG_QUALITY = 60


def load(root: Path, part: str = "t10k") -> tuple[np.ndarray, np.ndarray]:
    """Load the real digits: uint8 (N, 28, 28) and their labels (N,)."""
    folder = root / "MNIST" / "raw"
    images = np.frombuffer((folder / f"{part}-images-idx3-ubyte").read_bytes()[16:], np.uint8).reshape(-1, 28, 28)
    labels = np.frombuffer((folder / f"{part}-labels-idx1-ubyte").read_bytes()[8:], np.uint8)
    assert struct.unpack(">I", (folder / f"{part}-images-idx3-ubyte").read_bytes()[4:8])[0] == len(labels)
    return images, labels


def grain(random: np.random.Generator, size: tuple[int, int], cell_px: float) -> np.ndarray:
    """Smooth noise with a standard deviation of about 1, (height, width)."""
    width, height = size
    small = random.normal(0, 1, (int(height / cell_px) + 2, int(width / cell_px) + 2)).astype(np.float32)
    return np.asarray(Image.fromarray(small).resize(size, Image.Resampling.BICUBIC))


def written(digits: Sequence[np.ndarray], random: np.random.Generator) -> np.ndarray:
    """Write digits on a sheet: coverage of ink 0..1, (height, width)."""
    width, height = PHOTO
    size = int(random.uniform(130, min(420, 1.05 * width / (len(digits) + 1))))
    sheet = np.zeros((height, width), np.float32)
    step = int(size * random.uniform(0.8, 0.95))
    left = int(random.uniform(20, max(width - step * len(digits) - 0.3 * size, 21)))
    top = int(random.uniform(20, height - size - 20))
    for digit in digits:
        image = Image.fromarray(digit).resize((4 * 28, 4 * 28), Image.Resampling.BICUBIC)
        image = image.filter(ImageFilter.GaussianBlur(1.5)).resize((size, size), Image.Resampling.BICUBIC)
        image = image.rotate(random.uniform(-4, 4), Image.Resampling.BICUBIC)
        ink = ((np.asarray(image, np.float32) / 255 - 0.5) * size / 28 + 0.5).clip(0, 1)
        area = sheet[top : top + size, left : left + size]
        np.maximum(area, ink[: area.shape[0], : area.shape[1]], out=area)
        left += step
    return sheet


def ruled(random: np.random.Generator) -> np.ndarray:
    """Rule a sheet, or leave it blank: coverage of lines 0..1, (height, width)."""
    width, height = PHOTO
    rules = np.zeros((height, width), np.float32)
    kind = random.choice(["none", "lines", "squares"], p=[0.3, 0.5, 0.2])
    gap, thick = int(random.uniform(45, 110)), int(random.integers(1, 4))
    if kind != "none":
        for at in range(int(random.integers(gap)), height - thick, gap):
            rules[at : at + thick] = 1
    if kind == "squares":
        for at in range(int(random.integers(gap)), width - thick, gap):
            rules[:, at : at + thick] = 1
    return rules


def light(random: np.random.Generator) -> np.ndarray:
    """Light falling on the sheet, 0..1: brighter at one side, and the shadow of a hand or phone over a part of it."""
    width, height = PHOTO
    y, x = np.mgrid[:height, :width].astype(np.float32)
    angle = random.uniform(0, 2 * np.pi)
    along = (x / width - 0.5) * np.cos(angle) + (y / height - 0.5) * np.sin(angle)
    falling = 1 - random.uniform(0, 0.35) * (along + 0.5)
    angle, at, soft = random.uniform(0, 2 * np.pi), random.uniform(-0.4, 0.4), random.uniform(0.01, 0.12)
    edge = (x / width - 0.5) * np.cos(angle) + (y / height - 0.5) * np.sin(angle) - at
    shadow = 1 / (1 + np.exp((-edge / soft).clip(-30, 30)))
    return falling * (1 - random.uniform(0, 0.5) * shadow)


def askew(image: Image.Image, random: np.random.Generator, fill: int) -> Image.Image:
    """See a sheet in perspective, turned by a few degrees."""
    width, height = image.size
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], float)
    moved = corners + random.uniform(-0.05, 0.05, (4, 2)) * (width, height)
    rows = []
    for (x, y), (u, v) in zip(corners, moved, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    coefficients = np.linalg.solve(np.array(rows), moved.ravel())
    return image.transform(
        image.size, Image.Transform.PERSPECTIVE, tuple(coefficients), Image.Resampling.BICUBIC, fillcolor=fill
    )


def photograph(digits: Sequence[np.ndarray], seed: int, size: tuple[int, int] = PHOTO) -> bytes:
    """Take a photo of digits.

    Args:
        digits: uint8 (28, 28) each, white ink on black, from left to right.
        seed: of everything else: paper, rules, pen, light, perspective, blur, noise.
        size: width and height of the JPEG.
    """
    random = np.random.default_rng(seed)
    paper = random.uniform(175, 240)
    sheet = paper * (1 + 0.012 * grain(random, PHOTO, 2.5) + 0.015 * grain(random, PHOTO, 60))
    sheet *= 1 - random.uniform(0.1, 0.45) * ruled(random)
    sheet *= 1 - random.uniform(0.5, 0.9) * written(digits, random)
    image = askew(Image.fromarray(sheet.clip(0, 255).astype(np.uint8)), random, int(paper))
    lit = np.asarray(image, np.float32) * light(random)
    image = Image.fromarray(lit.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(random.uniform(0.4, 2)))
    tint = np.array([random.uniform(0.92, 1), random.uniform(0.92, 1), random.uniform(0.85, 1)], np.float32)
    noisy = np.asarray(image, np.float32)[..., None] * tint + random.normal(
        0, random.uniform(1, 4), (*image.size[::-1], 1)
    )
    photo = Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)
    buffer = io.BytesIO()
    photo.save(buffer, "JPEG", quality=JPEG_QUALITY)
    return buffer.getvalue()


def main() -> int:
    """Write photos to a folder; returns the exit code."""
    parser = argparse.ArgumentParser(description="Simulate photos of handwritten notes.")
    parser.add_argument("--data", type=Path, required=True, help="folder with MNIST/raw")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=20)
    options = parser.parse_args()
    images, labels = load(options.data)
    options.out.mkdir(parents=True, exist_ok=True)
    for index in range(options.count):
        name = f"{index:03}-{labels[index]}.jpg"
        (options.out / name).write_bytes(photograph([images[index]], index))
        sys.stdout.write(f"{name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
