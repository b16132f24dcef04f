"""A photo decoded in a process of its own, for what it takes of memory."""

from multiprocessing.connection import Connection
from pathlib import Path

from core.errors import InvalidPhoto
from core.imaging import scanning
from tests.bot.processes import forking


def decode(data: bytes) -> tuple[str, int]:
    """Return what came of a photo, and by how many bytes the most memory in use was more than before."""
    context = forking()
    reader, writer = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(data, writer))
    process.start()
    writer.close()
    outcome, grown = reader.recv()
    reader.close()
    process.join()
    process.close()
    return outcome, grown


def _measure(data: bytes, writer: Connection) -> None:
    before = _bytes("VmRSS")
    try:
        outcome = str(scanning.scan(data).shape)
    except InvalidPhoto as error:
        outcome = str(error.value)
    writer.send((outcome, _bytes("VmHWM") - before))


def _bytes(field: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith(field))
