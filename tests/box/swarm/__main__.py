"""Run the scenario and write its report."""

import argparse
import asyncio
import json
import logging
from pathlib import Path

from tests.box.swarm.scenario import play

parser = argparse.ArgumentParser(prog="python -m tests.box.swarm")
parser.add_argument("--report", type=Path, required=True)
# Calls that break off as a replica ends.
logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
given = parser.parse_args()
given.report.write_text(json.dumps(asyncio.run(play()), indent=1))
