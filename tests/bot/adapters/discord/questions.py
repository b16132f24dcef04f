"""Questions that tests on Discord ask, and the parts of an answer that they look at."""

from core.pictures.base import PictureRequest
from core.pictures.comparison import CompareRequest
from core.pictures.morph import MorphRequest
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest
from tests.bot.conftest import BotProcess
from tests.fakes.discord_rest import Answer
from tests.fakes.discord_server import DiscordServer

REQUESTS: dict[str, PictureRequest] = {
    "digit": StripRequest(4, seed=7),
    "number": NumberRequest("2026", seed=7),
    "morph": MorphRequest((3, 8), seed=7),
    "compare": CompareRequest(4, seed=7),
}
"""A request for each command that draws, where it does not matter which."""
ARGUMENTS = {
    "digit": {"digit": "4"},
    "number": {"number": "2026"},
    "morph": {"digits": "3 8"},
    "compare": {"digit": "4"},
}
"""The arguments of these requests."""
LONGEST_NUMBER = "12345678901234567890++++++"
"""A number as long as a number may be."""
AGAIN, ORIGINALS, PICK = "Again", "Originals", "Another digit"
"""The words on buttons and list."""


async def asked(server: DiscordServer, name: str, /, **options: object) -> Answer:
    """Return the answer to a command that draws, whatever its argument is called."""
    return await server.command(name, **(ARGUMENTS[name] | options))


def seed(answer: Answer) -> int:
    """Return the seed in a caption."""
    return int(answer.text.partition("seed ")[2].partition(" ")[0])


def sentence(answer: Answer) -> str:
    """Return an answer that is one sentence and nobody else sees."""
    assert answer.ephemeral
    assert "\n" not in answer.text
    assert answer.files == []
    return answer.text


def logged(bot: BotProcess, level: str) -> list[str]:
    """Return the lines that the bot logged at a level."""
    return [line for line in bot.lines if f'"level": "{level}"' in line]
