"""Redaction: no secret is in a line of the log, however it is written."""

import base64
import json
import logging
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
import structlog

from bot.telemetry import logs
from bot.telemetry.redaction import HIDDEN, redaction
from tests.bot.config.test_settings import load
from tests.bot.telemetry.test_logs import TOKENS, written

pytestmark = pytest.mark.usefixtures("logging_as_it_was")

AWKWARD = 'a+b/"c"\\é=&☃'
"""A secret of signs that addresses, JSON and Python each write in a way of their own."""


def test_a_secret_is_in_no_line(capfd: pytest.CaptureFixture[str]) -> None:
    """A token is taken out of messages, values, library lines and tracebacks."""
    logs.configure("INFO", ["s3cret"])
    structlog.stdlib.get_logger("ours").info("s3cret", url="https://api/bots3cret/getMe")
    logging.getLogger("theirs").warning("Request to %s", "https://api/bots3cret/getMe")
    try:
        raise ValueError("s3cret")
    except ValueError:
        logging.getLogger("theirs").exception("failed")
    lines = written(capfd)
    assert lines.count(HIDDEN) >= 4
    assert "s3cret" not in lines


@pytest.mark.parametrize("secret", [*TOKENS, AWKWARD, "with%41percent"])
@pytest.mark.parametrize(
    "write",
    [
        str,
        lambda secret: quote(secret, safe=""),
        lambda secret: re.sub("%..", lambda found: found[0].lower(), quote(secret, safe="")),
        lambda secret: quote(quote(secret, safe=""), safe=""),
        lambda secret: "".join(f"%{byte:02X}" for byte in secret.encode()),
        lambda secret: quote(secret[:9], safe="") + secret[9:],
        repr,
        ascii,
        json.dumps,
        lambda secret: json.dumps(json.dumps(secret)),
        lambda secret: str({"url": f"https://api/bot{secret}/getMe"}),
    ],
    ids=["plain", "URL", "small", "URL in URL", "every byte", "in part", "repr", "ascii", "json", "json twice", "dict"],
)
def test_a_secret_is_found_however_it_is_spelled(
    capfd: pytest.CaptureFixture[str], secret: str, write: Callable[[str], str]
) -> None:
    """As an address, JSON or Python writes it, or partly so: of a secret the line keeps nothing."""
    logs.configure("INFO", [secret])
    spelled = write(secret)
    logging.getLogger("theirs").warning("before %s after", spelled)
    event = json.loads(written(capfd))["event"]
    assert HIDDEN in event
    assert "before" in event
    assert "after" in event
    assert not [part for part in (secret, spelled.strip("'\"")) if part in event]


@pytest.mark.parametrize("token", TOKENS)
def test_the_half_of_a_token_that_signs_is_a_secret_too(capfd: pytest.CaptureFixture[str], token: str) -> None:
    """A library that takes a token apart at its marks does not give it away."""
    logs.configure("INFO", TOKENS)
    half = max(token.replace(":", ".").split("."), key=len)
    logging.getLogger("theirs").warning("the bot's key is %s", half)
    assert half not in written(capfd)


def test_a_line_without_a_secret_is_left_as_it_is(capfd: pytest.CaptureFixture[str]) -> None:
    """With tokens or without, what is none of them stays."""
    for secrets in ((), TOKENS):
        logs.configure("INFO", secrets)
        logging.getLogger("theirs").warning("123456 and %41 and a.b:c")
        assert json.loads(written(capfd))["event"] == "123456 and %41 and a.b:c"


@pytest.mark.parametrize("name", ["TELEGRAM_API_URL", "TELEGRAM_WEBHOOK_URL", "DIGIT_PUBLIC_URL", "DIGIT_REDIS_URL"])
def test_a_password_in_a_url_is_hidden_in_each_of_its_forms(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """As it stands in the URL, decoded, encoded otherwise, and as HTTP's basic authentication sends it."""
    scheme = "redis" if "REDIS" in name else "https"
    monkeypatch.setenv(name, f"{scheme}://us%40r:p%40ss%20w%2Frd@proxy.example")
    redact = redaction(load().secrets)
    basic = base64.b64encode(b"us@r:p@ss w/rd").decode()
    forms = [
        "p%40ss%20w%2Frd",
        "p@ss w/rd",
        "p%40ss+w%2frd",
        basic,
        quote(basic),
        f"https://us%40r:{quote('p@ss w/rd')}@",
    ]
    for form in forms:
        assert redact(f"before {form} after") == f"before {form.replace(_password(form), HIDDEN)} after"


def _password(form: str) -> str:
    """The part of a text that is secret."""
    return form.partition(":")[2].rpartition(":")[2].removesuffix("@") if "://" in form else form


def test_a_part_of_a_token_is_hidden_from_twenty_characters_on() -> None:
    """A shorter one, such as a bot's number, is in many lines that say nothing secret."""
    hide = redaction([f"12345.{'a' * 19}:{'b' * 20}"])
    assert hide(f"12345 {'a' * 19} {'b' * 20}") == f"12345 {'a' * 19} {HIDDEN}"
