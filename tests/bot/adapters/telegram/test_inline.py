"""Inline mode: what is typed behind the bot's name offers pictures, within the same limits as a command."""

import json
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from yarl import URL

from bot.adapters.telegram import inline
from bot.commands.errors import UnknownCommand
from bot.conversation.offered import MAX_OFFERED, OfferedPictures
from bot.conversation.pipeline import Conversation
from bot.conversation.reply import Offer
from bot.conversation.sender import Sender
from core.catalog import Catalog
from core.errors import BadRequest
from core.pictures.base import Form, Picture, PictureRequest, draw
from core.pictures.comparison import CompareRequest
from core.pictures.morph import MorphRequest
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest
from tests.bot.conftest import on_telegram
from tests.fakes.telegram_rules import Json
from tests.fakes.telegram_server import HOST, Telegram
from tests.scrapes import scrape, value

DEEP_LINKS = json.loads((Path(__file__).parent / "recorded.json").read_text())["deep_links"]
"""Lines by the deep link that version 0.1.0 made for them."""


async def offers(conversation: Conversation, text: str) -> list[Offer]:
    """What is offered for a text."""
    with conversation.exchange(Sender(platform="telegram")) as exchange:
        return await exchange.offers(partial(inline.read, text), inline.OFFERED_PICTURES)


async def web_page(telegram: Telegram, path: str) -> bytes:
    """What the bot's own web server gives."""
    async with aiohttp.ClientSession() as client, client.get(telegram.bot + path) as response:
        assert response.status == 200
        return await response.read()


async def fetched(telegram: Telegram, result: Json, name: str) -> bytes:
    """The file that Telegram fetches for a result, each time the same, of the seed that the caption tells."""
    url = urlsplit(result[name])
    assert f"{url.scheme}://{url.netloc}" == HOST
    assert f" seed {parse_qs(url.query)['seed'][0]}" in result["caption"]
    file = await web_page(telegram, f"{url.path}?{url.query}")
    assert file == await web_page(telegram, f"{url.path}?{url.query}")
    return file


@pytest.mark.parametrize("text", ["4", "2026"])
async def test_inline_offers_have_a_seed_each(conversation: Conversation, text: str) -> None:
    """What is offered for a digit or a number differs, what is offered for a seed is that one picture."""
    several = await offers(conversation, text)
    assert len({offer.request.seed for offer in several}) == len(several) == inline.OFFERED_PICTURES
    (seeded,) = await offers(conversation, f"{text} seed=7")
    assert seeded.request.seed == 7


@pytest.mark.parametrize(("text", "error"), [("hello", BadRequest), ("/help", UnknownCommand), ("4 x=1", BadRequest)])
async def test_inline_text_that_asks_for_nothing_offers_nothing(
    conversation: Conversation, text: str, error: type[BadRequest]
) -> None:
    """What cannot be drawn, commands that answer with text among it, is an error."""
    with pytest.raises(error):
        await offers(conversation, text)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("4 3", StripRequest(4, count=3)),
        ("four", StripRequest(4)),
        ("", StripRequest(None)),
        ("10", NumberRequest("10")),
        ("12-24", NumberRequest("12-24")),
        ("٢٠ ٢٦", NumberRequest("20 26")),
        ("number 4", NumberRequest("4")),
        ("/Number 4", NumberRequest("4")),
        ("morph 3 8", MorphRequest((3, 8))),
        ("/mor 3 8", MorphRequest((3, 8))),
        ("compare 4", CompareRequest(4)),
        ("digit 4", StripRequest(4)),
    ],
)
def test_inline_reads_a_line_with_and_without_its_command(text: str, asked: PictureRequest) -> None:
    """A digit alone is a strip, more of them a number, and a command is one with its slash or without."""
    assert inline.read(text) == asked


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("4 seed=7", "digit_4"),
        ("random", "digit_random"),
        ("hello", "digit"),
        ("2026", "number_2026"),
        ("12 24", "number_12_24"),
        ("12:24", "number"),
        ("/morph 38", "morph_3_8"),
        ("compare 4", "compare_4"),
        ("/help", "help"),
    ],
)
def test_inline_without_an_address_leads_to_the_private_chat(text: str, link: str) -> None:
    """The link into the private chat asks there for what was typed, as far as a link can say it."""
    assert inline.start_parameter(text) == link


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("parameter", "line"), DEEP_LINKS.items())
async def test_a_deep_link_of_the_version_before_means_the_same(
    telegram: Telegram, alice: int, parameter: str, line: str
) -> None:
    """A link that is out in the world is answered as the line that it stands for."""
    for text in (f"/start {parameter}", line):
        await telegram.say(text, user=alice)
    first, second = [
        await telegram.next("sendPhoto", "sendAnimation", "sendMessage", after=after) for after in range(2)
    ]
    assert first.method == second.method
    heads = [(call["caption"] or call["text"]).partition(" · ")[0] for call in (first, second)]
    assert heads[0] == heads[1] or "random" in line


