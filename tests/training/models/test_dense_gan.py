"""The dense GAN: its average, its truncation, its losses."""

import math

import pytest
import torch

from training.models import MODELS
from training.models.dense_gan import bce


def test_an_undecided_discriminator_loses_log_2() -> None:
    """A logit of 0 costs log 2 whatever the target; a sure and right one costs nothing."""
    assert float(bce(torch.zeros(4), 1.0)) == pytest.approx(math.log(2))
    assert float(bce(torch.zeros(4), 0.0)) == pytest.approx(math.log(2))
    assert float(bce(torch.full((4,), 50.0), 1.0)) == pytest.approx(0, abs=1e-6)


def test_truncation_scales_the_latents_of_the_exported_file() -> None:
    """The exported file draws from a latent as the generator does from a shorter one."""
    model = MODELS["cgan-mlp"].model(MODELS["cgan-mlp"].preset("tiny")).eval()
    latent, digit = torch.randn(10, model.config.latent_dim), torch.eye(10)
    assert 0 < model.config.truncation < 1
    torch.testing.assert_close(model.exported()(latent, digit), model.sampler(model.config.truncation * latent, digit))
