"""Photos on Discord: the command, the menu of a message, and what becomes of bad ones."""

import re
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from yarl import URL

from bot.adapters import downloads
from bot.adapters.discord import photos
from bot.adapters.discord.settings import DiscordSettings
from bot.conversation.errors import NotReceived
from core.imaging.photo import MAX_BYTES
from tests.bot.adapters.discord.questions import AGAIN, ORIGINALS, PICK, sentence
from tests.bot.hands import BLANK, FOUR, LEANINGS, leaning, slant, token
from tests.fakes.discord_payloads import DM, GROUP, GUILD, attachment
from tests.fakes.discord_rest import Answer
from tests.fakes.discord_server import DiscordServer

pytestmark = pytest.mark.asyncio(loop_scope="module")
MENU = "Write in this hand"
NUMBER = "A number in this hand"
NOT_RECEIVED = "did not arrive"


def caption(answer: Answer) -> str:
    """The line about the picture, below the line about what was read."""
    read, line = answer.text.splitlines()
    assert re.match(r"I read 4 \(\d+% sure\)", read.replace("\\", ""))
    return line


async def test_a_photo_is_answered_in_its_hand(server: DiscordServer) -> None:
    """Five in the same hand come back, whose slant follows that of the photo, and so does a number's."""
    slants = []
    for leans in LEANINGS:
        strip = await server.ask_hand(server.attach(leaning(4, leans), "image/jpeg"))
        assert caption(strip).startswith("5 × 4 · ")
        assert not strip.ephemeral
        number = await server.command("number", number="2026", hand=token(strip.text))
        slants.append([slant((await server.press(each, ORIGINALS)).files[0]) for each in (strip, number)])
    assert slants[1][0] - slants[0][0] > 0.3
    assert slants[1][1] - slants[0][1] > 0.3


async def test_each_button_keeps_the_hand(server: DiscordServer) -> None:
    """*Again*, another digit and a number are in the hand of the photo."""
    strip = await server.ask_hand(server.attach(FOUR))
    assert strip.labels == [AGAIN, ORIGINALS, NUMBER, PICK]
    for label, values, begins in ((AGAIN, [], "5 × 4"), (PICK, ["9"], "5 × 9"), (NUMBER, [], "0123456789 ·")):
        answer = await server.press(strip, label, *values)
        assert answer.text.startswith(begins)
        assert token(answer.text) == token(strip.text)


async def test_a_number_can_be_asked_for_at_once(server: DiscordServer) -> None:
    """With the display that every command has."""
    answer = await server.ask_hand(server.attach(FOUR), number="20 26")
    assert caption(answer).startswith("20 26 · ")
    assert "“cat”" in sentence(await server.ask_hand(server.attach(FOUR), number="cat"))


@pytest.mark.parametrize("where", [GUILD, DM, GROUP], ids=["server", "direct message", "group"])
async def test_the_menu_of_a_message_reads_its_picture(server: DiscordServer, where: int) -> None:
    """The first one among its files, wherever the message is."""
    files = [server.attach(b"%PDF", "application/pdf"), server.attach(FOUR), server.attach(leaning(1, 0))]
    assert caption(await server.choose(MENU, *files, where=where)).startswith("5 × 4")


async def test_a_message_without_a_picture_is_explained(server: DiscordServer) -> None:
    """For the person alone; nothing is loaded."""
    before = len(server.files.served)
    for attachments in ([], [server.attach(b"%PDF", "application/pdf")]):
        answer = await server.choose(MENU, *attachments)
        assert answer.ephemeral
        assert MENU in answer.text
    assert len(server.files.served) == before


