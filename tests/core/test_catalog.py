"""The weights folder: whatever is wrong with it is one sentence that names the file."""

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from core.catalog import MANIFEST, REQUIRED_METADATA, Catalog, Model
from core.errors import BadWeights, UnknownModel
from core.pictures.base import draw
from core.pictures.comparison import CompareRequest
from tests.conftest import WEIGHTS

GOOD_METADATA = dict.fromkeys(REQUIRED_METADATA, "x")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the weights that ship, to damage."""
    return Path(shutil.copytree(WEIGHTS, tmp_path / "weights"))


def constant_model(
    shape: Sequence[int | str] = ("batch", 28, 28),
    element: int = TensorProto.UINT8,
    output: str = "image",
    latent: Sequence[int | str] = ("batch", 4),
    metadata: dict[str, str] = GOOD_METADATA,
) -> bytes:
    """An ONNX file that draws black images of `shape`."""
    sides = list(shape[1:])
    nodes = [
        helper.make_node("Shape", ["latent"], ["batch"], start=0, end=1),
        helper.make_node("Concat", ["batch", "sides"], ["shape"], axis=0),
        helper.make_node("ConstantOfShape", ["shape"], [output], value=helper.make_tensor("", element, [1], [0])),
    ]
    graph = helper.make_graph(
        nodes,
        "constant",
        [
            helper.make_tensor_value_info("latent", TensorProto.FLOAT, latent),
            helper.make_tensor_value_info("digit", TensorProto.FLOAT, ["batch", 10]),
        ],
        [helper.make_tensor_value_info(output, element, shape)],
        [helper.make_tensor("sides", TensorProto.INT64, [len(sides)], sides)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    helper.set_model_props(model, metadata)
    return bytes(model.SerializeToString())


def place(folder: Path, content: bytes, name: str = "black") -> None:
    """Put a model into `folder` as its only one, listed with its true SHA-256."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.onnx").write_bytes(content)
    entry = {"name": name, "file": f"{name}.onnx", "sha256": hashlib.sha256(content).hexdigest(), "scores": {}}
    (folder / MANIFEST).write_text(json.dumps({"default": name, "models": [entry]}))


def refused(folder: Path) -> BadWeights:
    """Open the folder, expecting a refusal in one line."""
    with pytest.raises(BadWeights) as caught:
        Catalog.open(folder)
    assert "\n" not in str(caught.value)
    return caught.value


def test_the_models_that_ship_are_good() -> None:
    """The folder in the repository opens, and its default is the cGAN, which has a title."""
    catalog = Catalog.open(WEIGHTS)
    assert catalog.names[0] == catalog.default == "cgan"
    assert catalog.find(None) is catalog.find("cgan")
    assert catalog.find(None).title


def test_any_file_that_keeps_the_contract_is_a_model(tmp_path: Path) -> None:
    """Nothing about a family is known here: a model of one's own joins by its file and its line."""
    place(tmp_path, constant_model())
    assert Catalog.open(tmp_path).names == ("black",)


def test_an_unknown_name_lists_the_known_ones() -> None:
    """Whoever names a model that is not there is told which are."""
    with pytest.raises(UnknownModel) as caught:
        Catalog.open(WEIGHTS).find("gpt")
    assert "cgan" in caught.value.known


def test_a_name_is_found_in_capitals_too() -> None:
    """Titles are written with them; of two names that differ in them alone each is found as it is."""
    generator = Catalog.open(WEIGHTS).find(None).generator
    models = {name: Model(name, name, {}, generator) for name in ("vae", "MyGAN", "mygan")}
    catalog = Catalog(models, "vae")
    assert [catalog.find(typed).name for typed in ("VAE", "MyGAN", "mygan")] == ["vae", "MyGAN", "mygan"]


def test_an_unknown_default_is_refused() -> None:
    """A default that the manifest does not list is no default."""
    with pytest.raises(UnknownModel):
        Catalog.open(WEIGHTS, default="gpt")


