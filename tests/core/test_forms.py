import dataclasses
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cards import Text
from core.catalog import BY_WORD
from core.commands import EVERYONE, Command
from core.errors import Incomplete
from core.forms import form, usage, with_tail
from core.grammar import line_args
from core.values import read
from tests.core.samples import CHOICES, LONDON, NOW, PROPOSE, RULES, THEMES, Propose, Rule, answer
from tests.core.test_values import JSON, MOMENTS, Simple


def shown(raw: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What stands in each field of the form."""
    return {each.name: each.value for each in form(PROPOSE, raw, zone=LONDON, now=NOW, choices=CHOICES, **more).inputs}


def test_an_untouched_form_shows_the_defaults() -> None:
    found = form(PROPOSE, {}, zone=LONDON, now=NOW, choices=CHOICES)
    assert (found.title, found.command, found.submit) == ("Propose", "sample.propose", "Open")
    assert (found.fixed, found.problems, found.intro) == ({}, {}, ())
    assert {each.name: each.value for each in found.inputs} == {
        "title": "",
        "closes": "",
        "rule": "consent",
        "quorum": "",
        "themes": (),
        "owner": "",
        "review_on": "",
        "text": "",
        "places": "0",
        "hidden_results": "no",
    }
    title, closes, rule, *_ = found.inputs
    assert (title.kind, title.required, title.max_length, title.hint) == ("line", True, 120, "What is asked.")
    assert (closes.kind, closes.required) == ("moment", True)
    assert (rule.options, found.inputs[4].options) == (RULES, THEMES)


def test_what_there_is_nothing_to_choose_for_is_not_asked_unless_it_is_needed() -> None:
    names = [each.name for each in form(PROPOSE, {}, zone=LONDON, now=NOW, choices={}).inputs]
    assert "rule" in names
    assert "themes" not in names


def test_what_was_typed_is_filled_in_as_it_was_understood() -> None:
    line = "agree Five themes closes:1 July 5pm rule:two thirds #arts places:7 hidden-results:y review-on:Fri"
    assert shown(line_args(PROPOSE, line, CHOICES)) == {
        "title": "Five themes",
        "closes": "2027-07-01T17:00:00+01:00",
        "rule": "two_thirds",
        "quorum": "",
        "themes": ("15",),
        "owner": "",
        "review_on": "2026-11-27",
        "text": "",
        "places": "7",
        "hidden_results": "yes",
    }


@pytest.mark.parametrize(
    ("line", "title", "when"),
    [
        ("Board meeting next tues 2.30pm", "Board meeting", "2026-12-01T14:30:00+00:00"),
        ("board meeting on 12/01 at 10am.", "board meeting", "2027-01-12T10:00:00+00:00"),
        ("Away day — 1st Feb noon", "Away day", "2027-02-01T12:00:00+00:00"),
        ("tmrw noon", "", "2026-11-26T12:00:00+00:00"),
        ("Review of the year 2026", "Review of the year 2026", ""),
    ],
)
def test_the_moment_at_the_end_of_a_line_stands_where_the_form_asks_for_it(line: str, title: str, when: str) -> None:
    meeting = BY_WORD["meeting"]
    raw = with_tail(meeting, line_args(meeting, f"meeting {line}"))
    shown = {each.name: each.value for each in form(meeting, raw, zone=LONDON, now=NOW, choices={}).inputs}
    assert (shown["title"], shown["when"]) == (title, when)


def test_what_no_picker_can_show_is_left_out_and_words_are_kept() -> None:
    raw = {
        "title": "x" * 500,
        "closes": "whenever",
        "rule": "foo",
        "quorum": "half of us",
        "themes": "arts, nonsense",
        "review_on": "1 Jan 2020",
        "text": {"a": 1},
        "places": "many",
        "hidden_results": "perhaps",
    }
    assert shown(raw) == {
        "title": "x" * 500,
        "closes": "",
        "rule": "",
        "quorum": "half of us",
        "themes": ("15",),
        "owner": "",
        "review_on": "",
        "text": "",
        "places": "",
        "hidden_results": "",
    }


def test_a_prefilled_form_takes_values_as_well_as_text() -> None:
    params = Propose(title="Five", closes=NOW.replace(month=12), rule=Rule.SIMPLE, themes=(11, 12), hidden_results=True)
    found = shown(dict(vars(params)))
    assert found["closes"] == "2026-12-25T10:00:00+00:00"
    assert (found["rule"], found["themes"], found["hidden_results"]) == (
        "simple_majority",
        ("11", "12"),
        "yes",
    )


def test_a_cleared_field_stays_clear() -> None:
    assert shown({"places": "", "rule": ""})["places"] == ""
    assert shown({"places": None})["places"] == "0"


def test_only_declared_hidden_parameters_travel() -> None:
    raw = {"item": "7", "opened": "2020-01-01T09:00:00Z", "board": 3, "title": "x"}
    found = form(PROPOSE, raw, zone=LONDON, now=NOW, choices=CHOICES)
    assert found.fixed == {"item": 7, "opened": "2020-01-01T09:00:00+00:00"}
    assert form(PROPOSE, {"item": {"$ne": 1}}, zone=LONDON, now=NOW, choices=CHOICES).fixed == {}


def test_problems_stand_at_their_fields() -> None:
    try:
        read(Propose, {"rule": "foo", "places": "many"}, zone=LONDON, now=NOW, choices=CHOICES)
    except Incomplete as incomplete:
        problems = {**incomplete.problems, "elsewhere": "Not here."}
    intro = (Text(("Hello",)),)
    found = form(PROPOSE, {}, zone=LONDON, now=NOW, choices=CHOICES, problems=problems, intro=intro)
    assert set(found.problems) == {"rule", "places"}
    assert found.intro == intro


def test_usage() -> None:
    assert usage(PROPOSE) == (
        "agree <title> closes:… [rule:…] [quorum:…] [#theme] [@owner] [review-on:…] [text:…] [places:…] "
        "[hidden-results:…]"
    )
    assert usage(dataclasses.replace(PROPOSE, word="")) == ""
    assert (
        usage(Command(params=Simple, handle=answer, title="", help="", word="go", roles=EVERYONE))
        == "go kinds:… on:… [held:…]"
    )


@given(st.dictionaries(st.sampled_from([each.name for each in dataclasses.fields(Propose)]), JSON))
def test_a_form_can_always_be_opened(raw: dict[str, Any]) -> None:
    found = form(PROPOSE, raw, zone=LONDON, now=NOW, choices=CHOICES)
    orjson.dumps(found.fixed)
    for each in found.inputs:
        assert isinstance(each.value, tuple if each.kind == "choices" else str)
        if each.kind == "choice":
            assert each.value in ("", *(option.value for option in each.options))
        if each.kind == "choices":
            assert set(each.value) <= {option.value for option in each.options}


@given(
    st.builds(
        Propose,
        title=st.just("Five themes"),
        closes=MOMENTS,
        rule=st.sampled_from(Rule),
        themes=st.lists(st.sampled_from([11, 12, 13]), unique=True).map(tuple),
        places=st.integers(0, 1_000_000),
        hidden_results=st.booleans(),
        item=st.none() | st.integers(0, 2**63 - 1),
    )
)
def test_a_form_sent_back_untouched_says_the_same(params: Propose) -> None:
    opened = form(PROPOSE, params.packed(), zone=LONDON, now=NOW, choices=CHOICES)
    sent = {**opened.fixed, **{each.name: each.value for each in opened.inputs}}
    assert read(Propose, sent, zone=LONDON, now=NOW, choices=CHOICES, insist=True) == params
