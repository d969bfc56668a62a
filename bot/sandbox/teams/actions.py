"""What a person does on a card: find a button, fill in inputs, be stopped by the client's own checks."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.sandbox.teams.shapes import drawn

Where: TypeAlias = str | Sequence[str | int]
"""A button: its visible title, or its path in the card's JSON, such as ["body", 2, "actions", 0]."""

NUMERIC = re.compile(r"-?\d+(\.\d+)?")


class Invalid(ValueError):
    """Inputs that the client itself refuses; nothing is sent. `problems`: what it says, by input id."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(next(iter(problems.values())))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class Found:
    """A button, and the cards (inner last) whose inputs it gathers."""

    action: dict[str, Any]
    cards: tuple[dict[str, Any], ...]


def find(card: dict[str, Any] | None, where: Where) -> Found:
    """The button with this title, or at this path, in a card; LookupError names what there is instead."""
    if card is None:
        raise LookupError("There is no card here.")
    if not isinstance(where, str):
        return _at(card, list(where))
    there = list(_actions(card, (card,), _toggled(card)))
    for found in there:
        if found.action.get("title") == where:
            if found.action.get("isEnabled") is False:
                raise LookupError(f"The button {where!r} is switched off.")
            return found
    titles = ", ".join(repr(found.action.get("title", "")) for found in there) or "none"
    raise LookupError(f"There is no button {where!r} here; there are: {titles}.")


def first_submit(card: dict[str, Any]) -> Found:
    """The button that sends a dialog's inputs; LookupError when the dialog has none."""
    for found in _actions(card, (card,), _toggled(card)):
        if found.action.get("type") == "Action.Submit":
            return found
    raise LookupError("There is nothing to send in this dialog.")


def data_of(found: Found, given: Mapping[str, Any]) -> Any:
    """The action's data with the inputs merged in, as strings, as Teams sends them.

    `given` holds answers by input id or visible label; others keep what stands in them. Raises `Invalid` for
    what the client refuses and LookupError for an input or choice that is not there.
    """
    inputs = [each for card in found.cards for each in _inputs(card, _toggled(card))]
    answers = _named(inputs, given)
    data = found.action.get("data")
    if str(found.action.get("associatedInputs", "auto")).casefold() == "none":
        return data if data is not None else {}
    values: dict[str, str] = {}
    problems: dict[str, str] = {}
    for each in inputs:
        value = _value(each, answers.get(each["id"]))
        problem = _problem(each, value)
        if problem:
            problems[each["id"]] = problem
        elif value is not None:
            values[each["id"]] = value
    if problems:
        raise Invalid(problems)
    return data if isinstance(data, str) else {**(data or {}), **values}


@dataclass(frozen=True, slots=True)
class Said:
    """A button that speaks for the person: the text the bot gets, what the chat shows, and the value."""

    text: str
    shown: str
    value: Any


def as_message(data: Any, msteams: Mapping[str, Any]) -> Said:
    """What an Action.Submit sends as a message; LookupError for kinds that this sandbox cannot do."""
    kind = msteams.get("type")
    if kind is None:
        return Said("", "", data)
    if kind == "imBack":
        return Said(msteams["value"], msteams["value"], None)
    if kind != "messageBack":
        raise LookupError(f"The local Teams cannot do {kind} buttons.")
    rest = {key: each for key, each in data.items() if key != "msteams"}
    given = msteams.get("value")
    value = {**rest, **given} if isinstance(given, dict) else given or rest
    return Said(msteams.get("text", ""), msteams.get("displayText", ""), value)


def _at(card: dict[str, Any], path: list[str | int]) -> Found:
    cards = [card]
    here: Any = card
    for step in path:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            raise LookupError("There is no such button here any more.") from None
        if isinstance(here, dict) and here.get("type") == "AdaptiveCard":
            cards.append(here)
    if not isinstance(here, dict) or not str(here.get("type")).startswith("Action."):
        raise LookupError("There is no such button here any more.")
    return Found(here, tuple(cards))


