"""Measure how well hands are read and followed, on real test digits and simulated photos of them; print it as tables.

python -m tests.benchmarks.hand --data FOLDER [--count 1000]
python -m tests.benchmarks.hand --sheet FILE

The classifier that judges samples needs the `train` extra; without it the last table is left out.
"""

import argparse
import gc
import io
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops
from tqdm import tqdm

from bot.config.loading import load as load_settings
from bot.config.loading import open_catalog
from core import hand as hands
from core import latents
from core.catalog import Catalog
from core.generator import DIGITS, one_hot
from core.handwriting import HandReader, Handwriting
from core.imaging.pen import measure_each
from core.pictures.base import Form, draw
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest
from tests.benchmarks.photos import load, photograph

WRITERS = 1000
"""Pseudo-writers of the last table."""
PER_KIND = 4
"""Digits of each kind that a pseudo-writer wrote."""
SMALL_SHARE = 1e-3
"""Share of the features' greatest variance that is added to each."""
NEARER_THAN = 0.9
"""Share of other writers than whom a number is to be nearer to its own."""
LARGE = (4032, 3024)
"""A phone's photo of 12 megapixels."""
SENSOR_NOISE, PHONE_QUALITY = 6, 92
"""Standard deviation of a pixel's noise in grey levels, and quality of the JPEG."""
SHEET_WRITER, SHEET_SEED = "cgan-mlp", 3
"""Model and seed of the digits on the sheet."""
SHEET_COLOURS = 96
REPEATS = 15


def file_of(image: np.ndarray) -> bytes:
    """Return a digit, uint8 (28, 28), as a PNG."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    return buffer.getvalue()


def pens(images: np.ndarray) -> np.ndarray:
    """Return slant and stroke width of each image: (N, 2)."""
    return measure_each(images)[:, ::-1]


def images_of(catalog: Catalog, request: StripRequest | NumberRequest) -> np.ndarray:
    """Return the images of a picture that was asked for untouched in one row: uint8 (N, 28, 28)."""
    with Image.open(io.BytesIO(draw(catalog, request).data)) as row:
        return np.asarray(row).reshape(28, -1, 28).swapaxes(0, 1)


def correlations(one: np.ndarray, other: np.ndarray) -> str:
    """Return the correlations of slants and of widths, (N, 2) each, for a row of a table."""
    return " | ".join(f"{np.corrcoef(one[:, k], other[:, k])[0, 1]:.3f}" for k in (0, 1))


def centred(values: np.ndarray, digits: np.ndarray) -> np.ndarray:
    """Subtract the mean of each digit, so that what is left is the hand."""
    means = np.stack([values[digits == digit].mean(axis=0) for digit in range(DIGITS)])
    return values - means[digits]


def readings(
    reader: HandReader, photos: Iterator[bytes], labels: np.ndarray
) -> tuple[list[Handwriting], np.ndarray, float]:
    """Read a photo for each label: what was read, whether it was right, and the median milliseconds of it."""
    found, times = [], []
    for photo in tqdm(photos, total=len(labels), disable=None):
        began = time.process_time()
        found.append(reader.read(photo))
        times.append(time.process_time() - began)
    right = np.array([read.text == str(label) for read, label in zip(found, labels, strict=True)])
    return found, right, 1000 * float(np.median(times))


def follow(catalog: Catalog, found: list[Handwriting], images: np.ndarray, labels: np.ndarray) -> tuple[str, str]:
    """Return correlations of the originals' pens with those of strips of the digit, and of numbers of others."""
    chosen = [index for index, read in enumerate(found) if read.text == str(labels[index])]
    strips, numbers = [], []
    for index in chosen:
        hand, label = found[index].hand, int(labels[index])
        strips.append(pens(images_of(catalog, StripRequest(label, seed=index, hand=hand, form=Form.ORIGINAL))))
        others = "".join(str((label + step) % DIGITS) for step in range(1, DIGITS))
        numbers.append(pens(images_of(catalog, NumberRequest(others, seed=index, hand=hand, form=Form.ORIGINAL))))
    kinds = labels[chosen]
    written = centred(pens(images[chosen]), kinds)
    same = centred(np.array(strips).mean(axis=1), kinds)
    # The nine other digits of a number, each against others of its kind.
    each = np.array(numbers)  # (N, 9, 2)
    drawn_digits = (kinds[:, None] + np.arange(1, DIGITS)) % DIGITS
    other = centred(each.reshape(-1, 2), drawn_digits.ravel()).reshape(each.shape).mean(axis=1)
    return correlations(written, same), correlations(written, other)


