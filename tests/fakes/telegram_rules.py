"""What Telegram refuses, and what it makes of a text."""

import io
import mimetypes
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from PIL import Image, ImageSequence

Json = dict[str, Any]

LINKS = {"mention": r"@[A-Za-z]\w{3,}", "url": r"https?://\S+|\b[\w.-]+\.(?:com|org|net)\b", "hashtag": r"#\w+"}


@dataclass
class Refusal(Exception):
    """An answer with an error, as Telegram gives it.

    Attributes:
        status: of HTTP, and `error_code`.
        description: Telegram's words.
        parameters: such as `retry_after`.
    """

    status: int
    description: str
    parameters: Json = field(default_factory=dict)

    @property
    def body(self) -> Json:
        """The answer in JSON."""
        parameters = {"parameters": self.parameters} if self.parameters else {}
        return {"ok": False, "error_code": self.status, "description": self.description} | parameters


def demand(holds: object, description: str) -> None:
    """Refuse a call that does not keep to a rule."""
    if not holds:
        raise Refusal(400, f"Bad Request: {description}")


def units(text: str) -> int:
    """The length of a text as Telegram counts it: in UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def check_text(text: str, limit: int, entities: list[Json]) -> list[Json]:
    """Check a message or a caption; returns its entities, with those that Telegram adds by itself."""
    demand(text.strip(), "message text is empty")
    demand(units(text) <= limit, "message is too long")
    for entity in entities:
        demand(entity["length"] > 0, "entity is empty")
        demand(entity["offset"] >= 0 and entity["offset"] + entity["length"] <= units(text), "entity out of the text")
    found = [
        {"type": kind, "offset": units(text[: match.start()]), "length": units(match.group())}
        for kind, pattern in LINKS.items()
        for match in re.finditer(pattern, text)
    ]
    inside = [(entity["offset"], entity["offset"] + entity["length"]) for entity in entities]
    return entities + [link for link in found if not any(start <= link["offset"] < end for start, end in inside)]


def check_keyboard(markup: Json | None) -> None:
    """Check an inline keyboard: its size, and that each button does one thing within 64 bytes."""
    rows = (markup or {}).get("inline_keyboard", [])
    demand(sum(map(len, rows)) <= 100 and all(1 <= len(row) <= 8 for row in rows), "too many buttons")
    for button in (button for row in rows for button in row):
        demand(button.get("text") and len(button) == 2, "BUTTON_TYPE_INVALID")
        data = button.get("callback_data")
        demand(data is None or 1 <= len(data.encode()) <= 64, "BUTTON_DATA_INVALID")


def check_photo(content: bytes) -> tuple[int, int]:
    """Check an uploaded photo; returns its width and height."""
    demand(len(content) <= 10 * 1024 * 1024, "file is too big")
    try:
        width, height = Image.open(io.BytesIO(content)).size
    except OSError:
        raise Refusal(400, "Bad Request: IMAGE_PROCESS_FAILED") from None
    sizes = width + height <= 10_000 and max(width, height) <= 20 * min(width, height)
    demand(sizes, "PHOTO_INVALID_DIMENSIONS")
    return width, height


def check_animation(content: bytes) -> tuple[int, int, int]:
    """Check an uploaded animation; returns its width, its height and its whole seconds."""
    try:
        image = Image.open(io.BytesIO(content))
        milliseconds = [frame.info.get("duration", 0) for frame in ImageSequence.Iterator(image)]
    except OSError:
        raise Refusal(400, "Bad Request: wrong file") from None
    demand(image.format == "GIF" and len(milliseconds) > 1, "this server knows no other animations than GIFs that move")
    return *image.size, round(sum(milliseconds) / 1000)


def check_commands(commands: list[Json]) -> None:
    """Check a menu."""
    demand(1 <= len(commands) <= 100, "BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        demand(re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]), "BOT_COMMAND_INVALID")
        demand(1 <= len(command["description"]) <= 256, "BOT_COMMAND_DESCRIPTION_INVALID")


def check_webhook(url: str, secret: str) -> None:
    """Check where Telegram is told to post."""
    parts = urlsplit(url)
    demand(parts.scheme == "https", "bad webhook: An HTTPS URL must be provided for webhook")
    demand(parts.port in (None, 443, 80, 88, 8443), "bad webhook: Webhook can be set up only on ports 80, 88, 443")
    demand(re.fullmatch(r"[\w-]{1,256}", secret, re.ASCII), "secret token contains unallowed characters")


def check_results(results: list[Json], button: Json | None) -> None:
    """Check what an inline query is answered with."""
    demand(len(results) <= 50, "RESULTS_TOO_MUCH")
    names = [result["id"] for result in results]
    demand(len(set(names)) == len(names), "RESULT_ID_DUPLICATE")
    demand(all(1 <= len(name.encode()) <= 64 for name in names), "RESULT_ID_INVALID")
    for result in results:
        kind = result["type"]
        demand(kind in ("photo", "gif"), "this server has no other results")
        thumbnail = "image/jpeg" if kind == "photo" else result.get("thumbnail_mime_type", "image/jpeg")
        _check_address(result[f"{kind}_url"], "image/jpeg" if kind == "photo" else "image/gif")
        _check_address(result["thumbnail_url"], thumbnail)
        check_text(result["caption"], 1024, [])
        check_keyboard(result.get("reply_markup"))
    if button:
        demand(re.fullmatch(r"[\w-]{1,64}", button["start_parameter"], re.ASCII), "START_PARAM_INVALID")


def _check_address(url: str, media_type: str) -> None:
    """Check where Telegram is told to fetch a file, and that its name does not say that it is another kind of file."""
    parts = urlsplit(url)
    demand(parts.scheme in ("http", "https"), "WEBDOCUMENT_URL_INVALID")
    demand(mimetypes.guess_type(parts.path)[0] == media_type, "WEBDOCUMENT_MIME_INVALID")
