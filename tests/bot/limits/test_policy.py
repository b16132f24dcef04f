"""The limits: who is greedy waits, and nobody else does."""

import time
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

import pytest

from bot.limits import storage
from bot.limits.policy import AddressLimited, ChatLimited, CooldownActive, RateLimited, RateLimits
from bot.limits.storage import LimitStorage


async def let_through(ask: Callable[[], Awaitable[None]], times: int) -> tuple[int, list[RateLimited]]:
    """How often one is let through who asks so many times, and what is said the other times."""
    refused = []
    for _ in range(times):
        try:
            await ask()
        except RateLimited as error:
            refused.append(error)
    return times - len(refused), refused


async def test_a_second_request_is_told_when_to_come_back() -> None:
    """Within the cooldown a person reads how many seconds are left of it."""
    limits = RateLimits(LimitStorage(), cooldown=60)
    await limits.person("discord", 1)
    with pytest.raises(CooldownActive) as caught:
        await limits.person("discord", 1)
    assert 1 <= caught.value.retry_after <= 60


async def test_nobody_waits_for_somebody_else() -> None:
    """Another person, or one with the same number on another platform, is served."""
    limits = RateLimits(LimitStorage(), cooldown=60)
    await limits.person("discord", 1)
    await limits.person("discord", 2)
    await limits.person("telegram", 1)


async def test_a_chat_gets_its_pictures_and_reads_once_that_they_are_spent() -> None:
    """Past the limit of a chat the first to ask is told, and when to go on; other chats have all of theirs."""
    limits = RateLimits(LimitStorage(), chat_limit=3)
    served, refused = await let_through(lambda: limits.chat("discord", 1), 6)
    assert served == 3
    assert [error.repeated for error in refused if isinstance(error, ChatLimited)] == [False, True, True]
    assert all(1 <= error.retry_after <= 60 for error in refused)
    assert (await let_through(lambda: limits.chat("discord", 2), 3))[0] == 3
    assert (await let_through(lambda: limits.chat("telegram", 1), 3))[0] == 3


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
    ],
)
async def test_an_address_gets_its_pictures(first: str, second: str, same: bool) -> None:
    """Of IPv4 each address has a limit of its own; of IPv6 each /64, since whoever has one has all of it."""
    limits = RateLimits(LimitStorage(), address_limit=2)
    assert (await let_through(lambda: limits.address(ip_address(first)), 4))[0] == 2
    served, refused = await let_through(lambda: limits.address(ip_address(second)), 2)
    assert served == (0 if same else 2)
    assert all(isinstance(error, AddressLimited) and 1 <= error.retry_after <= 60 for error in refused)


async def test_a_heavy_picture_counts_as_several() -> None:
    """An address with 40 pictures a minute gets two that count as 19, and none that counts as 3 after them.

    One that counts as more than all of a minute is still to be had.
    """
    limits = RateLimits(LimitStorage(), address_limit=40)
    address, other = ip_address("192.0.2.1"), ip_address("192.0.2.2")
    assert (await let_through(lambda: limits.address(address, 19), 2))[0] == 2
    assert (await let_through(lambda: limits.address(address, 3), 1))[0] == 0
    assert (await let_through(lambda: limits.address(other, 50), 2))[0] == 1


async def test_steps_of_a_walk_take_no_pictures_away() -> None:
    """An address has four steps for each of its pictures, in a count of their own; neither takes of the other."""
    limits, address = RateLimits(LimitStorage(), address_limit=5), ip_address("192.0.2.1")
    served, refused = await let_through(lambda: limits.address(address, steps=True), 25)
    assert served == 20
    assert all(isinstance(error, AddressLimited) for error in refused)
    assert (await let_through(lambda: limits.address(address), 10))[0] == 5


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_clock_that_is_set_makes_nobody_wait(monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    """With the time of day set an hour back or ahead, a person and a group wait for as long as they would without."""
    now, real = [1000.0], time.time
    monkeypatch.setattr(storage, "monotonic", lambda: now[0])
    limits = RateLimits(LimitStorage(), cooldown=30)
    for ask in (lambda: limits.person("discord", 1), lambda: limits.message("telegram", -1, max_messages=2)):
        await ask()
        monkeypatch.setattr(time, "time", lambda: real() + 3600 * hours)
        _, (refusal,) = await let_through(ask, 1)
        assert refusal.retry_after == (30 if isinstance(refusal, CooldownActive) else 60)
        now[0] += 60.1
        assert (await let_through(ask, 1))[0] == 1


async def test_a_customer_with_many_networks_gets_four_times_as_many() -> None:
    """Whoever changes the /64 within a /48 is stopped after four limits, and other customers are not."""
    limits = RateLimits(LimitStorage(), address_limit=2)
    served = [
        (await let_through(lambda network=network: limits.address(ip_address(f"2001:db8:0:{network}::1")), 2))[0]
        for network in range(6)
    ]
    assert served == [2, 2, 2, 2, 0, 0]
    assert (await let_through(lambda: limits.address(ip_address("2001:db8:1::1")), 2))[0] == 2


async def test_zero_is_off() -> None:
    """Without limits everybody may ask at any time."""
    limits = RateLimits(LimitStorage())
    for ask in (
        lambda: limits.person("discord", 1),
        lambda: limits.chat("discord", 1),
        lambda: limits.address(ip_address("192.0.2.1")),
    ):
        assert (await let_through(ask, 1000))[0] == 1000


async def test_a_group_is_told_once_that_its_messages_are_spent() -> None:
    """Of twenty messages a minute one is kept for the notice; other groups have twenty of their own."""
    limits = RateLimits(LimitStorage())
    sent, refused = await let_through(lambda: limits.message("telegram", -1, max_messages=20), 40)
    assert sent == 19
    assert [error.repeated for error in refused] == [False] + 20 * [True]
    assert all(1 <= error.retry_after <= 60 for error in refused)
    assert (await let_through(lambda: limits.message("telegram", -2, max_messages=20), 19))[0] == 19
