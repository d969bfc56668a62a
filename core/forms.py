"""A command's form, filled with what was understood, and its one line of usage; both from its declaration."""

import dataclasses
import datetime
import enum
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from core.cards import Block, Form, Input, InputKind
from core.commands import Command, Context, Param, params_of
from core.errors import Refused
from core.texts import clean, first_line, matching, one_line
from core.times import reads_as_moment
from core.values import Choices, Reading, is_empty, options_of, read_value

_NONE: Mapping[str, str] = {}
_INPUTS: Mapping[str, InputKind] = {"ref": "line", "lines": "text", "sheet": "text"}
_TAIL_WORDS = 8  # no moment has more
_MOST_LINES = 3000  # characters of several lines together, which both tools take


def form(
    command: Command[Any],
    raw: Mapping[str, Any],
    *,
    zone: ZoneInfo,
    now: datetime.datetime,
    choices: Choices,
    problems: Mapping[str, str] = _NONE,
    intro: tuple[Block, ...] = (),
) -> Form:
    """The form of a command, filled from `raw` (typed, prefilled or sent before) and else with the defaults.

    What a picker cannot show is left out, and so is an optional one with nothing to choose from; text stays as it was
    written, even if it is too long. Hidden parameters travel in `fixed`, as far as they are declared and legible.
    Never raises.
    """
    reading = Reading(zone, now, choices)
    declared = params_of(command.params)
    fixed = {}
    for name, param in declared.items():
        if param.hidden and not is_empty(raw.get(name)):
            value = _understood(command, name, raw[name], reading)
            if value is not None:
                fixed[name] = _json(value)
    shown = [name for name, param in declared.items() if not param.hidden and param.kind != "sheet"]
    drawn = (_input(command, name, raw, reading) for name in shown)
    inputs = tuple(each for each in drawn if each.options or each.required or each.kind not in ("choice", "choices"))
    return Form(
        title=command.title,
        command=command.name,
        inputs=inputs,
        fixed=fixed,
        submit=command.submit,
        intro=intro,
        problems={each.name: problems[each.name] for each in inputs if problems.get(each.name)},
    )


