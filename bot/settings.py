"""Every setting, its default and its meaning; the README's table is held equal to this by a test."""

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.catalog import Catalog
from core.errors import DigitError, UnknownModel

WEIGHTS = Path(__file__).resolve().parent.parent / "weights"


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


class Settings(BaseSettings):
    """The settings, from the environment or a `.env` file in the working directory."""

    model_config = SettingsConfigDict(
        env_prefix="DIGIT_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    host: str = Field("127.0.0.1", description="Address that the web page listens on; `0.0.0.0` is every one.")
    port: int = Field(8080, ge=0, le=65535, description="Port of the web page; 0 takes a free one.")
    weights: Path = Field(
        WEIGHTS, description="Folder with the models and their `manifest.json`; by default the one that ships."
    )
    model: str | None = Field(
        None, description="Model that draws when a request names none; by default the manifest's."
    )
    queue: int = Field(400, ge=1, description="Requests that may wait to be drawn; one more is told to try again.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least severe log line written."
    )


def load_settings() -> Settings:
    """Read and check the settings.

    Raises:
        BadSettings: a value cannot be used; only the first one is told.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = Settings.model_config["env_prefix"] + str(first["loc"][0])
        raise BadSettings(name.upper(), first["msg"].lower()) from None


def open_catalog(settings: Settings) -> Catalog:
    """Load the models that the settings name.

    Raises:
        BadWeights: the folder or a file in it cannot be used.
        BadSettings: the default model is not one of them.
    """
    try:
        return Catalog.open(settings.weights, settings.model)
    except UnknownModel as error:
        known = ", ".join(error.known)
        raise BadSettings("DIGIT_MODEL", f"there is no model {error.value!r}, but there is {known}") from None
