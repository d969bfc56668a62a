"""How agreements are counted: pure functions from standings to a verdict and to what is still needed.

Terms: a *voter* is an organisation or a member, as frozen when voting opened. *Votes cast* are agree and
disagree; abstentions take part, for quorum, but are outside votes cast. Who declared an interest is
recused and leaves every base. Nothing here knows time, people or a database.
"""

import enum
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class Rule(enum.StrEnum):
    """How a proposal passes."""

    CONSENT = "consent"
    CONSENSUS = "consensus"
    SIMPLE_MAJORITY = "simple majority"
    TWO_THIRDS = "two-thirds"
    UNANIMOUS = "unanimous"
    ADVICE = "advice"


class Position(enum.StrEnum):
    """What a voter says; each rule has its own words."""

    CONSENT = "consent"
    OBJECT = "object"
    AGREE = "agree"
    ABSTAIN = "abstain"
    DISAGREE = "disagree"
    BLOCK = "block"


POSITIONS: dict[Rule, tuple[Position, ...]] = {
    Rule.CONSENT: (Position.CONSENT, Position.OBJECT),
    Rule.CONSENSUS: (Position.AGREE, Position.ABSTAIN, Position.DISAGREE, Position.BLOCK),
    Rule.SIMPLE_MAJORITY: (Position.AGREE, Position.ABSTAIN, Position.DISAGREE),
    Rule.TWO_THIRDS: (Position.AGREE, Position.ABSTAIN, Position.DISAGREE),
    Rule.UNANIMOUS: (Position.AGREE, Position.ABSTAIN, Position.DISAGREE),
    Rule.ADVICE: (Position.AGREE, Position.ABSTAIN, Position.DISAGREE),
}
MOST_NAMED = 6  # of those who must take part; the card shows who is silent anyway
OBJECTIONS = frozenset({Position.OBJECT, Position.BLOCK})
"""Positions that need a reason and stop the proposal until they are settled."""
THRESHOLDS = frozenset({Rule.SIMPLE_MAJORITY, Rule.TWO_THIRDS, Rule.UNANIMOUS})
"""Rules whose threshold may be taken over votes cast or over all who are entitled."""


class Base(enum.StrEnum):
    """Over what a threshold is taken."""

    CAST = "votes cast"
    ENTITLED = "entitled"


class Result(enum.StrEnum):
    """How an agreement ended."""

    PASSED = "passed"
    NOT_PASSED = "not passed"
    NO_QUORUM = "no quorum"


@dataclass(frozen=True, slots=True)
class Standing:
    """One voter as it stands: its position if it has taken one, and whether it must take part.

    number: as many who stand just so, in an electorate too large to be counted one by one.
    """

    name: str
    sector: str = ""
    position: Position | None = None
    recused: bool = False
    required: bool = False
    number: int = 1


@dataclass(frozen=True, slots=True)
class Terms:
    """What was settled at opening. quorum: a number of voters or a share of those entitled (0 < share <= 1)."""

    rule: Rule
    base: Base = Base.CAST
    quorum_number: int | None = None
    quorum_share: float | None = None
    required_sectors: tuple[str, ...] = ()
    unit: str = "organisation"


@dataclass(frozen=True, slots=True)
class Tally:
    """The count. entitled: voters less the recused. took_part: of those, who has taken any position."""

    counts: dict[Position, int]
    entitled: int
    recused: int
    took_part: int
    quorum: int
    lacking: tuple[str, ...]  # who must take part and has not
    lacking_sectors: tuple[str, ...]

    @property
    def agree(self) -> int:
        """Voters in favour, in the rule's own word."""
        return self.counts.get(Position.AGREE, 0) + self.counts.get(Position.CONSENT, 0)

    @property
    def disagree(self) -> int:
        """Voters against, without those who block."""
        return self.counts.get(Position.DISAGREE, 0)

    @property
    def objections(self) -> int:
        """Voters that object or block."""
        return self.counts.get(Position.OBJECT, 0) + self.counts.get(Position.BLOCK, 0)

    @property
    def quorate(self) -> bool:
        """Whether enough took part, and everyone who must."""
        return self.took_part >= self.quorum and not self.lacking and not self.lacking_sectors


def tally(terms: Terms, standings: Iterable[Standing]) -> Tally:
    """Count the voters as they stand."""
    voters = list(standings)
    entitled = [voter for voter in voters if not voter.recused]
    present = [voter for voter in entitled if voter.position is not None]
    counts = Counter[Position]()
    for voter in present:
        if voter.position is not None:
            counts[voter.position] += voter.number
    number = _number(entitled)
    return Tally(
        counts={position: counts.get(position, 0) for position in POSITIONS[terms.rule]},
        entitled=number,
        recused=_number(voters) - number,
        took_part=_number(present),
        quorum=_quorum(terms, number),
        lacking=tuple(voter.name for voter in entitled if voter.required and voter.position is None),
        lacking_sectors=_lacking_sectors(terms, entitled),
    )


