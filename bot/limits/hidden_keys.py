"""Hidden keys: a storage that replicas share sees no id of a person, chat or event in clear."""

from collections.abc import Sequence
from hashlib import blake2b

DIGEST_BYTES = 16


class HiddenKeys:
    """Keyed hashes of ids.

    Args:
        secrets: the key of the hash; replicas that share a storage need the same, and two bots have others.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        self._key = blake2b("\0".join(secrets).encode()).digest()

    def hide(self, key: Sequence[str]) -> str:
        """Return the hash of a key, in hexadecimal."""
        return blake2b("\0".join(key).encode(), key=self._key, digest_size=DIGEST_BYTES).hexdigest()
