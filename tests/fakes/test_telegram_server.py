"""The test server is as strict as Telegram: what Telegram refuses, it refuses."""

import io

import pytest
from PIL import Image

from tests.fakes import telegram_rules as rules
from tests.fakes.telegram_rules import Json, Refusal


def button(**action: str) -> Json:
    """A keyboard of one button."""
    return {"inline_keyboard": [[{"text": "x"} | action]]}


def photo(width: int, height: int) -> bytes:
    """A PNG of that size."""
    buffer = io.BytesIO()
    Image.new("L", (width, height)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("data", ["", "x" * 65, "ü" * 33])
def test_data_of_a_button_has_1_to_64_bytes(data: str) -> None:
    """Bytes, not characters."""
    with pytest.raises(Refusal):
        rules.check_keyboard(button(callback_data=data))
    rules.check_keyboard(button(callback_data="x" * 64))


def test_a_button_does_one_thing() -> None:
    """Neither nothing nor two things."""
    for markup in (button(), button(callback_data="x", url="https://a.org")):
        with pytest.raises(Refusal):
            rules.check_keyboard(markup)


@pytest.mark.parametrize("content", [photo(2101, 100), photo(100, 2101), photo(9000, 1001), b"no image"])
def test_a_photo_keeps_to_its_limits(content: bytes) -> None:
    """At most twenty times as wide as high, and 10,000 pixels for both together."""
    with pytest.raises(Refusal):
        rules.check_photo(content)
    assert rules.check_photo(photo(2000, 100)) == (2000, 100)


@pytest.mark.parametrize("content", [photo(28, 28), b"no image", b"GIF89a"])
def test_an_animation_moves(content: bytes) -> None:
    """Neither a picture that stands still nor anything else is one."""
    with pytest.raises(Refusal):
        rules.check_animation(content)


@pytest.mark.parametrize(
    ("kind", "address", "thumbnail"),
    [
        ("photo", "/4.png", "/4.jpg"),
        ("photo", "/4.jpg", "/4.png"),
        ("gif", "/3.jpg", "/3.jpg"),
        ("gif", "/3.gif", "/3.gif"),
    ],
)
def test_an_inline_result_is_what_it_says(kind: str, address: str, thumbnail: str) -> None:
    """A photo is a JPEG, a GIF is a GIF, and a thumbnail is a JPEG unless the result says otherwise."""
    result = {f"{kind}_url": "https://a.org" + address, "thumbnail_url": "https://a.org" + thumbnail}
    with pytest.raises(Refusal):
        rules.check_results([{"id": "1", "type": kind, "caption": "x"} | result], None)


@pytest.mark.parametrize("text", ["", " ", "x" * 4097, "😀" * 2049])
def test_a_text_has_1_to_4096_characters(text: str) -> None:
    """Counted in UTF-16."""
    with pytest.raises(Refusal):
        rules.check_text(text, 4096, [])


def test_a_text_mentions_unless_it_is_code() -> None:
    """What looks like a mention becomes one, wherever it stands, but not in code."""
    assert [entity["type"] for entity in rules.check_text("a @durov", 4096, [])] == ["mention"]
    code = {"type": "code", "offset": 2, "length": 6}
    assert rules.check_text("a @durov", 4096, [code]) == [code]


@pytest.mark.parametrize("name", ["Digit", "digit-4", "", "d" * 33])
def test_a_command_is_lower_case_and_short(name: str) -> None:
    """Letters, digits and underscores, 1 to 32 of them."""
    with pytest.raises(Refusal):
        rules.check_commands([{"command": name, "description": "x"}])


@pytest.mark.parametrize("url", ["http://bot.example/telegram", "https://bot.example:8080/telegram"])
def test_a_webhook_is_safe(url: str) -> None:
    """Telegram posts over https to four ports only."""
    with pytest.raises(Refusal):
        rules.check_webhook(url, "secret")
