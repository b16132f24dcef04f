"""The networks of the default model: a small styled generator and its discriminator.

After the recipe of R3GAN (Huang et al., 2024, arXiv:2501.05441) cut down to 28 x 28: no normalisation
layers, feature-wise scale and shift from a mapping network, a projection head (Miyato and Koyama,
2018, arXiv:1802.05637) and minibatch standard deviation (Karras et al., 2018, arXiv:1710.10196).
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

DIGITS = 10
SLOPE = 0.2
OVERSHOOT = 1.1


class StyledConv(nn.Module):
    """A convolution whose output channels are scaled and shifted by the style, then leaky ReLU."""

    def __init__(self, channels: int, style_dim: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)
        self.affine = nn.Linear(style_dim, 2 * channels)
        nn.init.zeros_(self.affine.bias)

    def forward(self, features: Tensor, style: Tensor) -> Tensor:
        scale, shift = self.affine(style)[:, :, None, None].chunk(2, dim=1)  # (B, C, 1, 1) each
        return F.leaky_relu(self.conv(features) * (1 + scale) + shift, SLOPE)


class Generator(nn.Module):
    """latent (B, latent_dim) ~ N(0, 1) and digit (B, 10), weights that sum to 1 -> (B, 1, 28, 28) in -1..1.

    5.4 million multiply-adds an image at the default widths, all but the last at 14 x 14 or less.
    """

    def __init__(self, latent_dim: int = 64, style_dim: int = 192, width: int = 48, fine_width: int = 32) -> None:
        super().__init__()
        self.latent_dim = latent_dim
        self.width = width
        self.mapping = nn.Sequential(
            nn.Linear(latent_dim + DIGITS, 2 * style_dim),
            nn.LeakyReLU(SLOPE),
            nn.Linear(2 * style_dim, style_dim),
            nn.LeakyReLU(SLOPE),
        )
        self.coarse = nn.Linear(style_dim, width * 7 * 7)
        self.block7 = StyledConv(width, style_dim)
        self.narrow = nn.Conv2d(width, fine_width, 1)
        self.block14 = StyledConv(fine_width, style_dim)
        self.refine14 = StyledConv(fine_width, style_dim)
        self.to_pixels = nn.Conv2d(fine_width, 4, 3, padding=1)

    def forward(self, latent: Tensor, digit: Tensor) -> Tensor:
        return self.draw(self.style(latent, digit))

    def style(self, latent: Tensor, digit: Tensor) -> Tensor:
        """The style (B, style_dim) that says all about an image; the latent's length plays no part."""
        length = latent.square().mean(dim=1, keepdim=True).add(1e-8).rsqrt()
        # The one-hot row is scaled so that label and latent start with equal say.
        style: Tensor = self.mapping(torch.cat([latent * length, digit * math.sqrt(DIGITS)], dim=1))
        return style

    def draw(self, style: Tensor) -> Tensor:
        """The images (B, 1, 28, 28) in -1..1 of these styles (B, style_dim)."""
        h = F.leaky_relu(self.coarse(style), SLOPE).unflatten(1, (self.width, 7, 7))
        h = h + self.block7(h, style)  # (B, 48, 7, 7)
        h = F.interpolate(self.narrow(h), scale_factor=2.0, mode="nearest")
        h = self.block14(h, style)  # (B, 32, 14, 14)
        h = h + self.refine14(h, style)
        # The pixels stay in full precision: eight bits of bfloat16 would band the greys.
        with torch.autocast(h.device.type, enabled=False):
            return saturate(F.pixel_shuffle(self.to_pixels(h.float()), 2))


def saturate(features: Tensor) -> Tensor:
    """Squash to -1..1, with both ends reached: tanh alone leaves a veil of grey levels 1 to 7 on the background.

    The gradient is that of tanh, so that a pixel which is wrongly black can be brought back.
    """
    smooth = torch.tanh(features)
    return smooth + ((OVERSHOOT * smooth).clamp(-1, 1) - smooth).detach()


class Truncated(nn.Module):
    """A trained generator whose styles can be drawn towards their digit's mean, or away from it.

    Truncation after Karras et al., 2019, arXiv:1812.04948: `spread` (1,) is 1 for the distribution that was
    learned, less for more typical digits (0 draws the mean style alone), more for wilder ones.

    Args:
        generator: what is truncated.
        closeness: a share by which `spread` is multiplied.
    """

    centres: Tensor

    def __init__(self, generator: Generator, closeness: float = 1.0) -> None:
        super().__init__()
        self.generator = generator
        self.closeness = closeness
        self.register_buffer("centres", _centres(generator))

    def forward(self, latent: Tensor, digit: Tensor, spread: Tensor | float = 1.0) -> Tensor:
        style, centre = self.generator.style(latent, digit), digit @ self.centres
        return self.generator.draw(centre + self.closeness * spread * (style - centre))


