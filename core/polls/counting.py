"""How each kind of poll is counted: pure functions over what was marked, explained in `docs/polls.md`.

An option is known by its number in the poll. Whoever calls leaves withdrawn options out of `options`, and then nothing
that was marked for them counts.
"""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

Rankings = Mapping[tuple[int, ...], int]
"""How many people ranked the options in this order, the best first; not everyone ranks them all."""


class Shape(enum.StrEnum):
    """What kind of answer a question asks for."""

    ONE = "one"
    SEVERAL = "several"
    DOTS = "dots"
    RANKED = "ranked"
    RATING = "rating"
    YES_NO = "yes-no"
    DATES = "dates"
    TEXT = "text"


PRESSED = frozenset({Shape.ONE, Shape.SEVERAL, Shape.YES_NO})
"""Shapes that can be answered by one press on an option."""
YES, NO, ABSTAIN = 1, 2, 3
"""The numbers of the three options of a yes/no/abstain question."""
FITS, IF_NEED_BE, DOES_NOT = 2, 1, 0
"""What is marked for a date."""


@dataclass(frozen=True, slots=True)
class Round:
    """One round of an instant run-off: who holds how many votes, and which option goes out after it, if any."""

    votes: Mapping[int, int]
    out: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a question stands. scores: by option, higher is better. winners: more than one when they are tied."""

    scores: Mapping[int, Fraction]
    winners: tuple[int, ...]
    rounds: tuple[Round, ...] = ()


def marks_of(shape: Shape, most: int) -> range:
    """The marks that are counted one by one for an option of this shape; none where rankings or words are kept.

    Dots are added up, so they are counted under the mark 1.
    """
    match shape:
        case Shape.RATING:
            return range(1, most + 1)
        case Shape.DATES:
            return range(DOES_NOT, FITS + 1)
        case Shape.RANKED | Shape.TEXT:
            return range(0)
    return range(1, 2)


def outcome_of(
    shape: Shape, options: Sequence[int], marks: Mapping[int, Mapping[int, int]], rankings: Rankings
) -> Outcome:
    """How a question of this shape stands. marks: for each option, how many gave it each mark."""
    given = {option: marks.get(option, {}) for option in options}
    match shape:
        case Shape.RATING:
            return rated(given)
        case Shape.DATES:
            return suited(given)
        case Shape.RANKED:
            return runoff(rankings, options)
        case Shape.YES_NO:
            first = options[0] - 1 if options else 0
            counted = yes_or_no({option - first: each.get(1, 0) for option, each in given.items()})
            scores = {option + first: score for option, score in counted.scores.items()}
            return Outcome(scores, tuple(option + first for option in counted.winners))
    return most_votes({option: each.get(1, 0) for option, each in given.items()})


def best(scores: Mapping[int, Fraction]) -> tuple[int, ...]:
    """The options with the highest score above zero, in their order; all of them if they are tied."""
    highest = max(scores.values(), default=Fraction(0))
    return tuple(option for option, score in scores.items() if score == highest > 0)


def most_votes(votes: Mapping[int, int]) -> Outcome:
    """One choice, several or dots: the most votes (or dots) win."""
    scores = {option: Fraction(count) for option, count in votes.items()}
    return Outcome(scores, best(scores))


def yes_or_no(votes: Mapping[int, int]) -> Outcome:
    """More yes than no, or the other way round; abstentions stand beside it."""
    outcome = most_votes({option: votes.get(option, 0) for option in (YES, NO)})
    return Outcome({**outcome.scores, ABSTAIN: Fraction(votes.get(ABSTAIN, 0))}, outcome.winners)


def rated(marks: Mapping[int, Mapping[int, int]]) -> Outcome:
    """The highest mean of the ratings given. An option that nobody rated has none.

    marks: for each option, how many gave it each mark.
    """
    scores = {}
    for option, given in marks.items():
        count = sum(given.values())
        scores[option] = Fraction(sum(mark * each for mark, each in given.items()), count) if count else Fraction(0)
    return Outcome(scores, best(scores))


def suited(marks: Mapping[int, Mapping[int, int]]) -> Outcome:
    """The date on which most can come, if need be; of those, the one that fits most without.

    marks: for each date, for how many it fits, fits if need be, or does not. A score is the number who can come, and
    behind the point the share of those for whom it simply fits.
    """
    voters = max((sum(given.values()) for given in marks.values()), default=0) + 1
    scores = {
        option: given.get(FITS, 0) + given.get(IF_NEED_BE, 0) + Fraction(given.get(FITS, 0), voters)
        for option, given in marks.items()
    }
    return Outcome(scores, best(scores))


def borda(rankings: Rankings, options: Sequence[int]) -> Outcome:
    """Of n options the first gets n - 1 points, the second n - 2, and so on; who is not ranked gets none."""
    points = dict.fromkeys(options, 0)
    for ranking, count in _counted(rankings, options).items():
        for place, option in enumerate(ranking):
            points[option] += count * (len(options) - 1 - place)
    scores = {option: Fraction(each) for option, each in points.items()}
    return Outcome(scores, best(scores))


def runoff(rankings: Rankings, options: Sequence[int]) -> Outcome:
    """Instant run-off: the option with the fewest votes goes out, its votes pass to the next on each list, and so on
    until one has more than half of the votes that are left.

    When several have the fewest, the one goes that had fewer in the latest round in which they differed, then the one
    with fewer Borda points, then the one that stands last among the options. Two that are left with the same number of
    votes are tied; so are more, if nothing at all tells them apart. The scores are the votes of the last round.
    """
    piles: dict[int, dict[tuple[int, ...], int]] = {option: {} for option in options}
    for ranking, count in _counted(rankings, options).items():
        if ranking:
            piles[ranking[0]][ranking] = piles[ranking[0]].get(ranking, 0) + count
    points = borda(rankings, options).scores
    rounds: list[Round] = []
    while True:
        votes = {option: sum(pile.values()) for option, pile in piles.items()}
        highest, total = max(votes.values(), default=0), sum(votes.values())
        leaders = tuple(option for option, count in votes.items() if count == highest)
        alike = len(leaders) == len(votes) and len({_record(each, rounds, points) for each in leaders}) == 1
        if total == 0 or highest * 2 > total or len(votes) == 1 or (len(leaders) == len(votes) == 2) or alike:
            rounds.append(Round(votes, None))
            scores = {option: Fraction(votes.get(option, 0)) for option in options}
            return Outcome(scores, leaders if total else (), tuple(rounds))
        fewest = min(votes.values())
        last = [option for option, count in votes.items() if count == fewest]
        out = min(last, key=lambda option: (*_record(option, rounds, points), -options.index(option)))
        rounds.append(Round(votes, out))
        _pass_on(piles, out)


def _record(option: int, rounds: Sequence[Round], points: Mapping[int, Fraction]) -> tuple[Fraction, ...]:
    """What tells tied options apart: their votes in earlier rounds, the latest first, then their points."""
    return (*(Fraction(each.votes.get(option, 0)) for each in reversed(rounds)), points[option])


def _pass_on(piles: dict[int, dict[tuple[int, ...], int]], out: int) -> None:
    """The votes of the option that goes out pass to the next one on each list that is still in."""
    for ranking, count in piles.pop(out).items():
        following = next((option for option in ranking if option in piles), None)
        if following is not None:
            piles[following][ranking] = piles[following].get(ranking, 0) + count


def _counted(rankings: Rankings, options: Sequence[int]) -> dict[tuple[int, ...], int]:
    """The rankings without what is withdrawn."""
    kept: dict[tuple[int, ...], int] = {}
    there = set(options)
    for ranking, count in rankings.items():
        left = tuple(option for option in ranking if option in there)
        if count > 0:
            kept[left] = kept.get(left, 0) + count
    return kept
