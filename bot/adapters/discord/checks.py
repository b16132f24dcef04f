"""Where people add the bot, or meet it."""

from urllib.parse import urlencode


def discord(application: str) -> dict[str, str]:
    """Links by which to add an application to a `server` (integration type 0) and to one's own `account` (1)."""
    server = {"client_id": application, "scope": "bot applications.commands", "permissions": 0, "integration_type": 0}
    account = {"client_id": application, "scope": "applications.commands", "integration_type": 1}
    address = "https://discord.com/oauth2/authorize?"
    return {"server": address + urlencode(server), "account": address + urlencode(account)}


def telegram(username: str) -> str:
    """The chat with a bot."""
    return f"https://t.me/{username}"
