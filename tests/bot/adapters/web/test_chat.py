"""The chat over HTTP: a line, and the content of a bubble."""

import base64
import io
import json
import re

import pytest
from PIL import Image
from yarl import URL

from bot import i18n
from bot.commands import registry
from bot.commands.base import AnswerContext, TextCommand
from bot.commands.converters import to_text
from core.catalog import Catalog
from tests.bot.adapters.web.conftest import LINES, Client, asked, say, sentence, serving

TEXT_COMMANDS = [command for command in registry.commands() if isinstance(command, TextCommand)]


async def test_a_chat_message_is_answered_with_a_picture(client: Client) -> None:
    """The answer to `/digit 4` holds all that a page needs: picture, words, links, and commands for buttons."""
    body = await say(client, "/digit 4 count=3")
    assert re.fullmatch(r"3 × 4 · .* · seed \d+", body["caption"])
    assert body["alt"].startswith("The digit 4, handwritten 3 times. Drawn by the ")
    assert body["again"] == "/digit 4 count=3"
    assert body["digits"] == [f"/digit {digit} count=3" for digit in range(10)]
    assert body["choices"] == {str(digit): f"/digit {digit} count=3" for digit in range(10)}


@pytest.mark.parametrize("line", LINES)
async def test_pages_of_older_versions_understand_the_answer(client: Client, line: str) -> None:
    """A page that somebody left open while the bot was updated finds everything that it has ever read."""
    names = "caption alt image width height link command share again original digits options"
    assert set(names.split()) <= (await say(client, line)).keys()


@pytest.mark.parametrize("line", ["/digit 4 count=1", "/number 1/2", "/morph 3 8", "/compare random"])
async def test_an_answer_can_be_had_again(client: Client, line: str) -> None:
    """The picture of an answer is that of its link, of its command and of its share; the originals are a file."""
    body = await say(client, line)
    media_type, _, data = body["image"].removeprefix("data:").partition(";base64,")
    picture = Image.open(io.BytesIO(base64.b64decode(data)))
    assert (picture.get_format_mimetype(), *picture.size) == (media_type, body["width"], body["height"])
    linked = await client.get(URL(body["link"], encoded=True))
    assert await linked.read() == base64.b64decode(data)
    assert URL(body["share"]).query["q"] == body["command"]
    assert (await say(client, body["command"]))["image"] == body["image"]
    original = await client.get(URL(body["original"], encoded=True))
    assert original.content_type == ("image/png" if "count=1" in line else "application/zip")


async def test_again_after_a_random_digit_is_random_again(client: Client) -> None:
    """*Again* repeats the request; the link repeats the picture."""
    body = await say(client, "/digit random")
    assert body["again"] == "/digit random"
    assert re.match(r"/digit/\d\.png\?", body["link"])


@pytest.mark.parametrize("line", ["/number 2026", "/morph 3 8"])
async def test_another_digit_is_offered_where_there_is_one(client: Client, line: str) -> None:
    """A number and a morph have no one digit, so that none is offered in its place."""
    body = await say(client, line)
    assert body["digits"] == []
    assert body["choices"] == {}


@pytest.mark.parametrize("line", LINES)
async def test_each_option_can_be_changed(client: Client, line: str) -> None:
    """A control for an option knows its value, and the line to which another one is added."""
    body = await say(client, line)
    request = asked(body["command"])
    assert list(body["options"]) == [option.name for option in registry.command_for(request).options]
    for name, option in body["options"].items():
        value = to_text(tuple(option["value"])) if isinstance(option["value"], list) else option["value"]
        # Without a hand the line is as it was.
        assert asked(option["line"] if value is None else f"{option['line']} {name}={value}") == request


@pytest.mark.parametrize("command", TEXT_COMMANDS, ids=lambda command: command.name)
async def test_a_question_is_answered_with_text(client: Client, catalog: Catalog, command: TextCommand) -> None:
    """Commands that draw nothing answer with words."""
    answer = command.answer(AnswerContext(catalog, registry.commands()))
    assert (await say(client, f"/{command.name}"))["text"] == str(answer)


async def test_about_shows_the_curve_of_the_training(client: Client, catalog: Catalog) -> None:
    """The words about the bot come with the curve of its losses, described for people who cannot see it."""
    body = await say(client, "/about")
    about = registry.find("about")
    assert isinstance(about, TextCommand)
    assert about.image(catalog) == (await (await client.get(body["image"])).read(), body["alt"])


