"""The autoencoders: conditioned or not, with a prior for each digit."""

import torch

from training.models import MODELS
from training.models.vae import ClassPrior, Variational


def test_a_class_prior_samples_like_the_codes() -> None:
    """Codes of a known mean and covariance for each digit are drawn with that mean and covariance."""
    torch.manual_seed(0)
    means, factors = torch.randn(10, 3), torch.randn(10, 3, 3).tril()
    digit = torch.eye(10).repeat(200, 1)

    def true_codes() -> torch.Tensor:
        return digit @ means + torch.einsum("bd,dij,bj->bi", digit, factors, torch.randn(2000, 3))

    prior = ClassPrior(3)
    for _ in range(300):
        prior.update(true_codes(), digit)
    nines = torch.eye(10)[9:].repeat(20_000, 1)
    drawn = prior(torch.randn(20_000, 3), nines)
    torch.testing.assert_close(drawn.mean(dim=0), means[9], atol=0.1, rtol=0.05)
    torch.testing.assert_close(drawn.T.cov(), factors[9] @ factors[9].T, atol=0.15, rtol=0.1)


def test_a_cvae_is_conditioned_on_the_digit_and_a_vae_is_not() -> None:
    """The decoder of a VAE sees its code alone; that of a CVAE sees ten more numbers."""
    vae, cvae = (MODELS[name].model(MODELS[name].preset("tiny")) for name in ("vae", "cvae"))
    assert isinstance(vae, Variational)
    assert isinstance(cvae, Variational)
    assert vae.sampler.decoder.layers[0].in_features == 16
    assert cvae.sampler.decoder.layers[0].in_features == 26
