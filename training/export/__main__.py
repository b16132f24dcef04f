"""Export a run to ONNX, and check that the file computes what torch computes.

python -m training.export runs/cgan              # to runs/cgan/weights, beside copies of the models in weights/
python -m training.export runs/cgan --install    # to weights/, and asks before it replaces a model there
"""

import logging
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training import checkpoint, cli
from training.export import manifest
from training.export.interfaces import INTERFACES
from training.export.onnx_file import Mismatch, export
from training.models import MODELS
from training.serving import CURVE, ENCODER, READ_AGAIN

logger = logging.getLogger(__name__)

SHIPPED = Path("weights")


def commit() -> str:
    """Return the commit of this checkout, or `unknown` outside of one."""
    found = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return found.stdout.strip() or "unknown"


def metadata(state: dict[str, Any]) -> dict[str, str]:
    """Return the metadata of the file that is exported from a checkpoint."""
    entry = MODELS[state["name"]]
    return {
        "name": state["name"],
        "family": entry.family,
        "title": entry.title,
        "license": "MIT",
        "data": "MNIST (CC BY-SA 3.0)",
        "commit": commit(),
        "steps": str(state["step"]),
        "images": str(state["step"] * state["config"]["batch"]),
        READ_AGAIN: "yes" if entry.read_again else "",
    }


def confirm_replacing(path: Path) -> None:
    """Ask whether a file may be replaced.

    Raises:
        CommandError: it may not, or nobody is there to ask.
    """
    if not sys.stdin.isatty():
        raise cli.CommandError(f"{path} is there: add --yes to replace it")
    if input(f"Replace {path}? [y/N] ").strip().lower() not in ("y", "yes"):
        raise cli.CommandError(f"{path} stays as it is")


def copy_shipped(folder: Path, name: str) -> None:
    """Copy the models in weights/ and their manifest to a folder, but for the file of the model `name`."""
    listed = manifest.read(SHIPPED)
    folder.mkdir(parents=True, exist_ok=True)
    for entry in listed[manifest.MODELS] + listed.get(manifest.OTHERS, []):
        if entry["name"] != name:
            shutil.copyfile(SHIPPED / entry["file"], folder / entry["file"])
    if (SHIPPED / CURVE).exists():
        shutil.copyfile(SHIPPED / CURVE, folder / CURVE)
    manifest.write(folder, listed)


def replace_companions(run: Path, folder: Path) -> None:
    """Bring to a new default model its curve, and drop the encoder, which finds latents of the one before alone."""
    if (run / CURVE).exists():
        shutil.copyfile(run / CURVE, folder / CURVE)
    if manifest.remove(folder, ENCODER):
        logger.info("%s/%s.onnx left out: it fits the model that was replaced; train a new one", folder, ENCODER)


def drawing(folder: Path, name: str) -> str:
    """Return the command that starts the bot with a model of a folder as its default."""
    settings = {
        "DIGIT_WEIGHTS": None if folder.resolve() == SHIPPED.resolve() else shlex.quote(str(folder)),
        "DIGIT_MODEL": None if manifest.read(folder)["default"] == name else name,
    }
    return " ".join([*(f"{key}={value}" for key, value in settings.items() if value), "python -m bot"])


def _parser() -> cli.Parser:
    parser = cli.Parser(prog="python -m training.export", description="Export a run to ONNX.")
    parser.add_argument("run", type=Path, help="the run's folder")
    target = parser.add_mutually_exclusive_group()
    target.add_argument(
        "--weights",
        type=Path,
        help="folder to export to (default: RUN/weights, beside copies of the models in weights/)",
    )
    target.add_argument(
        "--install", action="store_true", help="export to weights/; asks before a model there is replaced"
    )
    parser.add_argument("--yes", action="store_true", help="replace it without asking")
    parser.add_argument("--ema", type=int, help="index of the averaged generator (default: the run's)")
    return parser


@cli.command
def main(arguments: Sequence[str] | None = None) -> int:
    """Export from the command line; returns the exit code."""
    options = _parser().parse_args(arguments)
    state = checkpoint.load(options.run / "checkpoint.pt")
    name, entry = state["name"], MODELS[state["name"]]
    folder = SHIPPED if options.install else options.weights or options.run / "weights"
    path = folder / f"{name}.onnx"
    if folder.resolve() == SHIPPED.resolve() and path.exists() and not options.yes:
        confirm_replacing(path)
    if options.ema is not None:
        state["config"]["exported_ema"] = options.ema
    logger.info("exporting %s to %s: about a minute", options.run, folder)
    model = checkpoint.build(state)
    try:
        difference = export(model.exported(), model.config.latent_dim, path, metadata(state), entry.interface)
    except Mismatch as error:
        raise cli.CommandError(f"{path} not written: {error}") from error
    if folder == options.run / "weights":
        copy_shipped(folder, name)
    manifest.add(folder, name, INTERFACES[entry.interface].listed_under)
    if manifest.read(folder)["default"] == name:
        replace_companions(options.run, folder)
    logger.info("%s: %d bytes, torch and ONNX Runtime within %g", path, path.stat().st_size, difference)
    if entry.interface == "generator":
        logger.info("draw with it: %s", drawing(folder, name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
