"""The judge of Adaptive Cards: what it lets through, and every reason to refuse."""

import contextlib
import copy
import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from bot.sandbox.teams import actions, cards, reading


def card(*body: dict[str, Any], actions: tuple[dict[str, Any], ...] = (), **more: Any) -> dict[str, Any]:
    return {"type": "AdaptiveCard", "version": "1.5", "body": list(body), "actions": list(actions), **more}


def button(title: str, **more: Any) -> dict[str, Any]:
    return {"type": "Action.Execute", "title": title, "verb": "go", **more}


WORDS = {"type": "TextBlock", "text": "Five **themes**", "wrap": True, "size": "Large"}
TABLE = {
    "type": "Table",
    "columns": [{"width": 2}, {"width": "auto"}],
    "rows": [
        {
            "type": "TableRow",
            "cells": [{"type": "TableCell", "items": [WORDS]}, {"type": "TableCell"}],
        }
    ],
}
CHOICES = {
    "type": "Input.ChoiceSet",
    "id": "rule",
    "label": "Rule",
    "choices": [{"title": "Consent", "value": "consent"}, {"title": "Advice", "value": "advice"}],
    "value": "consent",
}
RICH = {"type": "RichTextBlock", "inlines": ["said ", {"type": "TextRun", "text": "twice", "italic": True}]}
BARS = {
    "type": "Chart.HorizontalBar",
    "title": "So far",
    "data": [{"x": "Agree", "y": 3}],
    "fallback": {"type": "TextBlock", "text": "Agree 3"},
}
REASON = {
    "type": "Input.Text",
    "id": "reason",
    "label": "Reason",
    "isRequired": True,
    "errorMessage": "Say why.",
    "regex": r"^\S",
    "maxLength": 20,
}
WHOLE = card(
    WORDS,
    RICH,
    TABLE,
    BARS,
    {"type": "FactSet", "facts": [{"title": "Closes", "value": "Friday"}]},
    {"type": "ColumnSet", "columns": [{"type": "Column", "width": "stretch", "items": [WORDS]}]},
    {"type": "Container", "style": "emphasis", "items": [{"type": "ActionSet", "actions": [button("More")]}]},
    CHOICES,
    actions=(
        button("Agree", style="positive", fallback={"type": "Action.Submit", "title": "Agree", "data": {"a": 1}}),
        {"type": "Action.ShowCard", "title": "Object", "card": card(REASON, actions=(button("Send"),))},
        {"type": "Action.Submit", "title": "Form", "data": {"msteams": {"type": "task/fetch"}}},
        {"type": "Action.OpenUrl", "title": "Paper", "url": "https://example.org/", "mode": "secondary"},
    ),
    refresh={"action": button("Refresh"), "userIds": ["29:1a"]},
    msteams={"width": "Full"},
)


def test_a_card_with_everything_is_fine() -> None:
    found = cards.examine(WHOLE)
    assert found.problems == []
    assert found.warnings == []


def element(**changes: Any) -> dict[str, Any]:
    return card({**WORDS, **changes})


