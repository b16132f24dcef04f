"""Generators that do what a test needs, in place of a network."""

import threading
import weakref
from typing import ClassVar

import numpy as np

from core.catalog import Catalog, Model
from core.generator import Generator
from core.service import DigitService


class GatedGenerator(Generator):
    """A generator of black images that draws only while its gate is open."""

    _all: ClassVar["weakref.WeakSet[GatedGenerator]"] = weakref.WeakSet()

    def __init__(self) -> None:
        self._all.add(self)
        self.latent_dim = 4
        self.metadata = {}
        self.gate = threading.Event()
        self.drawn = 0

    @classmethod
    def open_all(cls) -> None:
        """Open every gate: a thread that waits at one would hold up the end of the tests."""
        for generator in cls._all:
            generator.gate.set()

    def draw(self, latents: np.ndarray, digits: np.ndarray, spread: float = 1.0) -> np.ndarray:
        """Wait for the gate, then draw black."""
        assert spread > 0
        assert len(latents) == len(digits)
        assert spread >= 0
        self.gate.wait(timeout=30)
        self.drawn += 1
        return np.zeros((len(latents), 28, 28), np.uint8)


def serving(generator: Generator, queue: int) -> DigitService:
    """A service with `generator` as its only model."""
    return DigitService(Catalog({"gated": Model("gated", "Gated", {}, generator)}, "gated"), queue)
