"""JSON with a sentence and the right status for every error."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.adapters.web.app import create
from bot.adapters.web.errors import reply_error
from bot.conversation.reply import Reply
from bot.limits.policy import AddressLimited, ChatLimited, CooldownActive
from bot.text import Text
from core.catalog import Catalog
from core.errors import Closed, DigitError, InvalidDigit, Overloaded, UnknownModel
from core.pictures.strip import StripRequest
from core.service import DigitService
from tests.bot.adapters.web.conftest import Client, Platform, conversation, say, sentence, serving


async def test_an_unknown_path_or_method_is_json_too(client: Client) -> None:
    """404 and 405 have a sentence as well."""
    assert (await client.get("/nothing")).status == 404
    assert "/digit/4.png" in await sentence(await client.get("/nothing"))
    response = await client.post("/digit/4.png")
    assert response.status == 405
    assert response.headers["Allow"] == "GET,HEAD"
    await sentence(response)


async def test_a_full_queue_is_a_503_with_a_time(catalog: Catalog) -> None:
    """Past the queue's limit a person reads at once when to try again."""
    service = DigitService(catalog, queue=0)
    async with TestClient(TestServer(create(conversation(service)))) as client:
        response = await client.get("/digit/4.png")
        assert response.status == 503
        assert int(response.headers["Retry-After"]) >= 1
        assert "busy" in await sentence(response)


async def test_a_closing_service_says_so(catalog: Catalog) -> None:
    """During a restart a person, and a program, is asked to come back in a minute."""
    service = DigitService(catalog, queue=1)
    await service.close()
    async with TestClient(TestServer(create(conversation(service)))) as client:
        response = await client.get("/digit/4.png")
        assert response.status == 503
        assert response.headers["Retry-After"] == "60"
        assert "restarting" in await sentence(response)


async def test_who_comes_while_others_are_answered_before_the_end_is_refused(catalog: Catalog) -> None:
    """From the signal on nothing new is drawn for the web, though chats are still answered what they had asked."""
    service = DigitService(catalog, queue=1)
    service.draining = True
    async with TestClient(TestServer(create(conversation(service)))) as client:
        response = await client.get("/digit/4.png")
        assert response.status == 503
        assert "restarting" in await sentence(response)
    assert await service.draw(StripRequest(4))
    await service.close()


async def test_a_fault_is_a_500_with_an_apology(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that nobody foresaw is told without its words, which may be anybody's."""

    async def fail(*_: object) -> None:
        raise ValueError("secret")

    async with serving(catalog) as client:
        monkeypatch.setattr(DigitService, "draw", fail)
        response = await client.get("/digit/4.png")
        assert response.status == 500
        assert await sentence(response) == "Something went wrong on my side. Please try again."


async def test_a_fault_in_a_platforms_route_is_json_too(catalog: Catalog) -> None:
    """A handler that fails, whichever adapter brought it, is answered with the apology."""

    async def fail(_: web.Request) -> web.Response:
        raise ValueError("secret")

    async with serving(catalog, [Platform("nothing", ready=True, routes=[web.get("/hook", fail)])]) as client:
        response = await client.get("/hook")
        assert response.status == 500
        assert await sentence(response) == "Something went wrong on my side. Please try again."


async def test_an_address_beyond_its_limit_reads_when_to_come_back(catalog: Catalog) -> None:
    """Pictures and the chat count together; the next is 429 with Retry-After and a sentence, and words still come."""
    async with serving(catalog, address_limit=2) as client:
        assert (await client.get("/digit/4.png")).status == 200
        assert (await client.get("/digit/44.png")).status == 400
        assert "image" in await say(client, "/digit 4")
        response = await client.get("/digit/4.png")
        assert response.status == 429
        seconds = response.headers["Retry-After"]
        assert 1 <= int(seconds) <= 60
        assert f"in {seconds} s" in await sentence(response)
        assert "try again in" in (await say(client, "/digit 4"))["error"]
        assert "text" in await say(client, "/help")
        assert (await client.get("/")).status == (await client.get("/readyz")).status == 200


@pytest.mark.parametrize(
    ("error", "status", "retry_after"),
    [
        (InvalidDigit("x"), 400, None),
        (UnknownModel("x", ["cgan"]), 400, None),
        (AddressLimited(7), 429, "7"),
        (CooldownActive(7), 429, "7"),
        (ChatLimited(7, repeated=True), 429, "7"),
        (Overloaded(7), 503, "7"),
        (Closed(), 503, "60"),
        (DigitError(), 500, None),
    ],
)
def test_each_error_has_its_status(error: DigitError, status: int, retry_after: str | None) -> None:
    """A program tells from the status whether to change the request, to wait, or to give up."""
    response = reply_error(Reply(Text(("Sorry.",)), error=error))
    assert response.status == status
    assert response.headers.get("Retry-After") == retry_after
