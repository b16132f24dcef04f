"""The dense GAN: its average, its truncation, its losses."""

import math

import pytest
import torch

from training.models import MODELS
from training.models.base import update_average
from training.models.dense_gan import DenseGan, bce


def test_an_undecided_discriminator_loses_log_2() -> None:
    """A logit of 0 costs log 2 whatever the target; a sure and right one costs nothing."""
    assert float(bce(torch.zeros(4), 1.0)) == pytest.approx(math.log(2))
    assert float(bce(torch.zeros(4), 0.0)) == pytest.approx(math.log(2))
    assert float(bce(torch.full((4,), 50.0), 1.0)) == pytest.approx(0, abs=1e-6)


def test_an_average_follows_what_it_averages() -> None:
    """A network that stands still is what its average comes to, the statistics that it keeps included."""
    model = MODELS["cgan-mlp"].model(MODELS["cgan-mlp"].preset("tiny"))
    assert isinstance(model, DenseGan)
    with torch.no_grad():
        for value in model.generator.state_dict().values():
            if value.is_floating_point():
                value.add_(1.0)
    for step in range(60):
        update_average(model.sampler, model.generator, 0.9, step)
    for name, value in model.sampler.state_dict().items():
        if value.is_floating_point():
            torch.testing.assert_close(value, model.generator.state_dict()[name], atol=0.02, rtol=0)


def test_truncation_scales_the_latents_of_the_exported_file() -> None:
    """The exported file draws from a latent as the generator does from a shorter one."""
    model = MODELS["cgan-mlp"].model(MODELS["cgan-mlp"].preset("tiny")).eval()
    latent, digit = torch.randn(10, model.config.latent_dim), torch.eye(10)
    assert 0 < model.config.truncation < 1
    torch.testing.assert_close(model.exported()(latent, digit), model.sampler(model.config.truncation * latent, digit))
