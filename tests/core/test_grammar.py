import contextlib
import datetime
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cards import Option
from core.catalog import BY_WORD
from core.errors import Incomplete, Refused
from core.grammar import Typed, line_args, names_of, raw_args, resolve, split
from core.hearing import asked_for
from core.texts import divided, first_word
from core.values import read
from tests.core.samples import CHOICES, LONDON, NOW, PROPOSE, Propose, Rule, is_sentence

NAMES = names_of(PROPOSE)
PIECES = (
    "agree Agree, /agree @folkmoot five themes closes: close:Fri closes:17:30 5pm rule:consent rule: simple "
    'majority #arts #"arts #“Arts and culture” @jo @"Jo Smith" " “ ” \' ’ | \n \r\n : :: '
    "# @ https://a.b/c?d=e quorum:60% closses:x re:x review on:4/12 text:long places:5 hidden-results:yes "
    "themes:11,12 opened:2020-01-01 item:7 🎉 \u202e \ud800 \x00"
)
LINEISH = st.lists(st.sampled_from(PIECES.split(" ")), max_size=14).map(" ".join)


def understood(line: str) -> Propose:
    """The parameters of a typed line, as dispatch would read them."""
    return read(Propose, line_args(PROPOSE, line, CHOICES), zone=LONDON, now=NOW, choices=CHOICES)


@pytest.mark.parametrize(
    ("line", "word", "rest"),
    [
        ("agree Five themes", "agree", "Five themes"),
        ("Agree Five themes", "agree", "Five themes"),
        ("/agree Five themes", "agree", "Five themes"),
        ("AGREE: Five themes", "agree", "Five themes"),
        ("agree:Five themes", "agree", "Five themes"),
        ("  agree\u00a0Five themes ", "agree", "Five themes"),
        ("“Agree, Five themes", "agree", "Five themes"),
        ("@Folkmoot agree Five themes", "agree", "Five themes"),
        ("Folkmoot, agree Five themes", "agree", "Five themes"),
        ("/board agree Five themes", "agree", "Five themes"),
        ("Board Poll Which evening?", "poll", "Which evening?"),
        ("Help!", "help", ""),
        ("agree\nFive themes", "agree", "Five themes"),
        ("@folkmoot", "folkmoot", ""),
        ("🎉", "", ""),
        ("", "", ""),
        ("\x00\ud800", "", ""),
    ],
)
def test_the_first_word(line: str, word: str, rest: str) -> None:
    assert first_word(line) == (word, rest)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("", "home"),
        ("Hi!", "home"),
        ("thank you", "home"),
        ("?", "help"),
        ("help me", "help"),
        ("poll 3", "polls"),
        ("Meeting #2", "meetings"),
        ("priority 1", "pipeline"),
        ("agreement 1", "agreements"),
        ("Item #12", "items"),
        ("agreement", "Did you mean agreements?"),
        ("poll 3 or 4? | 3 | 4", "poll"),
        ("could you start a Poll about which evening", "Did you mean poll? Type help poll to see how."),
        ("please raise parking", "Did you mean raise?"),
        ("priorities", "Did you mean pipeline?"),
        ("vote", "Did you mean agreements or polls?"),
        ("meetng next tues", "Did you mean meeting?"),
        ("aggree Five themes", "Did you mean agree?"),
        ("frobnicate", "I don't know “frobnicate”. Type help"),
        ("👍", "I don't know “👍”. Type help"),
    ],
)
def test_what_a_line_asks_for_and_what_was_probably_meant(line: str, word: str) -> None:
    try:
        assert asked_for(line).word == word
    except Refused as refusal:
        assert word in refusal.sentence
        assert is_sentence(refusal.sentence)


