"""The generator on its contract: any model that keeps it draws, any other file is refused in a sentence."""

from pathlib import Path

import numpy as np
import pytest

from core import latents
from core.catalog import Catalog
from core.errors import (
    BadWeights,
)
from core.generator import Generator, one_hot


def test_an_image_does_not_depend_on_its_batch(catalog: Catalog) -> None:
    """Drawn alone or among others, an image of a seed is the same within one grey level."""
    generator = catalog.find(None).generator
    rows = latents.independent(7, 10, generator.latent_dim)
    together = generator.draw(rows, one_hot((4,) * 10)).astype(int)
    for index in range(10):
        alone = generator.draw(rows[index : index + 1], one_hot((4,)))
        assert np.abs(together[index] - alone[0]).max() <= 1


def test_five_of_a_digit_are_five_different_ones(catalog: Catalog) -> None:
    """No two images of a strip are alike: each pair differs by more than 1 % of full ink on average."""
    for model in catalog.models:
        for digit in range(10):
            rows = latents.independent(7, 5, model.generator.latent_dim)
            images = model.generator.draw(rows, one_hot((digit,) * 5)).astype(float) / 255
            distances = [np.abs(images[a] - images[b]).mean() for a in range(5) for b in range(a)]
            assert min(distances) > 0.01


def test_ten_weights_draw_a_step_between_two_digits(catalog: Catalog) -> None:
    """The digit input takes weights that sum to 1, not only one-hot rows."""
    generator = catalog.find(None).generator
    weights = (one_hot((3,)) + one_hot((8,))) / 2
    assert generator.draw(latents.independent(7, 1, generator.latent_dim), weights).shape == (1, 28, 28)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    """Something else under the name of a model gives an error that names the file."""
    path = tmp_path / "cgan.onnx"
    path.write_bytes(b"not a model")
    with pytest.raises(BadWeights) as caught:
        Generator.load(path)
    assert caught.value.path == path
    assert "\n" not in caught.value.reason


@pytest.mark.parametrize(("rows", "pictures"), [(5, 5), (1, 1)])
def test_a_generator_draws_as_many_images_as_it_is_given(small: Path, rows: int, pictures: int) -> None:
    """One row of latents and of digits, one image."""
    generator = Catalog.open(small).find("ribs").generator
    given = latents.independent(7, rows, generator.latent_dim)
    images = generator.draw(given, np.eye(10, dtype=np.float32)[[4] * rows])
    assert (images.shape, images.dtype) == ((pictures, 28, 28), np.uint8)


@pytest.mark.parametrize("name", ["ribs", "blocks"])
def test_every_kind_of_model_is_drawn_together(small: Path, name: str) -> None:
    """With an input for truncation or without one, at 0 all images are one, and at 1.4 they differ more."""
    generator = Catalog.open(small).find(name).generator
    rows, fours = latents.independent(7, 20, generator.latent_dim), np.eye(10, dtype=np.float32)[[4] * 20]
    varied = [generator.draw(rows, fours, spread).astype(float).std(axis=0).mean() for spread in (0, 0.3, 1, 1.4)]
    assert varied[0] == 0
    assert varied == sorted(varied)
    assert varied[1] == pytest.approx(0.3 * varied[2], rel=0.4)  # grey levels end at 255
