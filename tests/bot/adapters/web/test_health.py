"""Health, readiness, and the list of models."""

from aiohttp.test_utils import TestClient, TestServer

from bot.adapters.web.app import create
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
