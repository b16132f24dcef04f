"""The parts of `core` that training uses, imported in one place."""

from core.catalog import CURVE, ENCODER, MANIFEST, READ_AGAIN
from core.generator import Generator as OnnxGenerator
from core.generator import one_hot
from core.imaging.encoding import sheet
from core.inference import session_options
from core.latents import independent as latents
from core.reader import Reader
from core.rejection import MIN_CONFIDENCE
from core.rejection import draw as draw_clean

__all__ = [
    "CURVE",
    "ENCODER",
    "MANIFEST",
    "MIN_CONFIDENCE",
    "READ_AGAIN",
    "OnnxGenerator",
    "Reader",
    "draw_clean",
    "latents",
    "one_hot",
    "session_options",
    "sheet",
]
