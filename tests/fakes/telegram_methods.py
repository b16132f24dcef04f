"""The methods of the Bot API that the test server has, and what each of them does."""

import hashlib
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes import telegram_rules as rules
from tests.fakes.telegram_rules import Json, Refusal, demand

if TYPE_CHECKING:
    from tests.fakes.telegram_server import Telegram

BOT = {"id": 123456, "is_bot": True, "first_name": "Digit", "username": "DigitBot"}
IN_JSON = {
    *("allowed_updates", "button", "caption_entities", "commands", "disable_content_type_detection", "entities"),
    *("media", "reply_markup", "reply_parameters", "results", "scope"),
}
NUMBERS = {"chat_id", "limit", "max_connections", "message_id", "message_thread_id", "offset", "timeout"}
LENGTHS = {"description": 512, "short_description": 120}
GROUP_MESSAGES, GROUP_SECONDS = 20, 60.0
MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
MEDIA = ("animation", "document", "photo")
"""What a message shows; Telegram tells an animation as a document, too."""


@dataclass
class Call:
    """A call of the bot.

    Attributes:
        method: such as sendPhoto.
        values: its parameters, decoded.
        files: what it uploads, byte for byte, by the name of the part.
        names: of these files.
        result: what was answered; None until then, and if the call was refused.
    """

    method: str
    values: Json
    files: dict[str, bytes]
    result: Any = None
    names: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        """A parameter; None if it is not given."""
        return self.values.get(name)

    @property
    def file(self) -> bytes:
        """The one file that the call uploads."""
        (content,) = self.files.values()
        return content

    @property
    def file_name(self) -> str:
        """The name of that file."""
        (name,) = self.names.values()
        return name


async def read(request: web.Request) -> Call:
    """Read a call, as a form or in parts."""
    call = Call(request.match_info["method"], {}, {})
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            call.files[name], call.names[name] = value.file.read(), value.filename
        elif name in IN_JSON:
            call.values[name] = json.loads(str(value))
        else:
            call.values[name] = int(str(value)) if name in NUMBERS else str(value)
    return call


async def carry_out(telegram: "Telegram", call: Call) -> Any:
    """Do what a call asks for, and return its result.

    Raises:
        Refusal: the method or a parameter is unknown here, or a rule is broken.
    """
    if call.method not in METHODS:
        raise Refusal(404, "Not Found")
    known, method = METHODS[call.method]
    unknown = set(call.values) - set(known.split())
    demand(not unknown, f"this server knows no {unknown} of {call.method}")
    return await method(telegram, call)


async def _get_me(_: "Telegram", __: Call) -> Json:
    return BOT | {"supports_inline_queries": True}


async def _get_updates(telegram: "Telegram", call: Call) -> list[Json]:
    return await telegram.updates(call)


async def _set_webhook(telegram: "Telegram", call: Call) -> bool:
    rules.check_webhook(call["url"], call["secret_token"])
    telegram.webhook = dict(call.values)
    telegram.post_all()
    return True


async def _delete_webhook(telegram: "Telegram", _: Call) -> bool:
    telegram.webhook = {}
    return True


async def _get_webhook_info(telegram: "Telegram", _: Call) -> Json:
    url = telegram.webhook.get("url", "")
    known = {"url": url, "has_custom_certificate": False, "pending_update_count": len(telegram.pending)}
    return known | telegram.trouble


async def _send_message(telegram: "Telegram", call: Call) -> Json:
    entities = rules.check_text(call["text"], 4096, call["entities"] or [])
    return _spoken(telegram, call, text=call["text"], entities=entities)


async def _send_media(telegram: "Telegram", call: Call) -> Json:
    entities = rules.check_text(call["caption"], 1024, call["caption_entities"] or [])
    kind = call.method.removeprefix("send").lower()
    content = _media(kind, call.file, as_it_is=call["disable_content_type_detection"])
    return _spoken(telegram, call, **content, caption=call["caption"], caption_entities=entities)


async def _edit_message_media(telegram: "Telegram", call: Call) -> Json:
    message = telegram.messages.get((call["chat_id"], call["message_id"]))
    demand(message, "message to edit not found")
    assert message is not None
    demand(message.get("from") == BOT, "message can't be edited")
    demand(message.keys() & set(MEDIA), "there is no media in the message to edit")
    media = call["media"]
    demand(media["media"].startswith("attach://"), "wrong file")
    content = call.files[media["media"].removeprefix("attach://")]
    shown = _media(media["type"], content, as_it_is=media.get("disable_content_type_detection"))
    same = all(message.get(kind) == shown.get(kind) for kind in MEDIA)
    demand(not same or call["reply_markup"] != message["reply_markup"], "message is not modified")
    rules.check_text(media["caption"], 1024, [])
    rules.check_keyboard(call["reply_markup"])
    _keep_to_the_limit(telegram, call["chat_id"])
    for kind in MEDIA:
        message.pop(kind, None)
    message |= shown | {"caption": media["caption"], "reply_markup": call["reply_markup"]}
    return message


async def _answer_callback_query(telegram: "Telegram", call: Call) -> bool:
    _close_query(telegram, call["callback_query_id"])
    demand(len(call["text"] or "") <= 200, "MESSAGE_TOO_LONG")
    return True


async def _answer_inline_query(telegram: "Telegram", call: Call) -> bool:
    _close_query(telegram, call["inline_query_id"])
    rules.check_results(call["results"], call["button"])
    return True


