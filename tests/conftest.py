"""What tests of every package share."""

from pathlib import Path

import pytest

from bot.adapters.registry import PLATFORMS
from bot.config.settings import Settings
from bot.config.sources import CREDENTIALS_VARIABLE, FILE_SUFFIX
from core.catalog import Catalog

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = ROOT / "weights"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the developer's own reaches a test."""
    for group in (Settings, *(platform.settings for platform in PLATFORMS)):
        for variable in group.variables():
            monkeypatch.delenv(variable, raising=False)
            monkeypatch.delenv(variable + FILE_SUFFIX, raising=False)
    monkeypatch.delenv(CREDENTIALS_VARIABLE, raising=False)


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The models that ship."""
    return Catalog.open(WEIGHTS)
