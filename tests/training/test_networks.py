"""The networks: within their budget, and made of what runs fast on one core."""

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from training.networks import Discriminator, Generator, MinibatchDeviation


def test_the_generator_keeps_its_budget() -> None:
    """At most 6 million multiply-adds an image and 3 MB of weights."""
    generator = Generator()
    with FlopCounterMode(display=False) as counter:
        images = generator(torch.zeros(1, 64), torch.eye(10)[:1])
    assert images.shape == (1, 1, 28, 28)
    assert counter.get_total_flops() / 2 <= 6_000_000
    assert 4 * sum(parameter.numel() for parameter in generator.parameters()) < 3_000_000


def test_the_generator_has_nothing_slow_or_stateful() -> None:
    """No normalisation with running state and no transposed convolution."""
    slow = (nn.BatchNorm2d, nn.InstanceNorm2d, nn.ConvTranspose2d)
    assert not [module for module in Generator().modules() if isinstance(module, slow)]


def test_an_image_does_not_depend_on_its_batch() -> None:
    """Each image follows from its own latent and digit alone."""
    generator = Generator()
    latent, digit = torch.randn(8, 64), torch.eye(10)[:8]
    with torch.no_grad():
        torch.testing.assert_close(generator(latent, digit)[3:4], generator(latent[3:4], digit[3:4]))


def test_the_length_of_a_latent_does_not_matter() -> None:
    """Only its direction does, so that a walk between two latents never leaves what was trained."""
    generator = Generator()
    latent, digit = torch.randn(4, 64), torch.eye(10)[:4]
    with torch.no_grad():
        torch.testing.assert_close(generator(latent, digit), generator(3 * latent, digit))


def test_the_discriminator_rates_by_label() -> None:
    """The same image is rated differently as another digit."""
    rate = Discriminator()
    images = torch.randn(4, 1, 28, 28)
    assert rate(images, torch.tensor([0, 1, 2, 3])).shape == (4,)
    assert not torch.equal(rate(images, torch.zeros(4).long()), rate(images, torch.ones(4).long()))


def test_sameness_shows_in_the_minibatch_deviation() -> None:
    """Groups of equal images get a channel near 0, groups of different ones do not."""
    layer = MinibatchDeviation(group=4)
    same = torch.randn(10, 8, 3, 3).repeat(4, 1, 1, 1)
    assert layer(same).shape == (40, 9, 3, 3)
    assert layer(same)[:, -1].max() < 1e-3
    assert layer(torch.randn(40, 8, 3, 3))[:, -1].min() > 0.5
