"""Sheets of samples."""

from pathlib import Path

import pytest

from training import curve, sample
from training.cli import USAGE, Main


def test_sample_draws_a_sheet_from_a_run(weights: Path, tmp_path: Path) -> None:
    """`python -m training.sample` writes a sheet of the run's averaged generator."""
    assert sample.main([str(weights.parent / "run"), "--out", str(tmp_path / "sheet.png"), "--columns", "7"]) == 0
    assert (tmp_path / "sheet.png").read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize("main", [sample.main, curve.main])
def test_a_name_that_is_no_pngs_is_refused(
    main: Main, weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one sentence, and nothing is written."""
    with pytest.raises(SystemExit) as ended:
        main([str(weights.parent / "run"), "--out", str(tmp_path / "sheet.txt")])
    assert ended.value.code == USAGE
    assert "should end in .png" in capsys.readouterr().err
    assert not (tmp_path / "sheet.txt").exists()