async def _get_file(telegram: "Telegram", call: Call) -> Json:
    name = call["file_id"]
    content = telegram.files.contents.get(name)
    demand(content is not None, "invalid file_id")
    assert content is not None
    demand(len(content) <= MAX_DOWNLOAD_BYTES, "file is too big")
    return _file(content) | {"file_path": f"photos/{name}"}


async def _get_shown(telegram: "Telegram", call: Call) -> Any:
    place = json.dumps(call["scope"])
    subject = call.method.removeprefix("get")
    nothing: Any = [] if subject == "MyCommands" else {_snake(subject): ""}
    return telegram.shown.get((subject, place, call["language_code"] or ""), nothing)


async def _set_shown(telegram: "Telegram", call: Call) -> bool:
    subject = call.method.removeprefix("set")
    name = _snake(subject)
    if subject == "MyCommands":
        rules.check_commands(call["commands"])
        shown = call["commands"]
    else:
        demand(len(call[name]) <= LENGTHS[name], "TOO_LONG")
        shown = {name: call[name]}
    telegram.shown[subject, json.dumps(call["scope"]), call["language_code"] or ""] = shown
    return True


def _spoken(telegram: "Telegram", call: Call, **content: Any) -> Json:
    """Put a message of the bot into a chat."""
    chat, topic = call["chat_id"], call["message_thread_id"]
    if chat in telegram.blocked:
        raise Refusal(403, "Forbidden: bot was blocked by the user")
    rules.check_keyboard(call["reply_markup"])
    reply = call["reply_parameters"] or {}
    there = (chat, reply.get("message_id")) in telegram.messages
    demand(there or reply.get("allow_sending_without_reply"), "message to be replied not found")
    topics = {message.get("message_thread_id") for (place, _), message in telegram.messages.items() if place == chat}
    demand(topic is None or topic in topics, "message thread not found")
    _keep_to_the_limit(telegram, chat)
    message = telegram.message(chat, topic) | {"from": BOT} | content
    if call["reply_markup"]:
        message["reply_markup"] = call["reply_markup"]
    telegram.messages[chat, message["message_id"]] = message
    return message


def _keep_to_the_limit(telegram: "Telegram", chat: int) -> None:
    """A group bears twenty messages and edits a minute."""
    now = time.monotonic()
    if chat > 0:
        return
    spoken = telegram.spoken[chat] = [when for when in telegram.spoken[chat] if now - when < GROUP_SECONDS]
    if len(spoken) >= GROUP_MESSAGES:
        raise Refusal(429, "Too Many Requests: retry after 40", {"retry_after": 40})
    spoken.append(now)


def _close_query(telegram: "Telegram", number: str) -> None:
    demand(number in telegram.queries, "query is too old and response timeout expired or query ID is invalid")
    telegram.queries.remove(number)


def _media(kind: str, content: bytes, *, as_it_is: bool | None) -> Json:
    """What a message shows of a file: a GIF becomes an animation, even as a document, unless it is to stay as it is."""
    demand(kind in MEDIA, "this server knows no other media")
    demand(len(content) <= 50 * 1024 * 1024, "file is too big")
    if kind == "photo":
        width, height = rules.check_photo(content)
        return {"photo": [_file(content) | {"width": width, "height": height}]}
    if kind == "animation" or (content.startswith(b"GIF") and not as_it_is):
        width, height, seconds = rules.check_animation(content)
        size = {"width": width, "height": height, "duration": seconds}
        return {"animation": _file(content) | size, "document": _file(content)}
    return {"document": _file(content)}


def _file(content: bytes) -> Json:
    name = hashlib.sha256(content).hexdigest()
    return {"file_id": name, "file_unique_id": name[:16], "file_size": len(content)}


def _snake(name: str) -> str:
    """`MyShortDescription` is `short_description`."""
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name.removeprefix("My"))[1:]


SENT = "chat_id message_thread_id caption reply_parameters reply_markup"
Method = Callable[["Telegram", Call], Awaitable[Any]]
METHODS: dict[str, tuple[str, Method]] = {
    "getMe": ("", _get_me),
    "getUpdates": ("offset limit timeout allowed_updates", _get_updates),
    "setWebhook": ("url secret_token allowed_updates max_connections", _set_webhook),
    "deleteWebhook": ("", _delete_webhook),
    "getWebhookInfo": ("", _get_webhook_info),
    "sendMessage": ("chat_id message_thread_id text entities reply_parameters reply_markup", _send_message),
    "sendPhoto": (f"photo caption_entities {SENT}", _send_media),
    "sendAnimation": (f"animation {SENT}", _send_media),
    "sendDocument": (f"document disable_content_type_detection {SENT}", _send_media),
    "editMessageMedia": ("chat_id message_id media reply_markup", _edit_message_media),
    "answerCallbackQuery": ("callback_query_id text", _answer_callback_query),
    "answerInlineQuery": ("inline_query_id results cache_time is_personal button", _answer_inline_query),
    "getFile": ("file_id", _get_file),
    "getMyCommands": ("scope language_code", _get_shown),
    "setMyCommands": ("commands scope language_code", _set_shown),
    "getMyDescription": ("language_code", _get_shown),
    "setMyDescription": ("description language_code", _set_shown),
    "getMyShortDescription": ("language_code", _get_shown),
    "setMyShortDescription": ("short_description language_code", _set_shown),
}
"""Each method with the parameters that it takes: nothing else is let through."""
