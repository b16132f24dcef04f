"""A log handler that never waits: a thread of its own writes the lines."""

import logging
import os
import threading
from queue import SimpleQueue

logger = logging.getLogger("log")

MAX_WAITING_LINES = 2000
"""Lines that wait to be written: 0.4 MB of request lines, 10 MB of tracebacks."""
RESUME_LINES = MAX_WAITING_LINES // 2
"""Lines that wait when lines are taken again after one was dropped: else each would come with a note about others."""
FLUSH_SECONDS = 1.0
"""For the lines that wait at a stop: a standard error that nobody reads does not hold it up for longer."""


class QueuedHandler(logging.Handler):
    """Writes lines to a file descriptor; drops them while too many wait, and says later how many.

    Args:
        descriptor: of the open file, such as 2.
    """

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        # A lock would block when the garbage collector logs amid `put`; SimpleQueue may be re-entered.
        self._waiting: SimpleQueue[str | threading.Event | None] = SimpleQueue()
        self._dropped = 0  # written by those who log, who hold the handler's lock
        self._failed = 0  # written by the thread
        self._reported = 0
        self._thread = threading.Thread(target=self._write_lines, name="log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Queue the line of a record, or count it as dropped."""
        if self._is_full():
            self._dropped += 1
            return
        self._report_dropped()
        try:
            self._waiting.put(self.format(record))
        except Exception:  # noqa: BLE001  the library would print the record itself, unredacted
            self._dropped += 1

    def write(self, line: str) -> None:
        """Queue a line as it is."""
        self._waiting.put(line)

    def flush(self) -> None:
        """Wait until everything queued is written, but no longer than FLUSH_SECONDS."""
        if not self._is_full():
            self._report_dropped()
        written = threading.Event()
        self._waiting.put(written)
        if self._thread.is_alive():
            written.wait(FLUSH_SECONDS)

    def close(self) -> None:
        """End the thread once it has written what waits."""
        self._waiting.put(None)
        super().close()

    def _is_full(self) -> bool:
        return self._waiting.qsize() >= (RESUME_LINES if self._missing else MAX_WAITING_LINES)

    def _report_dropped(self) -> None:
        if missing := self._missing:
            self._reported += missing
            lines = "line was" if missing == 1 else "lines were"
            logger.error("%d log %s dropped: standard error took them too slowly, or not at all", missing, lines)

    @property
    def _missing(self) -> int:
        return self._dropped + self._failed - self._reported

    def _write_lines(self) -> None:
        while (item := self._waiting.get()) is not None:
            if isinstance(item, threading.Event):
                item.set()
                continue
            try:
                self._write(f"{item}\n".encode(errors="backslashreplace"))
            except OSError:  # a full disk, or nobody at the other end
                self._failed += 1

    def _write(self, line: bytes) -> None:
        while line:
            line = line[os.write(self._descriptor, line) :]
