"""The result of one check of an installation."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pydantic import AnyHttpUrl

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


def url_findings(setting: str, url: AnyHttpUrl, *further: str) -> Iterator[Finding]:
    """Check a URL at which the world reaches this bot.

    Args:
        setting: the environment variable.
        url: its value.
        further: warnings of the caller's own.
    """
    warnings = list(further)
    if url.query or url.fragment:
        warnings.insert(0, f"{setting} is {url}: it should end with the path, without anything after ? or #")
    if url.scheme != "https":
        warnings.insert(0, f"{setting} is {url}, and Telegram takes https alone")
    for text in warnings:
        yield Finding(Verdict.WARNING, "address", text)
    if not warnings:
        yield Finding(Verdict.OK, "address", f"{setting} is {url}")
