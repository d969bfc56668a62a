"""Buttons and menus as Adaptive Card actions.

A button is an Action.Execute (universal action) with an Action.Submit for clients that don't know it; one
that asks opens a dialog. Teams shows at most six actions in a row; the rest go behind its overflow
dots. https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-actions
"""

from collections.abc import Iterator, Sequence
from typing import Final, Literal, TypeAlias

from adapters.teams import payload
from adapters.teams.elements import LONGEST_TITLE, Json, rich
from adapters.teams.text import clean, cut
from core.cards import Button

Where: TypeAlias = Literal["chat", "emulator", "dialog"]
"""Where a card stands: in Teams, in an emulator that opens no dialogs from cards, or inside a dialog,
where Teams knows Action.Submit alone."""

PRIMARY: Final = 6
_STYLES: Final = {"primary": "positive", "danger": "destructive"}


def title(words: str) -> str:
    """A label for a button, never empty: Teams drops buttons without one."""
    return cut(" ".join(clean(words).split()), LONGEST_TITLE) or "…"


def execute(label: str, verb: str, data: Json, style: str = "plain", **more: str) -> Json:
    """An Action.Execute with its Action.Submit fallback."""
    dress = {"style": _STYLES[style]} if style in _STYLES else {}
    made = {"title": title(label), "data": data, **dress, **more}
    return {"type": "Action.Execute", "verb": verb, **made, "fallback": {"type": "Action.Submit", **made}}


def submit(label: str, data: Json, style: str = "plain") -> Json:
    """An Action.Submit, which is what dialogs and the openers of dialogs use."""
    dress = {"style": _STYLES[style]} if style in _STYLES else {}
    return {"type": "Action.Submit", "title": title(label), "data": data, **dress}


def action(button: Button, where: Where) -> Json:
    """One button, with its question first if it has one."""
    data = payload.of_params(button.does)
    if button.asks and where == "chat":
        return submit(button.label, {**data, "msteams": {"type": "task/fetch"}}, button.style)
    if where == "dialog":
        press = submit(button.label, data, button.style)
    else:
        press = execute(button.label, button.does.command, data, button.style)
    if not button.confirm or button.asks:  # a form is asking enough
        return press
    return {
        "type": "Action.ShowCard",
        "title": title(button.label),
        "card": {
            "type": "AdaptiveCard",
            "version": "1.5",
            "body": [rich((button.confirm,), longest=500)],
            "actions": [press],
        },
    }


def rows(buttons: Sequence[Button], where: Where) -> Iterator[Json]:
    """ActionSets for these buttons: six in sight, the rest in the overflow menu of the last set.

    Cards that unfold can't stand in an overflow menu, so buttons with a question come into sight first.
    """
    made = [action(button, where) for button in buttons]
    asking = [each for each in made if each["type"] == "Action.ShowCard"]
    while len(made) > PRIMARY and len(asking) > PRIMARY:
        shown, asking = asking[:PRIMARY], asking[PRIMARY:]
        made = _without(made, shown)
        yield _action_set(shown)
    if len(made) <= PRIMARY:
        if made:
            yield _action_set(made)
        return
    others = [each for each in made if each["type"] != "Action.ShowCard"]
    hidden = others[PRIMARY - len(asking) :]
    yield _action_set(_without(made, hidden) + [_secondary(each) for each in hidden])


def _without(made: list[Json], left_out: list[Json]) -> list[Json]:
    """What remains, in order; buttons that look the same are still each their own."""
    gone = {id(each) for each in left_out}
    return [each for each in made if id(each) not in gone]


def menu(label: str, options: Sequence[Button], where: Where) -> Iterator[Json]:
    """Rarer commands behind one button that unfolds them; those with a question stand beside it."""
    made = [action(button, where) for button in options]
    asking = [each for each in made if each["type"] == "Action.ShowCard"]
    direct = [each for each in made if each["type"] != "Action.ShowCard"]
    if direct:
        body = [_action_set(direct[start : start + PRIMARY]) for start in range(0, len(direct), PRIMARY)]
        inside = {"type": "AdaptiveCard", "version": "1.5", "body": body}
        asking.insert(0, {"type": "Action.ShowCard", "title": title(label), "card": inside})
    for start in range(0, len(asking), PRIMARY):
        yield _action_set(asking[start : start + PRIMARY])


def _action_set(actions: list[Json]) -> Json:
    return {"type": "ActionSet", "actions": actions}


def _secondary(made: Json) -> Json:
    fallback = {"fallback": {**made["fallback"], "mode": "secondary"}} if "fallback" in made else {}
    return {**made, "mode": "secondary", **fallback}