@pytest.mark.parametrize(
    ("photo", "media_type", "part", "loaded"),
    [
        (FOUR[: len(FOUR) // 2], "image/png", "damaged or cut short", True),
        (b"GIF89a" + bytes(100), "image/gif", "JPEG, PNG or WebP", True),
        (b"no type", None, "JPEG, PNG or WebP", True),
        (b"%PDF", "application/pdf", "JPEG, PNG or WebP", False),
        (bytes(20_000_000), "image/png", "up to 12 MB", False),
        (BLANK, "image/png", "I see no digit", True),
    ],
    ids=["truncated", "gif", "unknown", "pdf", "20 MB", "blank"],
)
async def test_a_bad_photo_is_a_sentence(
    server: DiscordServer, photo: bytes, media_type: str | None, part: str, loaded: bool
) -> None:
    """For the person alone; what Discord says is no picture, or too large, is not loaded."""
    before = len(server.files.served)
    assert part in sentence(await server.ask_hand(server.attach(photo, media_type)))
    assert len(server.files.served) - before == loaded


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:{port}/attachments/{name}",
        "http://127.0.0.1:1/attachments/{name}",
        "https://127.0.0.1:{port}/attachments/{name}",
        "http://cdn.discordapp.com/attachments/{name}",
        "https://cdn.discordapp.com.example/attachments/{name}",
        "https://cdn.discordapp.com@127.0.0.1:{port}/attachments/{name}",
        "file:///etc/passwd",
        "//[",
        "",
    ],
)
async def test_a_foreign_host_is_not_asked(server: DiscordServer, url: str) -> None:
    """Another name or port of the very same machine is another host."""
    image = server.attach(FOUR)
    name, port = image["url"].rpartition("/")[2], server.host.rpartition(":")[2]
    before = len(server.files.served)
    answer = await server.ask_hand(image | {"url": url.format(name=name, port=port)})
    assert NOT_RECEIVED in sentence(answer)
    assert len(server.files.served) == before


@pytest.mark.parametrize(
    ("fault", "part"),
    [
        ("gone", NOT_RECEIVED),
        ("cut", NOT_RECEIVED),
        ("moved", NOT_RECEIVED),
        ("endless", "up to 12 MB"),
    ],
)
async def test_a_download_is_bounded(server: DiscordServer, fault: str, part: str) -> None:
    """One that fails, is cut, leads elsewhere or never ends is a sentence; the next photo is read."""
    before = len(server.files.served)
    server.files.fault = fault
    answer = await server.ask_hand(server.attach(FOUR))
    server.files.fault = ""
    assert part in sentence(answer)
    assert caption(await server.ask_hand(server.attach(FOUR)))
    assert len(server.files.served) - before == 2


async def test_a_size_that_discord_tells_wrong_is_no_way_around(server: DiscordServer) -> None:
    """What arrives is counted, too."""
    image = server.attach(bytes(MAX_BYTES + 1)) | {"size": 1}
    assert "up to 12 MB" in sentence(await server.ask_hand(image))


API = URL(DiscordSettings().api_url)
SIGNED = "attachments/1/2/note.png?ex=1&is=2&hm=a%2Fb"


def attached(url: str) -> discord.Attachment:
    """An attachment with a URL."""
    data: Any = attachment(1, "image/png", url)
    state: Any = SimpleNamespace(http=None)
    return discord.Attachment(data=data, state=state)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The URLs that are downloaded: the hosts themselves cannot be reached in a test."""
    urls: list[str] = []

    async def download(url: URL) -> bytes:
        urls.append(str(url))
        return b""

    monkeypatch.setattr(downloads, "download", download)
    return urls


@pytest.mark.parametrize("host", ["cdn.discordapp.com", "media.discordapp.net"])
async def test_discords_own_hosts_are_asked(asked: list[str], host: str) -> None:
    """By the very URL, as a signature is a part of it, and over https alone."""
    await photos.load(attached(f"https://{host}/{SIGNED}"), API)
    assert asked == [f"https://{host}/{SIGNED}"]
    with pytest.raises(NotReceived):
        await photos.load(attached(f"http://{host}/{SIGNED}"), API)
    assert len(asked) == 1