SEVEN = tuple(button(str(n)) for n in range(7))
BAD: list[tuple[Any, str]] = [
    ([], "must be an object"),
    ({**WHOLE, "version": "1.6"}, "must be 1.0 to 1.5"),
    ({**WHOLE, "version": 1.5}, "must be 1.0 to 1.5"),
    ({**WHOLE, "type": "Card"}, "must be AdaptiveCard"),
    (card(), "neither body nor actions"),
    (element(text=5), "must be a string"),
    (element(text=None), "needs text"),
    (element(wrap="yes"), "must be true or false"),
    (element(size="huge"), "must be one of"),
    (element(type="Marquee"), "no element that Teams knows"),
    (element(type="TableCell", items=[]), "cannot stand here"),
    (card({"type": "ColumnSet", "columns": [{"type": "TextBlock", "text": "x"}]}), "cannot stand here"),
    (card("words"), "must be an object"),  # type: ignore[arg-type]
    (card({"type": "Image", "url": "http://example.org/a.png"}), "https or data"),
    (card({"type": "FactSet", "facts": [{"title": "a"}]}), "needs value"),
    (card(WORDS, actions=SEVEN), "7 primary actions"),
    (card({"type": "ActionSet", "actions": list(SEVEN)}), "7 primary actions"),
    (card(WORDS, actions=({"type": "Action.Http", "title": "x"},)), "no action that Teams knows"),
    (card(WORDS, actions=({"type": "Action.Execute"},)), "nobody can press it"),
    (card(WORDS, actions=({"type": "Action.OpenUrl", "title": "x"},)), "needs url"),
    (card(WORDS, actions=(button("x", data=[1]),)), "an object or a string"),
    ({**card(WORDS, actions=(button("x"),)), "version": "1.3"}, "needs version 1.4"),
    ({**card(TABLE), "version": "1.4"}, "needs version 1.5"),
    ({**card(WORDS, actions=(button("x", mode="secondary"),)), "version": "1.4"}, "mode: needs version 1.5"),
    (card(CHOICES, CHOICES), "used twice"),
    (
        card(CHOICES, actions=({"type": "Action.ShowCard", "title": "x", "card": card(CHOICES)},)),
        "used twice",
    ),
    (card({**CHOICES, "id": ""}), "not empty"),
    (card({**CHOICES, "id": None}), "needs id"),
    (card({**CHOICES, "choices": []}), "at least one choice"),
    (card({**CHOICES, "choices": [{"title": "a", "value": 1}]}), "must be a string"),
    (card({**CHOICES, "value": "majority"}), "none of the choices"),
    (card({**CHOICES, "choices": CHOICES["choices"] * 2}), "same value twice"),  # type: ignore[operator]
    (
        card({**CHOICES, "value": "", "isMultiSelect": True, "choices": [{"title": "a", "value": "a,b"}]}),
        "a comma",
    ),
    (card({**REASON, "regex": "("}), "a regular expression"),
    (card({"type": "Input.Date", "id": "on", "value": "4 December"}), "YYYY-MM-DD"),
    (card({**TABLE, "columns": [{}]}), "2 cells for 1 columns"),
    (
        card({**BARS, "data": [{"x": "Agree", "y": "3"}]}),
        "must be a number",
    ),
    ({**WHOLE, "refresh": {"action": button("r"), "userIds": ["29:1"] * 61}}, "60 are allowed"),
    ({**WHOLE, "refresh": {"action": button("r"), "userIds": ["8:orgid:x"]}}, "29:"),
    ({**WHOLE, "refresh": {"userIds": []}}, "refresh.action"),
    (
        card(WORDS, actions=({"type": "Action.Submit", "title": "x", "data": {"msteams": {"type": "pop"}}},)),
        "none of messageBack",
    ),
    ({**WHOLE, "msteams": {"entities": [{"type": "mention", "text": "Ann"}]}}, "must be a mention"),
]


@pytest.mark.parametrize(("bad", "reason"), BAD, ids=[reason for _, reason in BAD])
def test_a_bad_card_is_refused_with_its_reason(bad: Any, reason: str) -> None:
    assert any(reason in problem for problem in cards.problems(bad)), cards.problems(bad)


def test_deep_nesting_is_refused_and_never_breaks_the_judge() -> None:
    inner: dict[str, Any] = WORDS
    for _ in range(500):
        inner = {"type": "Container", "items": [inner]}
    assert any("too deeply" in problem for problem in cards.problems(card(inner)))


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in pairs:
        yield from places(value, (*path, key))


def test_odd_values_anywhere_are_judged_and_what_passes_can_be_read_and_pressed() -> None:
    odd: tuple[Any, ...] = (None, [], {}, [{}], [[]], {"type": []}, 5, -1.5, True, "", "\ud800", {"type": "TextBlock"})
    passed = 0
    for path, value in itertools.product(list(places(WHOLE))[1:], odd):
        changed = copy.deepcopy(WHOLE)
        here: Any = changed
        for step in path[:-1]:
            here = here[step]
        here[path[-1]] = value
        if cards.problems(changed):
            continue
        passed += 1
        reading.text_of(changed)
        with contextlib.suppress(LookupError, actions.Invalid):
            actions.data_of(actions.find(changed, "Agree"), {})
    assert passed > 100


def test_an_unknown_element_shows_its_fallback() -> None:
    new = {"type": "Hologram", "items": 5, "fallback": {"type": "Container", "items": WHOLE["body"][6]["items"]}}
    assert cards.problems(card(new)) == []
    assert reading.text_of(card(new)) == "More"
    assert actions.find(card(new), "More").action["title"] == "More"


