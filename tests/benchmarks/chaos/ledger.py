"""Ledger of a chaos run: each question, its answers, and the faults that excuse a lost or a late one."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(eq=False)
class Question:
    """A command that somebody sends.

    Attributes:
        platform: its name.
        about: it, for a report.
        asked_at: seconds of the ledger's clock.
        max_seconds: the longest wait for the answer that the bot promises.
        answers: that came.
        seconds: from the question to its first answer.
        max_answers: 1, and one more for each process killed, and for each connection cut after the platform took an
            answer, while the question was open.
        may_be_lost, may_be_late: whether a fault on its way excuses that.
    """

    platform: str
    about: str
    asked_at: float
    max_seconds: float
    answers: int = 0
    seconds: float = math.inf
    max_answers: int = 1
    may_be_lost: bool = False
    may_be_late: bool = False

    @property
    def settled(self) -> bool:
        """Whether nothing more is expected."""
        return self.answers > 0 or self.may_be_lost


@dataclass
class Ledger:
    """Every question, and every promise that was broken otherwise.

    Attributes:
        clock: returns seconds that never go back.
        broken: sentences about promises that are not those of a question.
    """

    clock: Callable[[], float]
    questions: list[Question] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    _troubles: dict[int, tuple[str, bool, bool]] = field(default_factory=dict)

    def ask(self, platform: str, max_seconds: float, about: str = "") -> Question:
        """Note a question; trouble that its platform has at the time excuses it."""
        question = Question(platform, about, self.clock(), max_seconds)
        for troubled, lost, late in self._troubles.values():
            if troubled == platform:
                question.may_be_lost |= lost
                question.may_be_late |= late
        self.questions.append(question)
        return question

    def answer(self, question: Question) -> None:
        """Note an answer."""
        question.answers += 1
        if question.answers == 1:
            question.seconds = self.clock() - question.asked_at

    @contextmanager
    def trouble(
        self, platform: str, *, lost: bool = False, late: bool = False, accepted: bool = True
    ) -> Iterator[None]:
        """Excuse the questions of a platform that are open, and those that come within this block.

        Args:
            platform: its name.
            lost: whether they may stay without an answer.
            late: whether they may wait for longer than is promised.
            accepted: whether that is true of the open ones, too.
        """
        if accepted:
            self.excuse(platform, lost=lost, late=late)
        key = max(self._troubles, default=0) + 1
        self._troubles[key] = (platform, lost, late)
        try:
            yield
        finally:
            del self._troubles[key]

    def excuse(self, platform: str, *, lost: bool = False, late: bool = False) -> None:
        """Excuse the questions of a platform that are open."""
        for question in self.open(platform):
            question.may_be_lost |= lost
            question.may_be_late |= late

    def open(self, platform: str) -> list[Question]:
        """Return the questions of a platform that wait for an answer."""
        return [question for question in self.questions if question.platform == platform and not question.settled]

    def of(self, platform: str) -> list[Question]:
        """Return the questions of a platform."""
        return [question for question in self.questions if question.platform == platform]

    def violations(self) -> list[str]:
        """Return a line for each broken promise."""
        began = self.questions[0].asked_at if self.questions else 0.0
        return [
            f"{question.platform}: {broken} (asked after {question.asked_at - began:.1f} s: {question.about})"
            for question in self.questions
            for broken in _violations(question)
        ] + self.broken


def _violations(question: Question) -> list[str]:
    found = [] if question.settled else ["not answered"]
    if question.answers > question.max_answers:
        found.append(f"answered {question.answers} times, not {question.max_answers}")
    if question.answers and not question.may_be_late and question.seconds > question.max_seconds:
        found.append(f"waited {question.seconds:.1f} s, not {question.max_seconds:.1f} s")
    return found
