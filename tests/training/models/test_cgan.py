"""The default model: networks within their budget, augmentation that keeps a digit a digit, known losses."""

import itertools
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from training.data import centre_of_mass
from training.models import MODELS
from training.models.base import DIGITS, optimizer_step
from training.models.cgan import (
    CGan,
    CGanConfig,
    Discriminator,
    Generator,
    MinibatchDeviation,
    Truncated,
    gradient_penalty,
    other_labels,
    random_shift,
    saturate,
    statistics_distance,
)


def test_a_share_of_the_images_is_shifted() -> None:
    """With probability 0.3 about 70 % of the images stay as they are, with probability 0 all of them."""
    torch.manual_seed(0)
    images = torch.rand(2000, 1, 28, 28)
    moved = (random_shift(images, 2, 0.3) != images).flatten(1).any(dim=1).float().mean()
    assert pytest.approx(float(moved), abs=0.03) == 0.3 * 24 / 25
    assert random_shift(images, 2, 0.0) is images


def test_no_image_is_shifted_in_the_second_half() -> None:
    """The share falls linearly to none at mid-run, so that the discriminator learns where a digit belongs."""
    config = CGanConfig()
    shares = [config.shift_probability_at(round(part * config.steps)) for part in (0, 0.25, 0.5, 1)]
    assert shares == pytest.approx([0.5, 0.25, 0, 0])


def squares(down: Tensor, right: Tensor) -> Tensor:
    """White squares whose upper left corners are (10 + down, 10 + right), smoothly moved: (B, 1, 28, 28)."""
    place = torch.arange(28.0)

    def span(start: Tensor) -> Tensor:
        return ((place + 1 - start[:, None]).clamp(0, 1) - (place - 7 - start[:, None]).clamp(0, 1)).clamp(0, 1)

    return 2 * (span(10 + down)[:, :, None] * span(10 + right)[:, None, :])[:, None] - 1


def test_equally_placed_digits_are_at_no_distance() -> None:
    """The penalty asks where digits are, not which one is where: in another order it is 0."""
    places = torch.rand(2, 40, generator=torch.Generator().manual_seed(0)) - 0.5
    real = squares(*places)
    assert float(statistics_distance(real, real.flip(0))) == pytest.approx(0, abs=1e-8)
    assert float(statistics_distance(squares(places[0] + 1, places[1] + 2), real)) == pytest.approx(5, abs=1e-3)


def test_the_distance_takes_digits_back_to_where_real_ones_are() -> None:
    """Descending it, squares that were spread over several pixels end where the others are."""
    generator = torch.Generator().manual_seed(0)
    wanted = torch.rand(2, 100, generator=generator) - 0.5
    places = (2 * torch.randn(2, 100, generator=generator)).requires_grad_()
    optimizer = torch.optim.SGD([places], 25)
    for _ in range(30):
        optimizer_step([optimizer], statistics_distance(squares(*places), squares(*wanted)))
    torch.testing.assert_close(places.sort().values, wanted.sort().values, atol=0.01, rtol=0)


def test_the_fine_tuning_follows_the_schedules() -> None:
    """Until its first step nothing is other than without it; from there the rate is small and falls to 0."""
    config = CGanConfig()
    without = replace(config, fine_tuning_steps=0)
    for step in (0, 5_000, 10_000, config.steps - 1):
        assert config.learning_rate_at(step) == without.learning_rate_at(step)
        assert config.gamma_at(step) == without.gamma_at(step)
        assert not config.fine_tunes_at(step)
    rates = [config.learning_rate_at(step) for step in range(config.steps, config.total_steps + 1)]
    assert rates[0] == config.fine_tuning_rate
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] == 0
    assert config.fine_tunes_at(config.steps)
    assert config.fine_tunes_at(config.total_steps - 1)
    assert config.gamma_at(config.steps) == config.gamma
    assert config.shift_probability_at(config.steps) == 0
    assert config.reconstruction_weight_at(config.steps) == config.reconstruction_weight


def test_black_and_white_are_reached() -> None:
    """A clear background is exactly -1 and full ink exactly 1, and the gradient stays that of tanh."""
    features = torch.tensor([-3.0, -1.6, 0.0, 1.6, 3.0], requires_grad=True)
    images = saturate(features)
    assert images.tolist() == pytest.approx([-1, -1, 0, 1, 1])
    images.sum().backward()
    torch.testing.assert_close(features.grad, 1 - features.detach().tanh().square())


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


def tiny() -> CGan:
    """The default model, so small that a test can train it."""
    model = MODELS["cgan"].model(MODELS["cgan"].preset("tiny"))
    assert isinstance(model, CGan)
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
        latent, digit = torch.randn(100, model.config.latent_dim), torch.eye(DIGITS).repeat(10, 1)
        with torch.no_grad():
            fake = model.generator(latent, digit)
        loss = model._latent_regression_loss(fake, digit, latent)
        optimizer_step([optimizer], loss)
        losses.append(float(loss.detach()))
    assert losses[0] > 0.9
    assert losses[-1] < 0.85


