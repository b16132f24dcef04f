"""The parts of `core` that training uses, imported in one place."""

from core.canvas import sheet
from core.catalog import MANIFEST
from core.generator import Generator as OnnxGenerator
from core.generator import one_hot
from core.noise import latents

__all__ = ["MANIFEST", "OnnxGenerator", "latents", "one_hot", "sheet"]
