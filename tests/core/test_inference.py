"""A network: what it keeps of its file."""

import sys

import pytest

from core.generator import Generator
from tests.conftest import WEIGHTS


@pytest.mark.parametrize("name", ["cgan", "vae"])
def test_the_bytes_of_a_file_are_not_kept(name: str) -> None:
    """Beside the network they would be as large again, for as long as the bot runs."""
    path = WEIGHTS / f"{name}.onnx"
    content = path.read_bytes()
    before = sys.getrefcount(content)
    generator = Generator.load(path, content)
    assert generator.metadata
    assert sys.getrefcount(content) == before
