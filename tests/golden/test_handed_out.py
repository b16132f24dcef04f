"""Every string that version 0.1 handed out is still understood, and means the same picture.

Messages, bookmarks and web pages keep them for ever: `handed_out.json` may grow, but nothing in it may change.
`draws` is the address of the picture that the string asks for; where that has no seed, any new one will do.
"""

import html
import json
import re
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from yarl import URL

from tests.bot.conftest import WEBHOOK, on_telegram
from tests.fakes import discord_payloads as payloads
from tests.fakes.discord_payloads import GUILD, GUILD_ID
from tests.fakes.discord_rest import Answer
from tests.fakes.discord_server import COMPONENT, DiscordServer
from tests.fakes.telegram_methods import BOT, Call
from tests.fakes.telegram_server import HOST, Telegram, telegram_server
from tests.golden.weights import make

pytestmark = pytest.mark.asyncio(loop_scope="module")

HANDED_OUT: dict[str, Any] = json.loads((Path(__file__).parent / "handed_out.json").read_text(encoding="utf-8"))
BUTTON, LIST = 2, 3
PICTURES = ("sendPhoto", "sendAnimation", "sendDocument")
PEOPLE = count(5001)


class Platforms:
    """A bot with the models of the golden pictures, on a Discord and a Telegram of our own."""

    def __init__(self, discord: DiscordServer, telegram: Telegram, client: aiohttp.ClientSession) -> None:
        self.discord = discord
        self.telegram = telegram
        self._client = client

    async def get(self, path: str) -> tuple[str, bytes]:
        """Fetch a path that has to be there: its media type and its content."""
        async with self._client.get(URL(self.telegram.bot + path, encoded=True)) as response:
            assert response.status == 200, path
            return response.content_type, await response.read()

    async def picture(self, address: str, name: str) -> bytes:
        """Fetch the picture of an address; where that has no seed, with the one in the name of a file."""
        if "seed=" not in address:
            found = re.search(r"seed-(\d+)", name)
            assert found, name
            address += f"{'&' if '?' in address else '?'}seed={found[1]}"
        return (await self.get(address))[1]

    async def press(self, custom_id: str, picks: str | None) -> Answer:
        """Press a button of Discord, or pick from a list, under a message of an earlier process."""
        kind, shown = LIST if picks else BUTTON, {"options": []} if picks else {"style": 2, "label": "Old"}
        message = old_message({"type": kind, "custom_id": custom_id} | shown)
        data = {"custom_id": custom_id, "component_type": kind} | ({"values": [picks]} if picks else {})
        answer: Answer = await self.discord._ask(COMPONENT, data, GUILD, "", GUILD_ID, message=message)
        return answer

    async def forge(self, data: str) -> Call:
        """Press a button of Telegram under a message of an earlier process; returns the picture sent."""
        user = next(PEOPLE)
        message = self.telegram.message(user, None) | {"from": BOT, "text": "old"}
        self.telegram.messages[user, message["message_id"]] = message
        await self.telegram.forge(message, data, user)
        return await self.sent(user, *PICTURES)

    async def sent(self, user: int, *methods: str) -> Call:
        """The first of these calls for a private chat."""

        def found() -> list[Call]:
            return [call for call in self.telegram.done(*methods) if call["chat_id"] == user]

        await self.telegram.until(found)
        return found()[0]


def old_message(component: dict[str, Any]) -> dict[str, Any]:
    """A message of which this process knows nothing, with that one button or list."""
    interaction = {"channel_id": "900000000000000004"}
    return payloads.message(interaction, {"components": [{"type": 1, "components": [component]}]}, [])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def platforms(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Platforms]:
    """One bot on all platforms for all tests here; Telegram posts to the path that operators opened for it."""
    weights = str(make(tmp_path_factory.mktemp("handed-out") / "weights"))
    settings: dict[str, Any] = {"DIGIT_WEIGHTS": weights, "DIGIT_ADDRESS_LIMIT": "0", "DIGIT_PUBLIC_URL": HOST}
    async with DiscordServer() as discord, telegram_server() as telegram, aiohttp.ClientSession() as client:
        async with on_telegram(telegram, **(settings | WEBHOOK | discord.settings)):
            await discord.online()
            await telegram.next("setWebhook")
            yield Platforms(discord, telegram, client)
        assert discord.rest.refusals == []


