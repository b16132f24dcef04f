"""Invite links: scopes, no permission, and the right place."""

from yarl import URL

from bot.adapters.discord.invite_links import account_link, server_link


def test_a_link_asks_for_no_permission() -> None:
    """One link adds the bot to a server and one to an account, each with the scopes that it needs and no rights."""
    server, account = URL(server_link("42")), URL(account_link("42"))
    assert {server.path, account.path} == {"/oauth2/authorize"}
    assert {server.host, account.host} == {"discord.com"}
    assert dict(server.query) == {
        "client_id": "42",
        "scope": "bot applications.commands",
        "permissions": "0",
        "integration_type": "0",
    }
    assert dict(account.query) == {"client_id": "42", "scope": "applications.commands", "integration_type": "1"}
