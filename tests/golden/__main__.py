"""Write the record of golden pictures anew: `python -m tests.golden`, after a change that is meant to be seen."""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.golden.record import DIGESTS, write

with tempfile.TemporaryDirectory() as folder:
    count = asyncio.run(write(Path(folder) / "weights"))
sys.stdout.write(f"{count} pictures are in {DIGESTS}; look at what changed in {DIGESTS.parent / 'small'}\n")
