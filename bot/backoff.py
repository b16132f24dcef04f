"""Growing pauses between tries."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class BackOff:
    """Pauses that double from one try to the next.

    Attributes:
        first_seconds, max_seconds: the first pause and the longest.
    """

    first_seconds: float
    max_seconds: float
    _next_seconds: float = field(init=False)

    def __post_init__(self) -> None:
        self.reset()

    def next_seconds(self) -> float:
        """Return the pause before the next try."""
        pause = self._next_seconds
        self._next_seconds = min(2 * pause, self.max_seconds)
        return pause

    def reset(self) -> None:
        """Begin with the first pause again, after a success."""
        self._next_seconds = self.first_seconds