async def from_message(_context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """How a form that began with a message is filled: the message is the detail, and its first line the title."""
    detail = given.get("detail")
    return {"title": first_line(detail)} if isinstance(detail, str) else {}


def with_tail(command: Command[Any], raw: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, with the moment at the end of its free text where the form asks for one (`Param.tail`).

    "Board meeting next Tue 2pm" is a title and a beginning; a form shows both, so nobody is bound by the guess.
    """
    declared = params_of(command.params)
    free = next((name for name, param in declared.items() if param.free), "")
    wanted = next((name for name, param in declared.items() if param.tail and is_empty(raw.get(name))), "")
    words = raw[free].split() if wanted and isinstance(raw.get(free), str) else []
    for at in range(max(0, len(words) - _TAIL_WORDS), len(words)):
        if reads_as_moment(" ".join(words[at:])):
            return {**raw, free: " ".join(words[:at]).rstrip(",;:-–— "), wanted: " ".join(words[at:])}
    return dict(raw)


def usage(command: Command[Any]) -> str:
    """How the command is typed, such as `agree <title> [closes:…] [#theme]`; empty if only buttons do it."""
    if not command.word:
        return ""
    parts = [command.word]
    shown = [(name, param) for name, param in params_of(command.params).items() if not param.hidden]
    for name, param in sorted(shown, key=lambda each: not each[1].free):
        said = name.replace("_", "-")
        if param.kind == "lines" and param.free:
            parts.append(f"| <{said[:-1]}> | <{said[:-1]}>")
            continue
        if param.free:
            parts.append(f"<{said}>" if param.required else f"[{said}]")
            continue
        one = said[:-1] if param.kind == "choices" and said.endswith("s") else said
        part = f"{param.mark}{one}" if param.mark else f"{said}:…"
        parts.append(part if param.required else f"[{part}]")
    return " ".join(parts)


def gathered(command: Command[Any], raw: Mapping[str, Any], inputs: Sequence[Input]) -> dict[str, Any]:
    """The raw values with what was filled into a sheet's inputs as the value of its parameter."""
    sheet = next(name for name, param in params_of(command.params).items() if param.kind == "sheet")
    filled = tuple((each.name, raw[each.name]) for each in inputs if not is_empty(raw.get(each.name)))
    return {**raw, sheet: filled} if filled else dict(raw)


def with_sheet(
    asked: Form, inputs: Sequence[Input], raw: Mapping[str, Any], problems: Mapping[str, str], *, below: bool = False
) -> Form:
    """The form with a sheet's inputs above or below its own, filled with what was sent before; what was wrong there."""
    kept = [_sent_before(each, raw.get(each.name)) for each in inputs]
    wrong = {each.name: problems[each.name] for each in inputs if problems.get(each.name)}
    every = (*asked.inputs, *kept) if below else (*kept, *asked.inputs)
    return dataclasses.replace(asked, inputs=every, problems={**wrong, **asked.problems})


def _sent_before(each: Input, sent: Any) -> Input:
    if each.kind in ("choice", "choices"):
        there = {option.value for option in each.options}
        values = tuple(value for value in ([sent] if isinstance(sent, str) else sent or ()) if value in there)
        if sent is None:
            return each
        return dataclasses.replace(each, value=values if each.kind == "choices" else next(iter(values), ""))
    return dataclasses.replace(each, value=sent) if isinstance(sent, str) else each


def _input(command: Command[Any], name: str, raw: Mapping[str, Any], reading: Reading) -> Input:
    param = params_of(command.params)[name]
    kind: InputKind = _INPUTS.get(param.kind) or param.kind  # type: ignore[assignment]  # the others are the same
    return Input(
        name=name,
        label=param.label,
        kind=kind,
        value=_filled(command, name, raw, reading),
        options=options_of(param, name, reading.choices) if kind in ("choice", "choices") else (),
        required=param.required,
        hint=param.help,
        max_length=_MOST_LINES if param.kind == "lines" else param.max_length,
    )


def _filled(command: Command[Any], name: str, raw: Mapping[str, Any], reading: Reading) -> str | tuple[str, ...]:
    """What stands in the field: the value, else text as it was typed; untouched, the default."""
    param = params_of(command.params)[name]
    given = raw.get(name)
    if is_empty(given):
        default = next(each.default for each in dataclasses.fields(command.params) if each.name == name)
        cleared = name in raw and given is not None
        # The default of a required one is for the buttons that open its form, and means nothing to a person.
        nothing = cleared or param.required or default is dataclasses.MISSING
        return _field(param, None if nothing else default, reading.zone)
    value = _understood(command, name, given, reading)
    if value is not None:
        return _field(param, value, reading.zone)
    if param.kind == "lines" and isinstance(given, (list, tuple)):
        given = "\n".join(one_line(each) for each in given if isinstance(each, str))
    if param.kind in ("line", "text", "lines") and isinstance(given, str):
        return one_line(given) if param.kind == "line" else clean(given)
    if param.kind == "choices":
        options = options_of(param, name, reading.choices)
        said = given.split(",") if isinstance(given, str) else given if isinstance(given, (list, tuple)) else ()
        found = (matching(each.strip(), options) for each in said if isinstance(each, str))
        return tuple(dict.fromkeys(option.value for option in found if option))
    return ""


def _understood(command: Command[Any], name: str, given: Any, reading: Reading) -> Any:
    """The value before its parameter's check, because a check may make of it what no field can show."""
    param = params_of(command.params)[name]
    try:
        value = read_value(command.params, name, given, reading, checked=False)
    except Refused:
        return None
    return value if param.hidden or not is_empty(value) else None


def _field(param: Param, value: Any, zone: ZoneInfo) -> str | tuple[str, ...]:
    """A value in the shape of `Input.value`."""
    if param.kind == "choices":
        return tuple(str(_json(each)) for each in value or ())
    if value is None:
        return ""
    if param.kind == "lines":
        return "\n".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.datetime):
        return value.astimezone(zone).isoformat()
    return str(_json(value))


def _json(value: Any) -> Any:
    """A value as a JSON scalar or a list of them."""
    if isinstance(value, (list, tuple)):
        return [_json(each) for each in value]
    if isinstance(value, enum.Enum):
        return value.value
    return value.isoformat() if isinstance(value, datetime.date) else value
