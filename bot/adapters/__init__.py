"""One module a platform: each speaks its platform's own idiom and nothing else."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from core.errors import DigitError

if TYPE_CHECKING:  # the words in `bot.replies` stand on this module, and `draw` needs no web server for them
    from aiohttp.web import RouteDef


class Refused(DigitError):
    """A platform refused its token.

    Attributes:
        setting: the environment variable that holds the token.
    """

    def __init__(self, setting: str) -> None:
        super().__init__(setting)
        self.setting = setting


class ChatAdapter(Protocol):
    """A chat platform that the bot serves while the process runs.

    Attributes:
        name: of the platform, as in logs and in `/readyz`.
        routes: what the platform posts to on the bot's own web server, if it does.
    """

    name: str
    routes: "Sequence[RouteDef]"

    @property
    def ready(self) -> bool:
        """Whether a command sent now would be answered."""

    async def run(self) -> None:
        """Connect, and serve until `close`; what cannot be reached is tried again.

        Raises:
            Refused: the platform does not know the token.
            OSError: the platform cannot be reached.
        """

    async def close(self) -> None:
        """Answer what was accepted and disconnect; `run` returns then."""
