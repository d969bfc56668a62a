"""What a button or a form carries inside a card, and how it is read again.

Everything of ours stands under one key, so that inputs (whose ids Teams puts beside it) never collide:
`{"folkmoot": {"c": command, "a": args, "i": {input: kind}}}`. All of it comes back from a client and is
believed no more than typed text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, unquote

from adapters.teams.reading import mapping, text
from adapters.teams.text import clean
from core.cards import Form, Input, Params

KEY: Final = "folkmoot"
CANCEL: Final = "folkmoot.cancel"
_UNSAFE: Final = re.compile("[%,\x00-\x20\x7f-\xa0\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
_TAKEN: Final = frozenset({KEY, "msteams"})


@dataclass(frozen=True, slots=True)
class Pressed:
    """A command as a card carried it; `form` tells that people filled something in."""

    command: str
    args: dict[str, Any]
    form: bool = False


def of_params(does: Params) -> dict[str, Any]:
    """The data of a button."""
    return {KEY: {"c": does.command, "a": does.packed()}}


def of_form(form: Form) -> dict[str, Any]:
    """The data of a form's submit action: its inputs' kinds go along, to read the values by."""
    kinds = {each.name: each.kind for each in form.inputs}
    return {KEY: {"c": form.command, "a": dict(form.fixed), "i": kinds}}


def of_cancel() -> dict[str, Any]:
    """The data of a form's cancel action, which never leaves the adapter."""
    return {KEY: {"c": CANCEL}}


def input_id(name: str) -> str:
    """The id of an input in a card: its name, unless Teams or we ourselves need that key."""
    return f"{name}__" if name in _TAKEN else name


def option_value(value: str) -> str:
    """A value that survives Teams joining several by commas, and holds nothing unseen."""
    return _UNSAFE.sub(lambda found: quote(found[0], safe="", errors="replace"), value)


def _option_back(value: str) -> str:
    return unquote(value, errors="replace")


def initial(each: Input) -> str:
    """The value of an input as Adaptive Cards want it: chosen options joined by commas."""
    if each.kind in ("choice", "choices"):
        values = (each.value,) if isinstance(each.value, str) else each.value
        return ",".join(option_value(value) for value in values if value)
    return each.value if isinstance(each.value, str) else ""


def read(data: Any) -> Pressed | None:
    """What was pressed or filled in, or None when this is nothing of ours."""
    ours = mapping(data, KEY)
    command = text(ours, "c")
    if not command or len(command) > 100:
        return None
    args = dict(mapping(ours, "a"))
    if "i" not in ours:
        return Pressed(command, args)
    for name, kind in mapping(ours, "i").items():
        args[name] = _value(mapping(data), name, kind)
    return Pressed(command, args, form=True)


def _value(data: Mapping[str, Any], name: str, kind: Any) -> str | list[str]:
    key = input_id(name)
    if kind == "moment":
        date, time = _plain(data.get(f"{key}__date")), _plain(data.get(f"{key}__time"))
        return f"{date}T{time}" if date and time else date or time
    if kind in ("choice", "choices"):
        chosen = [_option_back(each) for each in text(data, key).split(",") if each]
        return chosen if kind == "choices" else next(iter(chosen), "")
    value = _plain(data.get(key))
    if kind == "toggle":
        return "yes" if value == "yes" else "no"
    return value


def _plain(value: Any) -> str:
    """A field's value as text: Teams gives numbers as numbers, and leaves out what is empty."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return clean(value).strip() if isinstance(value, str) else ""
