"""The fingerprint of the drawing code."""

from pathlib import Path

import pytest

from core import fingerprint
from core.catalog import Catalog


def test_it_changes_with_the_code(tmp_path: Path) -> None:
    """Another content, name or typeface is another fingerprint; what is no code changes nothing."""
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "strip.py").write_text("a = 1")
    seen = [fingerprint.fingerprint(tmp_path)]
    (tmp_path / "pictures" / "strip.py").write_text("a = 2")
    seen.append(fingerprint.fingerprint(tmp_path))
    (tmp_path / "pictures" / "strip.py").rename(tmp_path / "strip.py")
    seen.append(fingerprint.fingerprint(tmp_path))
    (tmp_path / "letters.otf").write_bytes(b"a")
    seen.append(fingerprint.fingerprint(tmp_path))
    (tmp_path / "strip.pyc").write_bytes(b"a")
    assert len(set(seen)) == len(seen)
    assert fingerprint.fingerprint(tmp_path) == seen[-1]


def test_it_changes_with_a_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another Pillow may write other bytes."""
    before = fingerprint.fingerprint()
    assert before == fingerprint.fingerprint()
    monkeypatch.setattr(fingerprint, "version", lambda _: "0.0")
    assert fingerprint.fingerprint() != before


def test_every_model_has_a_digest_of_its_own(catalog: Catalog) -> None:
    """Models of the weights folder are told apart by their digests."""
    digests = {model.digest for model in catalog.models}
    assert len(digests) == len(catalog.models)
    assert "" not in digests
