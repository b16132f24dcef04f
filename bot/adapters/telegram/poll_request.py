"""Requests for updates, which leave the updates as Telegram sends them, for each to be read by itself."""

from typing import Any

from telegram.request import HTTPXRequest

Json = dict[str, Any]


class PollRequest(HTTPXRequest):
    """Requests for updates.

    The library reads all updates of a poll at once, and when it cannot read one it logs and loses all of them
    (`telegram/_bot.py`, `get_updates`). So it is given none.

    Attributes:
        updates: of the last answer.
    """

    updates: list[Json]

    def parse_json_payload(self, payload: bytes) -> Json:  # type: ignore[override]  # the library calls it by `self`
        """Parse the answer to a poll, and keep its updates."""
        answer = HTTPXRequest.parse_json_payload(payload)
        self.updates = answer.pop("result", [])
        return answer | {"result": []}
