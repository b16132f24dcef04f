"""The curve of a run."""

from pathlib import Path


def test_the_curve_is_drawn_while_a_run_is_under_way(undisturbed: Path) -> None:
    """The folder holds a plot of the losses, written with each sheet."""
    assert (undisturbed / "curve.png").read_bytes()[:4] == b"\x89PNG"
