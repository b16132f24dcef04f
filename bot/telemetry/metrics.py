"""Prometheus metrics: requests by outcome, and their durations."""

from collections.abc import Callable, Mapping, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector

from bot import __version__
from core.service import DigitService

BUCKETS = (0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
"""Seconds: from a strip on an idle machine to Discord's limit of three, and past it."""


class Metrics:
    """The metrics of one bot, in a registry of their own; no label ever names a person, a room or what was typed.

    Attributes:
        registry: holds them all.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "digit_requests", "Requests by how they ended", ("platform", "command", "outcome"), registry=self.registry
        )
        self._answer = self._histogram(
            "digit_answer_seconds", "From a request to its answer, sent and taken", ("platform",)
        )
        self._generation = self._histogram("digit_generation_seconds", "Drawing a picture, from noise to a file")
        self._queue = self._histogram("digit_queue_seconds", "Waiting to be drawn")
        self._depth = Gauge("digit_queue_depth", "Requests that wait or are being drawn", registry=self.registry)
        self._ready = Gauge(
            "digit_adapter_ready", "Whether a chat platform is connected", ("adapter",), registry=self.registry
        )
        self._build = Info("digit_build", "The version and the default model", registry=self.registry)
        ProcessCollector(registry=self.registry)

    def watch(self, service: DigitService, ready: Mapping[str, Callable[[], bool]]) -> None:
        """Read the state of the service and of each adapter at every scrape.

        Args:
            service: draws.
            ready: by the name of each chat platform, whether it is connected.
        """
        self._build.info({"version": __version__, "model": service.catalog.default})
        self._depth.set_function(lambda: service.pending)
        for name, is_ready in ready.items():
            self._ready.labels(name).set_function(is_ready)

    def drawn(self, waited_seconds: float, drawing_seconds: float) -> None:
        """Observe the waiting and the drawing time of a picture, in any thread."""
        self._queue.observe(waited_seconds)
        self._generation.observe(drawing_seconds)

    def answered(self, platform: str, command: str, outcome: str, seconds: float) -> None:
        """Count a finished request."""
        self._requests.labels(platform, command, outcome).inc()
        self._answer.labels(platform).observe(seconds)

    def _histogram(self, name: str, meaning: str, labels: Sequence[str] = ()) -> Histogram:
        return Histogram(name, meaning, labels, buckets=BUCKETS, registry=self.registry)
