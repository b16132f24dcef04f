"""The result of one check of an installation."""

import os
from dataclasses import dataclass
from enum import StrEnum

UNUSABLE = os.EX_CONFIG
"""The exit code of settings or models with which the bot would not start."""
REFUSED = os.EX_UNAVAILABLE
"""The exit code of a bot whose tokens are all refused."""


class Verdict(StrEnum):
    """The verdict of a check."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check.

    Attributes:
        verdict: of the check.
        subject: the thing that was checked.
        text: the result, and how to fix it.
        code: the exit code that the bot would end with for this reason; 0 if it would run.
    """

    verdict: Verdict
    subject: str
    text: str
    code: int = os.EX_OK

    def __str__(self) -> str:
        return f"{self.verdict:<8} {self.subject:<9} {self.text}"
