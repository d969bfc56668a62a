"""Every card and form as both tools show it: as it was agreed, and such that the tool takes it.

`pytest tests/golden --update-goldens` writes them anew; read the difference before it is committed.
"""

import pathlib
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from adapters.slack import fit
from adapters.teams.forms import render_form
from adapters.teams.render import render
from bot.sandbox.slack import blocks as slack_rules
from bot.sandbox.teams import cards as teams_rules
from core.cards import Card, Form
from core.requests import Tool
from tests.adapters.slack.limits import check_message, check_view
from tests.adapters.teams.limits import check_card
from tests.golden.case import Everything, Shown, of_every
from tests.golden.cases import CASES, slack_card
from tests.golden.drawn import in_slack, in_teams
from tests.golden.written import written

HERE = pathlib.Path(__file__).parent
DRAW: Mapping[Tool, Callable[[Shown], dict[str, Any]]] = {"slack": in_slack, "teams": in_teams}
FRESH = re.compile(r"\b([a-z]{2,5})_[a-z2-7]{16}\b")
"""References that were made while the case was drawn, by `core.db.new_ref`; those of the written boards are shorter."""
UPDATE = "Run pytest tests/golden --update-goldens, and read the difference."


@pytest.mark.parametrize("tool", DRAW)
@of_every(CASES)
def test_it_looks_as_it_was_agreed(name: str, tool: Tool, shown: Everything, update: bool) -> None:
    golden = HERE / tool / f"{name}.json"
    drawn = FRESH.sub(r"\1_fresh", written(DRAW[tool](shown[tool][name]))) + "\n"
    if update:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(drawn, encoding="utf-8")
    assert golden.exists(), f"There is no golden {golden.name} for {tool}. {UPDATE}"
    assert drawn == golden.read_text(encoding="utf-8"), f"{name} has changed in {tool}. {UPDATE}"


@pytest.mark.parametrize("tool", DRAW)
def test_no_golden_is_left_over(tool: Tool, update: bool) -> None:
    left = {golden for golden in (HERE / tool).glob("*.json") if golden.stem not in CASES}
    if update:
        for golden in left:
            golden.unlink()
        left = set()
    assert not left, f"No case shows these any more. {UPDATE}"


@of_every(CASES)
def test_slack_takes_it(name: str, shown: Everything) -> None:
    drawn = in_slack(shown["slack"][name])
    what = shown["slack"][name].what
    if isinstance(what, Form):
        _check_slack_view(drawn)
        return
    card = slack_card(shown["slack"][name])
    message = fit.message(card)
    check_message(message.blocks, message.text)
    assert slack_rules.check_message(message.blocks) == []
    assert not slack_rules.too_long(message.blocks)
    _check_slack_view(fit.home(card))
    _check_slack_view(fit.reading(card))  # what is too long for a message is read in a modal


def _check_slack_view(view: dict[str, Any]) -> None:
    check_view(view)
    assert slack_rules.check_view(view, ("modal", "home")) == []
    assert not slack_rules.view_too_large(view)


@of_every(CASES)
def test_teams_takes_it(name: str, shown: Everything) -> None:
    what, note = shown["teams"][name].what, shown["teams"][name].note
    if isinstance(what, Card):
        places = {"chat": render(what, note=note), "emulator": render(what, where="emulator")}
        dialog = render(what, where="dialog")
    else:
        places = {"chat": render_form(what, cancel=True), "emulator": render_form(what, where="emulator")}
        dialog = render_form(what, where="dialog")
    for card in (*places.values(), dialog):
        check_card(card)
        found = teams_rules.examine(card, dialog=card is dialog)
        assert (found.problems, found.warnings) == ([], [])
        assert teams_rules.size(card) <= 80 * 1024
