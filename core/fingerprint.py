"""Fingerprint of the drawing code: the same code, libraries and models make the same bytes of a request."""

import hashlib
from importlib.metadata import version
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
SUFFIXES = (".py", ".otf")
"""Of files that decide how a picture looks: code and typefaces."""
LIBRARIES = ("numpy", "onnxruntime", "pillow")
"""Libraries that decide it, too."""


def fingerprint(folder: Path = FOLDER) -> str:
    """Return the SHA-256 of the drawing code and of the versions of its libraries.

    Take it at the start: files that change later are not the code that runs. Processors round differently, which may
    change a pixel by 1/255 and is not part of it.

    Args:
        folder: of the code.

    Returns:
        64 hexadecimal digits.
    """
    digest = hashlib.sha256("".join(f"{library} {version(library)}\n" for library in LIBRARIES).encode())
    for path in sorted(folder.rglob("*")):
        if path.suffix in SUFFIXES:
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
