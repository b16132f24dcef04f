"""The models that ship, loaded once."""

from pathlib import Path

import pytest

from core.catalog import Catalog
from tests.conftest import WEIGHTS


@pytest.fixture(autouse=True)
def _loaded(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that run in this process find the models that ship loaded; each would take a tenth of a second."""
    load = Catalog.open

    def find(folder: Path, default: str | None = None) -> Catalog:
        return catalog if (folder, default) == (WEIGHTS, None) else load(folder, default)

    monkeypatch.setattr(Catalog, "open", find)