@pytest.mark.parametrize("half", [0, 1])
def test_the_generators_step_leaves_the_discriminator_alone(half: int) -> None:
    """It moves generator and encoder and nothing else; the reconstruction begins at mid-run."""
    torch.manual_seed(0)
    model = tiny()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    _, *optimizers = model.optimizers()
    real, labels = torch.rand(40, 1, 28, 28) * 2 - 1, torch.arange(40) % 10
    losses = model._generator_step(optimizers, real, labels, torch.zeros(40), half * model.config.steps // 2)
    assert set(losses) == {"g_loss", "latent"} | ({"pixel", "feature"} if half else set())
    moved = {name.partition(".")[0] for name, value in model.state_dict().items() if not value.equal(before[name])}
    assert moved == {"generator", "encoder"}
    assert all(parameter.requires_grad for parameter in model.discriminator.parameters())


def test_the_fine_tuning_centres_a_generator() -> None:
    """Within a few steps a generator that draws too high and too far to the left comes nearer to the real digits."""
    torch.manual_seed(0)
    config = replace(MODELS["cgan"].preset("tiny"), fine_tuning_steps=15, fine_tuning_rate=1e-3)
    assert isinstance(config, CGanConfig)
    model = CGan(config)
    _, *optimizers = model.optimizers()
    labels = torch.arange(40) % 10
    real = squares(*(torch.rand(2, 40) + 2))
    for group in itertools.chain.from_iterable(one.param_groups for one in optimizers):
        group["lr"] = config.fine_tuning_rate
    losses = [
        float(model._generator_step(optimizers, real, labels, torch.zeros(40), config.steps)["statistics"])
        for _ in range(config.fine_tuning_steps)
    ]
    assert losses[-1] < losses[0] / 2


def test_the_fine_tuning_begins_with_the_average() -> None:
    """The generator goes on from it, and each average follows at the fine-tuning's own decay."""
    torch.manual_seed(0)
    config = replace(MODELS["cgan"].preset("tiny"), steps=1_000, fine_tuning_steps=10, fine_tuning_ema=0.75)
    assert isinstance(config, CGanConfig)
    model = CGan(config)
    for averaged in model.averages:
        averaged.coarse.weight.mul_(2)
    before = model.sampler.coarse.weight.clone()
    batch = (torch.rand(40, 1, 28, 28) * 2 - 1, torch.arange(40) % 10)
    model.training_step(model.optimizers(), itertools.repeat(batch), config.steps)
    after = model.generator.coarse.weight
    torch.testing.assert_close(after, before, atol=0.01, rtol=0)
    for averaged in model.averages:
        torch.testing.assert_close(averaged.coarse.weight, 0.75 * before + 0.25 * after)


def test_leaning_digits_are_at_a_distance() -> None:
    """The slant counts as well: bars that stand upright and bars that lean share their centres, and yet are apart."""
    row, column = torch.arange(28.0)[:, None], torch.arange(28.0)[None, :]
    bars = [((column - 14 - lean * (row - 14)).abs() < 2) & ((row - 14).abs() < 9) for lean in (0.0, 0.4)]
    upright, leaning = (2.0 * bar.float().repeat(6, 1, 1, 1) - 1 for bar in bars)
    torch.testing.assert_close(*(centre_of_mass((one[:, 0] + 1) / 2) for one in (upright, leaning)), atol=0.1, rtol=0)
    assert float(statistics_distance(upright, leaning)) == pytest.approx((5 * 0.4) ** 2, rel=0.2)


def test_images_with_a_larger_error_are_reconstructed_more_often() -> None:
    """Half of a batch is drawn, none twice, and images that the generator cannot draw come up more often."""
    torch.manual_seed(0)
    model = tiny()
    digit = torch.eye(DIGITS).repeat(4, 1)
    with torch.no_grad():
        easy = model.generator(model.encoder(torch.zeros(20, 1, 28, 28), digit[:20]), digit[:20])
    real = torch.cat([easy, torch.ones(20, 1, 28, 28)])
    hard = 0
    for _ in range(20):
        chosen, _ = model._draw_by_error(real, digit)
        assert len(chosen) == 20
        hard += int((chosen == 1).flatten(1).all(dim=1).sum())
    assert hard > 0.7 * 20 * 20


def test_each_average_has_its_own_memory() -> None:
    """After some steps the averages differ from one another and from the generator, and one of them is sampled."""
    torch.manual_seed(0)
    model = tiny()
    optimizers = model.optimizers()
    batch = (torch.rand(40, 1, 28, 28) * 2 - 1, torch.arange(40) % 10)
    for step in range(1000, 1010):
        model.training_step(optimizers, itertools.repeat(batch), step)
    weights = [one.coarse.weight for one in (model.generator, *model.averages)]
    assert all(not torch.equal(one, other) for one, other in itertools.combinations(weights, 2))
    assert model.sampler is model.averages[model.config.exported_ema]


def test_truncation_draws_towards_the_mean_style() -> None:
    """At 0 all images of a digit are the same, at 1 they are what the generator draws."""
    generator = Generator()
    truncated = Truncated(generator)
    latent, digit = torch.randn(6, 64), torch.eye(10)[[3] * 6]
    with torch.no_grad():
        torch.testing.assert_close(truncated(latent, digit, 1.0), generator(latent, digit), atol=1e-5, rtol=0)
        typical = truncated(latent, digit, 0.0)
    torch.testing.assert_close(typical, typical[:1].expand_as(typical))


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
