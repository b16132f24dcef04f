"""Settings docs: docs/settings.md and `.env.example` are what the code says."""

import re
from pathlib import Path

import pytest

from bot.adapters.registry import PLATFORMS
from bot.config import docs
from bot.config.settings import Settings
from tests.bot.config.test_settings import load

GROUPS = [*(platform.settings for platform in PLATFORMS), Settings]


def test_the_example_changes_nothing_until_it_is_edited(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A copy of it is a `.env` with every default; without its signs for comments every line of it is a setting."""
    monkeypatch.chdir(tmp_path)
    plain = load()
    (tmp_path / ".env").write_text(docs.env_example(GROUPS))
    assert load() == plain
    (tmp_path / ".env").write_text(re.sub("^#(?=[A-Z])", "", docs.env_example(GROUPS), flags=re.MULTILINE))
    assert load() == plain
    assert len(load().settings.model_fields_set) > len(Settings.model_fields) / 2