def quantised(catalog: Catalog, images: np.ndarray, labels: np.ndarray) -> list[str]:
    """Return rows about the encoder's latent, its token of 22 characters, and finer and coarser ones."""
    model = catalog.find_writer(None)
    assert catalog.encoder is not None
    digits = one_hot(tuple(labels.tolist()))
    exact = catalog.encoder.encode(images, digits)
    tokens = hands.to_tokens(exact, model.generator.pen_space.basis)
    token = np.stack([hands.from_token(one, model.generator.latent_dim) for one in tokens])
    written, rows = centred(pens(images), labels), []
    for name, codes in (("none", exact), ("2 bits a value, 22 characters", token), ("1 bit, 12", np.sign(exact))):
        rebuilt = model.generator.draw(codes.astype(np.float32), digits)
        other = model.generator.draw(codes.astype(np.float32), np.roll(digits, 3, axis=1))
        likeness = np.mean([np.corrcoef(one, two)[0, 1] for one, two in zip(exact, codes, strict=True)])
        grey = np.abs(rebuilt.astype(float) - images).mean()
        follows = correlations(written, centred(pens(other), (labels + 3) % DIGITS))
        rows.append(f"| {name} | {likeness:.3f} | {grey:.1f} | {follows} |")
    return rows


def large_photo(reader: HandReader, image: np.ndarray) -> list[str]:
    """Return rows about a photo of 12 megapixels: milliseconds, and memory while and after it is read."""
    photo = detailed(photograph([image], 1, LARGE))
    reader.read(photo)
    gc.collect()
    before, times = resident(), []
    for _ in range(REPEATS):
        began, began_cpu = time.perf_counter(), time.process_time()
        reader.read(photo)
        times.append((time.perf_counter() - began, time.process_time() - began_cpu))
    gc.collect()
    wall, processor = (1000 * float(np.median(column)) for column in zip(*times, strict=True))
    grown = (resident() - before) / 1e6
    return [f"| {len(photo) / 1e6:.1f} | {wall:.0f} | {processor:.0f} | {grown:+.1f} |"]


def detailed(photo: bytes) -> bytes:
    """Return a photo with a sensor's noise in every pixel, in a phone's quality: some 4 MB."""
    with Image.open(io.BytesIO(photo)) as image:
        noise = Image.effect_noise(image.size, SENSOR_NOISE)
        grain = Image.merge("RGB", [noise] * 3)
        buffer = io.BytesIO()
        ImageChops.add(image, grain, offset=-128).save(buffer, "JPEG", quality=PHONE_QUALITY)
    return buffer.getvalue()


def resident() -> int:
    """Return the bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def writers(catalog: Catalog, reader: HandReader, images: np.ndarray, labels: np.ndarray) -> list[str]:
    """Return rows about numbers in hands, and the other digits of their writers, in the judge's features.

    MNIST's files do not name writers. A pseudo-writer is a digit, by which the hand is read, and of every kind the four
    other digits nearest to it in slant and width, each as standard deviations from the mean of its kind: the writers
    of the test digits wrote about four of each kind. The distance is Mahalanobis', by the features' covariance within a
    kind, of the mean over the nine other kinds. For comparison: real digits of each kind that are next nearest.
    """
    try:
        import torch

        from training.data import to_float
        from training.evaluation.classifier import load_classifier
    except ImportError:
        return []
    judge = load_classifier()

    def features(digits: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            parts = torch.from_numpy(digits.copy()).split(250)
            return torch.cat([judge.features(to_float(part)) for part in parts]).numpy()

    found = features(images)
    means = np.stack([found[labels == digit].mean(axis=0) for digit in range(DIGITS)])
    found -= means[labels]
    spread, axes = np.linalg.eigh(np.cov(found.T))
    scale = axes / np.sqrt(spread + SMALL_SHARE * spread.max())
    near = neighbours(centred(pens(images), labels), labels)
    own = found[near[..., :PER_KIND]].mean(axis=2)
    one, four = found[near[..., PER_KIND]], found[near[..., PER_KIND:]].mean(axis=2)
    drawn = []
    for writer in range(WRITERS):
        hand = reader.read_images(images[writer][None]).hand
        number = NumberRequest("0123456789", seed=writer, hand=hand, form=Form.ORIGINAL)
        drawn.append(features(images_of(catalog, number)) - means)
    rows = []
    for name, written in (
        ("a number in a hand", np.stack(drawn)),
        ("one real digit of each kind", one),
        ("four", four),
    ):
        ahead = np.array([nearer(own, written[writer], writer, labels[writer], scale) for writer in range(WRITERS)])
        rows.append(f"| {name} | {np.median(ahead):.1%} | {ahead.mean():.1%} | {np.mean(ahead >= NEARER_THAN):.0%} |")
    return [
        f"| of {WRITERS} pseudo-writers | nearer than so many others: median | mean | nearer than 90 % |",
        "| --- | --- | --- | --- |",
        *rows,
    ]


def neighbours(hands_: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the indices (WRITERS, 10, 2 PER_KIND) of the digits of each kind nearest in slant and width, (N, 2)."""
    hands_ = hands_ / hands_.std(axis=0)
    near = np.zeros((WRITERS, DIGITS, 2 * PER_KIND), int)
    for digit in range(DIGITS):
        (kind,) = np.nonzero(labels == digit)
        distances = np.linalg.norm(hands_[:WRITERS, None] - hands_[kind], axis=2)
        distances[np.arange(WRITERS)[:, None] == kind] = np.inf
        near[:, digit] = kind[np.argsort(distances, axis=1)[:, : 2 * PER_KIND]]
    return near