def test_missing_weights_are_named(folder: Path) -> None:
    """A folder without a manifest, and a manifest without its model, are named by their path."""
    (folder / "cgan.onnx").unlink()
    assert refused(folder).path == folder / "cgan.onnx"
    (folder / MANIFEST).unlink()
    assert refused(folder).path == folder / MANIFEST


@pytest.mark.parametrize("place_of_byte", [0, 5000, -1])
def test_one_altered_byte_is_noticed(folder: Path, place_of_byte: int) -> None:
    """A single flipped bit anywhere in a model is told before the model is loaded."""
    content = bytearray((folder / "cgan.onnx").read_bytes())
    content[place_of_byte] ^= 1
    (folder / "cgan.onnx").write_bytes(content)
    assert "SHA-256" in refused(folder).reason


def test_a_file_cut_short_is_noticed(folder: Path) -> None:
    """A download that broke off is told as an altered file."""
    content = (folder / "cgan.onnx").read_bytes()
    (folder / "cgan.onnx").write_bytes(content[:1000])
    assert "SHA-256" in refused(folder).reason


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"default": "cgan", "models": []}', '{"default": "cgan", "models": [{"name": "cgan"}]}'],
)
def test_a_malformed_manifest_is_named(folder: Path, text: str) -> None:
    """A manifest that is no JSON, or JSON of another form, is one sentence."""
    (folder / MANIFEST).write_text(text)
    assert refused(folder).path == folder / MANIFEST


def test_a_manifest_cannot_reach_out_of_its_folder(folder: Path) -> None:
    """A file name with a path in it is malformed."""
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    manifest["models"][0]["file"] = "../cgan.onnx"
    (folder / MANIFEST).write_text(json.dumps(manifest))
    assert refused(folder).path == folder / MANIFEST


def test_a_default_that_is_not_listed_is_named(folder: Path) -> None:
    """The manifest's own default has to be one of its models."""
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    manifest["default"] = "other"
    (folder / MANIFEST).write_text(json.dumps(manifest))
    assert "other" in refused(folder).reason


@pytest.mark.parametrize(
    "content",
    [
        constant_model(shape=("batch", 32, 32)),
        constant_model(shape=("batch", 1, 28, 28)),
        constant_model(shape=(5, 28, 28)),
        constant_model(element=TensorProto.FLOAT),
        constant_model(output="picture"),
        constant_model(latent=("batch", 4, 4)),
        constant_model(latent=("batch", "any")),
    ],
    ids=["32 pixels", "a channel axis", "a fixed batch", "floats", "another name", "a latent square", "any latent"],
)
def test_a_model_of_another_shape_is_refused(tmp_path: Path, content: bytes) -> None:
    """A model whose inputs or outputs differ from the contract is told at start, not at the first request."""
    place(tmp_path, content)
    assert refused(tmp_path).path == tmp_path / "black.onnx"


def test_the_shape_that_is_wanted_is_told(tmp_path: Path) -> None:
    """Whoever exports a model reads what it has and what it should have."""
    place(tmp_path, constant_model(element=TensorProto.FLOAT))
    found, _, wanted = refused(tmp_path).reason.partition(", not ")
    assert found.startswith("has image as tensor(float) ")
    assert wanted == "tensor(uint8) ['batch', 28, 28]"


def test_a_model_without_a_description_is_refused(tmp_path: Path) -> None:
    """A model has to say what it is, under which licence and from which data."""
    place(tmp_path, constant_model(metadata={"name": "black"}))
    assert "license" in refused(tmp_path).reason


def test_what_ships_says_what_it_is() -> None:
    """Each model in the repository is under 4 MB, of opset 18, in one file, named as the manifest names it."""
    for path in WEIGHTS.glob("*.onnx"):
        assert path.stat().st_size < 4_000_000
        model = onnx.load(path)
        properties = {entry.key: entry.value for entry in model.metadata_props}
        assert properties["name"] == path.stem
        assert [opset.version for opset in model.opset_import if opset.domain in ("", "ai.onnx")] == [18]


