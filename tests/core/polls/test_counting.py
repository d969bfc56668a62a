"""Each way of counting against an independent one (votelib, pyrankvote), with ties and withdrawn options."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pyrankvote
import votelib.convert
import votelib.evaluate.core
from hypothesis import given, settings
from hypothesis import strategies as st
from votelib.component.rankscore import Borda

from core.polls.counting import (
    ABSTAIN,
    DOES_NOT,
    FITS,
    IF_NEED_BE,
    NO,
    YES,
    Outcome,
    borda,
    marks_of,
    most_votes,
    rated,
    runoff,
    suited,
    yes_or_no,
)

OPTIONS = (1, 2, 3, 4, 5)
SOME = st.lists(st.sampled_from(OPTIONS), unique=True, max_size=5)
THERE = st.lists(st.sampled_from(OPTIONS), unique=True, min_size=2).map(sorted)
"""The options that are left; the others were withdrawn after people had voted."""
RANKINGS = st.lists(st.lists(st.sampled_from(OPTIONS), unique=True, min_size=1, max_size=5).map(tuple), max_size=25)


def elected(votes: dict[Any, Any]) -> set[Any]:
    """Who wins by votelib's plurality; all of them when they are tied."""
    if not any(votes.values()):
        return set()
    (first,) = votelib.evaluate.core.Plurality().evaluate(votes, 1)
    return set(first) if isinstance(first, (set, frozenset)) else {first}


@settings(max_examples=60)
@given(st.lists(st.sampled_from(OPTIONS), max_size=25), THERE)
def test_one_choice(choices: list[int], there: list[int]) -> None:
    votes = {option: choices.count(option) for option in there}
    assert set(most_votes(votes).winners) == elected(votes)


@settings(max_examples=60)
@given(st.lists(SOME, max_size=25), THERE)
def test_several_choices_are_approvals(choices: list[list[int]], there: list[int]) -> None:
    ballots = Counter(frozenset(set(each) & set(there)) for each in choices)
    theirs = votelib.convert.ApprovalToSimpleVotes().convert(dict(ballots))
    ours = most_votes({option: sum(option in each for each in choices) for option in there})
    assert set(ours.winners) == elected(dict(theirs))
    assert all(ours.scores[option] == theirs.get(option, 0) for option in there)


def scored(ballots: Sequence[dict[int, int]], function: str, unscored: int | None) -> dict[int, Any]:
    """What each option gets by votelib, of ballots that give scores."""
    counted = Counter(frozenset(ballot.items()) for ballot in ballots if ballot)
    converter = votelib.convert.ScoreToSimpleVotes(function, unscored_value=unscored)
    return dict(converter.convert(dict(counted))) if counted else {}


MARKS = st.lists(st.dictionaries(st.sampled_from(OPTIONS), st.integers(1, 5)), max_size=20)


@settings(max_examples=60)
@given(MARKS, THERE)
def test_dots_are_added_up(ballots: list[dict[int, int]], there: list[int]) -> None:
    kept = [{option: dots for option, dots in ballot.items() if option in there} for ballot in ballots]
    theirs = scored(kept, "sum", 0)
    ours = most_votes({option: sum(ballot.get(option, 0) for ballot in kept) for option in there})
    assert all(ours.scores[option] == theirs.get(option, 0) for option in there)
    assert set(ours.winners) == elected(theirs)


def marked(ballots: Sequence[dict[int, int]], there: Sequence[int], marks: Sequence[int]) -> dict[int, dict[int, int]]:
    """How often each option got each mark, as it is kept."""
    return {option: {mark: sum(ballot.get(option) == mark for ballot in ballots) for mark in marks} for option in there}


@settings(max_examples=60)
@given(MARKS, THERE)
def test_ratings_by_their_mean(ballots: list[dict[int, int]], there: list[int]) -> None:
    kept = [{option: mark for option, mark in ballot.items() if option in there} for ballot in ballots]
    theirs = scored(kept, "mean", None)
    ours = rated(marked(kept, there, range(1, 6)))
    assert all(ours.scores[option] == Fraction(theirs.get(option, 0)) for option in there)
    assert set(ours.winners) == elected(theirs)


@settings(max_examples=60)
@given(
    st.lists(st.dictionaries(st.sampled_from(OPTIONS), st.sampled_from((FITS, IF_NEED_BE, DOES_NOT))), max_size=20),
    THERE,
)
def test_dates_by_who_can_come_and_then_for_whom_they_fit(ballots: list[dict[int, int]], there: list[int]) -> None:
    kept = [{option: mark for option, mark in ballot.items() if option in there} for ballot in ballots]
    can = scored([{option: int(mark > DOES_NOT) for option, mark in each.items()} for each in kept], "sum", 0)
    fits = scored([{option: int(mark == FITS) for option, mark in each.items()} for each in kept], "sum", 0)
    most = elected(can)
    theirs = elected({option: fits.get(option, 0) + 1 for option in most}) if most else set()
    assert set(suited(marked(kept, there, range(3))).winners) == theirs


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_yes_no_and_abstain(yes: int, no: int, abstain: int) -> None:
    outcome = yes_or_no({YES: yes, NO: no, ABSTAIN: abstain})
    assert set(outcome.winners) == elected({YES: yes, NO: no})
    assert outcome.scores[ABSTAIN] == abstain