def _number(voters: Iterable[Standing]) -> int:
    return sum(voter.number for voter in voters)


def _quorum(terms: Terms, entitled: int) -> int:
    """How many must take part. Nothing passes by silence, so it is one even when no quorum was set."""
    if terms.quorum_number is not None:
        return max(1, terms.quorum_number)
    if terms.quorum_share is not None:
        # A share like 0.6 of 5 is exactly 3; rounding first keeps float dust from asking for a fourth.
        return max(1, math.ceil(round(terms.quorum_share * entitled, 6)))
    return 1


def _lacking_sectors(terms: Terms, entitled: Sequence[Standing]) -> tuple[str, ...]:
    """Sectors of which nobody has taken part, though somebody could."""
    lacking = []
    for sector in terms.required_sectors:
        of_sector = [voter for voter in entitled if voter.sector.casefold() == sector.casefold()]
        if of_sector and all(voter.position is None for voter in of_sector):
            lacking.append(sector)
    return tuple(lacking)


def shortfall(terms: Terms, count: Tally) -> int:
    """How many more must agree, if nobody changes, for the threshold to be met; 0 when it is.

    Consent and consensus need one voice in favour (and, for consensus, more in favour than against), apart
    from objections, which are counted by themselves. Advice has no threshold. Where one that disagrees stands
    against a unanimous vote, it counts among those who must agree, since no further voice makes up for it.
    """
    agree, disagree = count.agree, count.disagree
    entitled_base = terms.base is Base.ENTITLED
    match terms.rule:
        case Rule.CONSENT:
            needed = 1
        case Rule.CONSENSUS:
            needed = disagree + 1
        case Rule.SIMPLE_MAJORITY:
            needed = count.entitled // 2 + 1 if entitled_base else disagree + 1
        case Rule.TWO_THIRDS:
            # agree / (agree + disagree) >= 2/3 is agree >= 2 x disagree; kept in whole numbers.
            needed = max(1, -(-2 * count.entitled // 3) if entitled_base else 2 * disagree)
        case Rule.UNANIMOUS:
            needed = count.entitled if entitled_base else agree + disagree
            needed = max(1, needed)
        case Rule.ADVICE:
            needed = 0
    return max(0, needed - agree)


def verdict(terms: Terms, count: Tally) -> Result:
    """How the agreement ends if it closes on this count. Advice is decided by a person, not by this."""
    if not count.quorate:
        return Result.NO_QUORUM
    if count.objections or shortfall(terms, count):
        return Result.NOT_PASSED
    return Result.PASSED


def needed(terms: Terms, count: Tally) -> list[str]:
    """What is still needed to pass, in words; empty when it would pass as it stands."""
    wants: list[str] = []
    missing = count.quorum - count.took_part
    if missing > 0:
        if count.quorum > count.entitled:
            left = _many(count.entitled, terms.unit)
            wants.append(f"quorum is {count.quorum}, but only {left} may take part")
        else:
            wants.append(f"{_more(missing, terms.unit)} for quorum")
    wants += must_take_part(terms, count)
    if count.objections:
        word = "objection" if terms.rule is Rule.CONSENT else "block"
        wants.append(f"{_many(count.objections, word)} to be resolved")
    if not (terms.rule is Rule.CONSENT and missing > 0):  # whoever makes the quorum up consents or objects
        wants += _threshold_wants(terms, count)
    return wants


def must_take_part(terms: Terms, count: Tally) -> list[str]:
    """Who is waited for by name and by sector, in words; of a great many the first ones and a number."""
    named = [f"{name} must take part" for name in count.lacking]
    named += [f"one {terms.unit} from {sector} must take part" for sector in count.lacking_sectors]
    if len(named) <= MOST_NAMED:
        return named
    return [*named[: MOST_NAMED - 1], f"{len(named) - MOST_NAMED + 1} others must take part"]


def _threshold_wants(terms: Terms, count: Tally) -> list[str]:
    short = shortfall(terms, count)
    if not short:
        return []
    if terms.rule is Rule.UNANIMOUS and terms.base is Base.ENTITLED:
        return [f"{_more(short, terms.unit)} must agree, since everyone has to"]
    if terms.rule is Rule.UNANIMOUS and count.disagree:
        return [f"{_many(count.disagree, terms.unit)} that disagreed must agree"]
    verb = "consent" if terms.rule is Rule.CONSENT else "agree"
    return [f"{_more(short, terms.unit)} must {verb}"]


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _more(number: int, noun: str) -> str:
    return f"{number} more {noun}" if number == 1 else f"{number} more {noun}s"
