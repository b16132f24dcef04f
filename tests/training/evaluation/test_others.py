"""Scores of reader and encoder, on images whose slant and width are known, and with files that are exported here."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tests.training.conftest import METADATA
from training.data import Digits, load, slant
from training.evaluation import others
from training.evaluation.classifier import load_classifier
from training.export.onnx_file import export
from training.models.cgan import Generator, Truncated
from training.models.encoder import SmallEncoder
from training.serving import OnnxGenerator


def stroke(shear: float, width: float) -> Tensor:
    """A straight stroke from top to bottom, leaning by `shear` columns a row: uint8 (28, 28)."""
    rows, columns = torch.meshgrid(torch.arange(28.0), torch.arange(28.0), indexing="ij")
    distance = (columns - 13.5 - shear * (rows - 13.5)).abs() / (1 + shear**2) ** 0.5
    inside = (rows > 3) & (rows < 24)
    return ((width / 2 + 0.5 - distance).clamp(0, 1) * inside * 255).to(torch.uint8)


def test_slant_is_the_shear_of_a_stroke() -> None:
    """An upright stroke has none, a leaning one that of its direction."""
    found = slant(torch.stack([stroke(0, 3), stroke(0.4, 3), stroke(-0.4, 3)]).float())
    assert found.tolist() == pytest.approx([0, 0.4, -0.4], abs=0.03)


def test_stroke_width_grows_with_the_width() -> None:
    """Thin, middle and thick strokes are measured about in pixels."""
    found = others.stroke_width(torch.stack([stroke(0, width) for width in (2, 4, 6)]))
    assert found.tolist() == pytest.approx([2, 4, 6], rel=0.25)


def test_correlations_are_within_digits() -> None:
    """A difference between digits alone is no correlation."""
    labels = torch.arange(100) % 10
    values = others.centred(torch.stack([labels.float(), labels.float() + torch.linspace(0, 1, 100)]), labels)
    assert values[0].abs().max() == 0
    assert others.correlation(values[1], 2 * values[1] + 3) == pytest.approx(1)


class Template(nn.Module):
    """Classifies by the nearest of ten printed digits."""

    def __init__(self, digits: Digits) -> None:
        super().__init__()
        self.register_buffer(
            "means", torch.stack([digits.images[digits.labels == d].float().mean(dim=0) for d in range(10)])
        )

    def forward(self, images: Tensor) -> Tensor:
        """Return logits (N, 10)."""
        distance = ((images[:, 0, None] + 1) * 127.5 - self.means).square().flatten(2).mean(dim=2)
        return -distance / 500


def test_a_readers_row_is_measured_from_its_file(data: Path, tmp_path: Path) -> None:
    """Accuracy, calibration and refusals of a file, each as the file computes it."""
    digits = load(data, "test")
    export(Template(load(data, "train")), 0, tmp_path / "reader.onnx", METADATA, "reader")
    row = others.score_reader(tmp_path / "reader.onnx", digits)
    logits = Template(load(data, "train"))(digits.images[:, None].float() / 127.5 - 1)
    assert row["accuracy"] == pytest.approx(float((logits.argmax(1) == digits.labels).float().mean()), abs=0.02)
    confident = float((logits.softmax(1).amax(1) < 0.5).float().mean())
    assert row["refused_digits"] == pytest.approx(confident, abs=0.02)
    assert row["bytes"] == (tmp_path / "reader.onnx").stat().st_size


def test_an_encoders_row_is_measured_from_its_file(data: Path, tmp_path: Path) -> None:
    """The pixel error is that of drawing again from the file's latents."""
    torch.manual_seed(0)
    digits = load(data, "test")
    generator, encoder = Generator(16, 16, 16, 16), SmallEncoder(16)
    export(Truncated(generator), 16, tmp_path / "cgan.onnx", METADATA)
    export(encoder, 16, tmp_path / "encoder.onnx", METADATA, "encoder")
    row = others.score_encoder(
        tmp_path / "encoder.onnx", OnnxGenerator.load(tmp_path / "cgan.onnx"), load_classifier(), digits
    )
    one_hot = F.one_hot(digits.labels, 10).float()
    with torch.no_grad():
        images = digits.images[:, None].float() / 127.5 - 1
        again = generator(encoder(images, one_hot), one_hot)
    assert row["pixel_error"] == pytest.approx(float(((again - images) / 2).square().mean().sqrt()), abs=0.01)
    assert -1 <= row["slant"] <= 1
