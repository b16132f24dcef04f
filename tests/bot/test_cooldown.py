"""The cooldown: one eager person waits, nobody else does."""

import pytest

from bot.cooldown import Cooldown, TooSoon


async def test_a_second_request_is_told_when_to_come_back() -> None:
    """Within the cooldown a person reads how many seconds are left of it."""
    cooldown = Cooldown(60)
    await cooldown.check("discord", 1)
    with pytest.raises(TooSoon) as caught:
        await cooldown.check("discord", 1)
    assert 1 <= caught.value.retry_after <= 60


async def test_nobody_waits_for_somebody_else() -> None:
    """Another person, or one with the same number on another platform, is served."""
    cooldown = Cooldown(60)
    await cooldown.check("discord", 1)
    await cooldown.check("discord", 2)
    await cooldown.check("telegram", 1)


async def test_zero_is_off() -> None:
    """Without a cooldown everybody may ask at any time."""
    cooldown = Cooldown(0)
    for _ in range(100):
        await cooldown.check("discord", 1)
