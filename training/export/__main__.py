"""Export a run to ONNX, and check that the file computes what torch computes.

python -m training.export runs/cgan
"""

import argparse
import logging
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from training import checkpoint
from training.export import manifest
from training.export.interfaces import INTERFACES
from training.export.onnx_file import Mismatch, export
from training.models import MODELS
from training.serving import READ_AGAIN

logger = logging.getLogger(__name__)


def commit() -> str:
    """Return the commit of this checkout, or `unknown` outside of one."""
    found = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return found.stdout.strip() or "unknown"


def main(arguments: Sequence[str] | None = None) -> int:
    """Export from the command line; returns the exit code."""
    logging.basicConfig(format="%(message)s")
    # The exporter itself logs a lot at this level.
    logger.setLevel(logging.INFO)
    parser = argparse.ArgumentParser(prog="python -m training.export", description="Export a run to ONNX.")
    parser.add_argument("run", type=Path, help="the run's folder")
    parser.add_argument("--weights", type=Path, default=Path("weights"), help="folder to export to (default: weights)")
    parser.add_argument("--ema", type=int, help="index of the averaged generator (default: the run's)")
    options = parser.parse_args(arguments)
    logger.info("exporting %s to %s: about a minute", options.run, options.weights)
    state = checkpoint.load(options.run / "checkpoint.pt")
    if options.ema is not None:
        state["config"]["exported_ema"] = options.ema
    name, entry, model = state["name"], MODELS[state["name"]], checkpoint.build(state)
    metadata = {
        "name": name,
        "family": entry.family,
        "title": entry.title,
        "license": "MIT",
        "data": "MNIST (CC BY-SA 3.0)",
        "commit": commit(),
        "steps": str(state["step"]),
        "images": str(state["step"] * model.config.batch),
        READ_AGAIN: "yes" if entry.read_again else "",
    }
    path = options.weights / f"{name}.onnx"
    try:
        difference = export(model.exported(), model.config.latent_dim, path, metadata, entry.interface)
    except Mismatch as error:
        logger.error("%s not written: %s", path, error)
        return 1
    manifest.add(options.weights, name, INTERFACES[entry.interface].listed_under)
    logger.info("%s: %d bytes, torch and ONNX Runtime within %g", path, path.stat().st_size, difference)
    return 0


if __name__ == "__main__":
    sys.exit(main())
