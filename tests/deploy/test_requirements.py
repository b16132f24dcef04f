"""What an image is made of: every package by version and hash, and none without a licence on the page."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

IMAGE = {
    "python_version": "3.13",
    "python_full_version": "3.13.0",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "os_name": "posix",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
}


def locked() -> Iterator[tuple[Requirement, list[str]]]:
    """Each entry of requirements.txt with its hashes."""
    text = (ROOT / "requirements.txt").read_text().replace("\\\n", " ")
    for line in text.splitlines():
        if not line.startswith("#"):
            entry, *hashes = line.split(" --hash=")
            yield Requirement(entry.strip()), [found.strip() for found in hashes]


def pins(environment: dict[str, str] | None = None) -> dict[str, str]:
    """The version of each package that is installed in an environment; by default in this one."""
    return {
        canonicalize_name(entry.name): str(entry.specifier).removeprefix("==")
        for entry, _ in locked()
        if entry.marker is None or entry.marker.evaluate(environment)
    }


def declared() -> list[Requirement]:
    """What pyproject.toml asks for at run time."""
    return [
        Requirement(entry) for entry in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    ]


def needed() -> set[str]:
    """The names of all packages that those need here, as the installed ones say themselves."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = declared()
    while waiting:
        wanted = waiting.pop()
        found.add(canonicalize_name(wanted.name))
        if str(wanted) not in seen:
            seen.add(str(wanted))
            waiting += _needs(wanted)
    return found


def _needs(wanted: Requirement) -> list[Requirement]:
    entries = [Requirement(entry) for entry in requires(wanted.name) or []]
    extras = wanted.extras or {""}
    return [entry for entry in entries if not entry.marker or any(entry.marker.evaluate({"extra": e}) for e in extras)]


def test_every_package_has_one_version_and_a_hash() -> None:
    """Nobody can slip another file into an image: each line is a version with SHA-256 sums, and names no index."""
    entries = list(locked())
    assert len(entries) > 30
    for entry, hashes in entries:
        assert re.fullmatch(r"==[\w.]+", str(entry.specifier)), entry
        assert entry.url is None
        assert hashes
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", found) for found in hashes), entry
    assert "://" not in (ROOT / "requirements.txt").read_text()


def test_the_image_gets_the_versions_that_were_tested() -> None:
    """What pyproject.toml pins is what requirements.txt pins; `.ci/lock` brings one up to the other."""
    asked = {canonicalize_name(entry.name): str(entry.specifier).removeprefix("==") for entry in declared()}
    assert {name: version for name, version in pins().items() if name in asked} == asked


def test_the_image_gets_what_the_bot_needs_and_nothing_else() -> None:
    """requirements.txt names every package that another one needs, none that nobody needs, and no torch."""
    assert set(pins()) == needed()
    assert not {"torch", "torchvision", "setuptools", "pip"} & set(pins(IMAGE))


def test_the_licence_of_every_package_is_on_the_page() -> None:
    """Who passes the image on sees what is in it and under which licence; one that asks for more is looked at first."""
    page = (ROOT / "deploy" / "LICENCES.md").read_text()
    rows = re.findall(r"^\| ([\w.-]+) \| ([\w.]+) \| (.+) \|$", page, re.MULTILINE)
    licences = {canonicalize_name(name): licence for name, version, licence in rows if version != "version"}
    assert {canonicalize_name(name): version for name, version, _ in rows if version != "version"} == pins(IMAGE)
    assert all(licence.strip() for licence in licences.values())
    assert [name for name, licence in licences.items() if "GPL" in licence] == ["python-telegram-bot"]
