"""Forms: every kind of field as Teams has it, with its value, its hint and what is wrong with it."""

import dataclasses
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.teams import payload
from adapters.teams.forms import render_form, task, with_values
from core.cards import Form, Input, InputKind, Option, Text
from tests.adapters.teams.limits import actions, check_card, nodes, shown

words = st.text(max_size=60)
options = st.lists(
    st.builds(Option, words, st.text(min_size=1, max_size=30)),
    min_size=1,
    max_size=8,
    unique_by=lambda each: each.value,
)


def fields(card: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {node["id"]: node for node in nodes(card) if str(node.get("type")).startswith("Input.")}


def test_every_kind_of_field() -> None:
    choices = (Option("Consent", "consent"), Option("A, B", "a,b"))
    inputs = (
        Input("title", "Title", value="Five themes", max_length=80),
        Input("text", "Text", "text", value="One\ntwo", required=False, hint="As long as you like."),
        Input("rule", "Rule", "choice", value="a,b", options=choices),
        Input("themes", "Themes", "choices", value=("consent", "a,b"), options=choices),
        Input("closes", "Closes", "moment", value="2026-12-04T17:00:00+01:00"),
        Input("review", "Review", "date", value="2027-01-31"),
        Input("quorum", "Quorum", "number", value="5"),
        Input("hidden", "Hide results", "toggle", value="yes"),
    )
    card = render_form(Form("Propose", "agreements.open", inputs, submit="Open", intro=(Text(("Hello.",)),)))
    check_card(card)
    found = fields(card)
    assert {name: field["type"] for name, field in found.items()} == {
        "title": "Input.Text",
        "text": "Input.Text",
        "rule": "Input.ChoiceSet",
        "themes": "Input.ChoiceSet",
        "closes__date": "Input.Date",
        "closes__time": "Input.Time",
        "review": "Input.Date",
        "quorum": "Input.Number",
        "hidden": "Input.Toggle",
    }
    values = {name: field["value"] for name, field in found.items()}
    assert values == {
        "title": "Five themes",
        "text": "One\ntwo",
        "rule": "a%2Cb",
        "themes": "consent,a%2Cb",
        "closes__date": "2026-12-04",
        "closes__time": "17:00",
        "review": "2027-01-31",
        "quorum": 5,
        "hidden": "yes",
    }
    assert (found["title"]["isRequired"], found["text"]["isRequired"]) == (True, False)
    assert found["title"]["maxLength"] == 80
    assert found["text"]["isMultiline"]
    assert found["themes"]["isMultiSelect"]
    assert "As long as you like." in shown(card)
    assert "Hello." in shown(card)
    (press,) = actions(card)
    sent = {**press["data"], **values}
    assert payload.read(sent) == payload.Pressed(
        "agreements.open",
        {
            "title": "Five themes",
            "text": "One\ntwo",
            "rule": "a,b",
            "themes": ["consent", "a,b"],
            "closes": "2026-12-04T17:00",
            "review": "2027-01-31",
            "quorum": "5",
            "hidden": "yes",
        },
        form=True,
    )


def test_odd_values_leave_a_field_empty() -> None:
    inputs = (
        Input("a", "A", "moment", value="next Friday"),
        Input("b", "B", "date", value="31.1.2027"),
        Input("c", "C", "number", value="many"),
        Input("d", "D", "moment", value="2026-12-04"),
        Input("e", "E", "moment", value="2026-99-99T10:00"),
    )
    found = fields(render_form(Form("F", "x", inputs)))
    assert {name: field.get("value") for name, field in found.items() if "value" in field} == {"d__date": "2026-12-04"}


def test_what_is_left_empty_comes_back_empty() -> None:
    form = Form(
        "F",
        "x",
        (Input("a", "A"), Input("m", "M", "moment"), Input("k", "K", "choices"), Input("t", "T", "toggle")),
        {"id": "7"},
    )
    read = payload.read(payload.of_form(form))
    assert read is not None
    assert read.args == {"id": "7", "a": "", "m": "", "k": [], "t": "no"}
    halves = payload.read({**payload.of_form(form), "m__date": "2026-12-04"})
    assert halves is not None
    assert halves.args["m"] == "2026-12-04"


def test_problems_stand_at_their_fields_and_general_ones_above() -> None:
    form = Form(
        "F", "x", (Input("a", "A"), Input("b", "B")), problems={"b": "B is wrong.", "": "All is wrong.", "a": ""}
    )
    said = shown(task(form)["task"]["value"]["card"]["content"])
    assert said == "✗ \nAll is wrong.\n✗ \nB is wrong.\n[Save]"


def test_values_that_were_sent_are_kept() -> None:
    form = Form("F", "x", (Input("a", "A"), Input("b", "B", value="ours"), Input("k", "K", "choices"), Input("z", "Z")))
    kept = with_values(form, {"a": "sent", "b": "theirs", "k": ["1", "2"], "z": {"odd": 1}})
    assert [each.value for each in kept.inputs] == ["sent", "ours", ("1", "2"), ""]


kinds: st.SearchStrategy[InputKind] = st.sampled_from(
    ["line", "text", "choice", "choices", "moment", "date", "number", "toggle"]
)
names = st.from_regex(r"[a-z][a-z]{0,12}", fullmatch=True)


@given(st.data())
@settings(max_examples=40)
def test_teams_takes_every_form_and_choices_come_back_whole(data: st.DataObject) -> None:
    used = data.draw(st.lists(names, min_size=1, max_size=6, unique=True))
    inputs = tuple(
        Input(
            name,
            data.draw(words),
            data.draw(kinds),
            data.draw(words),
            tuple(data.draw(options)),
            data.draw(st.booleans()),
            data.draw(words),
            data.draw(st.integers(1, 3_000)),
        )
        for name in used
    )
    inputs = tuple(each if "choice" not in each.kind else with_choice(each) for each in inputs)
    form = Form(data.draw(words), "x", inputs, problems={used[0]: data.draw(words)})
    for card in (render_form(form, cancel=True), task(form)["task"]["value"]["card"]["content"]):
        check_card(card)
    for each in inputs:
        if each.kind == "choices":
            chosen = ",".join(payload.option_value(option.value) for option in each.options)
            read = payload.read({**payload.of_form(form), payload.input_id(each.name): chosen})
            assert read is not None
            assert read.args[each.name] == [option.value for option in each.options]


def with_choice(each: Input) -> Input:
    return dataclasses.replace(each, value=each.options[0].value)
