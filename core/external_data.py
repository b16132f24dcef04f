"""External data of an ONNX file: tensors that lie in other files, which no SHA-256 of this one covers.

ONNX Runtime reads such files, and has no option against it. This module follows the messages of onnx.proto in which a
tensor can be, by the wire format of Protocol Buffers (https://protobuf.dev/programming-guides/encoding), so that
serving needs no package `onnx`.
"""

from collections.abc import Iterator

MESSAGES: dict[str, dict[int, str]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "graph": {1: "node", 5: "tensor", 15: "sparse tensor"},
    "function": {7: "node", 11: "attribute"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse tensor", 23: "sparse tensor"},
    "sparse tensor": {1: "tensor", 2: "tensor"},
    "tensor": {},
}
"""The messages that lead to tensors: by the number of a field, the message in it."""
EXTERNAL_DATA, DATA_LOCATION = 13, 14
"""Fields of a tensor: the other file, and whether there is one."""
VARINT, LENGTH = 0, 2
"""Wire types of an integer, and of bytes with their number before them."""
SIZES_BYTES = {1: 8, 5: 4}
"""The sizes of the other wire types."""
MAX_VARINT_BYTES = 10


def has_external_data(content: bytes) -> bool:
    """Return whether any tensor of an ONNX file, however deep in subgraphs and attributes, lies in another file.

    Raises:
        ValueError: `content` is no message of Protocol Buffers.
    """
    waiting = [("model", memoryview(content))]
    while waiting:
        message, part = waiting.pop()
        for field, value in _fields(part):
            if message == "tensor" and (field == EXTERNAL_DATA or (field == DATA_LOCATION and value)):
                return True
            inner = MESSAGES[message].get(field)
            if inner and isinstance(value, memoryview):
                waiting.append((inner, value))
    return False


def _fields(part: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Yield the number of each field of a message with its value: an integer, or bytes."""
    at = 0
    while at < len(part):
        tag, at = _varint(part, at)
        wire_type = tag & 7
        if wire_type == VARINT:
            number, at = _varint(part, at)
            yield tag >> 3, number
            continue
        size, at = _varint(part, at) if wire_type == LENGTH else (SIZES_BYTES.get(wire_type, len(part)), at)
        if at + size > len(part):
            raise ValueError("a field is cut short, or of no wire type that ONNX uses")
        yield tag >> 3, part[at : at + size]
        at += size


def _varint(part: memoryview, at: int) -> tuple[int, int]:
    """Return the integer at a place, and the place after it."""
    number = 0
    for index, byte in enumerate(part[at : at + MAX_VARINT_BYTES]):
        number |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return number, at + index + 1
    raise ValueError("an integer is cut short")
