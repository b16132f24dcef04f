"""A run: from nothing to a sheet, and through a kill to the same weights."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from tests.training.conftest import arguments
from training import checkpoint, pace, progress, train
from training.data import BalancedBatches, load
from training.models import MODELS

TINY = MODELS["cgan"].preset("tiny")


def weights(run: Path) -> dict[str, torch.Tensor]:
    """Every tensor of a run's last checkpoint."""
    tensors: dict[str, torch.Tensor] = checkpoint.load(run / "checkpoint.pt")["model"]
    return tensors


def test_a_tiny_run_leaves_all_that_it_promises(undisturbed: Path) -> None:
    """A checkpoint at the last step, sheets on the way, and a log whose steps go up to the end."""
    config = TINY
    assert checkpoint.load(undisturbed / "checkpoint.pt")["step"] == config.steps
    assert sorted(path.name for path in undisturbed.glob("sheet-*.png")) == ["sheet-000030.png", "sheet-000060.png"]
    steps = [json.loads(line)["step"] for line in (undisturbed / "log.jsonl").read_text().splitlines()]
    assert steps == list(range(5, 61, 5))


# The encoder needs a run of the default model: its own test has one.
@pytest.mark.parametrize("name", [name for name in MODELS if name not in ("cgan", "encoder")])
def test_every_model_trains_and_resumes_exactly(data: Path, tmp_path: Path, name: str) -> None:
    """Each model is trained by one command; stopped half-way and resumed it ends with the same weights and sheet."""
    whole, halved = tmp_path / "whole", tmp_path / "halved"
    assert train.main([*arguments(data, whole), "--model", name]) == 0
    run = train.start(halved, name, MODELS[name].preset("tiny"), torch.device("cpu"))
    batches = BalancedBatches(load(data, "train"), TINY.batch)

    def until(step: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        for _ in range(step):
            yield next(batches)

    with pytest.raises(StopIteration):
        train.train(run, until(35))
    assert checkpoint.load(halved / "checkpoint.pt")["step"] == 30
    assert train.main([*arguments(data, halved), "--resume"]) == 0
    expected, found = weights(whole), weights(halved)
    assert all(torch.equal(expected[name], found[name]) for name in expected)
    if run.model.sampler is not None:
        assert (whole / "sheet-000060.png").read_bytes() == (halved / "sheet-000060.png").read_bytes()


def test_the_first_lines_say_what_comes(data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Before the first step: model, folder, steps, device, precision, threads, and how long it will take."""
    caplog.set_level("INFO")
    assert train.main([*arguments(data, tmp_path), "--set", "steps=2"]) == 0
    first, second, *_ = caplog.messages
    assert all(word in first for word in ("cgan", str(tmp_path), "0 to 2", "40 images", "CPU", "float32"))
    assert second.startswith("1 thread(s)")
    assert "less than a minute" in second


def test_a_log_shows_progress_by_lines(
    data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no terminal for a bar, lines tell the step, the rate, and the time to go."""
    monkeypatch.setattr(progress, "LINE_SECONDS", 0.0)
    caplog.set_level("INFO")
    assert train.main([*arguments(data, tmp_path), "--set", "steps=3"]) == 0
    lines = [line for line in caplog.messages if line.startswith("step ")]
    assert [line.split(",")[0] for line in lines] == ["step 1 of 3", "step 2 of 3", "step 3 of 3"]
    assert all("a second" in line and "to go" in line for line in lines)


def interrupting(monkeypatch: pytest.MonkeyPatch, step: int, *signals: signal.Signals) -> None:
    """Send signals to this process while a step is under way, as Ctrl+C does."""

    class Interrupting(BalancedBatches):
        taken = 0

        def __next__(self) -> tuple[torch.Tensor, torch.Tensor]:
            self.taken += 1
            if self.taken == step:
                for number in signals:
                    signal.raise_signal(number)
            return super().__next__()

    monkeypatch.setattr(train, "BalancedBatches", Interrupting)


def test_a_second_interrupt_stops_at_once(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not wait for the step, which saves nothing, and shows no traceback either."""
    interrupting(monkeypatch, 13, signal.SIGINT, signal.SIGINT)
    assert train.main(arguments(data, tmp_path)) == 130
    assert checkpoint.load(tmp_path / "checkpoint.pt")["step"] == 10


def test_a_run_takes_as_many_threads_as_pay_and_keeps_them(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without `--threads` they are measured; a resumed run goes on with those that it began with, as its sums need."""
    torch.set_num_threads(2)
    automatic = ["--preset", "tiny", "--set", "steps=4", "--data", str(data), "--out", str(tmp_path), "--device", "cpu"]
    monkeypatch.setattr(pace, "seconds_a_step", lambda *_, **__: 1 / torch.get_num_threads())
    with monkeypatch.context() as patch:
        interrupting(patch, 3, signal.SIGINT)
        assert train.main(automatic) == 130
    assert checkpoint.load(tmp_path / "checkpoint.pt")["threads"] == torch.get_num_threads() == 2
    torch.set_num_threads(1)
    assert train.main([*automatic, "--resume"]) == 0
    assert torch.get_num_threads() == 2
    assert checkpoint.load(tmp_path / "checkpoint.pt")["threads"] == 2


def test_the_discriminator_learns(undisturbed: Path) -> None:
    """Within sixty steps it separates real digits from noise: its loss falls below that of guessing, log 2."""
    losses = [json.loads(line)["d_loss"] for line in (undisturbed / "log.jsonl").read_text().splitlines()]
    assert min(losses) < 0.5


def test_a_loss_that_is_not_finite_ends_the_run(data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A run that went wrong stops with one sentence: the step, the losses, and what may help."""
    assert train.main([*arguments(data, tmp_path), "--set", "learning_rate=1e30"]) == 1
    assert "a loss is not finite" in caplog.messages[-1]
    assert "learning_rate" in caplog.messages[-1]
