"""Score models beside real digits.

    python -m training.evaluate                     # every model in weights/, on the test images, and the card
    python -m training.evaluate cgan --split validation --dry-run

Scores go into `weights/scores.json` and the manifest, the table and the plots into the model card. Models and
checkpoints are chosen on the validation images; the test images are for the card.
"""

import json
import logging
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import torch
from tqdm import tqdm

from training import cli
from training.data import Split, load
from training.evaluation import card, others, strips
from training.evaluation.classifier import load_classifier
from training.evaluation.scores import CAS_IMAGES, Benchmark, Row, score_model, score_real
from training.export import manifest
from training.serving import OnnxGenerator

logger = logging.getLogger(__name__)

DRAWS, CAS_DRAWS, OTHER_CAS_DRAWS = 5, 5, 2
IN_MANIFEST = {
    # What the bot shows as "reads right" keeps the name that it has had in the manifest.
    "reading": "accuracy",
    "frechet": "frechet",
    "precision": "precision",
    "recall": "recall",
    "density": "density",
    "coverage": "coverage",
    "student": "cas",
}


def evaluate(benchmark: Benchmark, folder: Path, names: Sequence[str], draws: int, workers: int) -> dict[str, Row]:
    """Return the row of real digits and of each named model.

    Args:
        benchmark: to compare with.
        folder: of the weights.
        names: of models in it; the manifest's default has as many CAS draws as real digits, others OTHER_CAS_DRAWS.
        draws: of each.
        workers: processes, one thread each.
    """
    default = manifest.read(folder)["default"]
    cas = {name: min(draws, CAS_DRAWS if name == default else OTHER_CAS_DRAWS) for name in names}
    # Threads of torch do not survive a fork.
    with ProcessPoolExecutor(workers, get_context("spawn"), torch.set_num_threads, (1,)) as pool:
        jobs = {"real": pool.submit(score_real, benchmark, draws, min(draws, CAS_DRAWS))}
        for name in names:
            jobs[name] = pool.submit(score_model, benchmark, folder / f"{name}.onnx", draws, cas[name])
        return {name: job.result() for name, job in tqdm(jobs.items(), unit="row", disable=None)}


def evaluate_others(folder: Path, benchmark: Benchmark) -> dict[str, others.Scores]:
    """Return the scores of the reader and of the default model's encoder, of those that the manifest lists."""
    listed = manifest.read(folder)
    default, real = folder / f"{listed['default']}.onnx", benchmark.real
    rows = {}
    for name in [entry["name"] for entry in listed.get(manifest.OTHERS, [])]:
        path = folder / f"{name}.onnx"
        if name == "reader":
            rows[name] = others.score_reader(path, real) | strips.score_strips(default, path, benchmark)
        else:
            rows[name] = others.score_encoder(path, OnnxGenerator.load(default), benchmark.classifier, real)
    return rows


def save(folder: Path, rows: dict[str, Row]) -> None:
    """Write the rows to `scores.json`, keeping those of other models, and the main scores to the manifest."""
    path = folder / card.SCORES
    known = json.loads(path.read_text()) if path.exists() else {}
    # Rows of the format before this one have no deviations: they were measured otherwise.
    known = {name: row for name, row in known.items() if "sd" in row}
    path.write_text(json.dumps(known | rows, indent=1) + "\n")
    for name, row in rows.items():
        if name != "real":
            manifest.set_scores(folder, name, {key: row[score] for key, score in IN_MANIFEST.items()})


def listed(folder: Path, names: Sequence[str]) -> Sequence[str]:
    """Return the names of the models to score: those that are given, or every one in the manifest.

    Raises:
        CommandError: the folder has no models, or not this one.
    """
    found = [entry["name"] for entry in manifest.read(folder)[manifest.MODELS]]
    if not found:
        raise cli.CommandError(f"no models in {folder}: it has no {manifest.MANIFEST}")
    if unknown := [name for name in names if name not in found]:
        raise cli.CommandError(f"{folder} has no model {unknown[0]!r}, but {', '.join(found)}")
    return names or found


@cli.command
def main(arguments: Sequence[str] | None = None) -> int:
    """Evaluate from the command line; returns the exit code."""
    parser = cli.Parser(prog="python -m training.evaluate", description="Score models beside real digits.")
    parser.add_argument("names", nargs="*", help="models (default: every one in the manifest)")
    parser.add_argument("--weights", type=Path, default=Path("weights"), help="default: weights")
    parser.add_argument("--data", type=Path, default=Path("data"), help="where MNIST is or goes (default: data)")
    parser.add_argument("--split", choices=["validation", "test"], default="test", help="images to compare with")
    parser.add_argument("--draws", type=int, default=DRAWS, help=f"for means and deviations (default: {DRAWS})")
    parser.add_argument("--cas-images", type=int, default=CAS_IMAGES, help=f"for the CAS (default: {CAS_IMAGES:,})")
    parser.add_argument("--workers", type=int, default=2, help="processes, one thread each (default: 2)")
    parser.add_argument("--dry-run", action="store_true", help="print the table and write nothing")
    options = parser.parse_args(arguments)
    names = listed(options.weights, options.names)
    split: Split = options.split
    logger.info(
        "scoring real digits and %s with %d draws each against the %s images: about two minutes a row and process",
        ", ".join(names),
        options.draws,
        split,
    )
    benchmark = Benchmark.prepare(
        load_classifier(),
        load(options.data, "train"),
        load(options.data, split),
        options.draws,
        options.cas_images,
    )
    rows = evaluate(benchmark, options.weights, names, options.draws, options.workers)
    beside = evaluate_others(options.weights, benchmark)
    if not options.dry_run:
        save(options.weights, rows)
        for name, scores in beside.items():
            manifest.set_scores(options.weights, name, scores)
        card.write(options.weights)
    logger.info("%s\n\n%s", card.table(rows), card.others_table(beside))
    return 0


if __name__ == "__main__":
    sys.exit(main())
