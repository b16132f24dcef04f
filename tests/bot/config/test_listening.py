"""Bind errors: the setting to change, and a value that works."""

import errno

import pytest

from bot.config.listening import bind_error
from bot.config.settings import Settings


@pytest.mark.parametrize(("port", "other"), [(8080, 8081), (65534, 65535), (65535, 65534)])
def test_a_port_in_use_comes_with_another_one(port: int, other: int) -> None:
    """The next one; of the last, the one before."""
    error = bind_error(OSError(errno.EADDRINUSE, ""), Settings(port=port))
    assert str(error).endswith(f"is in use: try DIGIT_PORT={other}")
