"""What Discord sends: people, places, interactions and messages, as API v10 writes them."""

import itertools
import time
from typing import Any

Json = dict[str, Any]

EPOCH = 1420070400000
"""Discord's: the first millisecond of 2015."""
APPLICATION, OWNER, GUILD_ID = "900000000000000001", "900000000000000002", "900000000000000003"
CHANNEL_ID = "900000000000000004"
"""The one channel of the server."""
LIMIT = 10 * 1024 * 1024
"""Bytes that an attachment may have."""
EPHEMERAL = 64
GUILD, DM, GROUP = 0, 1, 2
"""Contexts: a server, the direct messages with the bot, and a private channel that the bot is not in."""

_numbers = itertools.count(1)


def snowflake() -> str:
    """A new id: the time, and a number that makes it unique."""
    return str(((int(time.time() * 1000) - EPOCH) << 22) | next(_numbers) % 4_000_000)


def user(id_: str, *, bot: bool = False) -> Json:
    """Somebody."""
    return {"id": id_, "username": f"user{id_}", "discriminator": "0", "global_name": None, "avatar": None, "bot": bot}


def application() -> Json:
    """The application, as /oauth2/applications/@me tells it."""
    return {
        "id": APPLICATION,
        "name": "Digit Bot",
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "owner": user(OWNER),
        "flags": 0,
        "integration_types_config": {"0": {}, "1": {}},
    }


def interaction(kind: int, data: Json, context: int, person: str, guild: str = GUILD_ID) -> Json:
    """An INTERACTION_CREATE of a type, from a person in a place."""
    payload = {
        "id": snowflake(),
        "application_id": APPLICATION,
        "type": kind,
        "token": f"interaction-{snowflake()}",
        "version": 1,
        "data": data,
        "attachment_size_limit": LIMIT,
        "entitlements": [],
        "locale": "en-US",
        "app_permissions": "0",
        "context": context,
        "authorizing_integration_owners": {"0": guild} if context == GUILD else {"1": person},
        "channel": channel(context, person),
    }
    payload["channel_id"] = payload["channel"]["id"]
    return payload | (_in_guild(person, guild) if context == GUILD else {"user": user(person)})


def channel(context: int, person: str) -> Json:
    """Where somebody asks."""
    common = {"id": snowflake(), "last_message_id": None, "flags": 0}
    match context:
        case 0:
            place = {
                "id": CHANNEL_ID,
                "type": 0,
                "guild_id": GUILD_ID,
                "name": "general",
                "position": 0,
                "permissions": "0",
            }
            return common | place | {"nsfw": False, "permission_overwrites": []}
        case 1:
            return common | {"type": 1, "recipients": [user(person)]}
    return common | {"type": 3, "recipients": [user(OWNER)], "owner_id": OWNER, "name": None, "icon": None}


def _in_guild(person: str, guild: str) -> Json:
    member = {
        "user": user(person),
        "roles": [],
        "joined_at": "2026-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
        "permissions": "0",
    }
    return {
        "guild_id": guild,
        "guild": {"id": guild, "features": [], "locale": "en-US"},
        "guild_locale": "en-US",
        "member": member,
    }


def message(interaction: Json, data: Json, files: list[Json]) -> Json:
    """The message that an answer became."""
    return {
        "id": snowflake(),
        "channel_id": interaction["channel_id"],
        "type": 20,
        "author": user(APPLICATION, bot=True),
        "content": data.get("content") or "",
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": files,
        "embeds": [],
        "pinned": False,
        "application_id": APPLICATION,
        "flags": data.get("flags", 0),
        "components": data.get("components", []),
    }


def attachment(size: int, media_type: str | None, url: str) -> Json:
    """A file that somebody attached to a message or a command."""
    file = {"id": snowflake(), "filename": "note", "size": size, "url": url, "proxy_url": url}
    return file | ({"content_type": media_type, "width": 600, "height": 450} if media_type else {})


def posted(author: str, attachments: list[Json]) -> Json:
    """A message that somebody has posted."""
    return message({"channel_id": CHANNEL_ID}, {"content": ""}, attachments) | {"author": user(author), "type": 0}
