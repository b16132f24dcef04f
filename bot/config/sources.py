"""Setting sources: the environment, `.env`, and files, for the bot and for its health check.

Imports little: a health check runs every half minute, and loading pydantic-settings takes longer than all of it.
"""

import os
from collections.abc import Iterable, Mapping

from core.errors import DigitError

DOTENV = ".env"
SECRETS_DIR = "/run/secrets"
"""The folder in which Docker, Podman and Kubernetes put secrets."""
SECRETS_DIR_SETTING = "DIGIT_SECRETS_DIR"
"""The setting that names another folder in its place."""
CREDENTIALS_VARIABLE = "CREDENTIALS_DIRECTORY"
"""The variable in which systemd names the folder of a service's credentials."""
FILE_SUFFIX = "_FILE"
"""NAME_FILE leads to a file that holds the value of NAME."""
STAND_INS = {"DIGIT_PORT": "PORT"}
"""By a setting, the variable that counts where it is not set: cloud services name the port to listen on in PORT.

The address stays DIGIT_HOST, which the image sets to every one: many tools set PORT on a developer's machine, and that
must open no port to its network."""


class BadSettings(DigitError):
    """A setting cannot be used.

    Attributes:
        name: the environment variable.
        reason: what is wrong with its value, a clause for an operator.
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


def read(names: Iterable[str]) -> tuple[dict[str, str], list[BadSettings]]:
    """Read the settings of these names; return their values by name, and the faults of the sources.

    A value itself wins over a file that NAME_FILE leads to, that over a file of the setting's name in a folder of
    secrets, and that over a stand-in; the environment wins over `.env`. What is empty counts as not set.
    """
    values: dict[str, str] = {}
    faults: list[BadSettings] = []
    given = _dotenv(faults) | _environment()
    secrets = _secrets(given, faults)
    for name in names:
        file_variable = name + FILE_SUFFIX
        if name in given:
            values[name] = given[name]
        elif file_variable in given:
            values[name] = _content(file_variable, given[file_variable], faults)
        elif name in secrets:
            values[name] = _content(name, secrets[name], faults)
        elif STAND_INS.get(name) in given:
            values[name] = given[STAND_INS[name]]
    return _filled(values), faults


def origin(name: str) -> str:
    """Return the file that a setting stands in; empty if it comes from the environment or isn't set."""
    environment = _environment()
    given = _dotenv([]) | environment
    if name in given:
        return "" if name in environment else dotenv_path()
    return given.get(name + FILE_SUFFIX) or _secrets(given, []).get(name, "")


def is_set(name: str) -> bool:
    """Return whether a setting is not at its default."""
    return bool(origin(name)) or name in _environment()


def variable(name: str) -> str:
    """Return the variable that a setting is read from: its own, or a stand-in."""
    stand_in = STAND_INS.get(name, name)
    return stand_in if stand_in in given_names() and not is_set(name) else name


def given_names() -> set[str]:
    """Return the name of every variable of the environment and of `.env` that is not empty."""
    return {*_dotenv([]), *_environment()}


def dotenv_path() -> str:
    """Return the absolute path of `.env`, whether it is there or not."""
    return os.path.abspath(DOTENV)  # noqa: PTH100  loaded already, as pathlib is not


def _environment() -> dict[str, str]:
    return _filled(os.environ)


def _filled(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name.upper(): value for name, value in values.items() if value}


def _dotenv(faults: list[BadSettings]) -> dict[str, str]:
    if not os.path.exists(DOTENV):  # noqa: PTH110  loaded already, as pathlib is not
        return {}
    import logging

    from dotenv import dotenv_values

    # It logs each line that it can't read; `bot.config.warnings` has one sentence for them all.
    logging.getLogger("dotenv.main").setLevel(logging.ERROR)
    try:
        return _filled(dotenv_values(DOTENV, encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        faults.append(BadSettings(DOTENV, f"cannot be read ({_why(error)})"))
        return {}


def _secrets(given: Mapping[str, str], faults: list[BadSettings]) -> dict[str, str]:
    """Paths by the setting that each file is named for: DISCORD_TOKEN by discord_token or digit_discord_token."""
    paths: dict[str, str] = {}
    for place in (SECRETS_DIR_SETTING, CREDENTIALS_VARIABLE):
        folder = given.get(place, SECRETS_DIR if place == SECRETS_DIR_SETTING else "")
        try:
            found = {entry.name.upper(): entry.path for entry in os.scandir(folder)} if folder else {}
        except OSError as error:
            found = {}
            if folder != SECRETS_DIR:  # which hardly anyone has
                faults.append(BadSettings(place, f"{folder} cannot be read ({_why(error)})"))
        paths |= {name.removeprefix("DIGIT_"): path for name, path in found.items()} | found
    return paths


def _content(name: str, path: str, faults: list[BadSettings]) -> str:
    try:
        with open(path, encoding="utf-8-sig") as file:  # noqa: PTH123  loaded already, as pathlib is not
            return file.read().strip()
    except (OSError, ValueError) as error:
        faults.append(BadSettings(name, f"{path} cannot be read ({_why(error)})"))
        return ""


def _why(error: OSError | ValueError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else "it is no text in UTF-8"
