"""Growing pauses between tries."""

from bot.backoff import BackOff


def test_pauses_double_up_to_the_longest_and_begin_anew_after_a_success() -> None:
    """A platform that is down for long is asked rarely, and one that was down for a moment soon again."""
    pauses = BackOff(first_seconds=1, max_seconds=5)
    assert [pauses.next_seconds() for _ in range(5)] == [1, 2, 4, 5, 5]
    pauses.reset()
    assert pauses.next_seconds() == 1
