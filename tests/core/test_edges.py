"""Edges: the first and last value of every range, zeros, exact fits, and what is malformed in one place only."""

import hashlib
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from core import latents
from core.catalog import Catalog, Model
from core.dataset import Dataset
from core.errors import (
    BadRequest,
    BadWeights,
    InvalidCount,
    InvalidDigit,
    InvalidMorph,
    InvalidNeatness,
    InvalidSeed,
    InvalidSize,
    NumberTooLong,
)
from core.imaging.page import ABOVE_PX, BELOW_PX, TITLE_PX
from core.imaging.styles import Style
from core.imaging.typesetting import rows_of, write
from core.pictures.base import Form, PictureRequest, draw
from core.pictures.comparison import CompareRequest
from core.pictures.morph import MorphRequest
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest
from tests.conftest import WEIGHTS
from tests.fakes.recording import RecordingGenerator, catalog_of
from tests.golden.weights import make

RANDOM_DIGITS = [3, 5, 6, 4, 7, 3, 9, 9, 4, 8, 2, 8, 7, 1, 2, 0, 1, 1, 7, 4]
"""The digits that `random` is with seeds 0..19, in version 0.1."""


@pytest.mark.parametrize(
    "asked",
    [
        lambda: StripRequest(0, 1, seed=0, neat=0),
        lambda: StripRequest(9, 10, seed=2**32 - 1, neat=100),
        lambda: NumberRequest("12345678901234567890......"),
        lambda: NumberRequest("0"),
        lambda: MorphRequest((0,)),
        lambda: MorphRequest((9, 8, 9, 0, 9, 8)),
        lambda: CompareRequest(0),
        lambda: CompareRequest(9, seed=0, neat=0),
    ],
)
def test_the_ends_of_every_range_can_be_drawn(asked: Callable[[], PictureRequest]) -> None:
    """Nothing that is just within a limit is refused, and what comes back is what was asked for."""
    request = asked()
    picture = draw(catalog_of(RecordingGenerator()), request)
    assert picture.request.digits == request.digits
    assert picture.request.seed == picture.seed
    assert request.seed in (None, picture.seed)


@pytest.mark.parametrize(
    ("asked", "error", "value"),
    [
        (lambda: StripRequest(10), InvalidDigit, 10),
        (lambda: StripRequest(-1), InvalidDigit, -1),
        (lambda: StripRequest(4, 0), InvalidCount, 0),
        (lambda: StripRequest(4, 11), InvalidCount, 11),
        (lambda: StripRequest(4, seed=2**32), InvalidSeed, 2**32),
        (lambda: StripRequest(4, seed=-1), InvalidSeed, -1),
        (lambda: NumberRequest("4", neat=101), InvalidNeatness, 101),
        (lambda: CompareRequest(4, neat=-1), InvalidNeatness, -1),
        (lambda: CompareRequest(10), InvalidDigit, 10),
        (lambda: CompareRequest(-1), InvalidDigit, -1),
        (lambda: MorphRequest((4, -1)), InvalidDigit, -1),
        (lambda: MorphRequest((4, 10)), InvalidDigit, 10),
        (lambda: MorphRequest(()), InvalidMorph, 0),
        (lambda: MorphRequest((1, 2, 3, 4, 5, 6, 7)), InvalidMorph, 7),
        (lambda: NumberRequest("1" * 21), NumberTooLong, "1" * 21),
        (lambda: NumberRequest("1" + "." * 26), NumberTooLong, "1" + "." * 26),
        (lambda: Dataset(RecordingGenerator(), 0, 7, 1.0, test=False), InvalidSize, 0),
        (lambda: Dataset(RecordingGenerator(), 10_001, 7, 1.0, test=False), InvalidSize, 10_001),
    ],
)
def test_one_past_a_range_is_refused_by_name(
    asked: Callable[[], object], error: type[BadRequest], value: object
) -> None:
    """The next value is refused, and the error holds it for the sentence that a person reads."""
    with pytest.raises(error) as caught:
        asked()
    assert caught.value.value == value