def _actions(node: Any, cards: tuple[dict[str, Any], ...], toggled: set[str]) -> Iterator[Found]:
    node = drawn(node)
    if not isinstance(node, dict) or _hidden(node, toggled):
        return
    for key in ("selectAction", "inlineAction"):
        if isinstance(node.get(key), dict):
            yield Found(node[key], cards)
    for key in ("body", "items", "columns", "rows", "cells", "inlines"):
        for each in node[key] if isinstance(node.get(key), list) else ():
            yield from _actions(each, cards, toggled)
    for action in node.get("actions") or ():
        if not isinstance(action, dict):
            continue
        yield Found(action, cards)
        if action.get("type") == "Action.ShowCard":
            yield from _actions(action["card"], (*cards, action["card"]), toggled)


def _inputs(node: Any, toggled: set[str]) -> Iterator[dict[str, Any]]:
    node = drawn(node)
    if not isinstance(node, dict) or _hidden(node, toggled):
        return
    if str(node.get("type")).startswith("Input."):
        yield node
    for key in ("body", "items", "columns", "rows", "cells"):
        for each in node[key] if isinstance(node.get(key), list) else ():
            yield from _inputs(each, toggled)


def _hidden(node: Mapping[str, Any], toggled: set[str]) -> bool:
    return node.get("isVisible") is False and node.get("id") not in toggled


def _toggled(card: Any) -> set[str]:
    found: set[str] = set()
    waiting = [card]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            if node.get("type") == "Action.ToggleVisibility":
                targets = node.get("targetElements") or ()
                found.update(str(each.get("elementId") if isinstance(each, dict) else each) for each in targets)
            waiting.extend(value for value in node.values() if isinstance(value, list | dict))
    return found


def _named(inputs: Sequence[Mapping[str, Any]], given: Mapping[str, Any]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for name, value in given.items():
        match = next((each for each in inputs if name in (each["id"], each.get("label"), each.get("title"))), None)
        if match is None:
            there = ", ".join(repr(each.get("label") or each["id"]) for each in inputs) or "none"
            raise LookupError(f"There is no input {name!r} here; there are: {there}.")
        named[match["id"]] = value
    return named


def _value(element: Mapping[str, Any], answer: Any) -> str | None:
    kind = element["type"]
    if kind == "Input.Toggle":
        on, off = element.get("valueOn", "true"), element.get("valueOff", "false")
        if answer is None:
            return str(element.get("value", off))
        return str(on if answer in (True, on, "yes", "true") else off)
    if kind == "Input.ChoiceSet":
        chosen = element.get("value") if answer is None else _chosen(element, answer)
        # A select in which nothing is chosen sends nothing.
        return str(chosen) if chosen or element.get("isMultiSelect") else None
    value = element.get("value") if answer is None else answer
    if kind == "Input.Number" and value in (None, ""):
        return None
    return "" if value is None else str(value)


def _chosen(element: Mapping[str, Any], answer: Any) -> str:
    several = element.get("isMultiSelect") is True
    if isinstance(answer, str):
        answers = [part for part in answer.split(",") if part] if several else [answer] if answer else []
    else:
        answers = [str(each) for each in answer]
    values = []
    for each in answers:
        match = [choice for choice in element["choices"] if each in (choice["value"], choice["title"])]
        if not match:
            titles = ", ".join(repr(choice["title"]) for choice in element["choices"])
            raise LookupError(f"There is no choice {each!r} here; there are: {titles}.")
        values.append(match[0]["value"])
    return ",".join(values)


def _problem(element: Mapping[str, Any], value: str | None) -> str:
    said = str(element.get("errorMessage") or f"Please check {element.get('label') or element['id']}.")
    kind = element["type"]
    if not value:
        return said if element.get("isRequired") else ""
    if kind == "Input.Toggle" and element.get("isRequired") and value != element.get("valueOn", "true"):
        return said
    if kind == "Input.Text":
        pattern = element.get("regex")
        too_long = len(value) > element.get("maxLength", len(value))
        return said if too_long or (pattern and not re.search(pattern, value)) else ""
    low, high = element.get("min"), element.get("max")
    if kind == "Input.Number":
        if not NUMERIC.fullmatch(value):
            return said
        beyond = (low is not None and float(value) < low) or (high is not None and float(value) > high)
        return said if beyond else ""
    shape = {"Input.Date": r"\d{4}-\d{2}-\d{2}", "Input.Time": r"([01]\d|2[0-3]):[0-5]\d"}.get(kind)
    if shape is None:
        return ""
    beyond = not re.fullmatch(shape, value) or bool(low and value < low) or bool(high and value > high)
    return said if beyond else ""
