"""Scores of the networks beside the models: the reader and the encoder, on the real test or validation images."""

import os
from pathlib import Path
from statistics import median
from time import perf_counter

# Before any import of onnxruntime, or it reports to Microsoft.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np
import onnxruntime as ort
import torch
from torch import Tensor
from torch.nn import functional as F

from training import serving
from training.data import Digits, slant, to_float
from training.evaluation import metrics
from training.evaluation.classifier import READ_AT_ONCE, Classifier
from training.models import reader as negatives

Scores = dict[str, float]

ROUNDS = 300
NEGATIVES = 2000
NONE_BELOW = 0.5
"""Greatest probability below which an image counts as none of the ten digits."""
BATCH = 500
SEED = 2026


def load(path: Path) -> ort.InferenceSession:
    """Load a file as the bot does."""
    return ort.InferenceSession(path, serving.session_options(), providers=["CPUExecutionProvider"])


def milliseconds(session: ort.InferenceSession, inputs: dict[str, np.ndarray]) -> float:
    """Return the median time of one run."""
    times = []
    for _ in range(ROUNDS):
        began = perf_counter()
        session.run(None, inputs)
        times.append(1000 * (perf_counter() - began))
    return median(times)


def score_reader(path: Path, real: Digits) -> Scores:
    """Return accuracy, expected calibration error, share of negatives that are refused, time for five, and bytes."""
    session = load(path)

    def probabilities(images: Tensor) -> Tensor:
        parts = [session.run(["logits"], {"image": part.numpy()})[0] for part in images.split(BATCH)]
        return torch.from_numpy(np.concatenate(parts)).softmax(dim=1)

    found = probabilities(real.images)
    torch.manual_seed(SEED)
    images, labels = to_float(real.images[:NEGATIVES]), real.labels[:NEGATIVES]
    kinds = {
        "blanks": negatives.blanks(NEGATIVES),
        "scribbles": negatives.scribbles(NEGATIVES),
        "doubles": negatives.double_digits(images, labels, len(images)),
    }
    refused = {
        f"refused_{name}": float((probabilities(_to_uint8(part)).amax(dim=1) < NONE_BELOW).float().mean())
        for name, part in kinds.items()
    }
    return {
        "accuracy": float((found.argmax(dim=1) == real.labels).float().mean()),
        "calibration_error": metrics.calibration_error(found, real.labels),
        "refused_digits": float((found.amax(dim=1) < NONE_BELOW).float().mean()),
        **refused,
        "milliseconds": milliseconds(session, {"image": real.images[:5].numpy()}),
        "bytes": path.stat().st_size,
    }


def score_encoder(path: Path, generator: serving.OnnxGenerator, classifier: Classifier, real: Digits) -> Scores:
    """Return how well images are drawn again from their latents, and how much of the hand other digits keep.

    `slant` and `width` are correlations of the original's slant and stroke width with the mean over the nine other
    digits drawn from its latent, within digits: means of each digit are subtracted first.
    """
    session = load(path)
    digits = F.one_hot(real.labels, 10).float()
    latents = np.concatenate(
        [
            session.run(["latent"], {"image": image.numpy(), "digit": digit.numpy()})[0]
            for image, digit in zip(real.images.split(BATCH), digits.split(BATCH), strict=True)
        ]
    )
    again = draw(generator, latents, real.labels)
    with torch.no_grad():
        read = torch.cat([classifier(to_float(part)).argmax(dim=1) for part in again.split(READ_AT_ONCE)])
    original = torch.stack([slant(real.images.float()), stroke_width(real.images)])
    others = torch.zeros(2, len(real))
    for offset in range(1, 10):
        labels = (real.labels + offset) % 10
        drawn = draw(generator, latents, labels)
        others += centred(torch.stack([slant(drawn.float()), stroke_width(drawn)]), labels) / 9
    correlations = [correlation(one, other) for one, other in zip(centred(original, real.labels), others, strict=True)]
    error = (again.float() - real.images.float()) / 255
    return {
        "accuracy": float((read == real.labels).float().mean()),
        "pixel_error": float(error.square().mean().sqrt()),
        "slant": correlations[0],
        "width": correlations[1],
        "bytes": path.stat().st_size,
    }


def draw(generator: serving.OnnxGenerator, latents: np.ndarray, labels: Tensor) -> Tensor:
    """Draw uint8 (N, 28, 28) from latents (N, latent_dim)."""
    parts = [
        generator.draw(latents[at : at + BATCH], serving.one_hot(tuple(labels[at : at + BATCH].tolist())))
        for at in range(0, len(latents), BATCH)
    ]
    return torch.from_numpy(np.concatenate(parts))


def stroke_width(images: Tensor) -> Tensor:
    """Return the mean stroke width (N,) in pixels: twice the area of the ink over the length of its contour.

    The contour is the total variation of the grey levels, which is exact for straight strokes along an axis.
    """
    ink = F.pad(images.float() / 255, (1, 1, 1, 1))
    down, right = ink[:, 1:, :-1] - ink[:, :-1, :-1], ink[:, :-1, 1:] - ink[:, :-1, :-1]
    contour = (down.square() + right.square()).sqrt().sum(dim=(1, 2))
    return 2 * ink.sum(dim=(1, 2)) / contour.clamp(min=1e-6)


def centred(values: Tensor, labels: Tensor) -> Tensor:
    """Subtract from values (K, N) the mean of each digit."""
    result = values.clone()
    for digit in labels.unique():
        own = labels == digit
        result[:, own] -= values[:, own].mean(dim=1, keepdim=True)
    return result


def correlation(one: Tensor, other: Tensor) -> float:
    """Return the Pearson correlation of two (N,)."""
    return float(torch.corrcoef(torch.stack([one, other]))[0, 1])


def _to_uint8(images: Tensor) -> Tensor:
    return ((images[:, 0] + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
