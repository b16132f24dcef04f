"""How long the steps of a strip take: `python -m pytest tests/benchmarks --benchmark-only`."""

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from core import canvas, noise
from core.catalog import Catalog
from core.drawing import draw
from core.generator import one_hot
from core.requests import CompareRequest, DrawRequest, MorphRequest, NumberRequest, StripRequest, Style


def test_latents_of_a_strip(benchmark: BenchmarkFixture) -> None:
    """Five latent vectors from a seed."""
    assert benchmark(noise.latents, 7, 5, 64).shape == (5, 64)


def test_five_images(benchmark: BenchmarkFixture, catalog: Catalog) -> None:
    """The default generator on a batch of five."""
    generator = catalog.find(None).generator
    images = benchmark(generator.draw, noise.latents(7, 5, generator.latent_dim), one_hot((4,) * 5))
    assert images.shape == (5, 28, 28)


@pytest.mark.parametrize("batch", [5, 10, 20, 40])
def test_a_batch_of_several_requests(benchmark: BenchmarkFixture, catalog: Catalog, batch: int) -> None:
    """Whether drawing several requests at once would pay: compare the time an image."""
    generator = catalog.find(None).generator
    images = benchmark(generator.draw, noise.latents(7, batch, generator.latent_dim), one_hot((4,) * batch))
    assert len(images) == batch


def test_png_of_a_strip(benchmark: BenchmarkFixture, catalog: Catalog) -> None:
    """Enlarging and encoding five images."""
    generator = catalog.find(None).generator
    images = generator.draw(noise.latents(7, 5, generator.latent_dim), one_hot((4,) * 5))
    file = benchmark(canvas.png, canvas.row(images), Style.CHALK)
    assert file.data[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    "asked",
    [StripRequest(4), NumberRequest("2026"), MorphRequest((3, 8)), CompareRequest(4)],
    ids=lambda asked: asked.__class__.__name__,
)
def test_a_whole_picture(benchmark: BenchmarkFixture, catalog: Catalog, asked: DrawRequest) -> None:
    """Request to file, without the queue."""
    assert benchmark(draw, catalog, asked).width > 0
