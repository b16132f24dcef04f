"""`models` and `about` on the command line."""

import pytest

from tests.bot.conftest import finished
from tests.conftest import ROOT


@pytest.mark.parametrize("topic", ["models", "about"])
async def test_what_tells_writes_to_standard_output(topic: str) -> None:
    """`models` and `about` are answered in the terminal; nothing goes to standard error."""
    code, written = await finished(ROOT, topic)
    assert (code, written) == (0, "")
