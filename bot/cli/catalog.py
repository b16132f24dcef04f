"""The models, for the subcommands that draw or tell of them."""

from bot.cli.output import print_note
from bot.config import loading
from core.catalog import Catalog


def open_catalog() -> Catalog:
    """Load the models that the settings name; warnings about the settings go to standard error.

    Raises:
        BadSettings, BadWeights: a setting or the models cannot be used.
    """
    configuration = loading.load({})
    for warning in configuration.warnings:
        print_note(warning)
    return loading.open_catalog(configuration.settings)
