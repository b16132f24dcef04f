"""How long the steps of a strip take: `python -m pytest tests/benchmarks --benchmark-only`."""

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from core import latents
from core.catalog import Catalog
from core.generator import one_hot
from core.imaging import encoding
from core.imaging.rendering import side_by_side
from core.imaging.styles import Style
from core.pictures.base import PictureRequest, draw
from core.pictures.comparison import CompareRequest
from core.pictures.morph import MorphRequest
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest


def test_latents_of_a_strip(benchmark: BenchmarkFixture) -> None:
    """Five latent vectors from a seed."""
    assert benchmark(latents.independent, 7, 5, 64).shape == (5, 64)


def test_five_images(benchmark: BenchmarkFixture, catalog: Catalog) -> None:
    """The default generator on a batch of five."""
    generator = catalog.find(None).generator
    images = benchmark(generator.draw, latents.independent(7, 5, generator.latent_dim), one_hot((4,) * 5))
    assert images.shape == (5, 28, 28)


@pytest.mark.parametrize("batch", [5, 10, 20, 40])
def test_a_batch_of_several_requests(benchmark: BenchmarkFixture, catalog: Catalog, batch: int) -> None:
    """Whether drawing several requests at once would pay: compare the time an image."""
    generator = catalog.find(None).generator
    images = benchmark(generator.draw, latents.independent(7, batch, generator.latent_dim), one_hot((4,) * batch))
    assert len(images) == batch


def test_png_of_a_strip(benchmark: BenchmarkFixture, catalog: Catalog) -> None:
    """Enlarging and encoding five images."""
    generator = catalog.find(None).generator
    images = generator.draw(latents.independent(7, 5, generator.latent_dim), one_hot((4,) * 5))
    file = benchmark(encoding.png, side_by_side(images), Style.CHALK)
    assert file.data[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    "asked",
    [StripRequest(4), NumberRequest("2026"), MorphRequest((3, 8)), CompareRequest(4)],
    ids=lambda asked: asked.__class__.__name__,
)
def test_a_whole_picture(benchmark: BenchmarkFixture, catalog: Catalog, asked: PictureRequest) -> None:
    """Request to file, without the queue."""
    assert benchmark(draw, catalog, asked).width > 0
