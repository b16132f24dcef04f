"""Data: splits that do not mix, and batches that are balanced."""

from pathlib import Path

import pytest
import torch

from training.data import BalancedBatches, centre_of_mass, load, to_float

REAL = Path(__file__).resolve().parents[3] / "shared" / "data"


def test_validation_is_the_end_of_the_training_images(data: Path) -> None:
    """The two parts together are the training images, in order, and share none."""
    train, validation = load(data, "train"), load(data, "validation")
    assert (len(train), len(validation), len(load(data, "test"))) == (400, 80, 100)
    assert train.labels[:10].tolist() == list(range(10))


def test_pixels_span_minus_one_to_one(data: Path) -> None:
    """Black becomes -1 and full ink 1, with a channel axis."""
    images = to_float(load(data, "train").images[:50])
    assert images.shape == (50, 1, 28, 28)
    assert (images.min(), images.max()) == (-1, 1)


def test_the_centre_of_mass_is_where_the_ink_is() -> None:
    """Of one pixel it is that pixel, of two unlike ones nearer to the darker; row first."""
    ink = torch.zeros(2, 28, 20)
    ink[0, 5, 17] = 255
    ink[1, 4, 10], ink[1, 8, 12] = 3, 1
    assert centre_of_mass(ink).tolist() == [[5, 17], [5, 10.5]]


def test_batches_are_balanced_and_labelled_right(data: Path) -> None:
    """Each digit comes equally often, with images of that very digit."""
    digits = load(data, "train")
    known = {image.numpy().tobytes(): int(label) for image, label in zip(digits.images, digits.labels, strict=True)}
    images, labels = next(BalancedBatches(digits, 40))
    assert torch.bincount(labels).tolist() == [4] * 10
    pixels = ((images[:, 0] + 1) * 127.5).round().to(torch.uint8)
    assert [known[image.numpy().tobytes()] for image in pixels] == labels.tolist()


def test_every_image_of_a_digit_can_come(data: Path) -> None:
    """Drawing long enough brings the first and the last image of each digit."""
    digits = load(data, "train")
    batches = BalancedBatches(digits, 40)
    seen = {image.numpy().tobytes() for _ in range(100) for image in next(batches)[0]}
    assert len(seen) == len({image.numpy().tobytes() for image in to_float(digits.images)})


@pytest.mark.skipif(not REAL.exists(), reason="real MNIST is checked where it is")
def test_real_mnist_is_split_50_10_10() -> None:
    """50,000 images to learn from, 10,000 to choose by and 10,000 to tell the truth."""
    assert [len(load(REAL, split)) for split in ("train", "validation", "test")] == [50_000, 10_000, 10_000]
