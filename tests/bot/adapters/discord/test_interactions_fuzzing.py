"""Signed interactions with anything anywhere in them: refused or answered at once, and nothing fails."""

import asyncio
import copy
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from logging.handlers import BufferingHandler
from typing import Any, NamedTuple

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.adapters.discord import interactions
from core.catalog import Catalog
from core.hand_service import HandService
from core.handwriting import HandReader
from tests import fuzzing
from tests.bot.adapters.discord.in_process import adapter_on
from tests.fakes import discord_payloads as payloads
from tests.fakes.discord_payloads import DM, GROUP, GUILD, Json
from tests.fakes.discord_rest import Question
from tests.fakes.discord_server import COMMAND, COMPONENT, ON_MESSAGE, DiscordServer
from tests.fakes.generators import GatedGenerator, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

FUZZ = settings(fuzzing.bounded, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
AUTOCOMPLETE = 4
PERSON = "100000000000000005"
PHOTO = "100000000000000006"
TARGET = "100000000000000007"
REFUSED, TAKEN = (400, 401), (200, 202)


def _option(name: str, kind: int, value: object, **more: object) -> Json:
    return {"name": name, "type": kind, "value": value} | more


def _data(name: str, *options: Json, **more: object) -> Json:
    return {"id": "1", "name": name, "type": 1, "options": list(options)} | more


ATTACHMENT = payloads.attachment(100, "image/png", "http://elsewhere.example/note.png") | {"id": PHOTO}
POSTED = payloads.posted(PERSON, [ATTACHMENT]) | {"id": TARGET}
DATA: list[tuple[int, Json]] = [
    (COMMAND, _data("help")),
    (COMMAND, _data("digit", _option("digit", 3, "4"), _option("count", 4, 1), _option("ephemeral", 5, True))),
    (COMMAND, _data("number", _option("number", 3, "2026"), _option("seed", 4, 7), _option("style", 3, "ink"))),
    (COMMAND, _data("hand", _option("image", 11, PHOTO), resolved={"attachments": {PHOTO: ATTACHMENT}})),
    (
        COMMAND,
        {
            "id": "1",
            "name": "Write in this hand",
            "type": ON_MESSAGE,
            "target_id": TARGET,
            "resolved": {"messages": {TARGET: POSTED}},
        },
    ),
    (AUTOCOMPLETE, _data("digit", _option("digit", 3, "4"), _option("model", 3, "c", focused=True))),
    (COMPONENT, {"custom_id": "1:again::/digit 4", "component_type": 2}),
    (COMPONENT, {"custom_id": "1:pick:e:/digit 4", "component_type": 3, "values": ["5"]}),
]
"""An interaction of each kind, as Discord writes it."""


def interaction(kind: tuple[int, Json], where: int) -> Json:
    """Return a new interaction of a kind; with a press comes the message of its button."""
    payload = payloads.interaction(*kind, where, PERSON)
    return payload | {"message": payloads.message(payload, {"content": "4"}, [])} if kind[0] == COMPONENT else payload


DEEP = st.sampled_from([30, 200, 900]).map(lambda depth: json.loads("[" * depth + "]" * depth))
SCALARS = st.one_of(
    st.sampled_from(
        [None, True, -1, 0, 1, 2, 3, 4, 5, 11, 2**53, 2**63, 2**64, 10**400, 0.5, float("nan"), float("inf")]
    ),
    st.sampled_from(["", "0", "-1", "4", "x", PHOTO, TARGET, PERSON, "9" * 30, "\ud800", "é", "/digit 4", "a/b?c#d"]),
    st.text(max_size=5),
)
NAMES = st.sampled_from(["id", "type", "name", "value", "options", "user", "member", "content_type", "x"])
JUNK = SCALARS | DEEP | st.lists(SCALARS, max_size=2) | st.dictionaries(NAMES, SCALARS, max_size=2)


class Change(NamedTuple):
    """A change of an interaction.

    Attributes:
        place: of the value that changes, among all there are, as a fraction.
        value: to put there; MISSING takes it away.
    """

    place: float
    value: Any


MISSING = object()
CHANGES = st.lists(
    st.builds(Change, st.floats(0, 1, exclude_max=True), JUNK | st.just(MISSING)), min_size=1, max_size=2
)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each container within some JSON with each of its keys."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])


def changed(payload: Json, changes: list[Change]) -> Json:
    """Return an interaction with changes in it."""
    found = copy.deepcopy(payload)
    for change in changes:
        places = list(_places(found))
        container, key = places[int(change.place * len(places))]
        if change.value is MISSING:
            del container[key]
        else:
            container[key] = change.value
    return found


class Fuzzed:
    """A bot that is posted to, and all that fails meanwhile.

    Args:
        server: posts.
        generator: draws.
        faults: what the libraries log above INFO.
    """

    def __init__(self, server: DiscordServer, generator: GatedGenerator, faults: BufferingHandler) -> None:
        self._server = server
        self._generator = generator
        self._faults = faults

    async def post(self, sent: Json, payload: Json) -> None:
        """Post an interaction in which something has changed; Discord knows the one that it was."""
        endpoint, rest = self._server.endpoint, self._server.rest
        assert endpoint is not None
        kind = sent.get("type")
        known = payload | {"type": kind if kind in (COMMAND, COMPONENT, AUTOCOMPLETE) else payload["type"]}
        rest.remember(Question(known, asyncio.get_running_loop().time()))
        before = self._generator.drawn, len(rest.calls)
        body = json.dumps(sent).encode()
        with capture_logs() as lines:
            status, _ = await endpoint.post(body, endpoint.headers(body))
            await self._idle()
        assert status in REFUSED + TAKEN
        assert status in TAKEN or (self._generator.drawn, len(rest.calls)) == before
        assert not [line for line in lines if line["log_level"] not in ("debug", "info")]
        assert not [record.getMessage() for record in self._faults.buffer]

    async def _idle(self) -> None:
        """Wait until the bot is done with what was posted."""
        mine = asyncio.current_task()
        while working := [task for task in asyncio.all_tasks() if task is not mine and _is_of_discord(task)]:
            await asyncio.wait(working)


def _is_of_discord(task: "asyncio.Task[Any]") -> bool:
    return task.get_name().startswith(("CommandTree-invoker", "discord.py: on_"))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def fuzzed(catalog: Catalog) -> AsyncIterator[Fuzzed]:
    """One bot for all examples; a post that is not acknowledged at once fails."""
    generator, faults = GatedGenerator(), BufferingHandler(capacity=1000)
    generator.gate.set()
    reader = HandReader.of(catalog)
    assert reader is not None
    service, hands = serving(generator, queue=50), HandService(reader)
    with pytest.MonkeyPatch.context() as patch, _collecting(faults):
        patch.setattr(interactions, "ACKNOWLEDGE_AFTER_SECONDS", 3600)
        async with DiscordServer(over_http=True) as server, adapter_on(server, service, hands=hands):
            yield Fuzzed(server, generator, faults)
    await hands.close()
    await service.close()


@contextmanager
def _collecting(faults: BufferingHandler) -> Iterator[None]:
    faults.setLevel(logging.WARNING)
    logging.getLogger().addHandler(faults)
    yield
    logging.getLogger().removeHandler(faults)


@FUZZ
@given(st.sampled_from(DATA), st.sampled_from([GUILD, DM, GROUP]), CHANGES)
async def test_no_value_fails(fuzzed: Fuzzed, kind: tuple[int, Json], where: int, changes: list[Change]) -> None:
    """Whatever stands anywhere in a signed interaction, it is refused with 400 or answered, and the log is quiet."""
    payload = interaction(kind, where)
    await fuzzed.post(changed(payload, changes), payload)


@pytest.mark.parametrize("kind", DATA)
async def test_each_value_may_be_missing(fuzzed: Fuzzed, kind: tuple[int, Json]) -> None:
    """One after another, each value of an interaction is left out."""
    places = len(list(_places(interaction(kind, GUILD))))
    for place in range(places):
        payload = interaction(kind, GUILD)
        await fuzzed.post(changed(payload, [Change(place / places, MISSING)]), payload)
