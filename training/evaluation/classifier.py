"""The classifier that judges samples: a CNN trained on the real training split alone.

    python -m training.evaluation.classifier

It says whether a generated digit reads as the digit that was asked for, and its penultimate features are the space of
the distances. No generator is trained on it. `SmallClassifier` is trained for the classification accuracy score.
"""

import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm import trange

from training import cli
from training.augmentation import distort
from training.data import Digits, load, to_float

logger = logging.getLogger(__name__)

WEIGHTS = Path(__file__).with_name("classifier.pt")
FEATURES = 128
BATCH = 128
READ_AT_ONCE = 100
"""Images that are classified at once; with 1,000 the layers leave the processor's cache: twice the time."""


class Classifier(nn.Module):
    """(B, 1, 28, 28) in -1..1 -> logits (B, 10); `features` gives (B, 128) before the last layer."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.Sequential(
            *_stage(1, 32),  # (B, 32, 14, 14)
            *_stage(32, 64),  # (B, 64, 7, 7)
            nn.Conv2d(64, 128, 3),
            nn.BatchNorm2d(128),
            nn.ReLU(),  # (B, 128, 5, 5)
            nn.Flatten(),
            nn.Dropout(0.3),
            nn.Linear(128 * 5 * 5, FEATURES),
        )
        self.head = nn.Sequential(nn.ReLU(), nn.Dropout(0.3), nn.Linear(FEATURES, 10))

    def features(self, images: Tensor) -> Tensor:
        """(B, 1, 28, 28) in -1..1 -> (B, 128), before the last ReLU."""
        found: Tensor = self.trunk(images)
        return found

    def forward(self, images: Tensor) -> Tensor:
        logits: Tensor = self.head(self.features(images))
        return logits


def _stage(inputs: int, outputs: int) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for channels in (inputs, outputs):
        layers += [nn.Conv2d(channels, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU()]
    return [*layers, nn.MaxPool2d(2)]


class SmallClassifier(nn.Sequential):
    """A small CNN, (B, 1, 28, 28) in -1..1 -> logits (B, 10), to be trained on samples for their CAS."""

    def __init__(self) -> None:
        super().__init__(
            nn.Conv2d(1, 16, 3, padding=1),
            nn.MaxPool2d(2),
            nn.ReLU(),  # (B, 16, 14, 14)
            nn.Conv2d(16, 32, 3, padding=1),
            nn.MaxPool2d(2),
            nn.ReLU(),  # (B, 32, 7, 7)
            nn.Flatten(),
            nn.Linear(32 * 7 * 7, 128),
            nn.ReLU(),
            nn.Linear(128, 10),
        )


def train(
    classifier: nn.Module,
    digits: Digits,
    epochs: int,
    seed: int,
    *,
    distorted: bool = True,
    precision: torch.dtype = torch.float32,
) -> None:
    """Train a classifier: AdamW under a one-cycle schedule, cross-entropy with smoothed labels.

    Args:
        classifier: takes (B, 1, 28, 28) in -1..1, gives logits (B, 10).
        digits: to learn from.
        epochs: passes over them.
        seed: of order and distortion; the weights are as they come.
        distorted: whether each image is distorted anew each time.
        precision: bfloat16 is faster on some processors (`training.hardware`).
    """
    torch.manual_seed(seed)
    steps = epochs * (len(digits) // BATCH)
    optimizer = torch.optim.AdamW(classifier.parameters(), weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps)
    classifier.train().to(memory_format=torch.channels_last)
    for _ in trange(epochs, unit="epoch", disable=None):
        for indices in torch.randperm(len(digits)).split(BATCH):
            if len(indices) < BATCH:
                continue
            images, labels = to_float(digits.images[indices]), digits.labels[indices]
            if distorted:
                images = distort(images)
            with torch.autocast("cpu", dtype=precision, enabled=precision != torch.float32):
                loss = F.cross_entropy(classifier(images), labels, label_smoothing=0.05)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            schedule.step()
    classifier.eval()


@torch.no_grad()
def accuracy(classifier: nn.Module, digits: Digits) -> float:
    """Return the share of images that are classified as their label, 0..1."""
    classifier.eval()
    right = sum(
        int((classifier(to_float(images)).argmax(dim=1) == labels).sum())
        for images, labels in zip(digits.images.split(READ_AT_ONCE), digits.labels.split(READ_AT_ONCE), strict=True)
    )
    return right / len(digits)


def load_classifier(path: Path = WEIGHTS) -> Classifier:
    """Return the classifier that ships with the project, in evaluation mode."""
    classifier = Classifier()
    classifier.load_state_dict({name: value.float() for name, value in torch.load(path, weights_only=True).items()})
    return classifier.eval().to(memory_format=torch.channels_last)


def save(classifier: Classifier, path: Path) -> None:
    """Write the weights in half precision, which costs no accuracy and halves the file."""
    torch.save({name: value.half() for name, value in classifier.state_dict().items()}, path)


@cli.command
def main(arguments: Sequence[str] | None = None) -> int:
    """Train the classifier from the command line; returns the exit code."""
    parser = cli.Parser(
        prog="python -m training.evaluation.classifier", description="Train the classifier on real digits."
    )
    parser.add_argument("--data", type=Path, default=Path("data"), help="where MNIST is or goes (default: data)")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="file to write (default: beside this module)")
    parser.add_argument("--epochs", type=int, default=10, help="passes over the digits (default: 10)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bfloat16", action="store_true", help="faster on some processors, slower on others")
    parser.add_argument("--threads", type=cli.threads, default=0, help="CPU threads; 0 lets torch choose (default)")
    options = parser.parse_args(arguments)
    if options.threads:
        torch.set_num_threads(options.threads)
    logger.info("training the classifier for %d epochs, a few minutes each on one core", options.epochs)
    torch.manual_seed(options.seed)
    classifier = Classifier()
    precision = torch.bfloat16 if options.bfloat16 else torch.float32
    train(classifier, load(options.data, "train"), options.epochs, options.seed, precision=precision)
    save(classifier, options.out)
    classifier = load_classifier(options.out)
    for split in ("validation", "test"):
        logger.info("%s: %.2f %% classified correctly", split, 100 * accuracy(classifier, load(options.data, split)))  # type: ignore[arg-type]
    return 0


if __name__ == "__main__":
    sys.exit(main())
