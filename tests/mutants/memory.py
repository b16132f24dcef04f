"""The memory that tests may take while a fault is tried: one fault took 15 GB, and with it the machine."""

import resource

MEMORY_BYTES = 4 * 1024**3
"""Of each process: as many workers as the machine has, each at this limit, are to fit into it."""


def limit_memory() -> None:
    """Limit this process and all that it starts; past the limit a test fails with MemoryError.

    The limit is on data that is the process's own, and not on addresses: a browser reserves terabytes of those.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
