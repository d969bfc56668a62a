"""Each case as both tools draw it, and what can be read and pressed there."""

import html
import json
from collections.abc import Iterator
from typing import Any

from adapters.slack import fit
from adapters.slack.forms import draw_form
from adapters.teams import payload
from adapters.teams.forms import render_form
from adapters.teams.render import render
from core.cards import Card, Form
from core.requests import Place
from tests.golden.case import Shown
from tests.golden.cases import slack_card

Json = dict[str, Any]
HERE = Place("slack", "T0BARNET", "C0BARNET", "1764064800.000100", name="partners")
Pressed = tuple[str, dict[str, Any]]


def in_slack(shown: Shown) -> Json:
    """A message, an App Home or a modal."""
    if isinstance(shown.what, Form):
        return draw_form(shown.what, HERE)
    if shown.case.home:
        return fit.home(shown.what)
    drawn = fit.message(slack_card(shown))
    return {"text": drawn.text, "blocks": drawn.blocks}


def in_teams(shown: Shown) -> Json:
    """A card in a conversation, or the card inside a dialog."""
    if isinstance(shown.what, Form):
        return render_form(shown.what, where="dialog")
    return render(shown.what, note=shown.note)


def words(drawn: Any) -> str:
    """Everything that a person can read in a drawn card, in order."""
    return "\n".join(_texts(drawn))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key in ("text", "title", "label"):
            if isinstance(value.get(key), str):
                yield value[key]
        for key, each in value.items():
            if key not in ("data", "fallback", "value"):
                yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def pressed_in_slack(drawn: Json) -> list[Pressed]:
    """What each button and option of a message or view says."""
    found = []
    for block in drawn["blocks"]:
        for element in block["elements"] if block["type"] == "actions" else ():
            for each in element.get("options", [element]):
                said = json.loads(each["value"])
                found.append((said["c"], said.get("a", {})))
    return found


def pressed_in_teams(drawn: Any) -> list[Pressed]:
    """What each button of a card says; forms' own buttons, which carry inputs, left out."""
    found = []
    if isinstance(drawn, dict):
        if drawn.get("type") in ("Action.Execute", "Action.Submit"):
            pressed = payload.read(drawn["data"])
            assert pressed is not None, drawn
            if not pressed.form:
                found.append((pressed.command, pressed.args))
        for key, each in drawn.items():
            if key not in ("data", "fallback"):
                found += pressed_in_teams(each)
    elif isinstance(drawn, list):
        for each in drawn:
            found += pressed_in_teams(each)
    return found


def unescaped(text: str) -> str:
    """Escaped text as it is read."""
    return html.unescape(text)


def card_of(shown: Shown) -> Card:
    """The neutral card of a case that shows one."""
    assert isinstance(shown.what, Card)
    return shown.what
