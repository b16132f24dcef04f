"""Configuration: every number can be changed, and what does not fit is refused."""

from pathlib import Path

import pytest

from tests.training.conftest import arguments
from training import checkpoint, train
from training.models import MODELS
from training.models.cgan import CGanConfig


def test_any_number_of_the_config_can_be_changed(data: Path, tmp_path: Path) -> None:
    """`--set` changes the preset's value, and the checkpoint remembers it."""
    changes = [word for change in ("steps=2", "hidden=24,12", "seed=9") for word in ("--set", change)]
    assert train.main([*arguments(data, tmp_path), "--model", "cvae-deep", *changes]) == 0
    config = checkpoint.load(tmp_path / "checkpoint.pt")["config"]
    assert (config["steps"], config["hidden"], config["seed"]) == (2, (24, 12), 9)
    assert config["batch"] == MODELS["cvae-deep"].preset("tiny").batch


@pytest.mark.parametrize(
    "change", ["gama=0.5", "steps=many", "steps", "steps=0", "hidden=a", "conditional=maybe", "precision=bf16"]
)
def test_a_change_that_does_not_fit_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], change: str) -> None:
    """A number that the config does not have, or a text that is none, is one sentence that names the option."""
    with pytest.raises(SystemExit) as caught:
        train.main(["--model", "cvae", "--out", str(tmp_path), "--set", change])
    assert caught.value.code == 2
    (sentence,) = capsys.readouterr().err.splitlines()
    assert "--set" in sentence


def test_the_quick_preset_is_a_run_of_minutes() -> None:
    """Of each model it has fewer steps than the full one, with a sheet on the way."""
    for entry in MODELS.values():
        assert entry.preset("quick").steps < entry.preset("full").steps
        assert entry.preset("quick").sheet_every < entry.preset("quick").steps


def test_schedules_end_where_the_config_says() -> None:
    """The rate ends at zero, and the penalty's weight at gamma from half-way on."""
    config = MODELS["cgan"].preset("full")
    assert isinstance(config, CGanConfig)
    half, end = config.steps // 2, config.total_steps
    assert config.learning_rate_at(0) == config.learning_rate_at(half) == config.learning_rate
    assert config.learning_rate_at(end) == 0
    assert config.gamma_at(0) == pytest.approx(config.gamma_start)
    assert config.gamma_at(half) == config.gamma_at(end) == pytest.approx(config.gamma)
