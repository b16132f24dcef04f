"""Inputs and outputs of the exported files, as modules around the trained networks.

Images are uint8 (B, 28, 28), white ink (255) on black (0); digits are float32 (B, 10), rows that sum to 1.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.data import to_float
from training.models.cgan import Truncated

SPREAD = "spread"


class GeneratorFile(nn.Module):
    """latent (B, latent_dim), digit and perhaps spread (1,) -> image.

    Attributes:
        truncates: whether it takes `spread`.
    """

    def __init__(self, generator: nn.Module) -> None:
        super().__init__()
        self.generator = generator
        self.truncates = isinstance(generator, Truncated)

    def forward(self, latent: Tensor, digit: Tensor, *spread: Tensor) -> Tensor:
        images = self.generator(latent, digit, *spread)  # (B, 1, 28, 28) in -1..1
        return ((images[:, 0] + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)


class ReaderFile(nn.Module):
    """image -> logits (B, 10)."""

    def __init__(self, reader: nn.Module) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, image: Tensor) -> Tensor:
        logits: Tensor = self.reader(to_float(image))
        return logits


class EncoderFile(nn.Module):
    """image and digit -> latent (B, latent_dim)."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, image: Tensor, digit: Tensor) -> Tensor:
        latent: Tensor = self.encoder(to_float(image), digit)
        return latent


@dataclass(frozen=True)
class Interface:
    """The interface of one kind of file.

    Attributes:
        wrap: puts it around a network.
        inputs: their names, in the order of `forward`.
        output: its name.
        example: a random batch of inputs; takes the wrapped network, the latent length and the batch.
        tolerance: the greatest difference allowed between ONNX Runtime and torch: grey levels of 255, where rounding
            may fall either way, or the output's own unit.
        largest: bytes above which weights are stored in half precision.
        listed_under: the manifest's list.
    """

    wrap: Callable[[nn.Module], nn.Module]
    inputs: tuple[str, ...]
    output: str
    example: Callable[[nn.Module, int, int], list[Tensor]]
    tolerance: float
    largest: int
    listed_under: str = "others"


def _digits(batch: int) -> Tensor:
    return F.one_hot(torch.arange(batch) % 10, 10).float()


def _noise(batch: int) -> torch.Generator:
    return torch.Generator().manual_seed(batch)


def _images(batch: int) -> Tensor:
    return torch.randint(0, 256, (batch, 28, 28), generator=_noise(batch), dtype=torch.uint8)


def _generator_example(model: nn.Module, latent_dim: int, batch: int) -> list[Tensor]:
    spread = [torch.tensor([1 - batch / 128])] if getattr(model, "truncates", False) else []
    return [torch.randn(batch, latent_dim, generator=_noise(batch)), _digits(batch), *spread]


INTERFACES = {
    "generator": Interface(
        GeneratorFile, ("latent", "digit", SPREAD), "image", _generator_example, 1, 3_500_000, "models"
    ),
    "reader": Interface(ReaderFile, ("image",), "logits", lambda *of: [_images(of[-1])], 1e-2, 500_000),
    "encoder": Interface(
        EncoderFile, ("image", "digit"), "latent", lambda *of: [_images(of[-1]), _digits(of[-1])], 1e-2, 1_500_000
    ),
}