@pytest.mark.parametrize("each", [1, 10_000])
def test_the_smallest_and_the_largest_data_set_can_be_had(each: int) -> None:
    """One image of each digit, or ten thousand."""
    assert Dataset(RecordingGenerator(), each, 7, 1.0, test=False).size == 10 * each


def test_a_seed_picks_the_same_random_digit_for_good() -> None:
    """`random` with a seed that somebody noted is the digit that it was."""
    assert [latents.random_digit(seed) for seed in range(20)] == RANDOM_DIGITS
    picture = draw(catalog_of(RecordingGenerator()), StripRequest(None, seed=15))
    assert picture.request.digits == (0,) * 5


def test_a_random_comparison_is_of_one_digit_that_comes_back() -> None:
    """A zero that the seed picks is a zero, and not another random digit."""
    picture = draw(catalog_of(RecordingGenerator()), CompareRequest(None, seed=15))
    assert picture.request == CompareRequest(0, ("only",), seed=15)


def test_a_score_of_nothing_is_a_score() -> None:
    """A model whose digits are never read right says 0.0 % over its row; one without a score says nothing."""
    pages = []
    for scores in ({"reading": 0.0}, {}, {"reading": 1.0}):
        catalog = Catalog({"only": Model("only", "Only", scores, RecordingGenerator())}, "only")
        page = Image.open(io.BytesIO(draw(catalog, CompareRequest(4, seed=7)).data)).convert("L")
        note = np.asarray(page)[TITLE_PX : TITLE_PX + ABOVE_PX + BELOW_PX, page.width // 2 :]
        pages.append((note > 128).any(axis=0).sum())
    none, unscored, full = pages
    assert unscored == 0 < none < full


# The weights folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three small models, to damage."""
    return make(tmp_path / "weights")


def change(folder: Path, alter: Callable[[dict[str, object]], object], entry: int = 1) -> None:
    """Alter one model's entry in the manifest."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    alter(manifest["models"][entry])
    path.write_text(json.dumps(manifest))


@pytest.mark.parametrize("name", ["name", "file", "sha256", "scores"])
def test_each_entry_of_a_manifest_has_to_be_whole(folder: Path, name: str) -> None:
    """Good models before and after it do not excuse one that lacks a part."""
    change(folder, lambda entry: entry.pop(name))
    with pytest.raises(BadWeights) as caught:
        Catalog.open(folder)
    assert caught.value.path == folder / "manifest.json"


@pytest.mark.parametrize("score", ["0.9", None, [0.9]])
def test_each_score_has_to_be_a_number(folder: Path, score: object) -> None:
    """One that is none, among others that are, is told at the start."""
    change(folder, lambda entry: entry.update(scores={"reading": 0.5, "frechet": score, "recall": 1}))
    with pytest.raises(BadWeights) as caught:
        Catalog.open(folder)
    assert caught.value.path == folder / "manifest.json"


def test_a_model_is_listed_with_its_title_and_scores(folder: Path) -> None:
    """In the manifest's order, the default first."""
    catalog = Catalog.open(folder)
    assert catalog.names == ("blocks", "ribs", "plates")
    assert [model.title for model in catalog.models] == ["Blocks", "Ribs", "Plates"]
    assert catalog.find("ribs").scores["reading"] == 0.7154
    assert catalog.curve == (folder / "curve.png").read_bytes()


@pytest.mark.parametrize("name", ["manifest.json", "ribs.onnx", "curve.png"])
def test_what_cannot_be_read_is_named(folder: Path, name: str) -> None:
    """A folder in place of a file is one sentence with its path."""
    (folder / name).unlink()
    (folder / name).mkdir()
    with pytest.raises(BadWeights) as caught:
        Catalog.open(folder)
    assert caught.value.path == folder / name
    assert "cannot be read" in caught.value.reason


def test_a_folder_without_a_curve_has_none(folder: Path) -> None:
    """The picture of a training is a gift, and no condition."""
    (folder / "curve.png").unlink()
    assert Catalog.open(folder).curve is None


def test_two_models_may_not_be_mixed_up(folder: Path) -> None:
    """A good model under the name of another one is not the file that is listed."""
    shutil.copy(folder / "plates.onnx", folder / "ribs.onnx")
    with pytest.raises(BadWeights) as caught:
        Catalog.open(folder)
    assert caught.value.path == folder / "ribs.onnx"


@pytest.mark.parametrize(("rows", "pictures"), [(5, 5), (1, 1)])
def test_a_generator_draws_as_many_images_as_it_is_given(folder: Path, rows: int, pictures: int) -> None:
    """One row of latents and of digits, one image."""
    generator = Catalog.open(folder).find("ribs").generator
    given = latents.independent(7, rows, generator.latent_dim)
    images = generator.draw(given, np.eye(10, dtype=np.float32)[[4] * rows])
    assert (images.shape, images.dtype) == ((pictures, 28, 28), np.uint8)


@pytest.mark.parametrize("name", ["ribs", "blocks"])
def test_every_kind_of_model_is_drawn_together(folder: Path, name: str) -> None:
    """With an input for truncation or without one, at 0 all images are one, and at 1.4 they differ more."""
    generator = Catalog.open(folder).find(name).generator
    rows, fours = latents.independent(7, 20, generator.latent_dim), np.eye(10, dtype=np.float32)[[4] * 20]
    varied = [generator.draw(rows, fours, spread).astype(float).std(axis=0).mean() for spread in (0, 0.3, 1, 1.4)]
    assert varied[0] == 0
    assert varied == sorted(varied)
    assert varied[1] == pytest.approx(0.3 * varied[2], rel=0.4)  # grey levels end at 255


def test_the_shipped_models_are_those_of_the_manifest() -> None:
    """Scores that `/models` shows are the manifest's, to the last digit."""
    listed = json.loads((WEIGHTS / "manifest.json").read_text())["models"]
    catalog = Catalog.open(WEIGHTS)
    assert {model.name: dict(model.scores) for model in catalog.models} == {m["name"]: m["scores"] for m in listed}


def secretive_model(side: float) -> bytes:
    """An ONNX file that says 28 x 28, and finds out only when it draws that its images have other sides."""
    nodes = [
        helper.make_node("ReduceSum", ["latent"], ["total"], keepdims=0),
        helper.make_node("Mul", ["total", "nothing"], ["zero"]),
        helper.make_node("Add", ["zero", "sides"], ["lengths"]),
        helper.make_node("Cast", ["lengths"], ["whole"], to=TensorProto.INT64),
        helper.make_node("Shape", ["latent"], ["batch"], start=0, end=1),
        helper.make_node("Concat", ["batch", "whole"], ["shape"], axis=0),
        helper.make_node(
            "ConstantOfShape", ["shape"], ["image"], value=helper.make_tensor("", TensorProto.UINT8, [1], [0])
        ),
    ]
    graph = helper.make_graph(
        nodes,
        "secretive",
        [
            helper.make_tensor_value_info("latent", TensorProto.FLOAT, ["batch", 4]),
            helper.make_tensor_value_info("digit", TensorProto.FLOAT, ["batch", 10]),
        ],
        [helper.make_tensor_value_info("image", TensorProto.UINT8, ["batch", 28, 28])],
        [
            numpy_helper.from_array(np.zeros((), np.float32), "nothing"),
            numpy_helper.from_array(np.full(2, side, np.float32), "sides"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    helper.set_model_props(model, dict.fromkeys(("name", "family", "title", "license", "data", "commit"), "x"))
    return bytes(model.SerializeToString())


@pytest.mark.parametrize(("side", "reason"), [(14, "(14, 14)"), (-7, "fails when it is run")])
def test_a_model_that_cannot_draw_is_refused_at_the_start(folder: Path, side: float, reason: str) -> None:
    """A file that keeps the contract only in its description is named before the first request."""
    content = secretive_model(side)
    (folder / "ribs.onnx").write_bytes(content)
    change(folder, lambda entry: entry.update(sha256=hashlib.sha256(content).hexdigest()), 0)
    with pytest.raises(BadWeights) as caught:
        Catalog.open(folder)
    assert caught.value.path == folder / "ribs.onnx"
    assert reason in caught.value.reason
    assert "\n" not in caught.value.reason


# Lettering


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("1" * 10, [10]),
        ("1" * 11, [6, 5]),
        ("1" * 13, [7, 6]),
        ("1" * 19, [10, 9]),
        ("1" * 20, [10, 10]),
        ("1 " + "1" * 19, [1, 10, 9]),
        ("1234567890 1", [10, 1]),
        ("1 1234567890", [1, 10]),
        ("1 2222222222 3", [1, 10, 1]),
        ("1234567890 12345 67890", [10, 10]),
        ("123 12345678 12 3456789", [3, 10, 7]),
    ],
)
def test_rows_are_even_and_full_where_they_can_be(text: str, rows: list[int]) -> None:
    """As few rows as ten digits each allow, with about as many digits in each."""
    assert [sum(sign.isdecimal() for sign in row) for row in rows_of(text)] == rows


@pytest.mark.parametrize("columns", [slice(0, 3), slice(25, 28)], ids=["left", "right"])
def test_a_digit_at_the_edge_of_its_image_is_whole(columns: slice) -> None:
    """Ink in the first or last column is neither cut off nor set on the other side."""
    at_edge, amid = np.zeros((2, 28, 28), np.uint8), np.zeros((2, 28, 28), np.uint8)
    at_edge[:, 4:24, columns] = 255
    amid[:, 4:24, 12:15] = 255
    pages = [write("11", images) >= 64 for images in (at_edge, amid)]
    assert pages[0].sum() == pages[1].sum()


def test_a_blank_digit_leaves_its_place_and_the_others() -> None:
    """Between two digits that are there, one that the model left blank is a gap."""
    images = np.zeros((3, 28, 28), np.uint8)
    images[[0, 2], 4:24, 12:15] = 255
    page, beside = write("111", images), write("11", images[[0, 2]])
    assert (page >= 64).sum() == (beside >= 64).sum()
    assert page.shape[1] >= beside.shape[1] + 4


def test_digits_keep_their_order_around_a_blank_one() -> None:
    """Of a thin digit, a blank one and a bold one, the thin one stays on the left."""
    images = np.zeros((3, 28, 28), np.uint8)
    images[0, 4:24, 12:14] = images[2, 4:24, 10:18] = 255
    columns = np.flatnonzero((write("111", images) >= 64).any(axis=0))
    widths = [len(part) for part in np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)]
    assert widths == [2, 8]


def test_small_digits_grow_and_not_beyond_measure() -> None:
    """A low digit is made as high as the others, up to 1.35 times: a speck stays a speck."""

    def height(rows: int) -> int:
        image = np.zeros((1, 28, 28), np.uint8)
        image[0, 4 : 4 + rows, 12:16] = 255
        return int((write("1", image) >= 128).any(axis=1).sum())

    assert height(20) == 20
    assert height(16) == 20
    assert height(24) in (19, 20, 21)
    assert height(10) in (13, 14)


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize("form", [Form.PICTURE, Form.JPEG])
def test_a_blank_picture_has_no_ink(style: Style, form: Form) -> None:
    """Black images are background from edge to edge, in each style."""
    picture = draw(catalog_of(RecordingGenerator()), StripRequest(4, style=style, form=form))
    pixels = np.asarray(Image.open(io.BytesIO(picture.data)).convert("RGBA")).reshape(-1, 4)
    assert len(np.unique(pixels, axis=0)) == 1
