"""Buttons, menus and lists to pick from, as Slack's action blocks; each carries its command in its value."""

import json
from collections.abc import Iterable
from typing import Any, TypeAlias

import orjson

from adapters.slack.text import label, units
from core.cards import Button, Choose, Menu, Params

Json: TypeAlias = dict[str, Any]

ROW = 5  # buttons side by side; more than that wraps badly on a phone
BUTTON_VALUE = 2000
OPTION_VALUE = 150
MENU = 100
TOO_LARGE = '{"c":""}'


def plain_text(text: str) -> Json:
    """A `plain_text` object; the caller has cleaned and shortened the text."""
    return {"type": "plain_text", "text": text, "emoji": False}


def packed(does: Params) -> str:
    """A command and its parameters as a button's value: `{"c": command, "a": parameters}`."""
    return compact({"c": does.command, "a": does.packed()})


def compact(value: Json) -> str:
    """JSON without spaces; a lone surrogate, which no UTF-8 holds, becomes a question mark."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        loose = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return loose.encode("utf-8", "replace").decode()


def _confirm(button: Button) -> Json:
    return {
        "title": plain_text("Are you sure?"),
        "text": plain_text(label(button.confirm, 300, "Are you sure?")),
        "confirm": plain_text(label(button.label, 30, "Yes")),
        "deny": plain_text("Cancel"),
        **({"style": "danger"} if button.style == "danger" else {}),
    }


def _button(button: Button, action_id: str) -> Json:
    value = packed(button.does)
    drawn: Json = {
        "type": "button",
        "action_id": action_id,
        "text": plain_text(label(button.label, 75, "Open")),
        "value": value if units(value) <= BUTTON_VALUE else TOO_LARGE,
    }
    if button.style != "plain":
        drawn["style"] = button.style
    if button.confirm:
        drawn["confirm"] = _confirm(button)
    return drawn


def rows(buttons: Iterable[Button], name: str) -> list[Json]:
    """Buttons in rows that a phone shows well; `name` makes their action ids unique in the card."""
    numbered = [_button(button, f"{name}.{at}") for at, button in enumerate(buttons)]
    return [{"type": "actions", "elements": list(row)} for row in batched_rows(numbered)]


def batched_rows(drawn: list[Json], size: int = ROW) -> list[list[Json]]:
    """The elements of action blocks, `size` in each."""
    return [drawn[at : at + size] for at in range(0, len(drawn), size)]


def menu(block: Menu, name: str) -> list[Json]:
    """A select where Slack can carry every option's command in its 150 characters, else plain buttons."""
    fits = all(not option.confirm and units(packed(option.does)) <= OPTION_VALUE for option in block.options)
    if not fits or len({packed(option.does) for option in block.options}) < len(block.options):
        return rows(block.options, name)
    drawn = []
    for at in range(0, len(block.options), MENU):
        options = [
            {"text": plain_text(label(option.label, 75, "Open")), "value": packed(option.does)}
            for option in block.options[at : at + MENU]
        ]
        placeholder = plain_text(label(block.label, 150, "More"))
        select = {
            "type": "static_select",
            "action_id": f"{name}.{at}",
            "placeholder": placeholder,
            "options": options,
        }
        drawn.append({"type": "actions", "elements": [select]})
    return drawn


def choose(block: Choose, name: str) -> list[Json]:
    """Selects that run the command as soon as an option is picked."""
    drawn = []
    for at in range(0, len(block.options), MENU):
        options = []
        for option in block.options[at : at + MENU]:
            value = compact({"c": block.does.command, "a": {**block.does.packed(), block.name: option.value}})
            text = plain_text(label(option.label, 75, "–"))
            options.append({"text": text, "value": value if units(value) <= OPTION_VALUE else TOO_LARGE})
        placeholder = plain_text(label(block.label, 150, "Choose"))
        select = {"type": "static_select", "action_id": f"{name}.{at}", "placeholder": placeholder, "options": options}
        drawn.append({"type": "actions", "elements": [select]})
    return drawn
