"""A run in its folder: killed, interrupted, resumed, and never begun over."""

import contextlib
import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from tests.conftest import ROOT
from tests.training.conftest import arguments
from tests.training.test_train import TINY, interrupting, weights
from training import checkpoint, train
from training.run import alone


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


def test_a_finished_run_goes_on_into_the_fine_tuning(data: Path, tmp_path: Path) -> None:
    """A run from before there was one goes on, and ends as one that had it from the start; the log has its loss."""
    whole, former = tmp_path / "whole", tmp_path / "former"
    numbers = ["--set", "steps=4", "--set", "log_every=1"]
    assert train.main([*arguments(data, whole), *numbers, "--set", "fine_tuning_steps=4"]) == 0
    assert train.main([*arguments(data, former), *numbers]) == 0
    state = checkpoint.load(former / "checkpoint.pt")
    state["config"]["fine_tuning_steps"] = 4
    torch.save(state, former / "checkpoint.pt")
    assert train.main([*arguments(data, former), "--resume"]) == 0
    expected, found = weights(whole), weights(former)
    assert all(torch.equal(expected[name], found[name]) for name in expected)
    lines = [json.loads(line) for line in (former / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines if "statistics" in line] == [5, 6, 7, 8]


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


def test_a_folder_is_trained_into_by_one_process(data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A second terminal that resumes a run under way is refused in one sentence; nothing of the lock is left."""
    out = tmp_path / "run"
    with alone(out):
        assert train.main([*arguments(data, out), "--resume"]) == 1
    assert caplog.messages == [f"{out} is being trained by another process: wait for it, or name another --out"]
    assert not out.exists()
    assert train.main([*arguments(data, out), "--set", "steps=3"]) == 0


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
