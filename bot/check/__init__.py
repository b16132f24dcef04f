"""`python -m bot check`: everything that can be wrong with an installation, a line each, without serving.

run        the checks in their order, and the exit code
finding    what a check has found
local      settings, models, port, addresses, Redis
platforms  the tokens, asked of their platforms; and the clock, which comes with the answers
"""

from bot.check.run import check

__all__ = ["check"]
