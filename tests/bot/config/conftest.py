"""Settings of the test alone."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _elsewhere(here: Path) -> None:
    """No `.env` of the developer's own is read."""
