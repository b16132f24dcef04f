"""Bind errors as settings to change, and addresses under which this machine reaches itself."""

import errno

from bot.config.settings import Settings
from bot.config.sources import BadSettings

MAX_PORT = 65535


def bind_error(error: OSError, settings: Settings) -> BadSettings:
    """Return the setting that the operator has to change after this error."""
    if error.errno == errno.EADDRINUSE:
        other = settings.port + 1 if settings.port < MAX_PORT else settings.port - 1
        return BadSettings("DIGIT_PORT", f"port {settings.port} of {settings.host} is in use: try DIGIT_PORT={other}")
    if error.errno in (errno.EACCES, errno.EPERM):
        return BadSettings("DIGIT_PORT", f"port {settings.port} needs more rights than this process has")
    return BadSettings("DIGIT_HOST", f"{settings.host} is no address of this machine")