@pytest.mark.parametrize("custom_id", HANDED_OUT["discord_custom_ids"])
async def test_an_old_button_of_discord_draws_what_it_promised(platforms: Platforms, custom_id: str) -> None:
    """The same picture or a new one of the kind, as private and as hidden as it was."""
    meant = HANDED_OUT["discord_custom_ids"][custom_id]
    answer = await platforms.press(custom_id, meant.get("picks"))
    ((attachment,), (file,)) = answer.attachments, answer.files
    assert file == await platforms.picture(meant["draws"], attachment["filename"])
    assert answer.ephemeral == meant["ephemeral"]
    assert attachment["filename"].startswith("SPOILER_") == meant["spoiler"]


@pytest.mark.parametrize("command", HANDED_OUT["discord_commands"], ids=str)
async def test_an_old_client_of_discord_is_answered(platforms: Platforms, command: dict[str, Any]) -> None:
    """Clients keep the commands that they loaded: those names and options draw what they drew."""
    answer = await platforms.discord.command(command["name"], **command["options"])
    assert answer.files == [await platforms.picture(command["draws"], answer.attachments[0]["filename"])]


@pytest.mark.parametrize("data", HANDED_OUT["telegram_callback_data"])
async def test_an_old_button_of_telegram_draws_what_it_promised(platforms: Platforms, data: str) -> None:
    """The same picture or a new one of the kind."""
    call = await platforms.forge(data)
    assert call.file == await platforms.picture(HANDED_OUT["telegram_callback_data"][data], call.file_name)


@pytest.mark.parametrize("parameter", HANDED_OUT["telegram_deep_links"])
async def test_an_old_link_into_the_private_chat_leads_there(platforms: Platforms, parameter: str) -> None:
    """`https://t.me/DigitBot?start=digit_4` draws, asks for a digit, or explains."""
    user, leads_to = next(PEOPLE), HANDED_OUT["telegram_deep_links"][parameter]
    await platforms.telegram.say(f"/start {parameter}", user=user)
    call = await platforms.sent(user, *PICTURES, "sendMessage")
    if leads_to.startswith("/"):
        assert call.file == await platforms.picture(leads_to, call.file_name)
    else:
        assert call["text"]
        rows = (call["reply_markup"] or {"inline_keyboard": []})["inline_keyboard"]
        # Examples in a text may be buttons too.
        digits = [button["text"] for row in rows for button in row if button["text"].isdigit()]
        assert digits == list("0123456789" * (leads_to == "ten digits"))


@pytest.mark.parametrize("query", HANDED_OUT["telegram_inline_queries"])
async def test_an_old_inline_query_offers_pictures(platforms: Platforms, query: str) -> None:
    """What *Again* types after the bot's name: each result is named by its seed and fetched as a JPEG or a GIF."""
    meant = HANDED_OUT["telegram_inline_queries"][query]
    number = await platforms.telegram.type_inline(query, next(PEOPLE))
    answers = platforms.telegram.done
    await platforms.telegram.until(lambda: [c for c in answers("answerInlineQuery") if c["inline_query_id"] == number])
    (call,) = [call for call in answers("answerInlineQuery") if call["inline_query_id"] == number]
    assert len(call["results"]) == (1 if "seed=" in meant or ".gif" in meant else 3)
    for result in call["results"]:
        url = result.get("photo_url") or result["gif_url"]
        assert url.startswith(HOST + "/")
        _, file = await platforms.get(url.removeprefix(HOST))
        assert file == await platforms.picture(meant.replace(".png", ".jpg"), f"seed-{result['id']}")


@pytest.mark.parametrize("page", HANDED_OUT["pages"])
async def test_an_old_link_to_the_page_previews_its_picture(platforms: Platforms, page: str) -> None:
    """A shared link leads to the page, whose card is one of the picture of the line in it."""
    kind, content = await platforms.get(page)
    assert kind == "text/html"
    found = re.search(r'property="og:image" content="([^"]+)"', content.decode())
    assert found
    card = URL(html.unescape(found[1]).removeprefix(HOST), encoded=True)
    kind, content = await platforms.get(str(card))
    assert (kind, card.query["card"]) == ("image/png", "1")
    shown = HANDED_OUT["pages"][page]
    address = str(card.without_query_params("card", "v")).replace(".png", URL(shown).suffix, 1)
    if "seed=" in shown:
        assert await platforms.get(address) == await platforms.get(shown)
    else:
        assert address.startswith(shown)


@pytest.mark.parametrize("path", HANDED_OUT["paths"])
async def test_an_old_path_is_there(platforms: Platforms, path: str) -> None:
    """Whatever embeds, watches or bookmarks an address of the bot gets what it got."""
    kind, content = await platforms.get(path)
    # A script is text/javascript to some versions of Python, and application/javascript to others.
    assert kind.rpartition("/")[2] == HANDED_OUT["paths"][path].rpartition("/")[2]
    assert content
