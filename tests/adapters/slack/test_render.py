"""Every card and form that core can say must be one that Slack takes, and must still say what it says."""

import dataclasses
import datetime
import random
from collections.abc import Callable
from typing import Any, ClassVar, Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.slack import fit, forms
from adapters.slack.buttons import TOO_LARGE
from core import cards
from core.cards import Bold, Button, Buttons, Card, Form, Input, Italic, Link, Option, Params, Prose, Text
from core.requests import Place
from tests.adapters.slack.limits import check_message, check_view

HERE = Place("slack", "T1", "C1")


@dataclasses.dataclass(frozen=True)
class See(Params):
    command: ClassVar[str] = "agreements.see"
    agreement: int = 0
    words: str = ""


NASTY = [
    *["", " ", "Agree", "<!channel>", "<@U1> & co", "*b* _i_ ~s~ `c`", "<https://evil|Approve>"],
    *["a\x00b\x1b[31m", "\u202eabc", "👩\u200d👩\u200d👧" * 30, "\ud800", "two\nlines", "word " * 700, "Ω" * 400],
]
FEW = settings(max_examples=80, deadline=None)


class Maker:
    """Cards and forms of every shape, from a seed and some words: cheaper than one strategy for each class."""

    def __init__(self, seed: int, words: list[str]) -> None:
        self.dice = random.Random(seed)
        self.words = words + NASTY

    def word(self) -> str:
        return self.dice.choice(self.words)

    def some(self, most: int, make: Callable[[], Any]) -> tuple[Any, ...]:
        return tuple(make() for _ in range(self.dice.choice([0, 1, 2, most // 2, most])))

    def line(self) -> cards.Line:
        dresses: list[Callable[[str], cards.Inline]] = [str, Bold, Italic, lambda text: Link(text, "https://x.org/a")]
        part = self.dice.choice(dresses)
        return self.some(3, lambda: part(self.word()))

    def see(self) -> See:
        return See(self.dice.randrange(10**9), self.word()[:40])

    def more(self) -> See | None:
        return self.dice.choice([None, self.see()])

    def button(self) -> Button:
        styles: list[Literal["plain", "primary", "danger"]] = ["plain", "primary", "danger"]
        return Button(self.word(), self.see(), self.dice.choice(styles), confirm=self.dice.choice(["", self.word()]))

    def table(self) -> cards.Table:
        columns = self.some(4, self.word)
        return cards.Table(columns, self.some(60, lambda: tuple(self.line() for _ in columns)), self.more())

    def block(self) -> cards.Block:
        tones: list[cards.Tone] = ["plain", "subtle", "good", "attention", "bad"]
        makers: list[Callable[[], cards.Block]] = [
            lambda: cards.Heading(self.word()),
            lambda: Text(self.line(), self.dice.choice(tones)),
            lambda: Prose(self.word() * self.dice.choice([1, 200]), self.more()),
            lambda: cards.Facts(self.some(12, lambda: (self.word(), self.line()))),
            lambda: cards.Listing(self.some(80, self.line), self.word(), self.more()),
            self.table,
            lambda: cards.Chart(self.word(), self.some(20, self.bar), self.dice.randrange(100)),
            lambda: Buttons(self.some(12, self.button)),
            lambda: cards.Menu(self.word(), self.some(12, self.button)),
            cards.Divider,
        ]
        return self.dice.choice(makers)()

    def bar(self) -> cards.Bar:
        return cards.Bar(self.word(), self.dice.randrange(100), self.word())

    def card(self) -> Card:
        return Card(self.word(), self.some(14, self.block), self.word())

    def field(self, name: str) -> Input:
        kinds: list[cards.InputKind] = ["line", "text", "choice", "choices", "moment", "date", "number", "toggle"]
        known = ["yes", "7", "2026-12-04", "2026-12-04T17:00:00+00:00", "2026-12-04T17:00", "9999-12-31"]
        options = self.some(
            self.dice.choice([6, 300]), lambda: Option(self.word(), f"{self.word()}{self.dice.random()}")
        )
        value = self.dice.choice([*known, self.word(), *(each.value for each in options[:2])])
        longest = self.dice.choice([0, 20, 300, 9999])
        required = self.dice.random() < 0.5
        return Input(name, self.word(), self.dice.choice(kinds), value, options, required, self.word(), longest)

    def form(self) -> Form:
        inputs = tuple(self.field(f"field{at}") for at in range(self.dice.randrange(8)))
        problems = {self.dice.choice(["field0", "field3", "elsewhere"]): self.word() for _ in range(2)}
        return Form(
            self.word(), "agreements.open", inputs, {"agreement": 7}, self.word(), self.some(4, self.block), problems
        )


@FEW
@given(st.integers(0, 2**32), st.lists(st.text(max_size=40), max_size=6))
@example(4194305, [])  # what breaks a sequence up makes the text longer
def test_any_card_is_one_that_slack_takes(seed: int, words: list[str]) -> None:
    card = Maker(seed, words).card()
    drawn = fit.message(card)
    check_message(drawn.blocks, drawn.text)
    check_view(fit.home(card))
    check_view(fit.reading(card))


@FEW
@given(st.integers(0, 2**32), st.lists(st.text(max_size=40), max_size=6))
def test_any_form_is_one_that_slack_takes(seed: int, words: list[str]) -> None:
    check_view(forms.draw_form(Maker(seed, words).form(), HERE))


def words_of(blocks: list[dict[str, Any]]) -> str:
    found: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            found.extend(each for key, each in value.items() if key == "text" and isinstance(each, str))
            for each in value.values():
                walk(each)
        elif isinstance(value, list):
            for each in value:
                walk(each)

    walk(blocks)
    return "\n".join(found)


def buttons_of(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for block in blocks if block["type"] == "actions" for each in block["elements"]]


def board_of(organisations: int, reason: str) -> Card:
    rows = tuple(((f"Organisation {at}",), ("Agree",), (reason,)) for at in range(organisations))
    table = cards.Table(("Organisation", "Position", "Reason"), rows, more=See(7))
    vote = Buttons((Button("Agree", See(7, "agree"), "primary"), Button("Block", See(7, "block"), "danger")))
    return Card("Five themes", (Prose("Shall we?", See(7)), table, vote), "Vote on five themes")


def test_sixty_organisations_with_long_reasons_are_shortened_visibly_and_keep_their_buttons() -> None:
    drawn = fit.message(board_of(60, "because " * 375))
    check_message(drawn.blocks, drawn.text)
    assert not drawn.whole
    said = words_of(drawn.blocks)
    assert " more" in said and "See all 60" in said
    assert {"Agree", "Block"} <= {each["text"]["text"] for each in buttons_of(drawn.blocks)}
    check_view(fit.reading(board_of(60, "because " * 375)))


def test_a_small_card_is_whole_and_says_everything() -> None:
    drawn = fit.message(board_of(6, "it helps"))
    assert drawn.whole
    assert all(f"Organisation {at}" in words_of(drawn.blocks) for at in range(6))


def test_the_largest_block_gives_way_first() -> None:
    listing = cards.Listing(tuple((f"entry {at}",) for at in range(8)), "Short", See(1))
    drawn = fit.message(Card("Title", (listing, Prose("word " * 5000, See(2)), Prose("more " * 5000, See(3))), "s"))
    assert all(f"entry {at}" in words_of(drawn.blocks) for at in range(8))
    assert "Read it all" in words_of(drawn.blocks) and "See all" not in words_of(drawn.blocks)


def test_more_than_fifty_blocks_lose_words_before_buttons() -> None:
    blocks = tuple(
        each for at in range(60) for each in (Text((f"note {at}",), "subtle"), Buttons((Button(f"do {at}", See(at)),)))
    )
    drawn = fit.message(Card("Many", blocks, "many"))
    assert len(drawn.blocks) <= 50
    assert len(buttons_of(drawn.blocks)) == 60
    assert not drawn.whole and "does not fit here" in words_of(drawn.blocks)


def test_people_cannot_write_markup() -> None:
    evil = "<!channel> <@U1> <https://evil|Approve> *bold* a\u202eb\x00 \ud800"
    card = Card(
        evil, (Prose(evil), Text((evil,), "subtle"), Text((evil, Link("ours", "https://x.org")), "subtle")), evil
    )
    drawn = fit.message(card)
    check_message(drawn.blocks, drawn.text)
    assert "&lt;!channel&gt;" in drawn.text
    mrkdwn = [each for block in drawn.blocks for each in block.get("elements", []) if each["type"] == "mrkdwn"]
    assert len(mrkdwn) == 1 and "<https://x.org|ours>" in mrkdwn[0]["text"] and "*bold*" not in mrkdwn[0]["text"]


def test_prose_keeps_its_lines_and_tones_show() -> None:
    blocks = fit.message(Card("", (Prose("one\r\ntwo"), Text(("late",), "bad"), Text(("fine",), "good")), "s")).blocks
    assert "one\ntwo" in words_of(blocks)
    assert "🔴 \nlate" in words_of(blocks) and "✅ \nfine" in words_of(blocks)


def test_a_chart_draws_bars_of_one_width() -> None:
    bars = (cards.Bar("Agree", 5, "6 needed"), cards.Bar("Block", 0), cards.Bar("Abstain", 1))
    said = words_of(fit.message(Card("", (cards.Chart("So far", bars, 100),), "s")).blocks)
    assert "▓░░░░░░░░░ 5 · Agree" in said and "░░░░░░░░░░ 0 · Block" in said and "▓░░░░░░░░░ 1 · Abstain" in said


def test_a_menu_is_a_select_only_where_its_commands_fit() -> None:
    short = cards.Menu("More", (Button("One", See(1)), Button("Two", See(2))))
    long = cards.Menu("More", (Button("One", See(1, "x" * 150)), Button("Two", See(2))))
    asking = cards.Menu("More", (Button("One", See(1), confirm="Really?"),))
    kinds = [buttons_of(fit.message(Card("", (menu,), "s")).blocks)[0]["type"] for menu in (short, long, asking)]
    assert kinds == ["static_select", "button", "button"]


def test_a_command_too_large_for_a_button_says_so_when_pressed() -> None:
    drawn = fit.message(Card("", (Buttons((Button("One", See(1, "x" * 2001)),)),), "s"))
    assert buttons_of(drawn.blocks)[0]["value"] == TOO_LARGE


def test_a_form_with_too_much_to_remember_is_refused() -> None:
    with pytest.raises(forms.TooLarge):
        forms.draw_form(Form("T", "c", (), {"x": "y" * 3000}), HERE)


def test_a_hundred_inputs_and_a_long_intro_stay_a_view() -> None:
    inputs = tuple(Input(f"f{at}", f"Field {at}") for at in range(120))
    check_view(forms.draw_form(Form("T", "c", inputs, intro=(Text(("hello",)),) * 50), HERE))


def test_five_hundred_options_stand_in_groups() -> None:
    options = tuple(Option(f"Member {at}", str(at)) for at in range(500))
    view = forms.draw_form(Form("T", "c", (Input("who", "Who", "choice", "314", options),)), HERE)
    check_view(view)
    element = view["blocks"][0]["element"]
    assert len(element["option_groups"]) == 5 and element["initial_option"]["value"] == "314"


def test_what_is_filled_in_comes_back_in_cores_shapes() -> None:
    moment = datetime.datetime(2026, 12, 4, 17, tzinfo=datetime.UTC)
    state = {
        "values": {
            "title": {"value": {"type": "plain_text_input", "value": "Five\x00 themes"}},
            "empty": {"value": {"type": "plain_text_input", "value": None}},
            "rule": {"value": {"type": "static_select", "selected_option": {"value": "consent"}}},
            "theme": {"value": {"type": "static_select", "selected_option": {"value": "∅"}}},
            "themes": {"value": {"type": "multi_static_select", "selected_options": [{"value": "1"}, {"value": "2"}]}},
            "closes": {"value": {"type": "datetimepicker", "selected_date_time": int(moment.timestamp())}},
            "review": {"value": {"type": "datepicker", "selected_date": "2027-01-31"}},
            "quorum": {"value": {"type": "number_input", "value": "5"}},
            "hidden": {"value": {"type": "radio_buttons", "selected_option": {"value": "yes"}}},
            "odd": {"value": {"type": "rich_text_input", "rich_text_value": {}}},
            "broken": [],
        }
    }
    assert forms.filled(state) == {
        "title": "Five themes",
        "empty": "",
        "rule": "consent",
        "theme": "",
        "themes": ["1", "2"],
        "closes": "2026-12-04T17:00:00+00:00",
        "review": "2027-01-31",
        "quorum": "5",
        "hidden": "yes",
    }


@pytest.mark.parametrize("edited", ["", "null", "[]", '{"c":1,"f":{}}', '{"c":"x"}', '{"c":"x","f":[]}', "{" * 2000])
def test_edited_metadata_is_not_believed(edited: str) -> None:
    assert forms.recall(edited) is None


def test_metadata_is_remembered() -> None:
    form = Form("T", "agreements.amend", (), {"agreement": 7})
    assert forms.recall(forms.remember(form, HERE)) == ("agreements.amend", {"agreement": 7}, HERE)
