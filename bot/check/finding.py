"""What a check has found."""

import os
from dataclasses import dataclass

from bot import notices

OK, WARNING, WRONG, OFF = "ok", "warning", "wrong", "off"
UNUSABLE = os.EX_CONFIG
"""The exit code of settings or models with which the bot would not start."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check has found.

    Attributes:
        verdict: OK, WARNING, WRONG or OFF.
        subject: what was looked at.
        text: what is so, and what to do if it is not as it should be.
        code: the exit code that the bot would end with for this reason; 0 if it would run.
    """

    verdict: str
    subject: str
    text: str
    code: int = os.EX_OK

    def __str__(self) -> str:
        return notices.finding(self.verdict, self.subject, self.text)


def found(verdict: str, subject: str, template: str, **fields: object) -> Finding:
    """A finding in the words of `notices.FINDINGS`."""
    return Finding(verdict, subject, notices.FINDINGS[template].format(**fields))