def change(folder: Path, alter: Callable[[dict[str, object]], object], entry: int = 1) -> None:
    """Alter one model's entry in the manifest."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    alter(manifest["models"][entry])
    path.write_text(json.dumps(manifest))


@pytest.mark.parametrize("name", ["name", "file", "sha256", "scores"])
def test_each_entry_of_a_manifest_has_to_be_whole(small: Path, name: str) -> None:
    """Good models before and after it do not excuse one that lacks a part."""
    change(small, lambda entry: entry.pop(name))
    with pytest.raises(BadWeights) as caught:
        Catalog.open(small)
    assert caught.value.path == small / "manifest.json"


@pytest.mark.parametrize("score", ["0.9", None, [0.9]])
def test_each_score_has_to_be_a_number(small: Path, score: object) -> None:
    """One that is none, among others that are, is told at the start."""
    change(small, lambda entry: entry.update(scores={"reading": 0.5, "frechet": score, "recall": 1}))
    with pytest.raises(BadWeights) as caught:
        Catalog.open(small)
    assert caught.value.path == small / "manifest.json"


def test_a_model_is_listed_with_its_title_and_scores(small: Path) -> None:
    """In the manifest's order, the default first."""
    catalog = Catalog.open(small)
    assert catalog.names == ("blocks", "ribs", "plates")
    assert [model.title for model in catalog.models] == ["Blocks", "Ribs", "Plates"]
    assert catalog.find("ribs").scores["reading"] == 0.7154
    assert catalog.curve == (small / "curve.png").read_bytes()


@pytest.mark.parametrize("name", ["manifest.json", "ribs.onnx", "curve.png"])
def test_what_cannot_be_read_is_named(small: Path, name: str) -> None:
    """A folder in place of a file is one sentence with its path."""
    (small / name).unlink()
    (small / name).mkdir()
    with pytest.raises(BadWeights) as caught:
        Catalog.open(small)
    assert caught.value.path == small / name
    assert "cannot be read" in caught.value.reason


def test_a_folder_without_a_curve_has_none(small: Path) -> None:
    """The picture of a training is a gift, and no condition."""
    (small / "curve.png").unlink()
    assert Catalog.open(small).curve is None


def test_two_models_may_not_be_mixed_up(small: Path) -> None:
    """A good model under the name of another one is not the file that is listed."""
    shutil.copy(small / "plates.onnx", small / "ribs.onnx")
    with pytest.raises(BadWeights) as caught:
        Catalog.open(small)
    assert caught.value.path == small / "ribs.onnx"


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
def test_a_model_that_cannot_draw_is_refused_at_the_start(small: Path, side: float, reason: str) -> None:
    """A file that keeps the contract only in its description is named before the first request."""
    content = secretive_model(side)
    (small / "ribs.onnx").write_bytes(content)
    change(small, lambda entry: entry.update(sha256=hashlib.sha256(content).hexdigest()), 0)
    with pytest.raises(BadWeights) as caught:
        Catalog.open(small)
    assert caught.value.path == small / "ribs.onnx"
    assert reason in caught.value.reason
    assert "\n" not in caught.value.reason


@pytest.mark.parametrize("name", ["cgan-mlp", "vae", "cgan"])
def test_the_operators_model_comes_first(name: str) -> None:
    """With DIGIT_MODEL that model draws where none is named and leads every list, in which each model is once."""
    ships = Catalog.open(WEIGHTS)
    catalog = Catalog.open(WEIGHTS, name)
    assert catalog.find(None).name == catalog.default == catalog.names[0] == catalog.models[0].name == name
    assert catalog.names[1:] == tuple(other for other in ships.names if other != name)
    rows = draw(catalog, CompareRequest(4, seed=7)).titles
    assert rows == tuple(model.title for model in catalog.models)
    assert len(set(rows)) == len(ships.names)
