"""The two transports of interactions, of which an application has one at a time: the gateway, or posts over HTTP."""

from urllib.parse import urlsplit

from bot.adapters.discord.interactions import PATH
from bot.adapters.discord.settings import DiscordSettings

KEY_VARIABLE = DiscordSettings.variable("public_key")


def mismatch(public_key: str | None, verify_key: str, endpoint_url: str | None) -> str | None:
    """Return why no interaction would reach a bot, and what to do; None if the application is set as the bot is.

    Args:
        public_key: that the bot is given; None is a bot on the gateway.
        verify_key: the public key of its application.
        endpoint_url: URL to which Discord posts interactions; None where it sends them over the gateway.
    """
    if public_key is None:
        return endpoint_url and (
            f"commands go to the Interactions Endpoint URL of the application ({endpoint_url}) and not to this bot: "
            f"leave that empty in the developer portal, or set {KEY_VARIABLE}"
        )
    if public_key != verify_key:
        return f"{KEY_VARIABLE} is not the public key of this application, which is {verify_key}"
    if not endpoint_url:
        return (
            f"{KEY_VARIABLE} is set, and Discord sends commands over the gateway: put https://YOUR_HOST{PATH} into "
            f"the developer portal as Interactions Endpoint URL while this bot runs, or unset {KEY_VARIABLE}"
        )
    return None


def description(endpoint_url: str | None) -> str:
    """Return the transport that an application is set to, as a sentence.

    Args:
        endpoint_url: URL to which Discord posts interactions; None where it sends them over the gateway.
    """
    if not endpoint_url:
        return "commands come over the gateway"
    elsewhere = "" if urlsplit(endpoint_url).path == PATH else f": your proxy has to pass that on to {PATH} of this bot"
    return f"commands are posted to {endpoint_url}{elsewhere}"
