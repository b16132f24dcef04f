"""Sources to checked settings, with every fault at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import EnvSettingsSource

from bot.config import sources
from bot.config.fields import SettingsGroup
from bot.config.reasons import reason
from bot.config.settings import PlatformSettings, Settings
from bot.config.sources import BadSettings
from bot.config.warnings import warnings
from core.catalog import Catalog
from core.errors import UnknownModel

Group = TypeVar("Group", bound=SettingsGroup)
Platforms = Mapping[str, type[PlatformSettings]]
"""The settings that each platform declares, by its name."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """All settings.

    Attributes:
        settings: of the process.
        platforms: of each platform, by its name, with or without a token.
        warnings: sentences about misspelt variables and broken lines.
    """

    settings: Settings
    platforms: Mapping[str, PlatformSettings]
    warnings: Sequence[str] = ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every value that must reach no log."""
        groups: Sequence[Settings | PlatformSettings] = (*self.platforms.values(), self.settings)
        return tuple(secret for group in groups for secret in group.secrets)


def load(platforms: Platforms) -> Configuration:
    """Read and check the settings.

    Raises:
        BadSettings: a value cannot be used; it is the first one.
    """
    configuration = examine(platforms)
    if isinstance(configuration, Configuration):
        return configuration
    raise configuration[0]


def examine(platforms: Platforms) -> Configuration | list[BadSettings]:
    """Read and check the settings; return every fault in place of them if there is one."""
    groups: list[type[SettingsGroup]] = [*platforms.values(), Settings]
    known = [name for group in groups for name in group.variables()]
    values, faults = sources.read(known)
    found = {name: _check(group, values, faults) for name, group in platforms.items()}
    settings = _check(Settings, values, faults)
    if faults or settings is None:
        return faults
    checked = {name: group for name, group in found.items() if group is not None}
    return Configuration(settings, checked, warnings(known))


def _check(group: type[Group], values: Mapping[str, str], faults: list[BadSettings]) -> Group | None:
    # pydantic's own source assigns names to fields, and decodes JSON where a field asks for it.
    source = EnvSettingsSource(group)
    source.env_vars = {name.lower(): value for name, value in values.items()}
    given: dict[str, Any] = source()
    try:
        return group(**given)
    except ValidationError as error:
        faults += [_fault(group, detail) for detail in error.errors(include_url=False)]
    return None


def _fault(group: type[SettingsGroup], detail: ErrorDetails) -> BadSettings:
    # pydantic calls a field by its alias where it has one.
    name = str(detail["loc"][0])
    variable = group.variable(name) if name in group.model_fields else name
    return BadSettings(sources.variable(variable), reason(detail))


def open_catalog(settings: Settings) -> Catalog:
    """Load the models that the settings name.

    Raises:
        BadWeights: the folder or a file in it cannot be used.
        BadSettings: the default model is not one of them.
    """
    try:
        return Catalog.open(settings.weights, settings.model)
    except UnknownModel as error:
        text = f"should be a model of {settings.weights} ({', '.join(error.known)}), not “{error.value}”"
        raise BadSettings("DIGIT_MODEL", text) from None
