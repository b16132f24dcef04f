"""Mistakes on the command line: one sentence each."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.training.conftest import arguments
from training import curve, evaluate, sample, train
from training.cli import CommandError
from training.data import load
from training.evaluation import comparison
from training.export import __main__ as export


@pytest.mark.parametrize("main", [export.main, sample.main, curve.main], ids=["export", "sample", "curve"])
def test_a_missing_run_is_one_sentence(
    main: Callable[[list[str]], int], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Commands that read a run name the folder that holds none."""
    assert main([str(tmp_path / "nowhere")]) == 1
    (sentence,) = caplog.messages
    assert f"no run in {tmp_path / 'nowhere'}" in sentence


def test_a_file_that_is_no_checkpoint_is_one_sentence(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A checkpoint that was cut short is named, whatever torch has to say about it."""
    (tmp_path / "checkpoint.pt").write_bytes(b"not a checkpoint")
    assert export.main([str(tmp_path)]) == 1
    (sentence,) = caplog.messages
    assert str(tmp_path / "checkpoint.pt") in sentence


def test_data_that_cannot_be_had_is_one_sentence(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Where MNIST is neither there nor can be put there, the sentence names the place and the option."""
    (tmp_path / "file").write_text("")
    caplog.set_level("INFO")
    assert train.main(arguments(tmp_path / "file", tmp_path / "run")) == 1
    assert str(tmp_path / "file" / "MNIST" / "raw") in caplog.messages[-1]
    assert "--data" in caplog.messages[-1]
    assert not (tmp_path / "run").exists()


def test_files_that_are_not_mnist_are_one_sentence(data: Path, tmp_path: Path) -> None:
    """Files cut short are refused, not trained on."""
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for file in (data / "MNIST" / "raw").iterdir():
        (raw / file.name).write_bytes(file.read_bytes()[:-1])
    with pytest.raises(CommandError, match="--data"):
        load(tmp_path, "train")


def test_an_encoder_without_its_model_is_one_sentence(
    data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The encoder is trained beside a run of the default model, and says so where there is none."""
    run = f"run={tmp_path / 'nowhere'}"
    assert train.main([*arguments(data, tmp_path / "run"), "--model", "encoder", "--set", run]) == 1
    assert f"no run of cgan in {tmp_path / 'nowhere'}" in caplog.messages[-1]


def test_a_device_that_is_not_there_is_one_sentence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A GPU that is asked for and missing ends the command before anything is written."""
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert train.main(["--device", "cuda", "--out", str(tmp_path / "run")]) == 1
    (sentence,) = caplog.messages
    assert "--device cuda" in sentence
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("number", ["-1", "two", "1.5"])
def test_a_number_of_threads_that_is_none_is_one_sentence(capsys: pytest.CaptureFixture[str], number: str) -> None:
    """Every command that takes `--threads` refuses it in one line, without the usage."""
    for main, given in ((train.main, []), (comparison.main, ["run"])):
        with pytest.raises(SystemExit) as caught:
            main([*given, "--threads", number])
        assert caught.value.code == 2
        (sentence,) = capsys.readouterr().err.splitlines()
        assert repr(number) in sentence


@pytest.mark.parametrize("names", [[], ["cgan"]])
def test_a_folder_without_models_is_one_sentence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, names: list[str]
) -> None:
    """There is nothing to score in a folder without a manifest."""
    assert evaluate.main([*names, "--weights", str(tmp_path)]) == 1
    (sentence,) = caplog.messages
    assert f"no models in {tmp_path}" in sentence
