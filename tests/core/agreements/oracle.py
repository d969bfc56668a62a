"""A second opinion on the count: the product's words in fractions, written without a look at the rules' own code."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.agreements.rules import Base, Position, Rule, Standing, Terms

HALF, TWO_THIRDS = Fraction(1, 2), Fraction(2, 3)


@dataclass(frozen=True)
class Opinion:
    """What the oracle thinks of a vote: whether enough took part, and whether the threshold is met."""

    quorate: bool
    unobjected: bool
    threshold: bool

    @property
    def result(self) -> str:
        """The result, in the words of the export."""
        if not self.quorate:
            return "no quorum"
        return "passed" if self.unobjected and self.threshold else "not passed"


def opinion(terms: Terms, voters: Sequence[Standing], share: Fraction | None = None) -> Opinion:
    """Judge a vote. `share`: the quorum's share exactly, since that of the terms is a float."""
    there = [voter for voter in voters if not voter.recused]
    said = [voter.position for voter in there if voter.position is not None]
    return Opinion(
        quorate=_enough(terms, len(said), len(there), share) and _required(terms, there),
        unobjected=Position.OBJECT not in said and Position.BLOCK not in said,
        threshold=met(terms, said, len(there)),
    )


def _enough(terms: Terms, took_part: int, entitled: int, share: Fraction | None) -> bool:
    if took_part == 0:
        return False  # nothing passes by silence
    if terms.quorum_number is not None and took_part < terms.quorum_number:
        return False
    return share is None or Fraction(took_part, entitled) >= share


def _required(terms: Terms, there: Sequence[Standing]) -> bool:
    for voter in there:
        if voter.required and voter.position is None:
            return False
    for sector in terms.required_sectors:
        of_it = [voter for voter in there if voter.sector == sector]
        if of_it and not [voter for voter in of_it if voter.position is not None]:
            return False
    return True


def met(terms: Terms, said: Sequence[Position | None], entitled: int) -> bool:
    """Whether these positions meet the rule's threshold, objections and quorum apart."""
    for_it = sum(position in (Position.AGREE, Position.CONSENT) for position in said)
    against = sum(position is Position.DISAGREE for position in said)
    if terms.rule is Rule.ADVICE:
        return True
    if for_it == 0:
        return False
    if terms.rule is Rule.CONSENT:
        return True
    if terms.rule is Rule.CONSENSUS:
        return for_it > against
    part = Fraction(for_it, entitled if terms.base is Base.ENTITLED else for_it + against)
    if terms.rule is Rule.SIMPLE_MAJORITY:
        return part > HALF
    return part >= TWO_THIRDS if terms.rule is Rule.TWO_THIRDS else part == 1
