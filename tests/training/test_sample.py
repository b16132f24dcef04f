"""Sheets of samples."""

from pathlib import Path

from training import sample


def test_sample_draws_a_sheet_from_a_run(weights: Path, tmp_path: Path) -> None:
    """`python -m training.sample` writes a sheet of the run's averaged generator."""
    assert sample.main([str(weights.parent / "run"), "--out", str(tmp_path / "sheet.png"), "--columns", "7"]) == 0
    assert (tmp_path / "sheet.png").read_bytes()[:4] == b"\x89PNG"
