"""Untrusted arguments become a command's parameters: the one door for lines, forms and buttons."""

import dataclasses
import datetime
import enum
import functools
import re
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from core.cards import Option, Params
from core.commands import Param, params_of
from core.errors import Incomplete, Refused
from core.texts import alike, clean, either, matching, one_line, quoted
from core.times import read_date, read_moment

LARGEST_NUMBER = 1_000_000
_LARGEST_KEY = 2**63 - 1  # what a BIGINT column holds
_MOST_CHOSEN = 100
LONGEST_LINES = 10_000  # characters of several lines together
_BULLET = re.compile(r"^(?:[-–*•]|\d{1,2}[.)])\s+")
_YES = frozenset({"yes", "y", "yeah", "yep", "true", "on", "1", "ja", "x", "✓", "✔"})
_NO = frozenset({"no", "n", "nope", "false", "off", "0", "nein"})

Choices = Mapping[str, Sequence[Option]]
P = TypeVar("P", bound=Params)


@dataclass(frozen=True, slots=True)
class Reading:
    """What values are read by: the partnership's zone, the present moment, and its options by field."""

    zone: ZoneInfo
    now: datetime.datetime
    choices: Choices


def read(
    params: type[P],
    raw: Mapping[str, Any],
    *,
    zone: ZoneInfo,
    now: datetime.datetime,
    choices: Choices,
    insist: bool = False,
) -> P:
    """Build the parameters from untrusted values: typed text, a form's strings, or a button's JSON.

    Keys that are not declared are ignored. A parameter that is left out has its default; one that is
    empty too, unless it is `required`. With `insist`, a required one must be there even if it has a default.
    Raises `Incomplete` with every problem at once, and nothing else, whatever `raw` holds.
    """
    reading, values, problems = Reading(zone, now, choices), {}, {}
    for name, (param, _, default) in _declared(params).items():  # type: ignore[arg-type]  # classes are hashable
        given = raw.get(name)
        if is_empty(given):
            needed = default is dataclasses.MISSING or (param.required and (insist or name in raw))
            if needed:
                problems[name] = ""
            continue
        try:
            values[name] = read_value(params, name, given, reading)
        except Refused as refusal:
            problems[name] = refusal.sentence
    if problems:
        raise Incomplete(problems)
    return params(**values)


def is_empty(given: Any) -> bool:
    """Whether nothing was said: absent, blank, or a list of nothing."""
    if isinstance(given, str):
        return not given.strip()
    return given is None or (isinstance(given, (list, tuple)) and all(each is None or each == "" for each in given))


def read_value(params: type[Params], name: str, given: Any, reading: Reading, *, checked: bool = True) -> Any:
    """One value that is not empty, as its parameter declares it. Raises `Refused` with the sentence to show.

    Unless `checked`, it is the value before the parameter's own check.
    """
    param, wanted, _ = _declared(params)[name]  # type: ignore[arg-type]  # classes are hashable
    value = _by_kind(param, name, given, wanted, reading)
    if checked and param.check is not None:
        try:
            value = tuple(map(param.check, value)) if isinstance(value, tuple) else param.check(value)
        except ValueError:
            raise _unfit(param) from None
    return value


def options_of(param: Param, name: str, choices: Choices) -> tuple[Option, ...]:
    """What there is to choose: the partnership's own options where given, else the declared ones."""
    return tuple(choices.get(name) or param.choices)


def _by_kind(  # noqa: PLR0911 - a case for each
    param: Param, name: str, given: Any, wanted: Any, reading: Reading
) -> Any:
    match param.kind:
        case "line" | "text":
            return _text(param, given)
        case "lines":
            return _lines(param, given)
        case "sheet":
            return _sheet(param, given)
        case "choice":
            return _shaped(param, _choice(param, given, options_of(param, name, reading.choices)), wanted)
        case "choices":
            options = options_of(param, name, reading.choices)
            return tuple(_shaped(param, each, wanted) for each in _several(param, given, options))
        case "moment":
            if isinstance(given, datetime.datetime) and given.tzinfo:
                given = given.isoformat()
            said = _said(param, given)
            return read_moment(said, reading.zone, reading.now, past=param.past or param.hidden)
        case "date":
            said = given.isoformat() if isinstance(given, datetime.date) else _said(param, given)
            return read_date(said, reading.zone, reading.now, past=param.past or param.hidden)
        case "number":
            return _number(param, given)
        case "toggle":
            return _toggle(param, given)
        case "ref":
            return _ref(param, given, wanted)
        case _:
            typing.assert_never(param.kind)


def _unfit(param: Param) -> Refused:
    return Refused(f"{param.label} could not be read; please fill it in again.")


def _said(param: Param, given: Any) -> str:
    if not isinstance(given, str):
        raise _unfit(param)
    return str(given)


def _text(param: Param, given: Any) -> str:
    said = _said(param, given)
    said = clean(said) if param.kind == "text" else one_line(said)
    if not any(char.isprintable() and not char.isspace() for char in said):  # joiners and fillers alone say nothing
        raise Refused(f"{param.label} holds nothing that can be read; please write a few words.")
    if len(said) > param.max_length:
        raise Refused(f"{param.label} is {len(said):,} characters long; please keep it to {param.max_length:,}.")
    return said


