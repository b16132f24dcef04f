"""Programs that some tests need; without one, its tests are skipped with a reason that says how to install it.

With CI=true they fail instead.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NoReturn

import pytest

APPLICATION = "/Applications/{0}.app/Contents/MacOS/{0}"
# Asked for here and not of Playwright, whose driver does not start on every machine.
DOWNLOADS = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")
PLAYWRIGHT = (os.environ["PLAYWRIGHT_BROWSERS_PATH"],) if "PLAYWRIGHT_BROWSERS_PATH" in os.environ else DOWNLOADS
IN_DOWNLOADS = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
    "chromium_headless_shell-*/chrome-*/*headless*shell",
)
LIBRARIES = ("/usr/lib", "/usr/lib64", "/usr/lib/*-linux-*", "/usr/local/lib", "/opt/homebrew/lib", "~/.linuxbrew/lib")


@dataclass(frozen=True)
class Program:
    """A program that tests need and that a machine may lack.

    Attributes:
        title: for people.
        variable: environment variable that names it; if it is set, nothing else is looked for.
        install: how to get it.
        names: of its command in PATH, the likeliest first.
        paths: of it outside PATH, with wildcards.
    """

    title: str
    variable: str
    install: str
    names: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()

    def find(self) -> str | None:
        """Return the path of the program, or None where it is not installed."""
        if self.variable in os.environ:
            candidates: Iterable[str] = [os.environ[self.variable]]
        else:
            candidates = chain(self.names, *map(_expand, self.paths))
        return next(filter(None, map(_file, candidates)), None)

    def path(self) -> str:
        """Return the path of the program; where it is not installed, skip the test."""
        return self.find() or self.missing()

    def missing(self) -> NoReturn:
        """Skip the test with the reason, or fail it with CI=true."""
        missing(self.title, f"{self.install}, or set {self.variable} to its path")


def missing(title: str, install: str) -> NoReturn:
    """Skip the test for want of something that can be installed, or fail it with CI=true."""
    reason = f"needs {title}: {install}"
    if os.environ.get("CI", "").lower() in {"true", "1"}:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def _expand(pattern: str) -> list[str]:
    path = Path(pattern).expanduser()
    return sorted(str(found) for found in Path(path.anchor).glob(str(path.relative_to(path.anchor))))


def _file(candidate: str) -> str | None:
    """Return an absolute path of a command or of a file, such as a library; None if there is no such thing."""
    return shutil.which(candidate) or (candidate if Path(candidate).is_file() else None)


CHROMIUM = Program(
    "Chromium, Chrome or Edge",
    variable="CHROMIUM",
    names=(
        # Without windows it takes half the time.
        *("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
        *("microsoft-edge", "microsoft-edge-stable", "msedge"),
    ),
    paths=(
        *(APPLICATION.format(name) for name in ("Chromium", "Google Chrome", "Microsoft Edge")),
        *(f"{folder}/{browser}" for browser in IN_DOWNLOADS for folder in PLAYWRIGHT),
    ),
    install="apt-get install chromium, or python -m playwright install chromium",
)
REDIS = Program(
    "Redis or Valkey",
    variable="REDIS_SERVER",
    names=("redis-server", "valkey-server"),
    install="apt-get install redis-server",
)
HAPROXY = Program(
    "HAProxy 2.6 or newer",
    variable="HAPROXY",
    names=("haproxy",),
    # Debian's is where only root looks.
    paths=("/usr/sbin/haproxy",),
    install="apt-get install haproxy",
)
LIBFAKETIME = Program(
    "libfaketime",
    variable="LIBFAKETIME",
    paths=tuple(f"{folder}/{name}/libfaketimeMT.so.1" for folder in LIBRARIES for name in ("faketime", "libfaketime")),
    install="apt-get install libfaketime",
)
SYSTEMD_ANALYZE = Program(
    "systemd-analyze, of systemd 250 or newer",
    variable="SYSTEMD_ANALYZE",
    names=("systemd-analyze",),
    install="apt-get install systemd",
)
KUBECTL = Program(
    "kubectl 1.27 or newer",
    variable="KUBECTL",
    names=("kubectl",),
    install="apt-get install kubernetes-client, of Debian 13 or newer",
)


def skipped(reports: Iterable[pytest.TestReport]) -> list[str]:
    """Return a line for each reason for which tests were skipped, with their number."""
    reasons = Counter(str(report.longrepr[2]) for report in reports if isinstance(report.longrepr, tuple))
    return [f"{count:4} skipped: {reason.removeprefix('Skipped: ')}" for reason, count in reasons.most_common()]
