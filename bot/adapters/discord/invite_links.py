"""Links that add the bot."""

from urllib.parse import urlencode

AUTHORIZE = "https://discord.com/oauth2/authorize?"
GUILD_INSTALL, USER_INSTALL = 0, 1
"""Discord's integration types."""


def server_link(application_id: str) -> str:
    """Return the link that adds an application to a server, without any permission."""
    scopes = {"client_id": application_id, "scope": "bot applications.commands", "permissions": 0}
    return AUTHORIZE + urlencode(scopes | {"integration_type": GUILD_INSTALL})


def account_link(application_id: str) -> str:
    """Return the link that adds an application to a person's own account."""
    scopes = {"client_id": application_id, "scope": "applications.commands"}
    return AUTHORIZE + urlencode(scopes | {"integration_type": USER_INSTALL})
