"""Ledger of a chaos run: each question, its answers, and the faults that excuse a lost or a late one."""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(eq=False)
class Question:
    """A command that somebody sends.

    Attributes:
        platform: its name.
        asked_at: seconds of the ledger's clock.
        max_seconds: the longest wait for the answer that the bot promises.
        answers: that came.
        seconds: from the question to its first answer.
        max_answers: 1, and one more for each process killed, and for each connection cut after the platform took an
            answer, while the question was open.
        may_be_lost, may_be_late: whether a fault on its way excuses that.
    """

    platform: str
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

    def ask(self, platform: str, max_seconds: float) -> Question:
        """Note a question; trouble that its platform has at the time excuses it."""
        question = Question(platform, self.clock(), max_seconds)
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
        for question in self.open(platform) if accepted else ():
            question.may_be_lost |= lost
            question.may_be_late |= late
        key = max(self._troubles, default=0) + 1
        self._troubles[key] = (platform, lost, late)
        try:
            yield
        finally:
            del self._troubles[key]

    def open(self, platform: str) -> list[Question]:
        """Return the questions of a platform that wait for an answer."""
        return [question for question in self.questions if question.platform == platform and not question.settled]

    def of(self, platform: str) -> list[Question]:
        """Return the questions of a platform."""
        return [question for question in self.questions if question.platform == platform]

    def violations(self) -> list[str]:
        """Return a line for each kind of broken promise."""
        found: Counter[str] = Counter()
        for question in self.questions:
            if not question.settled:
                found[f"{question.platform}: not answered"] += 1
            if question.answers > question.max_answers:
                found[f"{question.platform}: answered {question.answers} times, not {question.max_answers}"] += 1
            if question.answers and not question.may_be_late and question.seconds > question.max_seconds:
                found[f"{question.platform}: waited longer than {question.max_seconds:.1f} s"] += 1
        return [f"{line} ({count} times)" for line, count in sorted(found.items())] + self.broken
