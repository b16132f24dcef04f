"""The game: augmentation that keeps a digit a digit, penalties that are what they are called."""

import torch
from torch import Tensor, nn

from training.styled_gan import gradient_penalty, other_labels, random_shift


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