def test_poor_manners_are_warnings_only() -> None:
    bare = {"type": "Input.Text", "id": "a", "isRequired": True}
    chart = {key: value for key, value in BARS.items() if key != "fallback"}
    poor = card(bare, {**WORDS, "colour": "red"}, chart)
    assert cards.problems(poor) == []
    warned = cards.warnings(poor)
    assert any("label" in each for each in warned)
    assert any("errorMessage" in each for each in warned)
    assert any("colour" in each for each in warned)
    assert any("fallback" in each for each in warned)


def test_execute_has_no_place_in_a_dialog() -> None:
    assert any("does nothing in a dialog" in each for each in cards.problems(WHOLE, dialog=True))


def test_reading_gives_every_visible_word_and_no_hidden_one() -> None:
    seen = reading.text_of({**WHOLE, "body": [*WHOLE["body"], {**WORDS, "text": "secret", "isVisible": False}]})
    for word in (
        "Five themes",
        "said",
        "twice",
        "So far",
        "Agree",
        "3",
        "Closes",
        "Friday",
        "More",
        "Consent",
    ):
        assert word in seen
    for word in ("Rule", "Object", "Reason", "Send", "Paper"):
        assert word in seen
    for word in ("secret", "**", "consent", "https:", "task/fetch"):
        assert word not in seen


def test_markdown_is_read_as_teams_draws_it() -> None:
    said = r"**bold** _leaning_ [a link](https://x.org) 2 \* 3 \[not](a) snake_case_name <at>Ann</at>"
    assert reading.plain(said) == "bold leaning a link 2 * 3 [not](a) snake_case_name Ann"


def test_buttons_are_found_by_title_and_by_path_and_named_when_missing() -> None:
    assert actions.find(WHOLE, "More").action["title"] == "More"
    assert len(actions.find(WHOLE, "Send").cards) == 2
    by_path = actions.find(WHOLE, ["actions", 1, "card", "actions", 0])
    assert (by_path.action["title"], len(by_path.cards)) == ("Send", 2)
    with pytest.raises(LookupError, match="there are: 'More', 'Agree'"):
        actions.find(WHOLE, "Veto")
    with pytest.raises(LookupError):
        actions.find(WHOLE, ["actions", 9])
    hidden = card({"type": "Container", "id": "h", "isVisible": False, "items": WHOLE["body"][6]["items"]})
    with pytest.raises(LookupError):
        actions.find(hidden, "More")
    hidden["actions"] = [{"type": "Action.ToggleVisibility", "title": "Show", "targetElements": ["h"]}]
    assert actions.find(hidden, "More").action["title"] == "More"


def test_inputs_are_strings_gathered_from_the_card_and_its_parents() -> None:
    send = actions.find(WHOLE, "Send")
    assert actions.data_of(send, {"Reason": "because", "Rule": "Advice"}) == {
        "reason": "because",
        "rule": "advice",
    }
    assert actions.data_of(actions.find(WHOLE, "Agree"), {}) == {"rule": "consent"}
    quiet = card(CHOICES, actions=(button("x", associatedInputs="none", data={"a": 1}),))
    assert actions.data_of(actions.find(quiet, "x"), {}) == {"a": 1}
    several = card(
        {**CHOICES, "isMultiSelect": True, "value": ""},
        {"type": "Input.Toggle", "id": "t", "title": "Sure?"},
        {"type": "Input.Number", "id": "n", "max": 9},
        {"type": "Input.Date", "id": "d"},
        actions=(button("x"),),
    )
    found = actions.find(several, "x")
    given = {"rule": ["Consent", "advice"], "Sure?": True, "n": 5, "d": "2026-12-04"}
    assert actions.data_of(found, given) == {
        "rule": "consent,advice",
        "t": "true",
        "n": "5",
        "d": "2026-12-04",
    }
    assert actions.data_of(found, {}) == {"rule": "", "t": "false", "d": ""}


@pytest.mark.parametrize("reason", ["", " starts with a space", "x" * 21])
def test_the_client_refuses_what_the_card_forbids(reason: str) -> None:
    with pytest.raises(actions.Invalid) as refused:
        actions.data_of(actions.find(WHOLE, "Send"), {"reason": reason})
    assert refused.value.problems == {"reason": "Say why."}


def test_an_input_or_a_choice_that_is_not_there_is_named() -> None:
    with pytest.raises(LookupError, match="there are: 'Rule'"):
        actions.data_of(actions.find(WHOLE, "Agree"), {"Quorum": "5"})
    with pytest.raises(LookupError, match="'Consent', 'Advice'"):
        actions.data_of(actions.find(WHOLE, "Agree"), {"Rule": "Majority"})
