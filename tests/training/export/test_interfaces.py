"""Inputs and outputs of the exported files keep the contract."""

from pathlib import Path

import onnx
import pytest

from core.catalog import Catalog
from core.pictures.base import draw
from core.pictures.strip import StripRequest
from tests.training.conftest import arguments
from training import serving, train
from training.export.__main__ import main as export_main
from training.models import MODELS

DRAWING = [name for name, entry in MODELS.items() if entry.interface == "generator"]


def test_neatness_is_in_the_file(weights: Path) -> None:
    """At no spread all images of a digit are its mean; left out, the spread is what the model has learned."""
    generator = Catalog.open(weights).find(None).generator
    latents, digits = serving.latents(7, 5, generator.latent_dim), serving.one_hot((4,) * 5)
    assert (generator.draw(latents, digits) == generator.draw(latents, digits, 1.0)).all()
    mean = generator.draw(latents, digits, 0.0).astype(int)
    assert abs(mean - mean[0]).max() <= 1
    assert abs(generator.draw(latents, digits).astype(int) - mean).max() > 1


@pytest.mark.parametrize("name", [name for name in DRAWING if name != "cgan"])
def test_every_model_is_exported_to_the_contract(data: Path, tmp_path: Path, name: str) -> None:
    """Each model draws in the bot under its own name and title, whatever its family, with no normalisation left."""
    assert train.main([*arguments(data, tmp_path / "run"), "--model", name, "--set", "steps=3"]) == 0
    assert export_main([str(tmp_path / "run"), "--weights", str(tmp_path / "weights")]) == 0
    catalog = Catalog.open(tmp_path / "weights")
    assert draw(catalog, StripRequest(4, model=name)).titles == (MODELS[name].title,)
    graph = onnx.load(tmp_path / "weights" / f"{name}.onnx").graph
    assert not {node.op_type for node in graph.node} & {"BatchNormalization", "Dropout", "RandomNormal"}
