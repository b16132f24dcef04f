"""Weights and a reader that tests of several modules need."""

from pathlib import Path

import pytest

from core.catalog import Catalog
from core.handwriting import HandReader
from tests.golden.weights import make


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A weights folder of three small models, to damage."""
    return make(tmp_path / "small")


@pytest.fixture(scope="module")
def reader(catalog: Catalog) -> HandReader:
    """The reader of photos that ships."""
    found = HandReader.of(catalog)
    assert found is not None
    return found
