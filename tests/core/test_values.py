import datetime
import unicodedata
from dataclasses import dataclass
from typing import Any, ClassVar

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cards import Option, Params
from core.commands import param
from core.errors import Incomplete
from core.values import read
from tests.core.samples import CHOICES, LONDON, NOW, RULES, THEMES, Propose, Rule, is_sentence

UTC = datetime.UTC


def understood(**raw: Any) -> Propose:
    return read(Propose, {"title": "x", **raw}, zone=LONDON, now=NOW, choices=CHOICES)


def refused(**raw: Any) -> dict[str, str]:
    with pytest.raises(Incomplete) as incomplete:
        understood(**raw)
    return dict(incomplete.value.problems)


@pytest.mark.parametrize(
    ("name", "given_", "value"),
    [
        ("title", "  Five \n themes\t", "Five themes"),
        ("title", "Five\u202e themes\x00\ud800\u2066", "Five themes"),
        ("title", "Cafe\u0301", "Café"),
        ("title", "👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("text", " one\r\n\r\ntwo\u2028three\x1b[31m ", "one\n\ntwo\nthree[31m"),
        ("text", "   ", ""),
        ("rule", "two_thirds", Rule.TWO_THIRDS),
        ("rule", "Two thirds", Rule.TWO_THIRDS),
        ("rule", " SIMPLE-majority ", Rule.SIMPLE),
        ("rule", "simple", Rule.SIMPLE),
        ("rule", "", Rule.CONSENT),
        ("themes", "11", (11,)),
        ("themes", ["15", 11, "15"], (15, 11)),
        ("themes", ("arts-&-culture", "Smart Cities"), (15, 14)),
        ("themes", "Arts and culture, use; smart", (15, 13, 14)),
        ("themes", [], ()),
        ("closes", "2026-12-04T17:00", datetime.datetime(2026, 12, 4, 17, tzinfo=UTC)),
        ("closes", "2026-12-04T17:00:00+01:00", datetime.datetime(2026, 12, 4, 16, tzinfo=UTC)),
        (
            "closes",
            datetime.datetime(2026, 12, 4, 17, tzinfo=UTC),
            datetime.datetime(2026, 12, 4, 17, tzinfo=UTC),
        ),
        ("review_on", "4 Dec", datetime.date(2026, 12, 4)),
        ("review_on", datetime.date(2026, 12, 4), datetime.date(2026, 12, 4)),
        ("review_on", None, None),
        ("places", "1,000", 1000),
        ("places", 5.0, 5),
        ("places", 0, 0),
        ("hidden_results", "Yes.", True),
        ("hidden_results", "ja", True),
        ("hidden_results", "true", True),
        ("hidden_results", "on", True),
        ("hidden_results", True, True),
        ("hidden_results", "no", False),
        ("hidden_results", 0, False),
        ("quorum", "60%", "60%"),
        ("item", 7, 7),
        ("item", "7", 7),
        ("opened", "2020-01-01T09:00:00+00:00", datetime.datetime(2020, 1, 1, 9, tzinfo=UTC)),
    ],
)
def test_reads(name: str, given_: Any, value: Any) -> None:
    if name == "closes":
        assert understood(**{name: given_}).closes == value
    else:
        found = getattr(understood(closes="Fri", **{name: given_}), name)
        assert found == value
        assert type(found) is type(value)


@pytest.mark.parametrize(
    ("name", "given_", "sentence"),
    [
        ("title", "x" * 10_000, "Title is 10,000 characters long; please keep it to 120."),
        ("title", "\x00\u202e", "Title holds nothing that can be read; please write a few words."),
        ("title", {"a": 1}, "Title could not be read; please fill it in again."),
        ("title", ["a"], "Title could not be read; please fill it in again."),
        ("title", True, "Title could not be read; please fill it in again."),
        ("title", 1.5, "Title could not be read; please fill it in again."),
        (
            "rule",
            "majority",
            "“majority” is not clear for Rule. Did you mean Simple majority?",
        ),
        ("rule", "magic", "“magic” is not clear for Rule. Please choose Consent, Simple majority or Two-thirds."),
        ("rule", {}, "Rule could not be read; please fill it in again."),
        (
            "themes",
            ["11", "99"],
            "“99” is not clear for Themes. Please choose "
            + ", ".join(each.label for each in THEMES[:4])
            + " or Arts and culture.",
        ),
        ("themes", [["11"]], "Themes could not be read; please fill it in again."),
        ("themes", ["11"] * 1000, "1,000 are too many for Themes; please choose 100 or fewer."),
        ("places", "-3", "Places must be a whole number from 0 to 1,000,000."),
        ("places", "five", "Places must be a whole number from 0 to 1,000,000."),
        ("places", float("nan"), "Places must be a whole number from 0 to 1,000,000."),
        ("places", 10**400, "Places must be a whole number from 0 to 1,000,000."),
        ("places", "9" * 5000, "Places must be a whole number from 0 to 1,000,000."),
        ("places", True, "Places must be a whole number from 0 to 1,000,000."),
        ("hidden_results", "perhaps", "Hide results is either yes or no."),
        ("hidden_results", 2, "Hide results is either yes or no."),
        ("quorum", "half", "A quorum is a number or a share, such as 5 or 60%."),
        ("closes", 1764867600, "Closes could not be read; please fill it in again."),
        ("closes", "yesterday", "“yesterday” is in the past; please choose a later time."),
        ("review_on", "2020-01-01", "“2020-01-01” is in the past; please choose a later date."),
        ("item", "../7", "Item could not be read; please fill it in again."),
        ("item", -1, "Item could not be read; please fill it in again."),
        ("item", 2**70, "Item could not be read; please fill it in again."),
        ("item", True, "Item could not be read; please fill it in again."),
    ],
)
def test_refuses(name: str, given_: Any, sentence: str) -> None:
    assert refused(**{name: given_}) == {name: sentence}


def test_every_problem_is_told_at_once() -> None:
    problems = refused(title="", rule="x", places="y", closes="May", unknown={"deep": [1]})
    assert list(problems) == ["title", "closes", "rule", "places"]
    assert problems["title"] == ""
    with pytest.raises(Incomplete) as nothing:
        read(Propose, {}, zone=LONDON, now=NOW, choices=CHOICES)
    assert nothing.value.problems == {"title": ""}
    assert nothing.value.sentence == "Please fill in the form."


def test_what_is_required_of_people_may_be_left_out_by_buttons() -> None:
    assert understood().closes is None
    assert refused(closes=" ") == {"closes": ""}
    with pytest.raises(Incomplete) as incomplete:
        read(Propose, {"title": "x"}, zone=LONDON, now=NOW, choices=CHOICES, insist=True)
    assert incomplete.value.problems == {"closes": ""}


def test_options_are_those_of_the_partnership() -> None:
    assert refused(themes=["21"])["themes"].startswith("“21” is not clear")
    other = {"themes": (Option("Elsewhere", "21"),)}
    assert read(Propose, {"title": "x", "themes": ["21"]}, zone=LONDON, now=NOW, choices=other).themes == (21,)
    with pytest.raises(Incomplete, match="nothing to choose for Themes yet"):
        read(Propose, {"title": "x", "themes": ["21"]}, zone=LONDON, now=NOW, choices={})


def test_half_a_name_that_several_have_is_answered_with_those_alone() -> None:
    people = ("Ann Aye (Council)", "Nadia Khan (Charity)", "Peter Police (Police)", "Nadia Nurse (Hospital)")
    several = {"themes": tuple(Option(each, str(at)) for at, each in enumerate(people))}
    for said, answer in (
        ("nadia", "Please choose Nadia Khan (Charity) or Nadia Nurse (Hospital)."),
        ("nurse", "Did you mean Nadia Nurse (Hospital)?"),
        ("zorro", f"Please choose {', '.join(people[:3])} or {people[3]}."),
    ):
        with pytest.raises(Incomplete) as unclear:
            read(Propose, {"title": "x", "themes": [said]}, zone=LONDON, now=NOW, choices=several)
        assert unclear.value.sentence == f"“{said}” is not clear for Themes. {answer}"


def test_unclear_beginnings_and_twin_labels_are_not_guessed() -> None:
    twins = {
        "themes": (
            Option("Arts", "1"),
            Option("Art’s", "2"),
            Option("Assets", "3"),
            *(Option(f"B{n}", f"{n}") for n in range(4, 9)),
        )
    }
    for said, there in (
        ("a", "Arts, Art’s or Assets"),
        ("arts", "Arts or Art’s"),
        ("c", "for example Arts, Art’s, .* B6"),
    ):
        with pytest.raises(Incomplete, match=rf"Please choose {there}\."):
            read(Propose, {"title": "x", "themes": said}, zone=LONDON, now=NOW, choices=twins)


@dataclass(frozen=True)
class Simple(Params):
    """Text references and plain choices, in the shapes that a feature may use."""

    command: ClassVar[str] = "sample.simple"
    key: str = param("ref", "Key")
    kinds: tuple[str, ...] = param("choices", "Kinds", choices=RULES)
    on: bool = param("toggle", "On")
    held: datetime.date | None = param("date", "Held", default=None, past=True)


def test_other_shapes() -> None:
    raw = {"key": 17, "kinds": "consent", "on": "no", "held": "1 Nov 2026"}
    found = read(Simple, raw, zone=LONDON, now=NOW, choices={})
    assert found == Simple("17", ("consent",), False, datetime.date(2026, 11, 1))
    with pytest.raises(Incomplete) as incomplete:
        read(Simple, {"key": 10**5000, "kinds": [None], "on": ""}, zone=LONDON, now=NOW, choices={})
    assert set(incomplete.value.problems) == {"key", "kinds", "on"}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["Fri", "yes", "11"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = [
    "title",
    "closes",
    "rule",
    "quorum",
    "themes",
    "owner",
    "review_on",
    "text",
    "places",
    "hidden_results",
    "item",
    "opened",
]


@given(st.dictionaries(st.sampled_from([*FIELDS, "command", "__class__"]), JSON))
def test_any_json_is_read_or_refused_in_sentences(raw: dict[str, Any]) -> None:
    try:
        found = read(Propose, raw, zone=LONDON, now=NOW, choices=CHOICES)
    except Incomplete as incomplete:
        assert set(incomplete.problems) <= set(FIELDS)
        assert all(is_sentence(sentence) for sentence in incomplete.problems.values() if sentence)
    else:
        assert [type(each) for each in (found.title, found.hidden_results, found.rule)] == [str, bool, Rule]
        assert set(found.themes) <= {11, 12, 13, 14, 15}


def moments(first: str, last: str) -> st.SearchStrategy[datetime.datetime]:
    """Aware moments, in fixed offsets: Python calls no doubled hour of a zone equal to its moment."""
    start, end = datetime.datetime.fromisoformat(first), datetime.datetime.fromisoformat(last)
    zones = [UTC, datetime.timezone(datetime.timedelta(hours=5.5))]
    return st.datetimes(start, end, timezones=st.sampled_from(zones))


MOMENTS = moments("2026-11-26", "2031-01-01")
WORDS = st.from_regex(r"\w(\S| (?=\S)){0,80}", fullmatch=True).filter(str.isprintable)


@given(
    st.builds(
        Propose,
        title=WORDS,
        closes=MOMENTS,
        rule=st.sampled_from(Rule),
        quorum=st.just("") | st.just("60%"),
        themes=st.lists(st.sampled_from([11, 12, 13]), unique=True).map(tuple),
        review_on=st.none() | st.dates(datetime.date(2026, 11, 25), datetime.date(2031, 1, 1)),
        places=st.integers(0, 1_000_000),
        hidden_results=st.booleans(),
        item=st.none() | st.integers(0, 2**63 - 1),
        opened=st.none() | moments("1950-01-01", "2026-11-20"),
    )
)
def test_what_a_button_carries_reads_back_equal(params: Propose) -> None:
    packed = orjson.loads(orjson.dumps(params.packed()))
    expected = {"title": unicodedata.normalize("NFC", params.title)}
    found = read(Propose, packed, zone=LONDON, now=NOW, choices=CHOICES)
    assert found == Propose(**{**vars(params), **expected})