def _lines(param: Param, given: Any) -> tuple[str, ...]:
    """The lines that say something, without bullets; one line may be divided by `|` instead."""
    if isinstance(given, str):
        text = clean(given[:LONGEST_LINES])
        given = text.split("\n") if "\n" in text else text.split("|")
    if not isinstance(given, (list, tuple)) or not all(isinstance(each, str) for each in given):
        raise _unfit(param)
    found = tuple(line for each in given if (line := _BULLET.sub("", one_line(each))))
    for line in found:
        if len(line) > param.max_length:
            raise Refused(f"{quoted(line)} is {len(line):,} characters long; please keep each to {param.max_length:,}.")
    if not found:
        raise _unfit(param)
    return found


def _sheet(param: Param, given: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Pairs of an input's name and what was filled in there."""
    if not isinstance(given, (list, tuple)) or len(given) > _MOST_CHOSEN:
        raise _unfit(param)
    pairs = []
    for pair in given:
        if not isinstance(pair, (list, tuple)) or len(pair) != 2 or not isinstance(pair[0], str):
            raise _unfit(param)
        values = pair[1] if isinstance(pair[1], (list, tuple)) else (pair[1],)
        if not all(isinstance(each, str) for each in values):
            raise _unfit(param)
        pairs.append((pair[0], tuple(clean(each[:LONGEST_LINES]) for each in values[:_MOST_CHOSEN])))
    return tuple(pairs)


def _choice(param: Param, given: Any, options: Sequence[Option]) -> str:
    if isinstance(given, int) and not isinstance(given, bool):
        given = str(given)
    said = _said(param, given)
    if not options:
        raise Refused(f"There is nothing to choose for {param.label} yet.")
    found = matching(said.strip(), options)
    if found is None:
        meant = alike(said, options)
        if len(meant) == 1:
            raise Refused(f"{quoted(said)} is not clear for {param.label}. Did you mean {meant[0].label}?")
        labels = either([option.label for option in meant or options])
        raise Refused(f"{quoted(said)} is not clear for {param.label}. Please choose {labels}.")
    return found.value


def _several(param: Param, given: Any, options: Sequence[Option]) -> list[str]:
    if isinstance(given, str) and (len(given) > _MOST_CHOSEN * 100 or matching(given.strip(), options) is None):
        given = given.replace(";", ",").replace("\n", ",").split(",")
    items = list(given) if isinstance(given, (list, tuple)) else [given]
    items = [item for item in items if not is_empty(item)]
    if len(items) > _MOST_CHOSEN:
        raise Refused(f"{len(items):,} are too many for {param.label}; please choose {_MOST_CHOSEN} or fewer.")
    if not items:
        raise _unfit(param)
    return list(dict.fromkeys(_choice(param, item, options) for item in items))


def _number(param: Param, given: Any) -> int:
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    if isinstance(given, str):
        digits = given.strip().replace(",", "").replace(" ", "")
        given = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else None
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= LARGEST_NUMBER:
        raise Refused(f"{param.label} must be a whole number from 0 to {LARGEST_NUMBER:,}.")
    return int(given)


def _toggle(param: Param, given: Any) -> bool:
    if isinstance(given, (bool, int)) and given in (0, 1):
        return bool(given)
    word = given.strip().strip(".!").casefold() if isinstance(given, str) else ""
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Refused(f"{param.label} is either yes or no.")


def _ref(param: Param, given: Any, wanted: Any) -> Any:
    if isinstance(given, bool) or not isinstance(given, (int, str)):
        raise _unfit(param)
    if wanted is not int:
        return _text(param, str(given) if -_LARGEST_KEY <= _whole(given) <= _LARGEST_KEY else None)
    key = given if isinstance(given, int) else _whole(given, otherwise=-1)
    if not 0 <= key <= _LARGEST_KEY:
        raise _unfit(param)
    return int(key)


def _whole(given: int | str, otherwise: int = 0) -> int:
    if isinstance(given, int):
        return given
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 19 else otherwise


def _shaped(param: Param, value: str, wanted: Any) -> Any:
    """An option's value in the field's own type: an enum's member, a whole number, or the text that it is."""
    try:
        if isinstance(wanted, type) and issubclass(wanted, enum.Enum):
            return wanted(value)
        return int(value) if wanted is int else value
    except ValueError:
        raise _unfit(param) from None


@functools.cache
def _declared(params: type[Params]) -> Mapping[str, tuple[Param, Any, Any]]:
    """Each field's declaration, type and default; kept, because every click asks for them."""
    try:
        hints: Mapping[str, Any] = typing.get_type_hints(params)
    except NameError:  # a class inside a function, with postponed annotations
        hints = {field.name: field.type for field in dataclasses.fields(params)}
    defaults = {field.name: field.default for field in dataclasses.fields(params)}
    return {name: (param, _one_type(hints[name]), defaults[name]) for name, param in params_of(params).items()}


def _one_type(wanted: Any) -> Any:
    """A field's type without "or None", and of a tuple that of its elements."""
    if typing.get_origin(wanted) in (typing.Union, types.UnionType):
        wanted = next((each for each in typing.get_args(wanted) if each is not type(None)), None)
    if typing.get_origin(wanted) is tuple:
        wanted = (typing.get_args(wanted) or (None,))[0]
    return wanted
