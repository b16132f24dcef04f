"""The card: its tables are the scores, and its text stays."""

import json
from pathlib import Path

from tests.training.conftest import METADATA
from training import evaluate
from training.evaluation import card
from training.export import manifest
from training.export.onnx_file import export
from training.models.dense_gan import DenseGenerator

ROW = {
    "accuracy": 0.99,
    "frechet": 2.0,
    "precision": 0.9,
    "recall": 0.8,
    "density": 1.0,
    "coverage": 0.9,
    "tail": 5.0,
    "grey": 0.5,
    "faint": 0.01,
    "centre": 0.29,
    "variety": 13.0,
    "cas": 0.97,
    "authenticity": 0.6,
    "nearest_pixels": 4.0,
    "nearest_features": 3.0,
    "sd": {"accuracy": 0.001, "frechet": 0.5},
}


def test_the_table_has_real_digits_first_and_every_column() -> None:
    """Seven columns, the others folded, deviations beside means, the distance as a multiple of the real one."""
    text = card.table({"real": ROW, "vae": ROW | {"frechet": 5.0, "bytes": 1234, "mmac": 0.3, "milliseconds": 0.04}})
    main, folded = text.split("<details>")
    head, _, real, vae = main.strip().splitlines()
    assert len(head.strip("| ").split(" | ")) == 7
    assert real.startswith("| **real digits** | 99.00% ± 0.10 | 1.00 ± 0.25 | 0.800 |")
    assert vae.startswith("| `vae` | 99.00% ± 0.10 | 2.50 ± 0.25 |")
    assert "1,234" in vae
    assert all(title in text for title, _ in card.COLUMNS.values())
    assert "0.04" in folded


def test_reader_and_encoder_have_their_own_rows() -> None:
    """A line for each score, whole numbers as such, and no table where there is nothing to show."""
    text = card.others_table({"reader": {"accuracy": 0.995, "calibration_error": 0.002, "bytes": 290_000}})
    assert "| `reader` | calibration error | 0.0020 |" in text
    assert "290,000" in text
    assert card.others_table({}) == ""


def test_the_card_is_kept_true(tmp_path: Path) -> None:
    """Scores go into scores.json and the manifest, tables and pictures into the card, and its text stays."""
    export(DenseGenerator(8, (16,)), 8, tmp_path / "vae.onnx", METADATA)
    manifest.add(tmp_path, "vae")
    (tmp_path / "README.md").write_text(f"# Card\n\nBefore.\n\n{card.BEGIN}\nold\n{card.END}\n\nAfter.\n")
    evaluate.save(tmp_path, {"real": ROW, "vae": ROW})
    card.write(tmp_path)
    text = (tmp_path / "README.md").read_text()
    assert "Before." in text
    assert "After." in text
    assert "old" not in text
    assert card.table(json.loads((tmp_path / "scores.json").read_text())) in text
    assert manifest.read(tmp_path)["models"][0]["scores"]["reading"] == 0.99
    assert {"scores.png", "sheet-vae.png"} <= {path.name for path in tmp_path.iterdir()}