def nearer(own: np.ndarray, written: np.ndarray, writer: int, label: int, scale: np.ndarray) -> float:
    """Return the share of other writers (W, 10, F) to whom what was written (10, F) is not as near as to its own."""
    others = np.arange(DIGITS) != label
    distances = np.linalg.norm((own[:, others].mean(axis=1) - written[others].mean(axis=0)) @ scale, axis=1)
    return float((distances > distances[writer]).sum() / (len(own) - 1))


def sheet(catalog: Catalog, reader: HandReader, path: Path) -> None:
    """Draw ten photos, and beside each what the bot answers: five of the digit, and a number.

    The digits are another model's, as pictures of MNIST itself are not ours to show.
    """
    writer = catalog.find(SHEET_WRITER).generator
    images = writer.draw(latents.independent(SHEET_SEED, 10, writer.latent_dim), one_hot(tuple(range(10))))
    rows = []
    for index in range(10):
        photo = photograph([images[index]], index)
        read = reader.read(photo)
        row = Image.new("RGB", (1180, 156), (16, 17, 22))
        with Image.open(io.BytesIO(photo)) as shown:
            row.paste(shown.resize((192, 144)), (6, 6))
        if read.hand is not None:
            strip = StripRequest(read.digits[0].digit, seed=7, hand=read.hand)
            for request, left in ((strip, 206), (NumberRequest("2026", seed=7, hand=read.hand), 790)):
                with Image.open(io.BytesIO(draw(catalog, request).data)) as picture:
                    height = 110
                    width = round(picture.width * height / picture.height)
                    row.paste(picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS), (left, 23))
        rows.append(np.asarray(row))
    Image.fromarray(np.vstack(rows)).quantize(SHEET_COLOURS).save(path, optimize=True)


def main() -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(description="Measure how well hands are read and followed.")
    parser.add_argument("--data", type=Path, help="folder with MNIST/raw")
    parser.add_argument("--count", type=int, default=1000, help="digits")
    parser.add_argument("--sheet", type=Path, help="write ten hands to this PNG, and measure nothing")
    options = parser.parse_args()
    catalog = open_catalog(load_settings({}).settings)
    reader = HandReader.of(catalog)
    assert reader is not None
    if options.sheet:
        sheet(catalog, reader, options.sheet)
        return 0
    if options.data is None:
        parser.error("name the folder of MNIST with --data")
    everything, kinds = load(options.data)
    images, labels = everything[: options.count], kinds[: options.count].astype(int)
    sources = {
        "as they are": (file_of(image) for image in images),
        "simulated photos": (photograph([image], seed) for seed, image in enumerate(images)),
    }
    lines = [
        f"{options.count} test digits; correlations within each kind of digit.",
        "",
        "| digits | read right | none | ms | strip: slant | width | nine other digits: slant | width |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, photos in sources.items():
        found, right, milliseconds = readings(reader, photos, labels)
        none = np.mean([not read.digits for read in found])
        same, other = follow(catalog, found, images, labels)
        lines.append(f"| {name} | {right.mean():.1%} | {none:.1%} | {milliseconds:.0f} | {same} | {other} |")
    lines += [
        "",
        "| quantisation | correlation of the latent | grey levels off | another digit: slant | width |",
        "| --- | --- | --- | --- | --- |",
        *quantised(catalog, images, labels),
        "",
        "| 12 megapixels, MB | ms | ms of processor | MB of memory kept |",
        "| --- | --- | --- | --- |",
        *large_photo(reader, images[0]),
        "",
        *writers(catalog, reader, everything, kinds.astype(int)),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
