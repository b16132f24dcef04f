"""Reasons for which pydantic refuses a value, as clauses for an operator."""

from pydantic_core import ErrorDetails

REASONS = {
    "int": "should be a whole number",
    "greater": "should be {ge} or more",
    "less": "should be {le} or less",
    "bool": "should be true or false",
    "literal": "should be {expected}",
    "url": "should be an address such as https://example.org",
    "string": "is no text in UTF-8",
}
"""By the first word of pydantic's type of error; the fields are those of its context."""
WITH_VALUE = {"int", "greater", "less", "bool", "literal"}
"""Those of values that are no secret."""
MAX_QUOTED = 20
"""Characters of a value that is repeated; a token, pasted in the wrong place, is longer."""


def reason(detail: ErrorDetails) -> str:
    """Return what is wrong with a value.

    Args:
        detail: with the value; a validator of ours raised ValueError with a clause of its own, or pydantic one of its.
    """
    kind = detail["type"].partition("_")[0]
    if kind not in REASONS:
        return detail["msg"].removeprefix("Value error, ")
    clause = REASONS[kind].format(**detail.get("ctx", {})).replace("'", "")
    value = str(detail["input"])
    return f"{clause}, not “{value}”" if kind in WITH_VALUE and len(value) <= MAX_QUOTED else clause
