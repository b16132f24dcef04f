"""Why an address cannot be listened on, as a setting to change."""

import errno

from bot.settings import BadSettings, Settings


def fault(error: OSError, settings: Settings) -> BadSettings:
    """What the operator has to change after this error."""
    if error.errno == errno.EADDRINUSE:
        return BadSettings("DIGIT_PORT", f"port {settings.port} of {settings.host} is in use")
    if error.errno in (errno.EACCES, errno.EPERM):
        return BadSettings("DIGIT_PORT", f"port {settings.port} needs more rights than this process has")
    return BadSettings("DIGIT_HOST", f"{settings.host} is no address of this machine")
