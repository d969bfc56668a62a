"""The local Slack refuses what Block Kit forbids, each limit at its edge."""

import copy
from typing import Any

import pytest
import slackblocks
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.slack.blocks import check_message, check_view, too_long, view_too_large

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str = "Hello", **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str = "Agree", **more: Any) -> Json:
    return {"type": "button", "text": plain(text), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(text: str = "Yes", value: str = "y") -> Json:
    return {"text": plain(text), "value": value}


def select(count: int = 2, **more: Any) -> Json:
    options = [option(f"Option {n}", str(n)) for n in range(count)]
    return {"type": "static_select", "placeholder": plain("Pick"), "options": options, **more}


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain("Reason"), "element": element, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    shown = {"type": "modal", "title": plain("Agree"), "submit": plain("Save"), "blocks": list(blocks)}
    return {**shown, **more}


def table(rows: int, cells: int, text: str = "x") -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text}] * cells for _ in range(rows)]}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def confirm(**changed: str) -> Json:
    words = {"title": "Sure?", "text": "Really object?", "confirm": "Yes", "deny": "No"} | changed
    return {name: plain(text) for name, text in words.items()}


RICH = rich({"type": "rich_text_section", "elements": [{"type": "text", "text": "hi", "style": {"bold": True}}]})
CHART = {
    "type": "data_visualization",
    "title": "Votes",
    "chart": {
        "type": "bar",
        "series": [{"name": "Votes", "data": [{"label": "Agree", "value": 3}]}],
        "axis_config": {"categories": ["Agree"]},
    },
}

GOOD: list[list[Json]] = [
    [section("x" * 3000)] * 50,
    [{"type": "header", "text": plain("x" * 150)}],
    [section(fields=[{"type": "mrkdwn", "text": "x" * 2000}] * 10)],
    [{"type": "section", "fields": [plain("a")]}],
    [actions(*[button("x" * 75, value="v" * 2000, action_id=f"a{n}") for n in range(25)])],
    [actions(button(style="danger", confirm=confirm(title="x" * 100, text="x" * 300, confirm="x" * 30)))],
    [{"type": "context", "elements": [plain("x")] * 10}],
    [section(accessory=select(100, initial_option=option("Option 7", "7")))],
    [section(accessory={"type": "overflow", "options": [option()] * 5})],
    [{"type": "divider"}, {"type": "markdown", "text": "x" * 12_000}],
    [table(100, 20)],
    [RICH],
    [CHART, CHART],
    [field({"type": "plain_text_input", "action_id": "t"})],
]

