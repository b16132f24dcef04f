"""The game: augmentation that keeps a digit a digit, penalties that are what they are called."""

import pytest
import torch
from torch import Tensor, nn

from training.kinds import KINDS
from training.networks import DIGITS
from training.objectives import descend
from training.styled_gan import StyledGan, gradient_penalty, other_labels, random_shift


def test_a_shift_moves_and_nothing_else() -> None:
    """Every shifted image is the image moved by at most 2 pixels, neither mirrored nor turned."""
    image = -torch.ones(1, 1, 28, 28)
    image[0, 0, 8:20, 10:13] = torch.rand(12, 3)
    moved = random_shift(image.repeat(500, 1, 1, 1), 2)
    allowed = {
        image.roll((down, right), dims=(2, 3)).numpy().tobytes() for down in range(-2, 3) for right in range(-2, 3)
    }
    seen = {one.numpy().tobytes() for one in moved[:, None]}
    assert seen == allowed


def test_black_flows_in() -> None:
    """Beyond the border there is paper, not grey and not the other side."""
    moved = random_shift(torch.ones(200, 1, 28, 28), 2)
    assert set(moved.unique().tolist()) == {-1.0, 1.0}


def test_gradients_reach_the_generator_through_a_shift() -> None:
    """A shift is differentiable: each pixel that stays in the frame gets its gradient."""
    image = torch.zeros(50, 1, 28, 28, requires_grad=True)
    random_shift(image, 2).sum().backward()
    assert image.grad is not None
    assert image.grad[:, :, 2:-2, 2:-2].eq(1).all()


def test_the_penalty_of_a_linear_discriminator_is_its_squared_weight() -> None:
    """A case with a known answer: the gradient of a linear function is its weight."""

    class Linear(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.randn(28 * 28))

        def forward(self, images: Tensor, labels: Tensor) -> Tensor:
            return images.flatten(1) @ self.weight + labels

    linear = Linear()
    penalty = gradient_penalty(linear, torch.randn(6, 1, 28, 28), torch.arange(6))
    torch.testing.assert_close(penalty, linear.weight.square().sum())
    penalty.backward()
    torch.testing.assert_close(linear.weight.grad, 2 * linear.weight)


def test_another_label_is_never_the_same() -> None:
    """A mismatched digit is one of the nine others, each of them equally often."""
    labels = torch.arange(10).repeat(900)
    others = other_labels(labels)
    assert not (labels == others).any()
    assert torch.bincount((others - labels) % 10, minlength=10)[1:].min() > 900


def tiny() -> StyledGan:
    """The default model, so small that a test can train it."""
    model = KINDS["cgan"].objective(KINDS["cgan"].preset("tiny"))
    assert isinstance(model, StyledGan)
    return model


def test_codes_lie_where_latents_do() -> None:
    """Whatever the image, its code has the length to which the generator brings a latent."""
    model = tiny()
    digit = torch.eye(DIGITS)
    codes = model.encoder(torch.rand(DIGITS, 1, 28, 28) * 2 - 1, digit)
    torch.testing.assert_close(codes.square().mean(dim=1), torch.ones(DIGITS), atol=1e-4, rtol=0)


def test_an_encoder_learns_the_latents_of_generated_images() -> None:
    """From knowing nothing it comes to know directions, which is what its loss says."""
    torch.manual_seed(0)
    model = tiny()
    optimizer = torch.optim.Adam(model.encoder.parameters(), 3e-3)
    losses = []
    for _ in range(60):
        latent, digit = torch.randn(100, model.recipe.latent_dim), torch.eye(DIGITS).repeat(10, 1)
        with torch.no_grad():
            fake = model.generator(latent, digit)
        loss = model._recognise(fake, digit, latent)
        descend([optimizer], loss)
        losses.append(float(loss.detach()))
    assert losses[0] > 0.9
    assert losses[-1] < 0.85


@pytest.mark.parametrize("half", [0, 1])
def test_rebuilding_leaves_the_discriminator_alone(half: int) -> None:
    """A generator's step moves generator and encoder, not the network that judges them; rebuilding begins half-way."""
    torch.manual_seed(0)
    model = tiny()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    _, *optimizers = model.optimizers()
    real, labels = torch.rand(40, 1, 28, 28) * 2 - 1, torch.arange(40) % 10
    losses = model._train_generator(optimizers, real, labels, half * model.recipe.steps // 2)
    assert set(losses) == {"g_loss", "code"} | ({"pixel", "feature"} if half else set())
    moved = {name.partition(".")[0] for name, value in model.state_dict().items() if not value.equal(before[name])}
    assert moved == {"generator", "encoder"}
    assert all(parameter.requires_grad for parameter in model.discriminator.parameters())
