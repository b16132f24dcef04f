"""Scrapes of the metrics endpoint, as Prometheus makes them."""

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from tests.bot.conftest import BotProcess

Samples = dict[str, list[tuple[dict[str, str], float]]]


def read(text: str) -> Samples:
    """Return every sample of a scrape, by its name."""
    found: Samples = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


def value(samples: Samples, name: str, **labels: str) -> float:
    """Return the sum of the samples that have these labels."""
    return sum(value for have, value in samples.get(name, []) if labels.items() <= have.items())


async def scrape(bot: BotProcess) -> Samples:
    """Scrape as a Prometheus on the same machine does."""
    async with aiohttp.ClientSession() as client, client.get(bot.address + "/metrics") as response:
        assert response.status == 200
        return read(await response.text())