BAD: list[tuple[list[Any], str]] = [
    ([section()] * 51, "no more than 50 items"),
    ([section("x" * 3001)], "less than 3001"),
    ([section("")], "more than 0 characters"),
    ([{"type": "section"}], "must define either"),
    ([section(fields=[plain("x")] * 11)], "no more than 10"),
    ([section(fields=[plain("x" * 2001)])], "less than 2001"),
    ([section(colour="red")], "invalid additional property: colour"),
    ([{"type": "header", "text": plain("x" * 151)}], "less than 151"),
    ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "must be one of: plain_text"),
    ([actions(*[button(action_id=f"a{n}") for n in range(26)])], "no more than 25"),
    ([actions()], "more than 0 items"),
    ([actions(button("x" * 76))], "less than 76"),
    ([actions(button(""))], "more than 0 characters"),
    ([actions(button(value="v" * 2001))], "less than 2001"),
    ([actions(button(action_id="a" * 256))], "less than 256"),
    ([actions(button(style="default"))], "must be one of: danger, primary"),
    ([actions(button(action_id="a"), button(action_id="a"))], "`action_id` already exists"),
    ([section(block_id="b"), section(block_id="b")], "`block_id` already exists"),
    ([section(block_id="b" * 256)], "less than 256"),
    ([actions(button(confirm=confirm(title="x" * 101)))], "less than 101"),
    ([actions(button(confirm=confirm(text="x" * 301)))], "less than 301"),
    ([actions(button(confirm=confirm(deny="x" * 31)))], "less than 31"),
    ([actions(button(confirm={"title": plain("x")}))], "missing required field: deny"),
    ([{"type": "context", "elements": [plain("x")] * 11}], "no more than 10"),
    ([{"type": "context", "elements": [button()]}], "must be one of"),
    ([section(accessory=select(101))], "no more than 100"),
    ([section(accessory=select(0))], "more than 0 items"),
    ([section(accessory=select(initial_option=option("Option 9", "9")))], "must match one of the options"),
    ([section(accessory=select(placeholder=plain("x" * 151)))], "less than 151"),
    ([section(accessory={"type": "static_select", "options": [option("x" * 76)]})], "less than 76"),
    ([section(accessory={"type": "static_select", "options": [option(value="v" * 151)]})], "less than 151"),
    ([section(accessory={"type": "overflow", "options": [option()] * 6})], "no more than 5"),
    ([section(accessory={"type": "radio_buttons", "options": [option()] * 11})], "no more than 10"),
    ([section(accessory={"type": "plain_text_input"})], "unsupported type: plain_text_input"),
    ([actions({"type": "checkboxes", "options": [option()] * 11})], "no more than 10"),
    ([{"type": "carrousel"}], "unsupported type: carrousel"),
    ([{"type": "alert", "text": plain("x")}], "unsupported type: alert"),
    (["section"], "unsupported type: None"),
    ([{"type": ["section"]}], "unsupported type"),
    ([actions({"type": ["button"]})], "unsupported type"),
    ([{"type": "markdown", "text": "x" * 7000}] * 2, "all markdown blocks"),
    ([{"type": "image", "alt_text": "x"}], "must define either"),
    ([{"type": "image", "image_url": "https://e.org/x.png"}], "missing required field: alt_text"),
    ([table(101, 1)], "no more than 100"),
    ([table(1, 21)], "no more than 20"),
    ([table(1, 1, "")], "more than 0 characters"),
    ([table(10, 10, "x" * 101)], "less than 10001"),
    ([table(1, 1), table(1, 1)], "only_one_table_allowed"),
    ([rich({"type": "text", "text": "x"})], "unsupported type: text"),
    ([rich({"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]})], "more than 0"),
    ([rich({"type": "rich_text_list", "elements": []})], "missing required field: style"),
    ([CHART] * 3, "no more than 2"),
    ([{**CHART, "title": "x" * 51}], "less than 51"),
    ([field({"type": "button", "text": plain("x")})], "unsupported type: button"),
    ([field({"type": "plain_text_input", "max_length": 3001})], "between 1 and 3000"),
    ([field({"type": "plain_text_input", "max_length": 3, "initial_value": "four"})], "less than 4"),
    ([field({"type": "number_input"})], "missing required field: is_decimal_allowed"),
    ([field({"type": "datepicker", "initial_date": "2026-13-01"})], "YYYY-MM-DD"),
    ([{"type": "input", "element": {"type": "plain_text_input"}}], "missing required field: label"),
]


@pytest.mark.parametrize("blocks", GOOD, ids=range(len(GOOD)))
def test_a_message_at_its_limits_is_taken(blocks: list[Json]) -> None:
    assert check_message(blocks) == []


@pytest.mark.parametrize(("blocks", "problem"), BAD, ids=[problem for _, problem in BAD])
def test_a_message_over_a_limit_is_refused_with_a_pointer(blocks: list[Json], problem: str) -> None:
    problems = check_message(blocks)
    assert any(problem in each for each in problems), problems
    assert all("[json-pointer:/" in each for each in problems)


def test_the_whole_message_has_a_limit_and_every_block_costs() -> None:
    four = [section("x" * 3000) for _ in range(4)]
    assert not too_long([*four, section("x" * 700)])  # 12,700 characters and 4 x 125
    assert too_long([*four, section("x" * 701)])
    assert too_long([*four, *[section("x")] * 7])


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        (modal(title=plain("x" * 25)), "less than 25"),
        (modal(submit=plain("x" * 25)), "less than 25"),
        (modal(close=plain("x" * 25)), "less than 25"),
        (modal(title={"type": "mrkdwn", "text": "x"}), "must be one of: plain_text"),
        (modal(private_metadata="x" * 3001), "less than 3001"),
        (modal(callback_id="x" * 256), "less than 256"),
        (modal(*[section()] * 101), "no more than 100"),
        (modal(table(1, 1)), "unsupported type: table"),
        (modal(field({"type": "plain_text_input"}), submit=None), "missing required field: submit"),
        ({"type": "modal", "blocks": []}, "missing required field: title"),
        ({"type": "home", "blocks": [], "title": plain("x")}, "must be one of: modal"),
        (modal(theme="dark"), "invalid additional property: theme"),
    ],
)
def test_a_view_over_a_limit_is_refused(view: Json, problem: str) -> None:
    problems = check_view(view)
    assert any(problem in each for each in problems), problems


def test_good_views_are_taken() -> None:
    alert = {"type": "alert", "text": plain("Closes today")}
    full = modal(alert, *[section()] * 99, title=plain("x" * 24), close=plain("x" * 24), private_metadata="x" * 3000)
    assert check_view(full) == []
    assert check_view({"type": "home", "blocks": [table(2, 2), *[section()] * 99]}, ("home",)) == []
    assert not view_too_large(full)
    assert view_too_large(modal(*[section("x" * 3000) for _ in range(84)]))


def test_another_library_that_knows_block_kit_agrees_on_what_is_good() -> None:
    blocks = [
        slackblocks.HeaderBlock("Five themes"),
        slackblocks.SectionBlock("*Consent* by Friday", fields=["Barnet Homes", "Job Centre Plus"]),
        slackblocks.ContextBlock([slackblocks.Text("2 more for quorum")]),
        slackblocks.ActionsBlock([slackblocks.Button("Consent", action_id="c", value="1", style="primary")]),
        slackblocks.DividerBlock(),
    ]
    assert check_message([copy.deepcopy(block._resolve()) for block in blocks]) == []


TYPES = """actions section header context input static_select button overflow checkboxes rich_text table
raw_text text plain_text mrkdwn rich_text_section rich_text_list data_visualization pie bar container card image"""
NAMES = """type text elements element accessory fields options option_groups initial_option initial_options confirm
label value block_id action_id rows chart series segments data child_blocks blocks title style alt_text"""
WORDS, KEYS = st.sampled_from(TYPES.split()), st.sampled_from(NAMES.split())
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | WORDS | st.just("")
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=25
)


@settings(max_examples=300)
@given(ANYTHING)
def test_whatever_is_sent_gets_an_answer(nonsense: Any) -> None:
    assert isinstance(check_message([nonsense]), list)
    assert isinstance(check_message(nonsense), list)
    assert isinstance(check_view(nonsense, ("modal", "home")), list)
    assert isinstance(check_view({"type": "modal", "title": nonsense, "blocks": nonsense}), list)
