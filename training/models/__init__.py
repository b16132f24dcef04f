"""The models, one file each: its networks, its losses, its configuration.

A new model is one new file here with a dictionary `MODELS`; nothing else has to know of it.
"""

import pkgutil
from importlib import import_module

from training.models.base import Entry

MODELS: dict[str, Entry] = {}
# The default first, as everywhere.
for _name in sorted(
    (module.name for module in pkgutil.iter_modules(__path__)), key=lambda name: (name != "cgan", name)
):
    MODELS |= getattr(import_module(f"{__name__}.{_name}"), "MODELS", {})
