"""What Discord refuses: the limits on commands and messages that a bot of ours could run into."""

import re
from typing import Any

from tests.fakes.discord_payloads import EPHEMERAL, LIMIT, Json

NAME = re.compile(r"[-_'\w]{1,32}")
STRING, INTEGER = 3, 4
SLASH = 1
BUTTON, SELECT, ROW = 2, 3, 1
SUPPRESS = 4 | 4096 | EPHEMERAL
"""Flags that an answer to an interaction may carry."""


class Refusal(Exception):
    """Discord's answer to something that it does not take."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {"code": code, "message": message}


def _demand(fits: object, reason: str) -> None:
    if not fits:
        raise Refusal(400, 50035, f"Invalid Form Body: {reason}")


def check_commands(commands: list[Json]) -> None:
    """Refuse a bulk PUT that Discord would refuse."""
    _demand(len(commands) <= 100, "at most 100 commands")
    names = [command["name"] for command in commands]
    _demand(len(set(names)) == len(names), "names are unique")
    for command in commands:
        if command.get("type", SLASH) == SLASH:
            _check_named(command)
        else:
            _demand(1 <= len(command["name"]) <= 32, "name in a menu")
            _demand(not command.get("description") and not command.get("options"), "a menu has names alone")
        _demand(set(command.get("contexts") or []) <= {0, 1, 2}, "contexts")
        _demand(set(command.get("integration_types") or []) <= {0, 1}, "integration_types")
        required = [bool(option.get("required")) for option in command.get("options", [])]
        _demand(required == sorted(required, reverse=True), "required options come first")
        _demand(len(required) <= 25, "at most 25 options")
        for option in command.get("options", []):
            _check_option(option)


def _check_named(thing: Json) -> None:
    _demand(NAME.fullmatch(thing["name"]) and thing["name"] == thing["name"].lower(), f"name {thing['name']}")
    _demand(1 <= len(thing["description"]) <= 100, f"description of {thing['name']}")


def _check_option(option: Json) -> None:
    _check_named(option)
    choices = option.get("choices", [])
    _demand(not (choices and option.get("autocomplete")), "choices or autocomplete")
    check_choices(choices)
    for bound in ("min_value", "max_value"):
        _demand(option["type"] == INTEGER or bound not in option, f"{bound} is for numbers")
        _demand(abs(option.get(bound, 0)) <= 2**53, bound)
    for bound, least in (("min_length", 0), ("max_length", 1)):
        _demand(option["type"] == STRING or bound not in option, f"{bound} is for texts")
        _demand(least <= option.get(bound, 1) <= 6000, bound)


def check_choices(choices: list[Json]) -> None:
    """Refuse an autocomplete, or the choices of an option, that Discord would refuse."""
    _demand(len(choices) <= 25, "at most 25 choices")
    for part in ("name", "value"):
        _demand(all(1 <= len(str(choice[part])) <= 100 for choice in choices), f"{part} of a choice")


def check_message(data: Json, files: dict[int, bytes]) -> None:
    """Refuse a message that Discord would refuse; `files` are those uploaded along, by their index."""
    if not (data.get("content") or data.get("attachments") or data.get("embeds")):
        raise Refusal(400, 50006, "Cannot send an empty message")
    _demand(len(data.get("content") or "") <= 2000, "content of at most 2000")
    _demand(data.get("flags", 0) | SUPPRESS == SUPPRESS, "flags")
    _demand(data.get("allowed_mentions") == {"parse": []}, "this bot mentions nobody")
    attachments = data.get("attachments", [])
    _demand({attachment["id"] for attachment in attachments} == set(files), "each attachment is uploaded")
    _demand(len(attachments) <= 10, "at most 10 attachments")
    _demand(all(len(attachment.get("description") or "") <= 1024 for attachment in attachments), "description")
    if any(len(content) > LIMIT for content in files.values()):
        raise Refusal(413, 40005, "Request entity too large")
    _check_components(data.get("components", []))


def _check_components(rows: list[Json]) -> None:
    _demand(len(rows) <= 5, "at most 5 rows")
    ids: list[str] = []
    for row in rows:
        _demand(row["type"] == ROW, "rows at the top")
        kinds = [component["type"] for component in row["components"]]
        _demand(kinds == [SELECT] or kinds == [BUTTON] * len(kinds), "one list, or buttons")
        _demand(1 <= len(kinds) <= 5, "at most 5 buttons a row")
        for component in row["components"]:
            ids.append(component["custom_id"])
            (_check_select if component["type"] == SELECT else _check_button)(component)
    _demand(len(set(ids)) == len(ids), "custom_ids are unique")
    _demand(all(1 <= len(id_) <= 100 for id_ in ids), "custom_id of 1 to 100")


def _check_button(button: Json) -> None:
    _demand(button["style"] in (1, 2, 3, 4), "style")
    _demand(len(button.get("label") or "") <= 80 and (button.get("label") or button.get("emoji")), "label")


def _check_select(select: Json) -> None:
    options: list[Any] = select["options"]
    _demand(1 <= len(options) <= 25, "1 to 25 options")
    _demand(len({option["value"] for option in options}) == len(options), "values are unique")
    _demand(all(1 <= len(option["label"]) <= 100 for option in options), "label of an option")
    _demand(len(select.get("placeholder") or "") <= 150, "placeholder")
