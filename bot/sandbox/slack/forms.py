"""Forms as Slack's client fills them: what stands in a field, what is typed, what may not be empty."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from bot.sandbox.slack.reading import elements, options
from bot.sandbox.slack.world import Json, OpenView


class PleaseComplete(LookupError):
    """What was typed would not leave the client: a required field is empty, or a value does not fit."""


_STATELESS = {"button", "overflow", "feedback_buttons", "icon_button", "workflow_button"}


def initial_state(blocks: list[Json]) -> dict[str, Json]:
    """`state.values` as they are before anybody touches a field."""
    found: dict[str, Json] = {}
    for block_id, element in elements(blocks):
        if element["type"] not in _STATELESS:
            found.setdefault(block_id, {})[element["action_id"]] = _initial(element)
    return found


def state(opened: OpenView) -> Json:
    """`view.state` of an open view: the initial values, and what was typed over them."""
    values = initial_state(opened.view["blocks"])
    for block_id, actions in opened.values.items():
        for action_id, value in actions.items():
            if action_id in values.get(block_id, {}):
                values[block_id][action_id] = value
    return {"values": values}


def chosen(element: Json, option: Json) -> Json:
    """The value of a menu once this option is picked."""
    picked = {"text": option["text"], "value": option["value"]}
    key = _KEYS.get(element["type"], "selected_option")
    return {"type": element["type"], key: [picked] if key == "selected_options" else picked}


def fill(opened: OpenView, values: Mapping[str, Any]) -> None:
    """Type values into fields, known by block_id, label or action_id; LookupError if there is none."""
    for name, value in values.items():
        block_id, element = _field(opened, name)
        opened.values.setdefault(block_id, {})[element["action_id"]] = _typed(name, element, value)


def insist(opened: OpenView) -> None:
    """What the client checks before it sends: PleaseComplete with the sentence that it shows."""
    values = state(opened)["values"]
    for block in opened.view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            typed = values[block["block_id"]][element["action_id"]]
            content = next((typed[key] for key in typed if key != "type"), None)
            label = block["label"]["text"]
            if content in (None, "", []):
                if not block.get("optional"):
                    raise PleaseComplete(f"Please complete this required field: {label}.")
            else:
                _fits(label, element, content)


def _field(opened: OpenView, name: str) -> tuple[str, Json]:
    inputs = [block for block in opened.view["blocks"] if block["type"] == "input"]
    ways: tuple[Callable[[Json], str], ...] = (
        lambda block: block["block_id"],
        lambda block: block["label"]["text"],
        lambda block: block["element"]["action_id"],
    )
    for way in ways:
        for block in inputs:
            if way(block) == name:
                return block["block_id"], block["element"]
    for block_id, element in elements(opened.view["blocks"]):
        if name in (block_id, element.get("action_id")) and element["type"] != "button":
            return block_id, element
    raise LookupError(f"There is no field {name!r} in {opened.view['title']['text']!r}.")


_KEYS = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
}


def _initial(element: Json) -> Json:
    key = _KEYS.get(element["type"], "selected_option")
    value = element.get(key.replace("selected_", "initial_") if "selected" in key else "initial_value")
    if value is None and (key.endswith("s") or element["type"] == "checkboxes"):
        value = []
    return {"type": element["type"], key: value}


def _typed(name: str, element: Json, value: Any) -> Json:
    kind = element["type"]
    key = _KEYS.get(kind, "selected_option")
    if value is None or value == "":
        return {"type": kind, key: [] if key.endswith("s") else None}
    if key == "selected_options":
        wanted = [value] if isinstance(value, str) else list(value)
        return {"type": kind, key: [_pick(name, element, each) for each in wanted]}
    if key == "selected_option":
        return {"type": kind, key: _pick(name, element, value)}
    if kind in _TIMES:
        try:
            return {"type": kind, key: _TIMES[kind](str(value))}
        except ValueError:
            raise LookupError(f"{name!r} takes no {value!r}.") from None
    if key.endswith("s"):
        return {"type": kind, key: [value] if isinstance(value, str) else list(value)}
    return {"type": kind, key: str(value)}


def _moment(value: str) -> int:
    return int(value) if value.isdigit() else int(datetime.datetime.fromisoformat(value).timestamp())


_TIMES: dict[str, Callable[[str], Any]] = {
    "datetimepicker": _moment,
    "datepicker": lambda value: datetime.date.fromisoformat(value).isoformat(),
    "timepicker": lambda value: datetime.time.fromisoformat(value).strftime("%H:%M"),
}


def _pick(name: str, element: Json, wanted: Any) -> Json:
    offered = options(element)
    for option in [each for each in offered if each["value"] == wanted] + offered:
        if wanted in (option["value"], option["text"]["text"]):
            return {"text": option["text"], "value": option["value"]}
    labels = ", ".join(option["text"]["text"] for option in offered)
    raise LookupError(f"{name!r} offers no {wanted!r}, only: {labels}.")


def _fits(label: str, element: Json, content: Any) -> None:
    """Length and number rules of typed fields; a text is never longer than 3,000 characters."""
    if element["type"] == "plain_text_input":
        least, most = element.get("min_length", 0), element.get("max_length", 3000)
        if not least <= len(content) <= most:
            raise PleaseComplete(f"{label}: between {least} and {most} characters, please.")
    if element["type"] == "number_input":
        try:
            number = float(content)
        except ValueError:
            raise PleaseComplete(f"{label}: please enter a number.") from None
        whole = element.get("is_decimal_allowed") or number == int(number)
        least, most = float(element.get("min_value", "-inf")), float(element.get("max_value", "inf"))
        if not whole or not least <= number <= most:
            raise PleaseComplete(f"{label}: please enter a number that is allowed here.")
    if element["type"] == "email_text_input" and "@" not in content:
        raise PleaseComplete(f"{label}: please enter an e-mail address.")
    most_items = element.get("max_selected_items")
    if most_items and isinstance(content, list) and len(content) > most_items:
        raise PleaseComplete(f"{label}: {most_items} at most, please.")
