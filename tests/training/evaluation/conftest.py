"""Fixtures that tests of this folder share."""

from pathlib import Path

import pytest

from training.data import Digits, load
from training.evaluation.classifier import load_classifier
from training.evaluation.scores import Benchmark

REAL = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.fixture(scope="module")
def reference() -> Benchmark:
    """The classifier that ships, and some of the real digits."""
    if not REAL.exists():
        pytest.skip("real MNIST is checked where it is")
    train, real = load(REAL, "train"), load(REAL, "validation")
    return Benchmark.prepare(load_classifier(), first(train, 6000), first(real, 2000), 1)


def first(digits: Digits, count: int) -> Digits:
    """The first images of a set."""
    return Digits(digits.images[:count], digits.labels[:count])
