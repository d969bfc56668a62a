"""How a quorum is typed and said back."""

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.agreements.quorum import Quorum, parse_quorum, read_quorum, say_quorum
from core.errors import Refused

TYPED = st.one_of(
    st.integers(1, 99_999).map(str),
    st.integers(1, 1_000_000).map(lambda n: f"{n / 10_000:.4f}%"),
    st.integers(1, 100).map(lambda n: f"{n} %"),
    st.tuples(st.integers(1, 999), st.integers(1, 999)).filter(lambda p: p[0] <= p[1]).map(lambda p: f"{p[0]}/{p[1]}"),
    st.tuples(st.integers(1, 20), st.integers(20, 30)).map(lambda p: f"{p[0]} of {p[1]}"),
    st.integers(1, 999_999).map(lambda n: f"0.{n:06d}"),
    st.sampled_from(["half", "a half", "Half", "a third", "two thirds", "two-thirds", "all", "none", "", " 5 "]),
)


@example("12.3456%")
@example("1/7")
@given(TYPED)
def test_what_is_said_of_a_quorum_means_the_same_quorum(typed: str) -> None:
    quorum = parse_quorum(typed)
    again = parse_quorum(say_quorum(quorum))
    assert again.number == quorum.number
    if quorum.share is None:
        assert again.share is None
    else:
        assert again.share == pytest.approx(quorum.share, abs=1e-12)


@given(st.integers(1, 999).flatmap(lambda d: st.tuples(st.integers(1, d), st.just(d))))
def test_a_fraction_is_the_share_that_it_says(pair: tuple[int, int]) -> None:
    assert parse_quorum(f"{pair[0]}/{pair[1]}").share == pytest.approx(float(Fraction(*pair)), abs=1e-12)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("5", "5"),
        ("50%", "half"),
        ("1/3", "a third"),
        ("2/3", "two thirds"),
        ("100%", "all"),
        ("40 %", "40%"),
        ("", ""),
    ],
)
def test_a_quorum_is_said_in_plain_words(typed: str, said: str) -> None:
    assert say_quorum(parse_quorum(typed)) == said


@given(st.text(max_size=25))
def test_any_text_is_a_quorum_or_refused_in_a_sentence(text: str) -> None:
    try:
        quorum = parse_quorum(text)
    except Refused as refusal:
        assert refusal.sentence.endswith(".") and " such as " in refusal.sentence
        return
    assert quorum.number is None or quorum.share is None
    assert quorum.number is None or quorum.number >= 1
    assert quorum.share is None or 0 < quorum.share <= 1
    assert read_quorum(text) == text.strip()


@pytest.mark.parametrize(
    "text", ["0", "-1", "0%", "101%", "3/2", "1/0", "0/5", "five", "5 people", "1.5", "١٠", "9" * 30]
)
def test_what_is_no_quorum_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_quorum(text)


def test_no_quorum_at_all() -> None:
    assert parse_quorum("none") == Quorum()
    assert say_quorum(Quorum()) == ""
