"""Small networks that draw in hands."""

import pytest

from core.catalog import Catalog
from tests.golden.weights import make


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Three models, of which an operator has made another one the default than the one that writes in hands."""
    return Catalog.open(make(tmp_path_factory.mktemp("weights")), default="ribs")
