"""The classic kinds: a VAE knows where the codes of each digit lie."""

import torch

from training.classic_networks import ClassPrior
from training.kinds import KINDS
from training.objectives import DenseGan, Variational, average


def test_a_class_prior_draws_what_it_saw() -> None:
    """Codes of a known mean and covariance for each digit are drawn with that mean and covariance."""
    torch.manual_seed(0)
    means, factors = torch.randn(10, 3), torch.randn(10, 3, 3).tril()
    digit = torch.eye(10).repeat(200, 1)

    def true_codes() -> torch.Tensor:
        return digit @ means + torch.einsum("bd,dij,bj->bi", digit, factors, torch.randn(2000, 3))

    prior = ClassPrior(3)
    for _ in range(300):
        prior.observe(true_codes(), digit)
    nines = torch.eye(10)[9:].repeat(20_000, 1)
    drawn = prior(torch.randn(20_000, 3), nines)
    torch.testing.assert_close(drawn.mean(dim=0), means[9], atol=0.1, rtol=0.05)
    torch.testing.assert_close(drawn.T.cov(), factors[9] @ factors[9].T, atol=0.15, rtol=0.1)


def test_a_vae_is_not_told_the_digit_and_a_cvae_is() -> None:
    """The decoder of a VAE sees its code alone; that of a CVAE sees ten more numbers."""
    vae, cvae = (KINDS[name].objective(KINDS[name].preset("tiny")) for name in ("vae", "cvae"))
    assert isinstance(vae, Variational)
    assert isinstance(cvae, Variational)
    assert vae.sampler.decoder.layers[0].in_features == 16
    assert cvae.sampler.decoder.layers[0].in_features == 26


def test_an_average_follows_what_it_averages() -> None:
    """A network that stands still is what its average comes to, the statistics that it keeps included."""
    model = KINDS["cgan-mlp"].objective(KINDS["cgan-mlp"].preset("tiny"))
    assert isinstance(model, DenseGan)
    with torch.no_grad():
        for value in model.generator.state_dict().values():
            if value.is_floating_point():
                value.add_(1.0)
    for step in range(60):
        average(model.sampler, model.generator, 0.9, step)
    for name, value in model.sampler.state_dict().items():
        if value.is_floating_point():
            torch.testing.assert_close(value, model.generator.state_dict()[name], atol=0.02, rtol=0)


def test_shorter_latents_are_what_is_exported() -> None:
    """What the dense GAN's file draws of a latent is what the generator draws of a shorter one."""
    model = KINDS["cgan-mlp"].objective(KINDS["cgan-mlp"].preset("tiny")).eval()
    latent, digit = torch.randn(10, model.recipe.latent_dim), torch.eye(10)
    assert 0 < model.recipe.closeness < 1
    torch.testing.assert_close(model.exported()(latent, digit), model.sampler(model.recipe.closeness * latent, digit))
