"""How agreements are counted, against an oracle that was written from the product's words in fractions."""

import dataclasses
import re
from fractions import Fraction

from hypothesis import assume, example, given
from hypothesis import strategies as st

from core.agreements.rules import (
    POSITIONS,
    THRESHOLDS,
    Base,
    Position,
    Result,
    Rule,
    Standing,
    Terms,
    needed,
    shortfall,
    tally,
    verdict,
)
from tests.core.agreements.oracle import met, opinion

SECTORS = ("NHS", "police", "education")
SHARES = st.one_of(
    st.builds(Fraction, st.integers(1, 60), st.just(60)),
    st.builds(Fraction, st.integers(1, 7), st.just(7)),
    st.builds(Fraction, st.integers(1, 1_000_000), st.just(1_000_000)),
)


@dataclasses.dataclass(frozen=True)
class Vote:
    """A vote as it stands, with the quorum's share exactly."""

    terms: Terms
    voters: tuple[Standing, ...]
    share: Fraction | None


@st.composite
def votes(draw: st.DrawFn) -> Vote:
    """Any vote that may come about: every rule, base and quorum, up to a dozen voters."""
    rule = draw(st.sampled_from(Rule))
    number, share = draw(
        st.one_of(
            st.just((None, None)),
            st.tuples(st.integers(1, 14), st.none()),
            st.tuples(st.none(), SHARES),
        )
    )
    terms = Terms(
        rule=rule,
        base=draw(st.sampled_from(Base)) if rule in THRESHOLDS else Base.CAST,
        quorum_number=number,
        quorum_share=None if share is None else float(share),
        required_sectors=tuple(draw(st.lists(st.sampled_from(SECTORS), unique=True, max_size=2))),
        unit=draw(st.sampled_from(["organisation", "member"])),
    )
    voters = []
    for place in range(draw(st.integers(0, 12))):
        recused = draw(st.sampled_from([False, False, False, True]))
        voters.append(
            Standing(
                name=f"Partner {place}",
                sector=draw(st.sampled_from((*SECTORS, ""))),
                position=None if recused else draw(st.sampled_from((*POSITIONS[rule], None))),
                recused=recused,
                required=draw(st.sampled_from([False, False, True])),
            )
        )
    return Vote(terms, tuple(voters), share)


@given(votes())
def test_the_count_holds_each_voter_once(vote: Vote) -> None:
    count = tally(vote.terms, vote.voters)
    recused = [voter for voter in vote.voters if voter.recused]
    assert count.entitled + count.recused == len(vote.voters)
    assert count.recused == len(recused)
    assert sum(count.counts.values()) == count.took_part
    for position in POSITIONS[vote.terms.rule]:
        assert count.counts[position] == len([voter for voter in vote.voters if voter.position is position])
    assert count.agree + count.disagree + count.objections + count.counts.get(Position.ABSTAIN, 0) == count.took_part


@given(votes())
def test_quorum_and_who_must_take_part(vote: Vote) -> None:
    count = tally(vote.terms, vote.voters)
    assert count.quorate == opinion(vote.terms, vote.voters, vote.share).quorate
    silent = [voter for voter in vote.voters if voter.position is None and not voter.recused]
    assert set(count.lacking) == {voter.name for voter in silent if voter.required}
    assert set(count.lacking_sectors) <= set(vote.terms.required_sectors)


@given(votes())
def test_the_verdict_of_every_rule(vote: Vote) -> None:
    assert verdict(vote.terms, tally(vote.terms, vote.voters)) == opinion(vote.terms, vote.voters, vote.share).result


@given(votes())
def test_something_is_still_needed_unless_it_would_pass(vote: Vote) -> None:
    count = tally(vote.terms, vote.voters)
    assert (not needed(vote.terms, count)) == (verdict(vote.terms, count) is Result.PASSED)


@given(votes())
def test_as_many_more_as_are_asked_for_meet_the_threshold_and_one_fewer_does_not(vote: Vote) -> None:
    terms, count = vote.terms, tally(vote.terms, vote.voters)
    dissent = terms.rule is Rule.UNANIMOUS and count.disagree > 0
    assume(not dissent)  # then minds must change, and more voices don't help: the next test
    said = [voter.position for voter in vote.voters if voter.position is not None]
    short = shortfall(terms, count)
    yes = Position.CONSENT if terms.rule is Rule.CONSENT else Position.AGREE
    if short <= count.entitled - count.took_part:
        assert met(terms, [*said, *[yes] * short], count.entitled)
    if short > 0:
        assert not met(terms, [*said, *[yes] * (short - 1)], count.entitled)


