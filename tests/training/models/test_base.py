"""What several models use."""

import torch

from training.models import MODELS
from training.models.base import update_average
from training.models.dense_gan import DenseGan


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
