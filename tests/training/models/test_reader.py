"""The reader: it learns digits, refuses what is none, and says how sure it is."""

from pathlib import Path

import pytest
import torch

from training.augmentation import distort
from training.data import BalancedBatches, Digits, load, to_float
from training.models import MODELS
from training.models.reader import Reader, ReaderConfig, ReaderNetwork, blanks, double_digits, negatives, scribbles


@pytest.fixture(scope="module")
def reader(data: Path) -> Reader:
    """A reader after two hundred steps on printed digits."""
    torch.manual_seed(0)
    config = ReaderConfig(steps=200, ema=0.9, precision="float32")
    model = Reader(config)
    optimizers, batches = model.optimizers(), BalancedBatches(load(data, "train"), 60)
    for step in range(200):
        for optimizer in optimizers:
            optimizer.param_groups[0]["lr"] = config.learning_rate_at(step)
        model.training_step(optimizers, batches, step)
    model.finish(load(data, "validation"))
    return model.eval()


@torch.no_grad()
def confidence(reader: Reader, images: torch.Tensor) -> torch.Tensor:
    """The greatest probability of each image."""
    found: torch.Tensor = reader.exported()(images).softmax(dim=1).amax(dim=1)
    return found


@torch.no_grad()
def test_it_reads_digits_and_refuses_the_rest(reader: Reader, data: Path) -> None:
    """Unseen digits are read right and with confidence; blanks, scribbles and double digits are sure of nothing."""
    torch.manual_seed(1)
    digits = load(data, "test")
    images = to_float(digits.images)
    assert (reader.exported()(images).argmax(dim=1) == digits.labels).float().mean() > 0.9
    sure = confidence(reader, images).mean()
    for others in (blanks(50), scribbles(50), double_digits(images, digits.labels, 50)):
        assert confidence(reader, others).mean() < sure - 0.2


@torch.no_grad()
def test_a_crisp_digit_is_as_good_as_a_blurred_one(reader: Reader, data: Path) -> None:
    """Digits that no distortion has interpolated are read as well as those that were."""
    torch.manual_seed(2)
    digits = load(data, "test")
    crisp = to_float(digits.images)
    accuracies = [
        float((reader.exported()(images).argmax(dim=1) == digits.labels).float().mean())
        for images in (crisp, distort(crisp))
    ]
    assert accuracies[0] >= accuracies[1] - 0.03


def test_it_fits_the_budget_of_its_file() -> None:
    """Stored in half precision it is smaller than 0.5 MB."""
    assert 2 * sum(parameter.numel() for parameter in ReaderNetwork().parameters()) < 500_000


def test_the_temperature_undoes_overconfidence(reader: Reader, data: Path) -> None:
    """Logits that were made three times too large are divided by about three again."""
    torch.manual_seed(0)
    model = Reader(ReaderConfig())
    model.average.load_state_dict(reader.average.state_dict())
    last = model.average[-1]
    validation = load(data, "validation")
    noisy = Digits(validation.images, validation.labels.clone())
    noisy.labels[::5] = (noisy.labels[::5] + 1) % 10
    model.finish(noisy)
    before = float(model.temperature)
    with torch.no_grad():
        last.weight.div_(2), last.bias.div_(2)
    model.finish(noisy)
    assert float(model.temperature) == pytest.approx(before / 2, abs=0.02)


def test_negatives_are_of_three_kinds_and_in_range() -> None:
    """Negatives are as many as requested, in -1..1; a double digit has the ink of two different digits."""
    torch.manual_seed(0)
    labels = torch.arange(40) % 10
    images = -torch.ones(40, 1, 28, 28)
    images[torch.arange(40), 0, labels, 5] = 1
    found = negatives(images, labels, 30)
    assert found.shape == (30, 1, 28, 28)
    assert found.abs().max() <= 1
    doubled = double_digits(images, labels, 40)
    overlaid = doubled[(doubled == 1).flatten(1).sum(dim=1) == 2]
    assert len(overlaid) > 5


def test_a_scribble_is_a_stroke_on_black() -> None:
    """Some ink, and mostly none."""
    torch.manual_seed(0)
    ink = (scribbles(50) > 0).float().mean(dim=(1, 2, 3))
    assert float(ink.min()) > 0.03
    assert float(ink.max()) < 0.7


def test_the_learning_rate_rises_and_falls() -> None:
    """It is highest after the warm-up and close to 0 at the end."""
    config = MODELS["reader"].config
    rates = [config.learning_rate_at(step) for step in range(config.steps)]
    assert rates.index(max(rates)) == pytest.approx(0.1 * config.steps, abs=1)
    assert rates[-1] < 1e-3 * max(rates)
