"""The classifier that judges."""

from tests.training.evaluation.conftest import REAL
from training.data import load
from training.evaluation import scores
from training.evaluation.scores import Benchmark


def test_the_classifier_reads_real_digits(reference: Benchmark) -> None:
    """At least 99.5 % of the real test digits are read right by the classifier that ships."""
    test = load(REAL, "test")
    found = scores.features(reference.classifier, test)
    assert int(scores.confusion(reference.classifier, found, test.labels).trace()) >= 9950
