"""The comparison of runs: a row for real digits, and one for each run."""

from pathlib import Path

import pytest

from tests.training.conftest import arguments
from training import train
from training.evaluation import comparison


def test_each_run_has_a_row_below_the_real_digits(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two runs are measured as they stand; nobody takes their noise for real digits."""
    for name in ("one", "two"):
        assert train.main([*arguments(data, tmp_path / name), "--set", "steps=5"]) == 0
    assert comparison.main([str(tmp_path / "one"), str(tmp_path / "two"), "--data", str(data)]) == 0
    head, _, *rows = [line.strip("| ").split(" | ") for line in capsys.readouterr().out.splitlines() if "|" in line]
    assert [row[0] for row in rows] == ["real digits", "one", "two"]
    assert len({len(head), *map(len, rows)}) == 1
    real, one, _ = (dict(zip(head, row, strict=True)) for row in rows)
    assert one["steps"] == "5"
    assert real["times real"] == "1.00"
    assert float(one["times real"]) > 2


def test_what_would_be_exported_is_what_is_measured(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A row for each truncation, and none like another: at 0 every image of a digit would be the same."""
    assert train.main([*arguments(data, tmp_path), "--set", "steps=30"]) == 0
    assert comparison.main([str(tmp_path), "--data", str(data), "--truncation", "1", "0"]) == 0
    *_, full, none = (line.split(" | ")[1:] for line in capsys.readouterr().out.splitlines() if "|" in line)
    assert full != none
