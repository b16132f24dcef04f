"""What a forked bot finds loaded: the modules of `python -m bot`, and the networks that ship.

It reads, checks and warms up its weights as any other bot does; ONNX Runtime alone is spared a file that it knows.
"""

import functools
import gc
import importlib
from pathlib import Path

from bot.commands import registry
from core import inference
from core.catalog import Catalog

for name in (
    "aiohttp.web", "anyio._backends._asyncio", "bot.adapters.discord.adapter", "bot.adapters.telegram.adapter",
    "bot.app", "bot.cli.check", "bot.cli.draw", "bot.cli.main", "bot.cli.serve", "bot.console",
    "bot.limits.redis_storage", "httpcore",
):  # fmt: skip
    importlib.import_module(name)
registry.commands()

new_session = inference.ort.InferenceSession


@functools.cache
def known_session(content: bytes) -> inference.ort.InferenceSession:
    """Return the session of a file's content."""
    return new_session(content, inference.session_options(), providers=["CPUExecutionProvider"])


inference.ort.InferenceSession = lambda content, *_, **__: known_session(content)
Catalog.open(Path(__file__).parents[2] / "weights")
# A collection in a forked bot would copy all pages of these modules.
gc.collect()
gc.freeze()
