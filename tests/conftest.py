"""What tests of every package share."""

from pathlib import Path

import pytest

from bot.settings import Settings, variable
from bot.sources import CREDENTIALS, TWIN
from core.catalog import Catalog

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = ROOT / "weights"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the developer's own reaches a test."""
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
        monkeypatch.delenv(variable(name) + TWIN, raising=False)
    monkeypatch.delenv(CREDENTIALS, raising=False)


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The models that ship."""
    return Catalog.open(WEIGHTS)