@settings(max_examples=80)
@given(RANKINGS, THERE)
def test_points(rankings: list[tuple[int, ...]], there: list[int]) -> None:
    kept = [tuple(option for option in ranking if option in there) for ranking in rankings]
    # votelib learns its candidates from the ballots, so a ballot of no weight names them all.
    votes = {**{tuple(there): 0}, **Counter(each for each in kept if each)}
    theirs = votelib.convert.RankedToPositionalVotes(Borda(base=0)).convert(votes)
    ours = borda(Counter(rankings), there)
    assert all(ours.scores[option] == theirs.get(option, 0) for option in there)
    assert set(ours.winners) == elected(dict(theirs))


def by_pyrankvote(rankings: Sequence[tuple[int, ...]], there: Sequence[int]) -> int:
    """The winner of an instant run-off, by pyrankvote."""
    candidates = {option: pyrankvote.Candidate(str(option)) for option in there}
    ballots = [
        pyrankvote.Ballot([candidates[option] for option in ranking if option in there])
        for ranking in rankings
        if set(ranking) & set(there)
    ]
    found = pyrankvote.instant_runoff_voting(list(candidates.values()), ballots)
    return int(found.get_winners()[0].name)


def any_way(piles: Sequence[tuple[int, ...]], there: frozenset[int]) -> set[int]:
    """Every winner that there could be, whichever of those with the fewest votes goes out."""
    left = [tuple(option for option in ranking if option in there) for ranking in piles]
    votes = {option: sum(bool(each) and each[0] == option for each in left) for option in there}
    leaders = {option for option in there if votes[option] == max(votes.values())}
    if len(there) == 1 or 2 * max(votes.values()) > sum(votes.values()) > 0:
        return leaders
    last = [option for option in there if votes[option] == min(votes.values())]
    return set().union(*(any_way(left, there - {option}) for option in last))


@settings(max_examples=150)
@given(RANKINGS.filter(bool), THERE)
def test_instant_run_off(rankings: list[tuple[int, ...]], there: list[int]) -> None:
    ours = runoff(Counter(rankings), there)
    if not any(set(each) & set(there) for each in rankings):
        assert ours.winners == ()
        return
    possible = any_way(rankings, frozenset(there))
    if len(possible) == 1:
        assert set(ours.winners) == possible == {by_pyrankvote(rankings, there)}
    else:
        assert set(ours.winners) <= possible
        assert by_pyrankvote(rankings, there) in possible
    _check_rounds(ours, there)


def _check_rounds(ours: Outcome, there: Sequence[int]) -> None:
    """Who is out stays out, and nobody's vote is counted twice or comes from nowhere."""
    left, votes = set(there), None
    for each in ours.rounds:
        assert set(each.votes) == left
        assert votes is None or sum(each.votes.values()) <= votes
        votes = sum(each.votes.values())
        left -= {each.out}
    assert set(ours.winners) <= left


def test_a_tie_is_told_as_a_tie() -> None:
    assert most_votes({1: 3, 2: 3, 3: 1}).winners == (1, 2)
    assert runoff({(1,): 2, (2,): 2}, (1, 2)).winners == (1, 2)
    assert runoff({(1, 2, 3): 1, (2, 3, 1): 1, (3, 1, 2): 1}, (1, 2, 3)).winners == (1, 2, 3)
    assert most_votes({1: 0, 2: 0}).winners == ()


def test_the_fewest_goes_by_earlier_rounds_then_points_then_place() -> None:
    # In the second round 1 and 3 have three votes each; in the first 3 had fewer, so it goes.
    outcome = runoff({(1,): 3, (2,): 4, (3, 2): 2, (4, 3): 1}, (1, 2, 3, 4))
    assert [each.out for each in outcome.rounds] == [4, 3, None]
    # With nothing between them but points: 2 stands second on more lists.
    outcome = runoff({(1,): 2, (2,): 2, (3, 2): 3, (4,): 0}, (1, 2, 3))
    assert outcome.rounds[0].out == 1


def test_what_is_counted_one_by_one() -> None:
    from core.polls.counting import Shape

    assert {shape: len(marks_of(shape, 5)) for shape in Shape} == {
        Shape.ONE: 1,
        Shape.SEVERAL: 1,
        Shape.DOTS: 1,
        Shape.YES_NO: 1,
        Shape.RATING: 5,
        Shape.DATES: 3,
        Shape.RANKED: 0,
        Shape.TEXT: 0,
    }
