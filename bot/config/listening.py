"""Bind errors as settings to change, and addresses under which this machine reaches itself."""

import errno

from bot.config.settings import Settings
from bot.config.sources import BadSettings


def bind_error(error: OSError, settings: Settings) -> BadSettings:
    """Return the setting that the operator has to change after this error."""
    if error.errno == errno.EADDRINUSE:
        return BadSettings("DIGIT_PORT", f"port {settings.port} of {settings.host} is in use")
    if error.errno in (errno.EACCES, errno.EPERM):
        return BadSettings("DIGIT_PORT", f"port {settings.port} needs more rights than this process has")
    return BadSettings("DIGIT_HOST", f"{settings.host} is no address of this machine")
