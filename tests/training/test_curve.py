"""The curve of a run."""

from pathlib import Path

import pytest

from training import curve


def test_the_curve_is_drawn_while_a_run_is_under_way(undisturbed: Path) -> None:
    """The folder holds a plot of the losses, written with each sheet."""
    assert (undisturbed / "curve.png").read_bytes()[:4] == b"\x89PNG"


def test_the_command_says_where_the_curve_is(
    undisturbed: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A plot in a folder of one's choice, and a line that names it; without a run one that says so."""
    out = tmp_path / "losses.png"
    assert curve.main([str(undisturbed), "--out", str(out)]) == 0
    assert out.read_bytes() == (undisturbed / "curve.png").read_bytes()
    assert caplog.messages == [f"{out}: the losses of {undisturbed}"]
    assert curve.main([str(tmp_path)]) == 1
    assert "log.jsonl" in caplog.messages[-1]
