"""Claims that expire while a test waits."""

import pytest

from bot.limits import claims


@pytest.fixture
def brief_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    """A claim lasts 0.2 seconds, and whoever waits for one asks every hundredth."""
    monkeypatch.setattr(claims, "LEASE_SECONDS", 0.2)
    monkeypatch.setattr(claims, "RENEWAL_SECONDS", 0.05)
    monkeypatch.setattr(claims, "WAIT_SECONDS", 0.01)
