"""The device: precision is measured, not assumed."""

import pytest
import torch

from training import hardware, train


@pytest.mark.parametrize(("factor", "expected"), [(0.5, "bfloat16"), (0.9, "float32"), (2.0, "float32")])
def test_precision_follows_the_measurement(monkeypatch: pytest.MonkeyPatch, factor: float, expected: str) -> None:
    """bfloat16 where a convolution takes half the time, float32 where it gains little or loses."""
    monkeypatch.setattr(hardware, "seconds", lambda _, dtype: factor if dtype == torch.bfloat16 else 1.0)
    options = train._parser().parse_args([])
    assert train.configure(options, torch.device("cpu")).precision == expected


def test_a_precision_that_is_given_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--precision` decides for itself, and small dense models stay in float32."""
    monkeypatch.setattr(hardware, "seconds", lambda *_: pytest.fail("nothing to measure"))
    given = train._parser().parse_args(["--precision", "bfloat16"])
    assert train.configure(given, torch.device("cpu")).precision == "bfloat16"
    dense = train._parser().parse_args(["--model", "cvae"])
    assert train.configure(dense, torch.device("cpu")).precision == "float32"


def test_a_convolution_is_really_timed() -> None:
    """Either precision takes some time, on the device that is asked for."""
    assert hardware.seconds(torch.device("cpu"), torch.float32) > 0
    assert hardware.seconds(torch.device("cpu"), torch.bfloat16) > 0
