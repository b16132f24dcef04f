"""Health, readiness, and the list of models."""

from aiohttp.test_utils import TestClient, TestServer

from bot.adapters.web.app import create
from bot.adapters.web.health import STARTUP_SECONDS, Startup
from core.catalog import Catalog
from core.service import DigitService
from tests.bot.adapters.web.conftest import Client, Platform, conversation, serving


async def test_health_and_readiness(client: Client) -> None:
    """/healthz answers while the loop runs; /readyz says which model is loaded."""
    assert (await (await client.get("/healthz")).json()) == {"status": "ok"}
    assert (await (await client.get("/readyz")).json())["model"] == "cgan"


async def test_a_platform_that_is_not_connected_is_not_ready(catalog: Catalog) -> None:
    """/readyz is 503 until each platform is connected, and names the one that is not."""
    waiting = Platform("second", ready=False)
    async with serving(catalog, [Platform("first", ready=True), waiting]) as client:
        response = await client.get("/readyz")
        assert response.status == 503
        assert (await response.json())["adapters"] == {"first": True, "second": False}
        waiting.ready = True
        assert (await client.get("/readyz")).status == 200


async def test_a_start_is_over_once_every_platform_was_connected(catalog: Catalog) -> None:
    """/startupz is 503 until then, so that an update keeps the old replicas, and 200 ever after."""
    platform = Platform("first", ready=False)
    async with serving(catalog, [platform]) as client:
        assert (await client.get("/startupz")).status == 503
        platform.ready = True
        assert (await client.get("/startupz")).status == 200
        platform.ready = False
        assert (await client.get("/startupz")).status == 200


def test_a_start_waits_for_no_platform_for_ever() -> None:
    """A bot that starts while a platform is out of reach serves the others and its page after a minute."""
    seconds = 0.0
    startup = Startup([Platform("first", ready=False)], lambda: seconds)
    assert not startup.over()
    seconds = STARTUP_SECONDS
    assert startup.over()


async def test_a_process_that_stops_is_not_ready(catalog: Catalog) -> None:
    """A load balancer sends nobody to a process that is about to end."""
    service = DigitService(catalog, queue=1)
    async with TestClient(TestServer(create(conversation(service), stopping=lambda: True))) as client:
        response = await client.get("/readyz")
        assert (response.status, (await response.json())["stopping"]) == (503, True)
        assert (await client.get("/healthz")).status == 200
    await service.close()


async def test_models_are_listed_with_their_scores(client: Client, catalog: Catalog) -> None:
    """A program learns which models there are, the default first."""
    listed = await (await client.get("/models")).json()
    assert [model["name"] for model in listed] == list(catalog.names)
    assert [model["scores"] for model in listed] == [dict(model.scores) for model in catalog.models]
