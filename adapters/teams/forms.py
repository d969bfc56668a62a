"""A form as an Adaptive Card: inside a dialog, or standing in the conversation where there are none."""

import dataclasses
import datetime
import re
from collections.abc import Mapping
from typing import Any, Final

from adapters.teams import buttons, payload
from adapters.teams.buttons import Where
from adapters.teams.elements import Json, heading, rich, root
from adapters.teams.render import elements
from adapters.teams.text import clean, cut
from core.cards import Bold, Form, Input

LONGEST_TEXT: Final = 10_000
MOST_OPTIONS: Final = 500
_MOMENT: Final = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)")


def render_form(form: Form, *, where: Where = "chat", cancel: bool = False) -> Json:
    """The form as a card; a dialog shows its title itself. `cancel` adds a way back to the former card."""
    body = [] if where == "dialog" else [heading(form.title, "Large")]
    for block in form.intro:
        body.extend(elements(block, where=where))
    inputs = {each.name for each in form.inputs}
    general = [sentence for name, sentence in form.problems.items() if sentence and name not in inputs]
    body.extend(rich((sentence,), "bad") for sentence in general)
    for each in form.inputs:
        body.extend(_field(each, form.problems.get(each.name, "")))
    card = root(body, form.title)
    card["actions"] = _actions(form, where, cancel)
    return card


def task(form: Form) -> Json:
    """The form as what a dialog shows (a task module's `continue` answer)."""
    return dialog(form.title, render_form(form, where="dialog"))


def dialog(title: str, card: Json) -> Json:
    """Any card as what a dialog shows; the sizes are names that every client knows."""
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    value = {
        "title": cut(" ".join(clean(title).split()), 64),
        "width": "medium",
        "height": "medium",
        "card": attachment,
    }
    return {"task": {"type": "continue", "value": value}}


def with_values(form: Form, sent: Mapping[str, Any]) -> Form:
    """The same form with what was just filled in, wherever it does not carry a value already."""
    return dataclasses.replace(form, inputs=tuple(_kept(each, sent.get(each.name)) for each in form.inputs))


def _kept(each: Input, sent: Any) -> Input:
    if each.value or not sent:
        return each
    if isinstance(sent, list):
        return dataclasses.replace(each, value=tuple(str(value) for value in sent))
    return dataclasses.replace(each, value=sent) if isinstance(sent, str) else each


def _actions(form: Form, where: Where, cancel: bool) -> list[Json]:
    data = payload.of_form(form)
    if where == "dialog":
        return [buttons.submit(form.submit, data, "primary")]
    made = [buttons.execute(form.submit, form.command, data, "primary")]
    if cancel:
        # Without this, required fields would have to be filled in to leave the form.
        made.append(buttons.execute("Cancel", payload.CANCEL, payload.of_cancel(), associatedInputs="none"))
    return made


def _field(each: Input, problem: str) -> list[Json]:
    """The field, its hint, and what is wrong with it: Teams can't mark a field from our side, so words do."""
    made = _moment(each) if each.kind == "moment" else [_input(each)]
    if each.hint:
        made.append(rich((each.hint,), "subtle", longest=300, spacing="None"))
    if problem:
        made.append(rich((problem,), "bad", longest=300, spacing="None"))
    return made


def _input(each: Input) -> Json:
    name = payload.input_id(each.name)
    label = cut(clean(each.label).strip(), 200) or each.name
    base: Json = {"id": name, "label": label, "isRequired": each.required}
    if each.required:
        base["errorMessage"] = "Please fill this in."
    value = clean(payload.initial(each))
    match each.kind:
        case "line" | "text":
            most = min(each.max_length, LONGEST_TEXT)
            made = {"type": "Input.Text", "maxLength": most, **base}
            if each.kind == "text":
                made["isMultiline"] = True
        case "choice" | "choices":
            made = {"type": "Input.ChoiceSet", "style": "compact", "choices": _choices(each), **base}
            if each.kind == "choices":
                made["isMultiSelect"] = True
        case "number":
            made = {"type": "Input.Number", "min": 0, **base}
            return {**made, "value": int(value)} if value.isdecimal() and len(value) < 16 else made
        case "date" | "moment":
            made = {"type": "Input.Date", **base}
            value = value if _is_date(value) else ""
        case "toggle":
            # A required toggle would have to be on; here no is an answer too.
            made = {"type": "Input.Toggle", "id": name, "title": label, "valueOn": "yes", "valueOff": "no"}
            value = "yes" if value == "yes" else "no"
    return {**made, "value": value} if value else made


def _choices(each: Input) -> list[Json]:
    return [
        {
            "title": cut(clean(option.label).replace("](", "] ("), 200),
            "value": payload.option_value(option.value),
        }
        for option in each.options[:MOST_OPTIONS]
    ]


def _moment(each: Input) -> list[Json]:
    """A day and a time side by side under one label; the wall time as it is given, whatever its offset."""
    name = payload.input_id(each.name)
    found = _MOMENT.match(each.value) if isinstance(each.value, str) else None
    day: Json = {"type": "Input.Date", "id": f"{name}__date", "label": "Day", "isRequired": each.required}
    if each.required:
        day["errorMessage"] = "Please choose a day."
    time: Json = {"type": "Input.Time", "id": f"{name}__time", "label": "Time"}
    if found and _is_date(found[1]):
        day["value"], time["value"] = found[1], found[2]
    elif isinstance(each.value, str) and _is_date(each.value):
        day["value"] = each.value
    pair = [{"type": "Column", "width": "stretch", "items": [part]} for part in (day, time)]
    return [
        rich((Bold(each.label),), longest=200),
        {"type": "ColumnSet", "columns": pair, "spacing": "Small"},
    ]


def _is_date(value: str) -> bool:
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return False
    return len(value) == 10