@given(votes())
def test_unanimity_with_dissent_asks_those_who_disagree(vote: Vote) -> None:
    terms = dataclasses.replace(vote.terms, rule=Rule.UNANIMOUS)
    assume(vote.terms.rule in THRESHOLDS)
    count = tally(terms, vote.voters)
    assume(count.disagree)
    silent = count.entitled - count.took_part
    said = [voter.position for voter in vote.voters if voter.position is not None]
    assert not met(terms, [*said, *[Position.AGREE] * silent], count.entitled), "more voices don't help"
    turned = [Position.AGREE if position is Position.DISAGREE else position for position in said]
    if terms.base is Base.CAST:
        assert shortfall(terms, count) == count.disagree
        assert met(terms, turned, count.entitled)
    else:
        # Everyone must agree, whoever has disagreed, abstained or kept silent so far, and the card says how many.
        assert shortfall(terms, count) == count.entitled - count.agree
        assert any(phrase.startswith(f"{count.entitled - count.agree} more ") for phrase in needed(terms, count))


@example(Vote(Terms(Rule.UNANIMOUS, Base.ENTITLED), (Standing("A"),), None))
@example(Vote(Terms(Rule.CONSENSUS, quorum_number=3), (Standing("A", position=Position.BLOCK),), None))
@given(votes())
def test_no_phrase_has_a_wrong_plural(vote: Vote) -> None:
    for phrase in needed(vote.terms, tally(vote.terms, vote.voters)):
        assert not re.search(r"\b1 (more )?(organisation|member|objection|block)s\b", phrase), phrase
        assert not re.search(r"(?<!\d)(?!1 )\d+ (more )?(organisation|member|objection|block)\b", phrase), phrase
        assert not (phrase.startswith("1 ") and "of them" in phrase), phrase
        assert "  " not in phrase and not phrase.endswith((".", " ")), phrase


@given(votes())
def test_an_interest_leaves_the_count_as_if_that_voter_were_not_there(vote: Vote) -> None:
    without = [voter for voter in vote.voters if not voter.recused]
    before, after = tally(vote.terms, vote.voters), tally(vote.terms, without)
    assert verdict(vote.terms, before) == verdict(vote.terms, after)
    assert needed(vote.terms, before) == needed(vote.terms, after)
    assert dataclasses.replace(before, recused=0) == after


def test_abstentions_make_a_quorum_but_no_majority() -> None:
    terms = Terms(Rule.SIMPLE_MAJORITY, quorum_number=3)
    voters = [Standing("A", position=Position.AGREE)] + [Standing(n, position=Position.ABSTAIN) for n in "BC"]
    assert verdict(terms, tally(terms, voters)) is Result.PASSED
    entitled = dataclasses.replace(terms, base=Base.ENTITLED)
    assert verdict(entitled, tally(entitled, voters)) is Result.NOT_PASSED
    assert needed(entitled, tally(entitled, voters)) == ["1 more organisation must agree"]


def test_a_card_says_what_is_still_needed_in_words() -> None:
    terms = Terms(Rule.CONSENT, quorum_number=4, required_sectors=("NHS",))
    voters = [
        Standing("Council", position=Position.OBJECT),
        Standing("Police", required=True),
        Standing("Hospital", sector="NHS"),
        Standing("College", position=Position.CONSENT),
    ]
    assert needed(terms, tally(terms, voters)) == [
        "2 more organisations for quorum",
        "Police must take part",
        "one organisation from NHS must take part",
        "1 objection to be resolved",
    ]


def test_a_quorum_that_cannot_be_reached_is_said_so() -> None:
    terms = Terms(Rule.CONSENT, quorum_number=3)
    voters = [Standing("Council", position=Position.CONSENT), Standing("Police", recused=True)]
    assert needed(terms, tally(terms, voters)) == ["quorum is 3, but only 1 organisation may take part"]
