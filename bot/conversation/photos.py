"""Room for photos: each is held as a file while it arrives, waits and is read."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import Overloaded
from core.fair_queue import Flow

PHOTO_COST = 5
"""Pictures that a photo counts as: reading one takes 50 ms, as ten strips do, and drawing in its hand is included."""
MAX_PHOTOS, MAX_PHOTOS_EACH = 8, 4
"""Photos at once in all, of up to 12 MB each, and of one person or address: nobody takes all of the room."""
RETRY_SECONDS = 1
"""Until the next try: most photos are there and read within a second."""


class PhotoSlots:
    """Counts the photos that are being loaded and read."""

    def __init__(self) -> None:
        self._held: Counter[Flow] = Counter()

    @contextmanager
    def hold(self, flow: Flow) -> Iterator[None]:
        """Hold room for one photo.

        Args:
            flow: the person or address that sends it.

        Raises:
            Overloaded: there is none.
        """
        if self._held.total() >= MAX_PHOTOS or self._held[flow] >= MAX_PHOTOS_EACH:
            raise Overloaded(RETRY_SECONDS)
        self._held[flow] += 1
        try:
            yield
        finally:
            self._held[flow] -= 1
            self._held += Counter()
