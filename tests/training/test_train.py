"""A run: from nothing to a sheet, and through a kill to the same weights."""

import contextlib
import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from tests.conftest import ROOT
from training import checkpoint, pace, progress, train
from training.data import BalancedBatches, load
from training.models import MODELS
from training.models.cgan import CGanConfig

TINY = MODELS["cgan"].preset("tiny")


def weights(run: Path) -> dict[str, torch.Tensor]:
    """Every tensor of a run's last checkpoint."""
    tensors: dict[str, torch.Tensor] = checkpoint.load(run / "checkpoint.pt")["model"]
    return tensors


def arguments(data: Path, out: Path, *more: str) -> list[str]:
    """A tiny run on the CPU, on one thread."""
    return ["--preset", "tiny", "--device", "cpu", "--threads", "1", "--data", str(data), "--out", str(out), *more]


@pytest.fixture(scope="session")
def undisturbed(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny run that was left alone."""
    folder = tmp_path_factory.mktemp("runs") / "undisturbed"
    assert train.main(arguments(data, folder)) == 0
    return folder


def test_a_tiny_run_leaves_all_that_it_promises(undisturbed: Path) -> None:
    """A checkpoint at the last step, sheets on the way, and a log whose steps go up to the end."""
    config = TINY
    assert checkpoint.load(undisturbed / "checkpoint.pt")["step"] == config.steps
    assert sorted(path.name for path in undisturbed.glob("sheet-*.png")) == ["sheet-000030.png", "sheet-000060.png"]
    steps = [json.loads(line)["step"] for line in (undisturbed / "log.jsonl").read_text().splitlines()]
    assert steps == list(range(5, 61, 5))


def test_a_killed_run_ends_with_the_same_weights(data: Path, undisturbed: Path, tmp_path: Path) -> None:
    """SIGKILL in the middle, then `--resume`: every weight equals that of the run left alone, and so does the log."""
    out = tmp_path / "killed"
    command = [sys.executable, "-m", "training.train", *arguments(data, out)]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})
    while not (out / "checkpoint.pt").exists() and process.poll() is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert checkpoint.load(out / "checkpoint.pt")["step"] < TINY.steps
    assert train.main([*arguments(data, out), "--resume"]) == 0
    expected, found = weights(undisturbed), weights(out)
    assert expected.keys() == found.keys()
    assert all(torch.equal(expected[name], found[name]) for name in expected)
    losses = [
        [
            {k: v for k, v in json.loads(line).items() if k != "steps_per_second"}
            for line in log.read_text().splitlines()
        ]
        for log in (undisturbed / "log.jsonl", out / "log.jsonl")
    ]
    assert losses[0] == losses[1]


def test_resume_without_a_checkpoint_starts_afresh(data: Path, tmp_path: Path) -> None:
    """`--resume` may always be given: the first time there is nothing to resume."""
    assert train.main([*arguments(data, tmp_path / "new"), "--set", "steps=5", "--resume"]) == 0
    assert checkpoint.load(tmp_path / "new" / "checkpoint.pt")["step"] == 5


def test_a_finished_run_resumes_to_nothing(data: Path, tmp_path: Path) -> None:
    """Resuming what is done changes no weight."""
    out = tmp_path / "done"
    assert train.main([*arguments(data, out), "--set", "steps=5"]) == 0
    before = weights(out)
    assert train.main([*arguments(data, out), "--resume"]) == 0
    assert all(torch.equal(before[name], after) for name, after in weights(out).items())


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


def test_a_run_is_not_started_over(data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A folder that holds a run is refused without `--resume`, in one sentence, and stays as it is."""
    assert train.main([*arguments(data, tmp_path), "--set", "steps=3"]) == 0
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    caplog.clear()
    assert train.main([*arguments(data, tmp_path), "--set", "steps=3"]) == 1
    (sentence,) = caplog.messages
    assert "3 of 3 steps" in sentence
    assert "--resume" in sentence
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("more", "word"),
    [(["--set", "steps=9"], "steps=3"), (["--model", "cvae"], "cgan"), (["--precision", "bfloat16"], "float32")],
)
def test_a_resumed_run_keeps_its_numbers(
    data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, more: list[str], word: str
) -> None:
    """Options that would change a run under way are refused, not ignored; those that it was started with are fine."""
    started = [*arguments(data, tmp_path), "--set", "steps=3"]
    assert train.main(started) == 0
    assert train.main([*started, "--resume", "--model", "cgan", "--precision", "auto"]) == 0
    caplog.clear()
    assert train.main([*arguments(data, tmp_path), "--resume", *more]) == 1
    (sentence,) = caplog.messages
    assert word in sentence


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


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_goes_on_where_it_stopped(
    data: Path,
    undisturbed: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    number: signal.Signals,
    code: int,
) -> None:
    """Ctrl+C ends the step, saves it and says the command that goes on; that command ends with the same weights."""
    caplog.set_level("INFO")
    before = signal.getsignal(number)
    with monkeypatch.context() as patch:
        interrupting(patch, 13, number)
        assert train.main(arguments(data, tmp_path)) == code
    assert signal.getsignal(number) is before
    assert checkpoint.load(tmp_path / "checkpoint.pt")["step"] == 13
    assert "step 13 of 60" in caplog.messages[-1]
    command = shlex.split(caplog.messages[-1].splitlines()[-1])
    assert command[:3] == ["python", "-m", "training.train"]
    assert train.main(command[3:]) == 0
    expected, found = weights(undisturbed), weights(tmp_path)
    assert all(torch.equal(expected[name], found[name]) for name in expected)


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


def test_the_quick_preset_is_a_run_of_minutes() -> None:
    """Of each model it has fewer steps than the full one, with a sheet on the way."""
    for entry in MODELS.values():
        assert entry.preset("quick").steps < entry.preset("full").steps
        assert entry.preset("quick").sheet_every < entry.preset("quick").steps


def test_the_curve_is_drawn_while_a_run_is_under_way(undisturbed: Path) -> None:
    """The folder holds a plot of the losses, written with each sheet."""
    assert (undisturbed / "curve.png").read_bytes()[:4] == b"\x89PNG"


def test_the_discriminator_learns(undisturbed: Path) -> None:
    """Within sixty steps it separates real digits from noise: its loss falls below that of guessing, log 2."""
    losses = [json.loads(line)["d_loss"] for line in (undisturbed / "log.jsonl").read_text().splitlines()]
    assert min(losses) < 0.5


def test_a_loss_that_is_not_finite_ends_the_run(data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A run that went wrong stops with one sentence: the step, the losses, and what may help."""
    assert train.main([*arguments(data, tmp_path), "--set", "learning_rate=1e30"]) == 1
    assert "a loss is not finite" in caplog.messages[-1]
    assert "learning_rate" in caplog.messages[-1]


def test_schedules_end_where_the_config_says() -> None:
    """The rate ends at zero, and the penalty's weight at gamma from half-way on."""
    config = MODELS["cgan"].preset("full")
    assert isinstance(config, CGanConfig)
    half, end = config.steps // 2, config.steps
    assert config.learning_rate_at(0) == config.learning_rate_at(half) == config.learning_rate
    assert config.learning_rate_at(end) == 0
    assert config.gamma_at(0) == pytest.approx(config.gamma_start)
    assert config.gamma_at(half) == config.gamma_at(end) == pytest.approx(config.gamma)
