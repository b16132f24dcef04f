"""`python -m training.export`: a file that draws in the bot, and shipped weights that nothing replaces unasked."""

import io
import json
import shutil
from pathlib import Path

import onnx
import pytest

from core.catalog import Catalog
from core.pictures.base import draw
from core.pictures.strip import StripRequest
from tests.conftest import ROOT
from tests.training.conftest import arguments
from training import train
from training.export.__main__ import main


def test_an_exported_model_draws_in_the_bot(weights: Path) -> None:
    """The file and its line in the manifest are all that the bot needs."""
    catalog = Catalog.open(weights)
    assert catalog.default == "cgan"
    assert draw(catalog, StripRequest(4)).data[:4] == b"\x89PNG"


def test_an_exported_model_keeps_the_contract(weights: Path) -> None:
    """Opset 18, one file, no normalisation nodes left, and a description."""
    model = onnx.load(weights / "cgan.onnx")
    assert [entry.version for entry in model.opset_import if entry.domain == ""] == [18]
    kinds = {node.op_type for node in model.graph.node}
    assert not kinds & {"BatchNormalization", "ConvTranspose", "RandomNormal", "Dropout"}
    written = {entry.key: entry.value for entry in model.metadata_props}
    assert set(written) == {"name", "family", "title", "license", "data", "commit", "steps", "images", "read_again"}
    assert (written["steps"], written["images"]) == ("5", "200")


def test_a_file_tells_nothing_of_the_machine(weights: Path) -> None:
    """No path of where it was exported is in it."""
    content = (weights / "cgan.onnx").read_bytes()
    assert b"cgan.py" not in content
    assert str(ROOT).encode() not in content


@pytest.fixture(scope="module")
def made(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with tiny runs of several models, and weights of them all."""
    folder = tmp_path_factory.mktemp("install")
    for name in ("cgan", "vae", "reader", "encoder"):
        of = ["--set", f"run={folder / 'runs' / 'cgan'}"] if name == "encoder" else []
        more = ["--model", name, "--set", "steps=2", *of]
        if name == "encoder":
            more += ["--set", "discriminator_width=16", "--set", "ema=0.8"]
        assert train.main([*arguments(data, folder / "runs" / name), *more]) == 0
        assert main([str(folder / "runs" / name), "--weights", str(folder / "weights")]) == 0
    return folder


@pytest.fixture
def place(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it to work in, as in a checkout, with another curve and measured scores in its weights."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    (tmp_path / "weights" / "curve.png").write_bytes(b"the curve of what shipped")
    manifest = json.loads((tmp_path / "weights" / "manifest.json").read_text())
    for entry in manifest["models"]:
        entry["scores"] = {"reading": 0.99}
    (tmp_path / "weights" / "manifest.json").write_text(json.dumps(manifest))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def typed(monkeypatch: pytest.MonkeyPatch, answer: str | None) -> None:
    """Have somebody at a terminal answer a question; None is a pipe that nobody writes to."""
    stdin = io.StringIO(f"{answer}\n" if answer is not None else "")
    stdin.isatty = lambda: answer is not None  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stdin", stdin)


def test_an_export_leaves_the_shipped_weights_alone(place: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It goes to RUN/weights, with all other models beside it and their scores, and draws there at once."""
    caplog.set_level("INFO")
    before = contents(place / "weights")
    assert main(["runs/cgan"]) == 0
    assert contents(place / "weights") == before
    assert "DIGIT_WEIGHTS=runs/cgan/weights python -m bot" in caplog.messages[-1]
    catalog = Catalog.open(place / "runs" / "cgan" / "weights")
    assert {model.name: dict(model.scores) for model in catalog.models} == {"cgan": {}, "vae": {"reading": 0.99}}
    assert catalog.reader is not None
    assert draw(catalog, StripRequest(4)).data[:4] == b"\x89PNG"


def test_a_new_default_brings_its_curve_and_no_foreign_encoder(place: Path) -> None:
    """The encoder finds latents of the shipped generator alone, so it is left out beside another one."""
    assert main(["runs/cgan"]) == 0
    catalog = Catalog.open(place / "runs" / "cgan" / "weights")
    assert catalog.encoder is None
    assert catalog.curve == (place / "runs" / "cgan" / "curve.png").read_bytes()


def test_another_model_keeps_the_default_its_curve_and_its_encoder(
    place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A VAE of one's own stands beside the shipped default, and the last line says how to draw with it."""
    caplog.set_level("INFO")
    assert main(["runs/vae"]) == 0
    catalog = Catalog.open(place / "runs" / "vae" / "weights")
    assert (catalog.default, catalog.curve) == ("cgan", b"the curve of what shipped")
    assert catalog.encoder is not None
    assert "DIGIT_WEIGHTS=runs/vae/weights DIGIT_MODEL=vae python -m bot" in caplog.messages[-1]


def test_without_shipped_weights_the_folder_holds_the_model_alone(place: Path) -> None:
    """Outside of a checkout there is nothing to copy, and the model draws all the same."""
    shutil.rmtree(place / "weights")
    assert main(["runs/vae"]) == 0
    assert Catalog.open(place / "runs" / "vae" / "weights").names == ("vae",)


@pytest.mark.parametrize("answer", ["", "n", None])
@pytest.mark.parametrize("option", [["--install"], ["--weights", "weights"]])
def test_a_shipped_model_is_not_replaced_without_a_yes(
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    option: list[str],
    answer: str | None,
) -> None:
    """Neither when the question is denied nor where nobody can answer it; one sentence says so."""
    before = contents(place / "weights")
    typed(monkeypatch, answer)
    assert main(["runs/vae", *option]) == 1
    (sentence,) = caplog.messages
    assert "weights/vae.onnx" in sentence
    assert contents(place / "weights") == before


@pytest.mark.parametrize(("answer", "yes"), [("y", []), (None, ["--yes"])])
def test_a_yes_installs(place: Path, monkeypatch: pytest.MonkeyPatch, answer: str | None, yes: list[str]) -> None:
    """The file is replaced, its scores are dropped, and the other models stay."""
    typed(monkeypatch, answer)
    (place / "weights" / "vae.onnx").write_bytes(b"of before")
    assert main(["runs/vae", "--install", *yes]) == 0
    catalog = Catalog.open(place / "weights")
    assert {model.name: dict(model.scores) for model in catalog.models} == {"cgan": {"reading": 0.99}, "vae": {}}


def test_a_model_that_replaces_none_is_installed_without_a_question(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is lost by it."""
    shutil.rmtree(place / "weights")
    typed(monkeypatch, None)
    assert main(["runs/vae", "--install"]) == 0
    assert Catalog.open(place / "weights").names == ("vae",)
