"""The checks of a chaos run notice each broken promise, and excuse what a fault excuses."""

from collections.abc import Callable

import pytest

from tests.benchmarks.chaos import life
from tests.benchmarks.chaos.ledger import Ledger, Question


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        """Return its time."""
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    """The clock of the ledger."""
    return Clock()


@pytest.fixture
def ledger(clock: Clock) -> Ledger:
    """A ledger without questions."""
    return Ledger(clock)


def never(_: Ledger, __: Question) -> None:
    """Do not answer."""


def twice(ledger: Ledger, question: Question) -> None:
    """Answer two times."""
    ledger.answer(question)
    ledger.answer(question)


def late(ledger: Ledger, question: Question) -> None:
    """Answer after the promised time."""
    ledger.clock.seconds += question.max_seconds + 1  # type: ignore[attr-defined]
    ledger.answer(question)


@pytest.mark.parametrize(
    ("answer", "broken"), [(never, "not answered"), (twice, "answered 2 times"), (late, "waited 4.0 s")]
)
def test_a_broken_promise_is_noticed(ledger: Ledger, answer: Callable[[Ledger, Question], None], broken: str) -> None:
    """A question without an answer, one with two, and one that waited are each a violation; a good one is none."""
    ledger.answer(ledger.ask("telegram", 3.0))
    answer(ledger, ledger.ask("discord", 3.0))
    (violation,) = ledger.violations()
    assert violation.startswith("discord: ")
    assert broken in violation


@pytest.mark.parametrize(("answer", "excuse"), [(never, {"lost": True}), (late, {"late": True})], ids=["lost", "late"])
def test_trouble_excuses_what_meets_it_and_nothing_else(
    ledger: Ledger, answer: Callable[[Ledger, Question], None], excuse: dict[str, bool]
) -> None:
    """Open questions of the platform and new ones are excused; those of another platform and later ones are not."""
    asked, other = [ledger.ask("discord", 3.0)], ledger.ask("http", 3.0)
    with ledger.trouble("discord", **excuse):
        asked.append(ledger.ask("discord", 3.0))
    ledger.answer(other)
    for question in asked:
        answer(ledger, question)
    assert ledger.violations() == []
    answer(ledger, ledger.ask("discord", 3.0))
    assert len(ledger.violations()) == 1


def test_what_was_accepted_before_a_stop_is_not_excused(ledger: Ledger) -> None:
    """At SIGTERM only what comes afterwards may be lost."""
    ledger.ask("http", 3.0)
    with ledger.trouble("http", lost=True, accepted=False):
        ledger.ask("http", 3.0)
    assert len(ledger.violations()) == 1


@pytest.mark.parametrize(
    "line",
    [
        "Traceback (most recent call last):",
        '{"event": "request failed", "level": "error"}',
        *life.SECRETS,
        *life.WORDS,
    ],
)
def test_a_line_that_no_log_may_have_is_noticed(line: str) -> None:
    """A traceback, an error, a secret and words of people are each a violation; a request is none."""
    good = '{"platform": "web", "command": "digit", "digit": 4, "event": "request", "level": "info"}\n'
    assert life.violations_in(good) == []
    assert len(life.violations_in(good + line)) == 1


def test_a_line_that_a_full_disk_cuts_off_is_no_error() -> None:
    """The next line stands right behind it, and that one says that lines were dropped."""
    cut, dropped = '{"event": "request', '{"event": "1 log line was dropped", "level": "error"}\n'
    assert life.violations_in(cut + dropped.replace("1 log line was", "3 log lines were")) == []
    assert life.violations_in(cut + dropped) == []
    assert life.violations_in(cut + dropped.replace("dropped", "eaten")) != []