@pytest.mark.parametrize(
    ("rest", "raw"),
    [
        ("Five themes", {"title": "Five themes"}),
        ("", {}),
        (
            "Five themes closes:Fri 5pm rule:consent",
            {"title": "Five themes", "closes": "Fri 5pm", "rule": "consent"},
        ),
        (
            "Five themes rule:consent closes:30 Nov 2026",
            {"title": "Five themes", "closes": "30 Nov 2026", "rule": "consent"},
        ),
        ("closes:30 Nov 17:00 Five themes", {"title": "Five themes", "closes": "30 Nov 17:00"}),
        ("Five themes closes:tomorrow morning", {"title": "Five themes", "closes": "tomorrow morning"}),
        ("closes:tomorrow morning Five themes", {"title": "Five themes", "closes": "tomorrow morning"}),
        ("Five themes closes:fri 5 rule:consent", {"title": "Five themes", "closes": "fri 5", "rule": "consent"}),
        ("closes:fri 5 themes", {"title": "5 themes", "closes": "fri"}),
        ("Five themes — closes:fri", {"title": "Five themes", "closes": "fri"}),
        ("Five-, six- — or seven – rule:consent", {"title": "Five-, six- — or seven", "rule": "consent"}),
        ("closes:tomorrow noon, Five themes", {"title": "Five themes", "closes": "tomorrow noon"}),
        ("Five themes Closes: Fri 5pm", {"title": "Five themes", "closes": "Fri 5pm"}),
        ("Five themes closes:17:30", {"title": "Five themes", "closes": "17:30"}),
        ("Five themes closes:“Fri 5pm”", {"title": "Five themes", "closes": "Fri 5pm"}),
        ("Five themes closes:'Fri 5pm'", {"title": "Five themes", "closes": "Fri 5pm"}),
        ("Five themes closes:‘Fri 5pm’", {"title": "Five themes", "closes": "Fri 5pm"}),
        (
            "Five themes closes:“Fri 5pm rule:consent",
            {"title": "Five themes", "closes": "Fri 5pm", "rule": "consent"},
        ),
        ('Five themes closes:"Fri 5pm', {"title": "Five themes", "closes": "Fri 5pm"}),
        ("Five themes closes:Fri 5pm”", {"title": "Five themes", "closes": "Fri 5pm"}),
        ("Five themes close:Fri", {"title": "Five themes", "closes": "Fri"}),
        ("Five themes closes:", {"title": "Five themes", "closes": ""}),
        ("Five themes closes: rule:consent", {"title": "Five themes", "closes": "", "rule": "consent"}),
        (
            "Five themes closes:whenever we like rule:consent",
            {"title": "Five themes", "closes": "whenever we like", "rule": "consent"},
        ),
        ("Five themes rule:simple majority", {"title": "Five themes", "rule": "simple majority"}),
        ("rule:simple majority Five themes", {"title": "Five themes", "rule": "simple majority"}),
        ("Five themes rule:Two–thirds", {"title": "Five themes", "rule": "Two–thirds"}),
        ("Five themes #arts", {"title": "Five themes", "themes": ("arts",)}),
        ("Five #arts themes #use-of-assets", {"title": "Five themes", "themes": ("arts", "use-of-assets")}),
        ('Five themes #"Arts and culture"', {"title": "Five themes", "themes": ("Arts and culture",)}),
        (
            "Five themes #“Arts and culture” @“Jo Smith”",
            {"title": "Five themes", "themes": ("Arts and culture",), "owner": "Jo Smith"},
        ),
        ("Five #use of assets themes", {"title": "Five themes", "themes": ("use of assets",)}),
        ("Five #arts and crafts", {"title": "Five and crafts", "themes": ("arts",)}),
        ("Five #Arts & Culture, #smart cities.", {"title": "Five", "themes": ("Arts & Culture", "smart cities")}),
        ("Five themes review:Fri", {"title": "Five themes", "review_on": "Fri"}),
        ("Five themes @jo @sam.o’neill.", {"title": "Five themes", "owner": "sam.o’neill"}),
        ("Five themes themes:11,12 #arts", {"title": "Five themes", "themes": ("arts", "11,12")}),
        ("Budget is #1 in C# for jo@example.org", {"title": "Budget is #1 in C# for jo@example.org"}),
        (
            "Note: see https://example.org/a:b at 17:30 ratio 3:1",
            {"title": "Note: see https://example.org/a:b at 17:30 ratio 3:1"},
        ),
        ("Close: the gap", {"title": "Close: the gap"}),
        ("review on:4/12 Look again", {"title": "Look again", "review_on": "4/12"}),
        ("Look again review-on:4/12", {"title": "Look again", "review_on": "4/12"}),
        ("Look again reviewon:4/12", {"title": "Look again", "review_on": "4/12"}),
        ("Look again Review_On: next Friday", {"title": "Look again", "review_on": "next Friday"}),
        (
            "Five themes, text:The board agrees\nand so on rule:consent",
            {"title": "Five themes", "text": "The board agrees\nand so on", "rule": "consent"},
        ),
        ("Five themes\nand a second line", {"title": "Five themes\nand a second line"}),
        ("Lunch? closes:Fri | Pizza | Soup", {"title": "Lunch? | Pizza | Soup", "closes": "Fri"}),
        ('Lunch? "Pizza" "Soup"', {"title": 'Lunch? "Pizza" "Soup"'}),
        ('"Five themes"', {"title": "Five themes"}),
        ("“Note closes: never #arts” rule:consent", {"title": "Note closes: never #arts", "rule": "consent"}),
        ('"Five themes closes:Fri', {"title": '"Five themes', "closes": "Fri"}),
        ("It’s Barnet’s “big society", {"title": "It’s Barnet’s “big society"}),
        (
            "Five themes places:5 hidden-results:Yes",
            {"title": "Five themes", "places": "5", "hidden_results": "Yes"},
        ),
        ("title:Five themes rule:consent", {"title": "Five themes", "rule": "consent"}),
        ("item:7 opened:2020-01-01", {"title": "item:7 opened:2020-01-01"}),
        ("Five themes closes:Fri closes:Sat", {"title": "Five themes", "closes": "Sat"}),
    ],
)
def test_lines_as_people_type_them(rest: str, raw: dict[str, Any]) -> None:
    assert line_args(PROPOSE, f"agree {rest}", CHOICES) == raw


