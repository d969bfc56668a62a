"""Cards of every kind and size: Teams takes them, they say what they should, and nobody's words do more."""

from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.teams.buttons import Where
from adapters.teams.render import HEAVIEST, render, weight
from core.cards import (
    Bar,
    Block,
    Bold,
    Button,
    Buttons,
    Card,
    Chart,
    Divider,
    Facts,
    Heading,
    Italic,
    Link,
    Listing,
    Menu,
    Params,
    Prose,
    Table,
    Text,
)
from tests.adapters.teams.limits import actions, check_card, nodes, shown


@dataclass(frozen=True)
class Do(Params):
    """Any command."""

    command: ClassVar[str] = "any.thing"
    what: str = ""


words = st.text(max_size=120)
long_words = st.one_of(words, st.integers(1, 9_000).map(lambda size: "ö* [x](https://evil) " * (size // 20 + 1)))
does = words.map(Do)
inline = st.one_of(words, words.map(Bold), words.map(Italic), st.builds(Link, words, words))
line = st.lists(inline, max_size=4).map(tuple)
button = st.builds(Button, words, does, st.sampled_from(["plain", "primary", "danger"]), st.booleans(), words)
more = st.none() | does


@st.composite
def tables(draw: st.DrawFn) -> Table:
    width = draw(st.integers(1, 5))
    row = st.lists(line, min_size=width, max_size=width).map(tuple)
    names = draw(st.lists(words, min_size=width, max_size=width).map(tuple))
    return Table(names, tuple(draw(st.lists(row, max_size=6))) * draw(st.integers(1, 15)), draw(more))


block: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, words),
    st.builds(Text, line, st.sampled_from(["plain", "subtle", "good", "attention", "bad"])),
    st.builds(Prose, long_words, more),
    st.builds(Facts, st.lists(st.tuples(words, line), max_size=40).map(tuple)),
    st.builds(Listing, st.lists(line, max_size=70).map(tuple), words, more),
    tables(),
    st.builds(
        Chart,
        words,
        st.lists(st.builds(Bar, words, st.integers(0, 10**6), words), max_size=40).map(tuple),
        st.integers(0, 100),
    ),
    st.builds(Buttons, st.lists(button, max_size=30).map(tuple)),
    st.builds(Menu, words, st.lists(button, max_size=40).map(tuple)),
    st.just(Divider()),
)
cards = st.builds(Card, long_words, st.lists(block, max_size=12).map(tuple), long_words)


@given(cards, st.sampled_from(["chat", "emulator", "dialog"]), words)
@settings(max_examples=80)
def test_teams_takes_every_card(card: Card, where: Where, note: str) -> None:
    check_card(render(card, where=where, note=note))


def test_a_card_of_sixty_organisations_with_long_reasons() -> None:
    rows = tuple(((Bold(f"Organisation {n} of the borough"),), ("Objects",), ("ö" * 3_000,)) for n in range(60))
    reasons = tuple(Prose(f"{n} " + "Because of the Green Belt. " * 110, Do(str(n))) for n in range(60))
    table = Table(("Organisation", "Stance", "Reason"), rows, Do("all"))
    made = render(Card("Five themes", (table, *reasons), "60 organisations"))
    check_card(made)
    assert weight(made) <= HEAVIEST
    said = shown(made)
    assert "[See all 60]" in said
    assert "[Read it all]" in said
    assert "more" in said
    assert "Organisation 0" in said


def test_what_can_never_fit_still_sends() -> None:
    huge = Buttons((Button("Press", Do("x" * 100_000)),))
    made = render(Card("T" * 5_000, (huge,), "S" * 5_000))
    check_card(made)
    assert "Type home" in shown(made)


def test_a_listing_says_what_it_leaves_out() -> None:
    entries = tuple((f"Entry {n}",) for n in range(60))
    said = shown(render(Card("All", (Listing(entries, "Sixty", Do("all")),), "")))
    assert "• \nEntry 29" in said
    assert "Entry 30" not in said
    assert "… and 30 more" in said
    assert "[See all 60]" in said
    whole = shown(render(Card("All", (Listing(entries[:30], "", Do("all")),), "")))
    assert "more" not in whole


def test_prose_keeps_its_lines_and_says_what_it_leaves_out() -> None:
    made = render(Card("", (Prose("First.\n\nSecond.\nThird."),), "Said"))
    assert shown(made) == "First.\nSecond.\nThird."
    assert [element["spacing"] for element in made["body"]] == ["Small", "Small", "None"]
    long = shown(render(Card("", (Prose("word " * 3_000, Do()),), "Said")))
    assert long.endswith("…\n[Read it all]")
    assert len(long) < 2_100
    lines = shown(render(Card("", (Prose("line\n" * 100, Do()),), "Said")))
    assert lines.count("line") == 30
    assert lines.endswith("…\n[Read it all]")


def test_people_s_words_are_only_words() -> None:
    evil = "[Approve](https://evil) <at>Everyone</at> **x** {{DATE(2026-01-01)}} \u202egnp.exe\x00\x1b[0m \ud800"
    for made in (
        render(Card(evil, (Heading(evil), Text((evil,)), Prose(evil), Facts(((evil, (evil,)),))), evil)),
        render(
            Card(
                "T",
                (Listing(((evil,),), evil), Table((evil,), (((evil,),),)), Chart(evil, (Bar(evil, 1, evil),), 2)),
                evil,
            )
        ),
    ):
        check_card(made)
        assert not [node for node in nodes(made) if node.get("type") == "TextBlock" and "evil" in node["text"]]
        assert "selectAction" not in str(made)
        assert "entities" not in made["msteams"]
        assert "<at>" not in made["speak"]


def test_only_our_own_safe_links_are_links() -> None:
    made = render(
        Card("", (Text((Link("paper", "https://board.example/1"), Link("bad", "javascript:alert(1)"))),), "x")
    )
    runs = made["body"][0]["inlines"]
    assert runs[0]["selectAction"] == {"type": "Action.OpenUrl", "url": "https://board.example/1"}
    assert runs[1] == {"type": "TextRun", "text": "bad"}


def test_titles_are_headings_where_that_is_safe() -> None:
    made = render(Card("Five themes, agreed?", (Heading("1. Not a list"),), "x"))
    title, other = made["body"]
    assert (title["type"], title["style"]) == ("TextBlock", "heading")
    assert other["type"] == "RichTextBlock"


@pytest.mark.parametrize(("tone", "sign"), [("good", "✓ "), ("attention", "⚠ "), ("bad", "✗ ")])
def test_tones_are_told_without_colour(tone: Any, sign: str) -> None:
    made = render(Card("", (Text(("Said",), tone),), "x"))
    assert [run["text"] for run in made["body"][0]["inlines"]] == [sign, "Said"]


def test_six_buttons_in_sight_and_the_rest_behind_the_dots() -> None:
    many = tuple(Button(f"B{n}", Do(str(n)), confirm="Sure?" if n == 8 else "") for n in range(9))
    (row,) = render(Card("", (Buttons(many),), "x"))["body"]
    sight = [action["title"] for action in row["actions"] if action.get("mode") != "secondary"]
    behind = [action["title"] for action in row["actions"] if action.get("mode") == "secondary"]
    assert sight == ["B0", "B1", "B2", "B3", "B4", "B8"]
    assert behind == ["B5", "B6", "B7"]


def test_kinds_of_buttons() -> None:
    asking = Button("Object", Do("o"), "danger", asks=True, confirm="Never shown")
    sure = Button("Close", Do("c"), "primary", confirm="Close it now?")
    card = Card("", (Buttons((asking, sure)),), "x")
    opener, unfolding = render(card)["body"][0]["actions"]
    assert opener["type"] == "Action.Submit"
    assert opener["style"] == "destructive"
    assert opener["data"] == {"folkmoot": {"c": "any.thing", "a": {"what": "o"}}, "msteams": {"type": "task/fetch"}}
    assert unfolding["type"] == "Action.ShowCard"
    assert "Close it now?" in shown(unfolding)
    (press,) = actions(unfolding)
    assert (press["type"], press["verb"], press["style"]) == ("Action.Execute", "any.thing", "positive")
    in_place, _ = render(card, where="emulator")["body"][0]["actions"]
    assert in_place["type"] == "Action.Execute"


def test_a_menu_unfolds() -> None:
    options = tuple(Button(f"Option {n}", Do(str(n)), confirm="Sure?" if n == 1 else "") for n in range(9))
    (row,) = render(Card("", (Menu("More", options),), "x"))["body"]
    menu, beside = row["actions"]
    assert (menu["title"], beside["title"]) == ("More", "Option 1")
    assert len(actions(menu)) == 8


def test_bars_are_to_one_scale_and_say_their_numbers() -> None:
    bars = (Bar("Agree", 6, "Barnet, Met"), Bar("Abstain", 0), Bar("Block", 1))
    said = shown(render(Card("", (Chart("Stances", bars, 12),), "x"))).split("\n")
    assert said == [
        "Stances",
        "Agree", "██████░░░░░░", "6", "Barnet, Met",
        "Abstain", "░░░░░░░░░░░░", "0",
        "Block", "█░░░░░░░░░░░", "1",
    ]  # fmt: skip


def test_dividers_draw_a_line_above_what_follows() -> None:
    made = render(Card("", (Text(("a",)), Divider(), Text(("b",)), Divider()), "x"))
    assert [element.get("separator", False) for element in made["body"]] == [False, True]