async def test_about_without_a_curve(catalog: Catalog) -> None:
    """Without a curve in the weights folder the words come alone."""
    bare = Catalog({model.name: model for model in catalog.models}, catalog.default)
    async with serving(bare) as client:
        assert list(await say(client, "/about")) == ["text", "parts"]


@pytest.mark.parametrize("text", ["", "hello", "/digit", "/digit 10", "/digit 4 model=gpt", "/digit 4 seed=1 seed=1"])
async def test_a_bad_message_is_a_400_with_a_sentence(client: Client, text: str) -> None:
    """A line that cannot be drawn is told in words that name one that can."""
    response = await client.post("/api/chat", json={"text": text})
    assert response.status == 400
    body = await response.json()
    assert "/digit 4" in body["error"]
    assert "".join(part if isinstance(part, str) else part["line"] for part in body["parts"]) == body["error"]


async def test_free_text_is_answered(client: Client) -> None:
    """On the page a digit or a number needs no command, and a misspelled one is offered as a line to press."""
    assert (await say(client, "4"))["caption"].startswith("5 × 4")
    assert (await say(client, "3 to 8"))["caption"].startswith("3 → 8 → 3")
    assert (await say(client, "/digt 4"))["parts"] == [
        "I don't know ",
        "“/digt”",
        ". Did you mean ",
        {"line": "/digit 4"},
        "?",
    ]


async def test_figures_have_a_note(client: Client) -> None:
    """A comparison explains its percentages beside its caption; a strip has nothing to explain."""
    assert "read" in (await say(client, "/compare 4"))["note"]
    assert (await say(client, "/digit 4"))["note"] == ""


@pytest.mark.parametrize("body", [b"", b"/digit 4", b"[]", b'{"text": 4}', b"{}", b"\xff\xfe", b"[" * 2000])
async def test_a_body_that_is_no_message_is_a_400(client: Client, body: bytes) -> None:
    """Anything but JSON with a text is told what to send."""
    response = await client.post("/api/chat", data=body)
    assert response.status == 400
    assert '{"text": "/digit 4"}' in await sentence(response)


@pytest.mark.parametrize("origin", ["https://other.example", "null", "http://127.0.0.1"])
@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "x", "text/plain, application/json"]
)
async def test_a_page_of_another_site_cannot_post(client: Client, origin: str, content_type: str) -> None:
    """Of a browser only JSON is taken, for which it asks first whether a foreign page may; it may not."""
    headers = {"Content-Type": content_type, "Origin": origin}
    response = await client.post("/api/chat", data=b'{"text": "/help"}', headers=headers)
    assert response.status == 415
    assert "application/json" in await sentence(response)
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    allowed = await client.options("/api/chat", headers=asked)
    assert "Access-Control-Allow-Origin" not in allowed.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/json", "Origin": "http://127.0.0.1"},
        {"Content-Type": "application/json; charset=klingon", "Origin": "http://127.0.0.1"},
        {"Content-Type": "application/json"},
        {"Content-Type": "application/x-www-form-urlencoded"},
    ],
)
async def test_the_page_and_programs_can_post(client: Client, headers: dict[str, str]) -> None:
    """The page's own script sends JSON, and curl, which has no Origin, whatever it likes."""
    response = await client.post("/api/chat", data=b'{"text": "/help"}', headers=headers)
    assert response.status == 200


@pytest.mark.parametrize("size", [4097, 10_000_000])
async def test_a_body_over_4_kb_is_a_413(client: Client, size: int) -> None:
    """A message that is too long is refused before it is read."""
    response = await client.post("/api/chat", data=io.BytesIO(json.dumps({"text": "4" * size}).encode()))
    assert response.status == 413
    assert "/digit 4" in await sentence(response)


async def test_scores_are_explained_in_the_persons_language(client: Client) -> None:
    """As the caption above them is: no sentence is left in English."""
    english = (await say(client, "/compare 4"))["scores"]
    for tag in i18n.languages():
        translated = (await say(client, "/compare 4", **{"Accept-Language": tag}))["scores"]
        for one, other in zip(english, translated, strict=True):
            assert one["sentence"] != other["sentence"]