@pytest.mark.parametrize(
    "public_url", ["https://a.org", "https://a.org/", "https://a.org/digits", "https://a.org/digits/"]
)
async def test_inline_keeps_to_the_public_address(conversation: Conversation, public_url: str) -> None:
    """Pictures are offered below the address that the operator has set, its path included."""
    (result,) = inline.results(await offers(conversation, "2026 seed=7"), URL(public_url))
    assert result.to_dict()["photo_url"] == f"{public_url.rstrip('/')}/number/2026.jpg?seed=7&model=cgan"


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("text", "captions", "start"),
    [
        ("4", 3, "5 × 4 · "),
        ("4 seed=7", 1, "5 × 4 · cGAN · seed 7"),
        ("٤ 3", 3, "3 × 4 · "),
        ("", 3, "5 × "),
        ("2026", 3, "2026 · "),
        ("24/12 2026 style=ink seed=7", 1, "24/12 2026 · cGAN · seed 7 · style ink"),
        ("/number 4", 3, "4 · "),
        ("compare 4", 3, "4 by 6 models"),
        ("four", 3, "5 × 4 · "),
        ("digt 4", 3, "5 × 4 · "),
    ],
)
async def test_inline_offers_what_is_then_sent(telegram: Telegram, text: str, captions: int, start: str) -> None:
    """Each picture that is offered is a JPEG of ours with a seed of its own, the one that its caption tells."""
    await telegram.type_inline(text)
    call = await telegram.next("answerInlineQuery")
    assert len({result["photo_url"] for result in call["results"]}) == captions
    for result in call["results"]:
        assert result["caption"].startswith(start)
        assert (await fetched(telegram, result, "photo_url")).startswith(b"\xff\xd8")


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("text", ["morph 3 8", "/morph 38", "3-8", "3 to 8"])
async def test_inline_offers_morphs(telegram: Telegram, text: str) -> None:
    """A morph is offered as one GIF, with its slash or without."""
    await telegram.type_inline(text)
    (result,) = (await telegram.next("answerInlineQuery"))["results"]
    assert result["caption"].startswith("3 → 8 → 3")
    assert (await fetched(telegram, result, "gif_url")).startswith(b"GIF89a")


@pytest.mark.asyncio(loop_scope="module")
async def test_again_under_an_inline_picture_can_be_asked(telegram: Telegram) -> None:
    """*Again* under what was sent inline writes a line that inline mode understands."""
    await telegram.type_inline("morph 3 8 neat=80 seed=7")
    (result,) = (await telegram.next("answerInlineQuery"))["results"]
    ((again,),) = result["reply_markup"]["inline_keyboard"]
    await telegram.type_inline(again["switch_inline_query_current_chat"])
    results = (await telegram.next("answerInlineQuery", after=1))["results"]
    assert results
    assert all(result["caption"].endswith("neat 80") for result in results)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("text", ["hello", "4 seed=x", "2026 model=gpt", "2026 count=3", "@durov", "morph", "/help"])
async def test_inline_text_that_asks_for_nothing_shows_the_way(telegram: Telegram, text: str) -> None:
    """What cannot be drawn is answered with a button that explains how to ask."""
    await telegram.type_inline(text)
    call = await telegram.next("answerInlineQuery")
    assert call["results"] == []
    assert call["button"]["start_parameter"] == "help"


@pytest.mark.asyncio(loop_scope="module")
async def test_only_an_answer_that_is_always_the_same_is_kept(telegram: Telegram, alice: int) -> None:
    """Telegram may repeat the picture of a seed, and how to ask, for a while; other pictures are always new."""
    for text in ("4 seed=7", "4", "hello"):
        await telegram.type_inline(text, alice)
    await telegram.next("answerInlineQuery", after=2)
    calls = telegram.done("answerInlineQuery")
    kept = {len(call["results"]): int(call["cache_time"]) for call in calls}
    assert kept == {1: inline.CACHE_SECONDS, 3: 0, 0: inline.CACHE_SECONDS}
    assert {call["is_personal"] for call in calls} == {"true"}