def test_a_line_from_a_phone_is_understood_whole() -> None:
    found = understood(
        "Agree Five themes for Barnet  Closes: Fri 5pm Rule:Two thirds #“Arts and culture” #Use-Of-Assets "
    )
    assert found == Propose(
        title="Five themes for Barnet",
        closes=datetime.datetime(2026, 11, 27, 17, tzinfo=datetime.UTC),
        rule=Rule.TWO_THIRDS,
        themes=(15, 13),
    )


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [
        ("Five themes closses:Fri", "I don’t know “closses:”. Did you mean “closes:”?"),
        ("Five themes rulle:consent", "I don’t know “rulle:”. Did you mean “rule:”?"),
        ("Five themes reviewed-on:4/12", "I don’t know “reviewed-on:”. Did you mean “review-on:”?"),
        ("Five themes to:x", None),
        ("Five themes Brent-Cross:phase", None),
    ],
)
def test_a_near_miss_is_refused_and_prose_is_not(rest: str, sentence: str | None) -> None:
    if sentence is None:
        assert line_args(PROPOSE, f"agree {rest}") == {"title": rest}
        return
    with pytest.raises(Refused) as refusal:
        line_args(PROPOSE, f"agree {rest}")
    assert refusal.value.sentence == sentence


def test_an_ambiguous_beginning_is_asked_back() -> None:
    names = {"closes": NAMES["closes"], "closed_by": NAMES["owner"]}
    assert resolve("closes", names) == "closes"
    assert resolve("closed", names) == "closed_by"
    assert resolve("cl", names) is None
    with pytest.raises(Refused, match=r"could be “closes:” or “closed-by:”\. Which"):
        resolve("clos", names)


def test_a_person_by_the_whole_name_and_two_where_one_is_wanted() -> None:
    add = BY_WORD["action"]
    people = {"owner": (Option("Peter Police (Police)", "m1"), Option("Nadia Nurse (Hospital)", "m2"))}
    assert line_args(add, "action Map it @Peter Police by Fri", people) == {
        "title": "Map it by Fri",
        "owner": "Peter Police",
    }
    assert line_args(add, "action Map it @Peter police station", people)["title"] == "Map it station"
    with pytest.raises(Refused, match="“nadia” and “peter” are two; please name one for Who does it"):
        line_args(add, "action Map it @nadia @peter", people)


def test_a_name_may_be_the_one_in_the_form() -> None:
    line = "meeting Board when:12/01 10am where:Town Hall"
    assert line_args(BY_WORD["meeting"], line) == {"title": "Board", "when": "12/01 10am", "place": "Town Hall"}


