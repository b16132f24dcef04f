"""Images in doubt are drawn again, from the next latent of their own stream, and at most four times."""

from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from core import latents, rejection
from core.catalog import Catalog, Model
from core.dataset import Dataset
from core.generator import Generator
from core.pictures.base import Form, draw
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest
from core.reader import Reader

SURE, LIKELY, DOUBTFUL = 1.0, 0.6, 0.2


class Inky(Generator):
    """A generator whose images are of one shade, which stands for the first number of the latent."""

    def __init__(self) -> None:
        self.latent_dim = 3
        self.metadata = {}
        self.batches: list[int] = []

    def draw(
        self,
        latents: NDArray[np.float32],
        _digits: NDArray[np.float32],
        _truncation: float = 1.0,
    ) -> NDArray[np.uint8]:
        """Draw shades of grey."""
        self.batches.append(len(latents))
        return np.repeat(shades(latents), 28 * 28).reshape(-1, 28, 28)


class ByShade(Reader):
    """A reader that is sure of the images whose shade it is told."""

    def __init__(self, confidences: dict[int, float]) -> None:
        self._confidences = confidences

    def read(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Give every digit the same confidence."""
        found = [self._confidences.get(int(image[0, 0]), SURE) for image in images]
        return np.repeat(np.array(found, np.float32), 10).reshape(-1, 10)


def shades(rows: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return a shade for each latent."""
    return (rows[:, 0].view(np.uint32) >> 3).astype(np.uint8)


def attempts(seed: int, index: int) -> list[int]:
    """Return the shades of the first five attempts at an image."""
    return [int(shades(latents.independent(seed, 1, 3, attempt, start=index))[0]) for attempt in range(5)]


def drawn(confidences: dict[int, float], count: int = 3, seed: int = 7) -> list[int]:
    """Return the shades of the images of a strip."""
    rows = partial(latents.independent, seed, count, 3)
    images, _ = rejection.draw(Inky(), ByShade(confidences), rows, (4,) * count, 1)
    return [int(image[0, 0]) for image in images]


def test_an_image_that_is_sure_is_the_first_one() -> None:
    """Nothing is drawn again, nor any latent made, where the reader has no doubt."""
    generator = Inky()
    rejection.draw(generator, ByShade({}), partial(latents.independent, 7, 5, 3), (4,) * 5, 1)
    assert generator.batches == [5]
    assert drawn({}) == [attempts(7, index)[0] for index in range(3)]


def test_an_image_at_the_threshold_is_sure() -> None:
    """Drawn again is what is below it."""
    rows = partial(latents.independent, 7, 1, 3)
    at_the_threshold = ByShade({attempts(7, 0)[0]: LIKELY})
    images, _ = rejection.draw(Inky(), at_the_threshold, rows, (4,), 1, float(np.float32(LIKELY)))
    assert int(images[0, 0, 0]) == attempts(7, 0)[0]


@pytest.mark.parametrize("refused", range(1, 5))
def test_a_doubtful_image_is_drawn_from_the_next_latent_of_its_stream(refused: int) -> None:
    """The others stay, and the first attempt that is sure is taken."""
    second = attempts(7, 1)
    doubtful = dict.fromkeys(second[:refused], DOUBTFUL)
    assert drawn(doubtful) == [attempts(7, 0)[0], second[refused], attempts(7, 2)[0]]


@pytest.mark.parametrize("likeliest", range(5))
def test_where_all_attempts_are_doubtful_the_likeliest_is_taken(likeliest: int) -> None:
    """After four more attempts there is no fifth."""
    tried = attempts(7, 1)
    confidences = dict.fromkeys(tried, DOUBTFUL) | {tried[likeliest]: LIKELY}
    assert drawn(confidences)[1] == tried[likeliest]


def test_a_longer_strip_begins_with_the_shorter_one() -> None:
    """What is drawn again depends on the image alone, not on its company."""
    confidences = dict.fromkeys([attempts(7, index)[0] for index in (1, 2, 4)], DOUBTFUL)
    assert drawn(confidences, 5)[:2] == drawn(confidences, 2)


def test_only_the_images_in_doubt_are_drawn_again() -> None:
    """The cost of a doubt is one image."""
    generator = Inky()
    doubtful = dict.fromkeys(attempts(7, 1)[:2], DOUBTFUL)
    rejection.draw(generator, ByShade(doubtful), partial(latents.independent, 7, 5, 3), (4,) * 5, 1)
    assert generator.batches == [5, 1, 1]


def batches(request: StripRequest | NumberRequest, *, reader: bool = True) -> list[int]:
    """Return the sizes of the batches that a picture takes where the reader doubts everything."""
    generator = Inky()
    everything = ByShade(dict.fromkeys(range(256), DOUBTFUL))
    model = Model("inky", "Inky", {}, generator, everything if reader else None)
    draw(Catalog({"inky": model}, "inky"), request)
    return generator.batches


@pytest.mark.parametrize("form", [Form.PICTURE, Form.JPEG, Form.ARCHIVE])
def test_strips_and_numbers_are_read(form: Form) -> None:
    """So are the untouched images, which are those of the picture."""
    assert batches(StripRequest(digit=4, seed=7, form=form)) == [5] * 5
    assert batches(NumberRequest(text="2026", seed=7, form=form)) == [4] * 5


@pytest.mark.parametrize(("neat", "times"), [(0, 1), (49, 1), (50, 5), (100, 5)])
def test_wild_digits_are_shown_as_they_are(neat: int, times: int) -> None:
    """Below the natural neatness doubt is what was asked for."""
    assert batches(StripRequest(digit=4, seed=7, neat=neat)) == [5] * times


def test_a_model_without_a_reader_is_shown_as_it_is() -> None:
    """The classic models are there to show what they draw."""
    assert batches(StripRequest(digit=4, seed=7), reader=False) == [5]


def test_a_data_set_is_read_only_where_that_is_asked_for() -> None:
    """A student that learns from it should see what the model draws."""
    for reader, most in ((None, 0), (ByShade(dict.fromkeys(range(256), DOUBTFUL)), 4)):
        generator = Inky()
        dataset = Dataset(generator, 20, 7, 1.0, test=False, reader=reader)
        assert sum(dataset.draw()) == 200
        assert generator.batches == [100] * 2 * (1 + most)


def test_batches_of_a_data_set_go_on_in_the_stream() -> None:
    """Image i of a data set has latent i, in whichever batch."""
    generator = Inky()
    dataset = Dataset(generator, 20, 7, 1.0, test=False)
    list(dataset.draw())
    assert dataset.images[:, 0, 0].tolist() == shades(latents.independent(7, 200, 3)).tolist()
