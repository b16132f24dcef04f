"""Comparing runs: a row for real digits, and one for each run."""

from pathlib import Path

import pytest

from tests.training.test_train import arguments
from training import compare, train


def test_each_run_has_a_row_below_the_real_digits(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two runs are measured as they stand; nobody takes their noise for real digits."""
    for name in ("one", "two"):
        assert train.main([*arguments(data, tmp_path / name), "--set", "steps=5"]) == 0
    assert compare.main([str(tmp_path / "one"), str(tmp_path / "two"), "--data", str(data)]) == 0
    head, _, *rows = [line.strip("| ").split(" | ") for line in capsys.readouterr().out.splitlines() if "|" in line]
    assert [row[0] for row in rows] == ["real digits", "one", "two"]
    assert len({len(head), *map(len, rows)}) == 1
    real, one, _ = (dict(zip(head, row, strict=True)) for row in rows)
    assert one["steps"] == "5"
    assert real["times real"] == "1.00"
    assert float(one["times real"]) > 2