@torch.no_grad()
def _centres(generator: Generator) -> Tensor:
    """The mean style of each digit, (10, style_dim), over the same 10,000 latents."""
    latent = torch.randn(10_000, generator.latent_dim, generator=torch.Generator().manual_seed(0))
    digits = torch.eye(DIGITS)[:, None].expand(-1, len(latent), -1)
    return torch.stack([generator.style(latent, digit).mean(dim=0) for digit in digits])


class ResidualConv(nn.Module):
    """Two 3 x 3 convolutions beside an identity path; the second starts at zero."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)

    def forward(self, features: Tensor) -> Tensor:
        h = F.leaky_relu(self.first(features), SLOPE)
        return F.leaky_relu(features + self.second(h), SLOPE)


class MinibatchDeviation(nn.Module):
    """Append one channel that holds how much each group of images varies, so that sameness shows."""

    def __init__(self, group: int = 4) -> None:
        super().__init__()
        self.group = group

    def forward(self, features: Tensor) -> Tensor:
        b, c, height, width = features.shape
        group = math.gcd(b, self.group)
        # Members are b / group apart, which in a balanced batch of 40 n images is the same digit.
        grouped = features.float().reshape(group, b // group, c, height, width)
        centred = grouped - grouped.mean(dim=0)
        deviation = (centred.square().mean(dim=0) + 1e-8).sqrt().mean(dim=(1, 2, 3))  # (B / group,)
        channel = deviation.repeat(group)[:, None, None, None].expand(b, 1, height, width)
        return torch.cat([features, channel.to(features.dtype)], dim=1)


class Discriminator(nn.Module):
    """(B, 1, 28, 28) in -1..1 and labels (B,) -> realness (B,), any value."""

    def __init__(self, width: int = 64, stem: int = 16) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, stem, 3, padding=1),  # (B, 16, 28, 28)
            nn.LeakyReLU(SLOPE),
            nn.Conv2d(stem, width, 4, stride=2, padding=1),  # (B, 64, 14, 14)
            nn.LeakyReLU(SLOPE),
            ResidualConv(width),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1),  # (B, 128, 7, 7)
            nn.LeakyReLU(SLOPE),
            ResidualConv(2 * width),
            MinibatchDeviation(),
            nn.Conv2d(2 * width + 1, 2 * width, 3, stride=2, padding=1),  # (B, 128, 4, 4)
            nn.LeakyReLU(SLOPE),
            nn.Flatten(),
            nn.Linear(2 * width * 4 * 4, 4 * width),
            nn.LeakyReLU(SLOPE),
        )
        self.realness = nn.Linear(4 * width, 1)
        self.embedding = nn.Embedding(DIGITS, 4 * width)
        nn.init.normal_(self.embedding.weight, std=1 / math.sqrt(4 * width))

    def forward(self, images: Tensor, labels: Tensor) -> Tensor:
        return self.rate(self.features(images), labels)

    def rate(self, features: Tensor, labels: Tensor) -> Tensor:
        """Realness (B,) of images with these features (B, 4 width), as these digits."""
        features = features.float()
        with torch.autocast(features.device.type, enabled=False):
            projection = (features * self.embedding(labels)).sum(dim=1)
            return self.realness(features).squeeze(1) + projection


class Encoder(nn.Module):
    """images (B, 1, 28, 28) in -1..1 and digit (B, 10) -> the latents to draw them from, (B, latent_dim).

    Each has a mean square of 1, the length to which the generator brings its latents.
    """

    def __init__(self, latent_dim: int, width: int = 32) -> None:
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(1, width, 4, stride=2, padding=1),  # (B, 32, 14, 14)
            nn.LeakyReLU(SLOPE),
            nn.Conv2d(width, width, 3, padding=1),
            nn.LeakyReLU(SLOPE),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1),  # (B, 64, 7, 7)
            nn.LeakyReLU(SLOPE),
            nn.Conv2d(2 * width, 2 * width, 3, padding=1),
            nn.LeakyReLU(SLOPE),
            nn.Flatten(),
        )
        self.out = nn.Sequential(
            nn.Linear(2 * width * 7 * 7 + DIGITS, 256),
            nn.LeakyReLU(SLOPE),
            nn.Linear(256, latent_dim),
        )

    def forward(self, images: Tensor, digit: Tensor) -> Tensor:
        latent = self.out(torch.cat([self.conv(images), digit * math.sqrt(DIGITS)], dim=1)).float()
        scaled: Tensor = latent * (latent.square().mean(dim=1, keepdim=True) + 1e-8).rsqrt()
        return scaled