def test_raw_args_needs_no_exact_names() -> None:
    typed = Typed(
        "agree",
        "Five",
        {"#": ("a", "b"), "@": ("x", "y")},
        {"Review-On": "Fri", "clos": "5pm", "nothing": "x"},
    )
    assert raw_args(PROPOSE, typed) == {
        "title": "Five",
        "themes": ("a", "b"),
        "owner": "y",
        "review_on": "Fri",
        "closes": "5pm",
    }


def test_what_a_line_may_never_set() -> None:
    assert not {"item", "opened"} & set(line_args(PROPOSE, "agree x item:7 opened:2020-01-01"))


@pytest.mark.parametrize(
    "rest",
    [
        '"a ' * 13_000,
        "closes:x " * 4_000,
        "#a " * 13_000,
        "abc:x " * 6_000,
        "text:a " * 5_000,
        "“" * 39_000,
        "a:" * 19_000,
    ],
)
def test_long_lines_take_no_long_time(rest: str) -> None:
    start = time.process_time()
    with contextlib.suppress(Refused):
        split(f"agree {rest}", NAMES, CHOICES)
    assert time.process_time() - start < 20  # half a second; a pattern that goes back and back takes for ever


def test_a_line_that_no_tool_sends_is_refused() -> None:
    with pytest.raises(Refused, match="40,000 characters"):
        split("agree " + "x" * 40_000, NAMES)


@given(st.text(max_size=80) | LINEISH)
def test_any_line_is_understood_or_refused_in_a_sentence(line: str) -> None:
    try:
        found = understood(line)
    except Incomplete as incomplete:
        sentences = [sentence for sentence in incomplete.problems.values() if sentence]
        assert set(incomplete.problems) <= set(NAMES)
    except Refused as refusal:
        sentences = [refusal.sentence]
    else:
        sentences = []
        assert found.title
        assert found.item is None
    for sentence in sentences:
        assert is_sentence(sentence)


@given(st.lists(st.from_regex(r"[a-zA-Z]{1,9}", fullmatch=True), min_size=1, max_size=8))
def test_plain_words_are_never_lost(words: list[str]) -> None:
    assert split("agree " + " ".join(words) + " rule:consent", NAMES).free == " ".join(words)


@pytest.mark.parametrize(
    ("text", "asked", "parts"),
    [
        ("Which evening? | Tue | Wed", "Which evening?", ("Tue", "Wed")),
        ("Which evening?\n- Tue\n2. Wed", "Which evening?", ("Tue", "Wed")),
        ('Which evening? "Tue" "Wed"', "Which evening?", ("Tue", "Wed")),
        ("“Which evening?” “Tue”, “Wed, late”", "Which evening?", ("Tue", "Wed, late")),
        ("Which? | “Tue” | Wed |", "Which?", ("Tue", "Wed")),
        ('Should we say "yes" or "no"?', 'Should we say "yes" or "no"?', ()),
        ('Which? "Tue"', 'Which? "Tue"', ()),
        ('"Which?"', "Which?", ()),
        ("| Tue | Wed", "", ("Tue", "Wed")),
        ("🍕 or 🍔? | 🍕 | 🍔", "🍕 or 🍔?", ("🍕", "🍔")),
        ("", "", ()),
    ],
)
def test_a_question_and_the_parts_behind_it(text: str, asked: str, parts: tuple[str, ...]) -> None:
    assert divided(text) == (asked, parts)


@pytest.mark.parametrize(
    ("line", "raw"),
    [
        ("poll Which? | Tue | Wed", {"question": "Which?", "options": ("Tue", "Wed")}),
        ("poll Which? ¦ Tue ｜ Wed", {"question": "Which?", "options": ("Tue", "Wed")}),
        ("poll One question: tea? | Yes | No", {"question": "One question: tea?", "options": ("Yes", "No")}),
        (
            "poll Which? | Tue | Wed closes:Fri multi:yes",
            {"question": "Which?", "options": ("Tue", "Wed"), "closes": "Fri", "multi": "yes"},
        ),
        (
            "poll anonymous:yes Which? “Tue” “Wed”",
            {"question": "Which?", "options": ("Tue", "Wed"), "anonymous": "yes"},
        ),
        ("poll", {}),
    ],
)
def test_a_poll_in_one_line(line: str, raw: dict[str, Any]) -> None:
    from core.polls.launching import LAUNCH

    assert line_args(LAUNCH, line) == raw
