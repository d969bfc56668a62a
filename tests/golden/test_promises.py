"""What every card keeps, in both tools: its summary, its buttons, and a way to whatever was left out."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from adapters.slack.text import clean
from core.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Chart,
    Facts,
    Form,
    Heading,
    Line,
    Listing,
    Menu,
    Prose,
    Table,
    Text,
    plain,
)
from core.catalog import BY_NAME, COMMANDS, VIEWS
from core.commands import params_of
from core.errors import Incomplete
from core.requests import Tool
from core.values import read
from tests.golden.case import LONDON, NOW, Asked, Everything, Shown, of_every
from tests.golden.cases import CASES, slack_card
from tests.golden.drawn import (
    Pressed,
    card_of,
    in_slack,
    in_teams,
    pressed_in_slack,
    pressed_in_teams,
    unescaped,
    words,
)

CARDS = [name for name, case in CASES.items() if not name.startswith("form-")]
MARK = "…"
REFUSED = {"join-wrong-code", "join-already"}
PRESSED: Mapping[Tool, Callable[[Shown], list[Pressed]]] = {
    "slack": lambda shown: pressed_in_slack(in_slack(shown)),
    "teams": lambda shown: pressed_in_teams(in_teams(shown)),
}


def test_every_command_and_every_view_is_shown() -> None:
    told = {case.of for case in CASES.values() if not case.name.startswith("form-")}
    assert {command.name for command in COMMANDS} | {view.params.command for view in VIEWS} <= told


def test_every_form_is_shown_with_its_problems() -> None:
    asks = {name for name, command in BY_NAME.items() if any(not each.hidden for each in _params(name).values())}
    told = {case.of for case in CASES.values() if case.name.startswith("form-") and case.name.endswith("-problems")}
    assert asks == told
    opens = {name for name in asks if BY_NAME[name].opens_form or _insists(name)}
    told = {case.of for case in CASES.values() if case.name.startswith("form-") and not case.name.endswith("-problems")}
    assert opens <= told


def _params(name: str) -> Mapping[str, Any]:
    return params_of(BY_NAME[name].params)


def _insists(name: str) -> bool:
    return any(each.required and not each.hidden for each in _params(name).values())


@of_every([name for name in CASES if name.startswith("form-")])
def test_a_form_case_shows_a_form(name: str, shown: Everything) -> None:
    form = shown["slack"][name].what
    assert isinstance(form, Form)
    assert bool(form.problems) == name.endswith("-problems")
    for sentence in form.problems.values():
        assert sentence[0].isupper() or sentence[0] == "“"
        assert sentence.endswith((".", "?"))
        assert _bare(sentence) in _bare(words(in_slack(shown["slack"][name])))
        assert _bare(sentence) in _bare(words(in_teams(shown["teams"][name])))


@of_every(CARDS)
def test_who_only_hears_the_summary_knows_what_it_is(name: str, shown: Everything) -> None:
    card = card_of(shown["teams"][name])
    assert card.summary.strip()
    assert card.summary.strip().endswith((".", "?", "!", MARK))
    said = clean(slack_card(shown["slack"][name]).summary).strip()
    if not CASES[name].home:
        _same_words(unescaped(in_slack(shown["slack"][name])["text"]), said)
    drawn = in_teams(shown["teams"][name])
    _same_words(drawn["fallbackText"], clean(card.summary))
    assert unescaped(drawn["speak"]) == drawn["fallbackText"]


def _same_words(heard: str, said: str) -> None:
    heard, said = " ".join(heard.split()), " ".join(said.split())
    if heard != said:
        assert len(heard) >= 250
        assert heard.endswith(MARK)
        assert said.startswith(heard[:-1].rstrip())


@pytest.mark.parametrize("tool", PRESSED)
@of_every(CARDS)
def test_every_button_does_what_the_catalogue_can(name: str, tool: Tool, shown: Everything) -> None:
    asking = {
        _key(button.does.command, button.does.packed())
        for button in _buttons(card_of(shown[tool][name]))
        if button.asks
    }
    for command, args in PRESSED[tool](shown[tool][name]):
        params = BY_NAME[command].params
        assert set(args) <= set(params_of(params))
        try:
            read(params, args, zone=LONDON, now=NOW, choices={}, insist=True)
        except Incomplete as incomplete:
            assert not any(incomplete.problems.values()), incomplete.problems
            assert not any(params_of(params)[field].hidden for field in incomplete.problems)
            assert _key(command, args) in asking, f"{command} opens a form, so its button must say that it asks"


def _key(command: str, args: Mapping[str, Any]) -> str:
    return f"{command} {sorted(args.items())}"


def _buttons(card: Card) -> Iterator[Button]:
    for block in card.blocks:
        if isinstance(block, Buttons):
            yield from block.buttons
        elif isinstance(block, Menu):
            yield from block.options


@pytest.mark.parametrize("tool", PRESSED)
@of_every(CARDS)
def test_no_button_is_lost_however_long_the_card(name: str, tool: Tool, shown: Everything) -> None:
    card = slack_card(shown["slack"][name]) if tool == "slack" else card_of(shown["teams"][name])
    pressed = {_key(command, args) for command, args in PRESSED[tool](shown[tool][name])}
    assert [
        button.label for button in _buttons(card) if _key(button.does.command, button.does.packed()) not in pressed
    ] == []


@of_every(CARDS)
def test_slack_marks_what_it_leaves_out_and_offers_the_rest(name: str, shown: Everything) -> None:
    card, drawn = slack_card(shown["slack"][name]), in_slack(shown["slack"][name])
    lost = list(_lost(card, words(drawn)))
    if not lost:
        return
    assert MARK in words(drawn)
    pressed = {command for command, _ in PRESSED["slack"](shown["slack"][name])}
    if _is_shared(name):
        _offers_the_rest(lost, pressed)
    else:  # a card for one person opens as a modal, where all of it is
        from adapters.slack import fit

        assert not fit.message(card).whole
        assert list(_lost(card, words(fit.reading(card)))) == []


@of_every(CARDS)
def test_teams_marks_what_it_leaves_out_and_offers_the_rest(name: str, shown: Everything) -> None:
    card, drawn = card_of(shown["teams"][name]), in_teams(shown["teams"][name])
    lost = list(_lost(card, words(drawn)))
    if lost:
        assert MARK in words(drawn)
        _offers_the_rest(lost, {command for command, _ in PRESSED["teams"](shown["teams"][name])})


def _is_shared(name: str) -> bool:
    """Whether everyone sees it: what the courier posts, which nobody asked for and no modal can follow."""
    case = CASES[name]
    return not isinstance(case.what, Asked) and case.of in {view.params.command for view in VIEWS}


def _offers_the_rest(lost: list[Block], pressed: set[str]) -> None:
    for block in lost:
        more = getattr(block, "more", None)
        assert more is not None, f"{type(block).__name__} is cut, and nothing shows the rest: {block!r:.300}"
        assert more.command in pressed


def _lost(card: Card, seen: str) -> Iterator[Block]:
    """The blocks of which not every word can be read."""
    seen = _bare(seen)
    for block in card.blocks:
        if any(_bare(said) not in seen for said in _said(block)):
            yield block


def _bare(text: str) -> str:
    return "".join(clean(text).replace("\u2060", "").split())


def _said(block: Block) -> Iterator[str]:
    lines: list[Line] = []
    match block:
        case Heading(text=text):
            yield text
        case Prose(text=text):
            yield from text.splitlines()
        case Text(line=line):
            lines = [line]
        case Facts(pairs=pairs):
            lines = [line for _, line in pairs]
        case Listing(items=items):
            lines = list(items)
        case Table(rows=rows):
            lines = [cell for row in rows for cell in row]
        case Chart(bars=bars):
            yield from (bar.label for bar in bars)
    for line in lines:
        yield from (plain((part,)) for part in line)


@pytest.mark.parametrize("tool", PRESSED)
@of_every([name for name in CASES if not name.startswith("refused-") and name != "join-no-code"])
def test_only_what_is_meant_to_be_refused_is_refused(name: str, tool: Tool, shown: Everything) -> None:
    what = shown[tool][name].what
    refused = isinstance(what, Card) and what.title in ("Not done", "Try again", "Sorry")
    assert refused == (name in REFUSED)
