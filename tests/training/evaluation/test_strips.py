"""Strips as the bot sends them: an image in doubt spoils its strip, and what the reader refuses is drawn again."""

from pathlib import Path

import pytest
import torch
from torch import nn

from tests.conftest import WEIGHTS
from training.data import Digits
from training.evaluation import strips
from training.evaluation.classifier import Classifier


class Certain(Classifier):
    """A classifier that takes the first pixel for the digit, and doubts an image whose last pixel is light."""

    def __init__(self) -> None:
        nn.Module.__init__(self)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return logits (B, 10)."""
        digits = ((images[:, 0, 0, 0] + 1) * 127.5).round().long()
        sureness = torch.where(images[:, 0, -1, -1] > 0, 1.0, 50.0)
        return nn.functional.one_hot(digits, 10) * sureness[:, None]


def digits(labels: list[int], read: dict[int, int] | None = None, doubted: tuple[int, ...] = ()) -> Digits:
    """Make images that `Certain` reads as their label, but for those of an index in `read` or `doubted`."""
    images = torch.zeros(len(labels), 28, 28, dtype=torch.uint8)
    images[:, 0, 0] = torch.tensor([(read or {}).get(index, label) for index, label in enumerate(labels)])
    images[list(doubted), -1, -1] = 255
    return Digits(images, torch.tensor(labels))


def test_one_image_in_doubt_spoils_its_strip() -> None:
    """Read wrong or not surely, at whichever place; two in one strip count once."""
    assert strips.doubtful(Certain(), digits([3] * 20)) == 0
    assert strips.doubtful(Certain(), digits([3] * 20, read={7: 8})) == 0.25
    assert strips.doubtful(Certain(), digits([3] * 20, doubted=(0, 4, 19))) == 0.5


def test_real_digits_stand_in_strips_of_one_digit() -> None:
    """What is left over of a digit is in no strip."""
    real = strips.as_strips(digits([1, 2] * 7 + [5] * 3))
    assert real.labels.tolist() == [1] * 5 + [2] * 5


def test_the_judge_reads_as_it_judges() -> None:
    """What it reads surely, no strip of it is in doubt for."""
    images = digits([3, 4, 5], read={1: 9}, doubted=(2,))
    found = strips.Judge(Certain()).confidence(images.images.numpy(), images.labels.numpy())
    assert (found >= strips.DOUBTED_BELOW).tolist() == [True, False, False]


def test_the_command_compares_thresholds(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A row without a reader, one a threshold, and one for the classifier as the reader, which it doubts least."""
    monkeypatch.setattr(strips, "STRIPS", 50)
    monkeypatch.setattr(strips, "THRESHOLDS", (0.9, 0.998))
    assert strips.main(["--weights", str(WEIGHTS), "--data", str(data)]) == 0
    rows = [line.strip("| ").split(" | ") for line in capsys.readouterr().out.splitlines()[2:]]
    assert [row[:2] for row in rows] == [
        *(["nobody", "0"], ["reader.onnx", "0.9"], ["reader.onnx", "0.998"]),
        ["the classifier that judges", "0.9"],
    ]
    doubtful = [float(row[2].removesuffix("%")) for row in rows]
    assert doubtful[-1] == min(doubtful)
    assert doubtful[2] < doubtful[0]