async def test_inline_draws_nothing_until_a_picture_is_fetched(new_telegram: Telegram) -> None:
    """A query costs no drawing: only a picture that Telegram fetches is drawn, and once, its thumbnail included."""
    async with on_telegram(new_telegram, DIGIT_PUBLIC_URL=HOST) as bot:
        await new_telegram.type_inline("4")
        results = (await new_telegram.next("answerInlineQuery"))["results"]
        for fetched_pictures, result in enumerate(results[:2]):
            assert value(await scrape(bot), "digit_generation_seconds_count") == fetched_pictures
            assert await fetched(new_telegram, result, "photo_url") == await fetched(
                new_telegram, result, "thumbnail_url"
            )
        assert value(await scrape(bot), "digit_generation_seconds_count") == 2


async def test_inline_counts_against_the_cooldown(new_telegram: Telegram) -> None:
    """Who has just asked is offered nothing and told to wait; half of what is typed costs nothing."""
    async with on_telegram(new_telegram, DIGIT_PUBLIC_URL=HOST, DIGIT_COOLDOWN="60"):
        for text in ("hello", "4 model=cg4", "4", "5"):
            await new_telegram.type_inline(text)
            await new_telegram.until(lambda: not new_telegram.queries)
        answers = new_telegram.done("answerInlineQuery")
        assert [len(answer["results"]) for answer in answers] == [0, 0, 3, 0]
        assert [(answer["button"] or {}).get("text", "")[:9] for answer in answers] == [
            "How to as",
            "How to as",
            "",
            "Try again",
        ]
        await new_telegram.say("/digit 4")
        assert " seconds." in (await new_telegram.next("sendMessage"))["text"]
        await new_telegram.type_inline("4", user=2)
        assert len((await new_telegram.next("answerInlineQuery", after=4))["results"]) == 3


async def test_offered_pictures_do_not_use_up_telegrams_address(new_telegram: Telegram) -> None:
    """Telegram fetches for everybody from a few addresses: what was offered within the limits of a person is drawn."""
    async with on_telegram(new_telegram, DIGIT_PUBLIC_URL=HOST, DIGIT_ADDRESS_LIMIT="1") as bot:
        for number, text in enumerate(("4", "compare 4")):
            await new_telegram.type_inline(text)
            for result in (await new_telegram.next("answerInlineQuery", after=number))["results"]:
                await fetched(new_telegram, result, "photo_url")
        async with aiohttp.ClientSession() as client:
            statuses = [(await client.get(f"{bot.address}/digit/4.png?seed={seed}")).status for seed in range(2)]
        assert statuses == [200, 429]


async def test_offered_pictures_are_forgotten(catalog: Catalog) -> None:
    """Memory does not grow with what is offered: the oldest pictures are drawn again when they are fetched late."""
    offered, drawn = OfferedPictures(), []
    requests = [StripRequest(4, 1, seed=seed, model="cgan", form=Form.JPEG) for seed in range(MAX_OFFERED + 1)]
    for request in requests:
        offered.add(request)

    async def fetch(request: StripRequest) -> Picture:
        async def drawing() -> Picture:
            drawn.append(request)
            return draw(catalog, request)

        return await offered.draw(request, drawing)

    oldest, newest = requests[0], requests[-1]
    for request in (oldest, oldest, newest, newest):
        assert (await fetch(request)).request == request
    assert drawn == [oldest, oldest, newest]


async def test_inline_counts_against_a_limit_of_pictures_a_minute(new_telegram: Telegram) -> None:
    """Past the limit of a chat a person is offered nothing, whichever chat they type in; others are."""
    async with on_telegram(new_telegram, DIGIT_PUBLIC_URL=HOST, DIGIT_CHAT_LIMIT="2") as bot:
        for number in range(3):
            await new_telegram.type_inline("4")
            call = await new_telegram.next("answerInlineQuery", after=number)
            assert len(call["results"]) == (3 if number < 2 else 0)
        assert call["button"]["text"].startswith("Try again in ")
        await new_telegram.type_inline("4", user=2)
        assert len((await new_telegram.next("answerInlineQuery", after=3))["results"]) == 3
        await bot.stop()
    assert [line["outcome"] for line in bot.requests()] == ["drawn", "drawn", "room_full", "drawn"]
