"""Polls made in memory: as cards are drawn from them, and as rows of the boards that people ask."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from core.db import Model
from core.outbox import Subject
from core.polls.counting import Shape, marks_of, outcome_of
from core.polls.models import Poll, PollCount, PollOption, PollQuestion, PollRanking, PollVoter, PollWords
from core.polls.pictures import Asked, OptionLine, Picture, Voted
from tests.golden.case import at

EVENINGS = ("Tuesday", "Wednesday", "Thursday")
NAMES = ("Colin College", "Nadia Nurse", "Peter Police", "Ravi Representative", "Una University")
Marks = Mapping[int, int]


def poll(key: int = 1, ref: str = "pol_evening", title: str = "Which evening?", **changes: Any) -> Poll:
    """An open poll, but for these changes."""
    facts: dict[str, Any] = {
        "id": key,
        "partnership_id": 1,
        "ref": ref,
        "number": key,
        "title": title,
        "author_id": 100,
        "anonymous": False,
        "hidden": "no",
        "adding": False,
        "comments": False,
        "unit": "member",
        "who": "board",
        "organisation_id": None,
        "room_ids": [],
        "closes_at": at(4),
        "closes_after": None,
        "closes_when_all": False,
        "opens_at": at(25, 9, 11),
        "repeats": "no",
        "state": "open",
        "questions": 1,
        "withdrawn": [],
        "statement": "",
        "electorate": 9,
        "created_at": at(25, 9, 11),
        "opened_at": at(25, 9, 11),
    }
    return Poll(**(facts | changes))


def question(
    of: Poll, shape: Shape, texts: Sequence[str] = EVENINGS, *, most: int = 0, position: int = 1, text: str = ""
) -> tuple[PollQuestion, list[PollOption]]:
    """A question of a poll, and its options; their numbers go on where those of the question before ended."""
    same = {"partnership_id": of.partnership_id, "poll_id": of.id}
    made = PollQuestion(
        id=of.id * 10 + position, **same, position=position, text=text or of.title, shape=shape.value, most=most
    )
    first = (of.options or 0) + 1
    of.options = first - 1 + len(texts)
    options = [
        PollOption(id=of.id * 1000 + number, **same, question_id=made.id, number=number, text=each)
        for number, each in enumerate(texts, start=first)
    ]
    return made, options


def tallied(shape: Shape, options: Sequence[PollOption], ballots: Sequence[Marks]) -> dict[int, dict[int, int]]:
    """The counters as they would be kept."""
    kept: dict[int, dict[int, int]] = {}
    for option in options:
        given = [marks[option.number] for marks in ballots if option.number in marks]
        if shape is Shape.DOTS:
            kept[option.number] = {1: sum(given)}
        elif shape is not Shape.RANKED:
            kept[option.number] = dict(Counter(given))
    return kept


def ranked(options: Sequence[PollOption], ballots: Sequence[Marks]) -> dict[tuple[int, ...], int]:
    """The rankings as they would be kept."""
    mine = {option.number for option in options}
    orders = (tuple(sorted(mine & marks.keys(), key=lambda number, marks=marks: marks[number])) for marks in ballots)  # type: ignore[misc]
    return dict(Counter(order for order in orders if order))


def asked(
    shape: Shape, made: PollQuestion, options: Sequence[PollOption], ballots: Sequence[Marks], words: Sequence[str] = ()
) -> Asked:
    """How a question stands after these ballots."""
    counted = tallied(shape, options, ballots)
    rankings = ranked(options, ballots) if shape is Shape.RANKED else {}
    outcome = outcome_of(shape, [option.number for option in options], counted, rankings)
    said = [PollWords(ref=f"wrd_{number}", text=text, heading="") for number, text in enumerate(words)]
    lines = [OptionLine(option.number, option.text, option.question_id) for option in options]
    return Asked(made, lines, outcome, counted, said)


def picture(
    shape: Shape = Shape.ONE,
    texts: Sequence[str] = EVENINGS,
    ballots: Sequence[Marks] = (),
    *,
    most: int = 0,
    words: Sequence[str] = (),
    entitled: int | None = 9,
    **changes: Any,
) -> Picture:
    """A poll of one question with everything that its cards show."""
    of = poll(voters=len(ballots), **changes)
    made, options = question(of, shape, texts, most=most)
    named = [] if of.anonymous or len(ballots) > len(NAMES) else ballots
    voted = [Voted(name, marks) for name, marks in zip(NAMES, named, strict=False)]
    names = {f"wrd_{number}": NAMES[number % len(NAMES)] for number in range(0 if of.anonymous else len(words))}
    return Picture(
        of, [asked(shape, made, options, ballots, words)], "Cleo Chair", entitled=entitled, voted=voted, names=names
    )


def votes(*options: int) -> list[Marks]:
    """Ballots of one choice."""
    return [{option: 1} for option in options]


def rows(
    of: Poll, shape: Shape, texts: Sequence[str], ballots: Sequence[Marks], *, most: int = 0, words: Sequence[str] = ()
) -> list[list[Model]]:
    """A poll of one question as rows, in the order in which they are added; its voters are members of the board."""
    of.voters = len(ballots)
    made, options = question(of, shape, texts, most=most)
    same: dict[str, Any] = {"partnership_id": of.partnership_id, "poll_id": of.id}
    counted = tallied(shape, options, ballots)
    voters = [
        PollVoter(
            id=of.id * 100 + number,
            **same,
            anonymous=of.anonymous,
            organisation_id=of.partnership_id * 100 + number,
            member_id=of.partnership_id * 100 + 2 + number,
            said_by="",
            ballot=None if of.anonymous else {"marks": {str(option): mark for option, mark in marks.items()}},
        )
        for number, marks in enumerate(ballots)
    ]
    return [
        [of, Subject(ref=of.ref, partnership_id=of.partnership_id)],
        [made],
        list(options),
        [
            PollCount(**same, option=option.number, mark=mark, votes=counted[option.number].get(mark, 0))
            for option in options
            for mark in marks_of(shape, most)
        ],
        [
            PollRanking(
                partnership_id=of.partnership_id, question_id=made.id, ranking=">".join(map(str, order)), votes=count
            )
            for order, count in (ranked(options, ballots) if shape is Shape.RANKED else {}).items()
        ],
        list(voters),
        [
            PollWords(
                ref=f"wrd_{of.id}{number}",
                **same,
                anonymous=of.anonymous,
                question_id=made.id,
                voter_id=None if of.anonymous else voter.id,
                text=text,
                heading="",
            )
            for number, (text, voter) in enumerate(zip(words, voters, strict=False))
        ],
    ]


def of_barnet() -> list[list[Model]]:
    """The polls of the Barnet board."""
    closed: dict[str, Any] = {"state": "closed", "closed_at": at(24, 17, 11)}
    words = ("A bench by the pond", "Toilets that are open")
    return [
        *rows(poll(1, adding=True, comments=True), Shape.ONE, EVENINGS, votes(2, 2, 3)),
        *rows(
            poll(2, "pol_venue", "Which venue?", **closed, statement="The library won with 2 of 3 votes."),
            Shape.ONE,
            ("The library", "The town hall"),
            votes(1, 1, 2),
        ),
        *rows(
            poll(3, "pol_ranked", "Which theme first?"),
            Shape.RANKED,
            ("Green spaces", "Skills", "Arts"),
            [{1: 1, 2: 2}, {2: 1}, {3: 1, 2: 2}],
            most=3,
        ),
        *rows(poll(4, "pol_words", "What is missing?"), Shape.TEXT, (), [{}, {}], words=words),
        *rows(poll(5, "pol_secret", "Should we merge?", anonymous=True), Shape.ONE, ("Aye", "Nay"), votes(1, 2)),
        *rows(
            poll(6, "pol_dates", "When can you come?", closes_at=None),
            Shape.DATES,
            ("Tue 1 Dec 2026, 18:00 GMT", "Wed 2 Dec 2026, 18:00 GMT"),
            [],
        ),
        *rows(
            poll(7, "pol_later", "How was the month?", state="scheduled", opens_at=at(1), opened_at=None),
            Shape.RATING,
            ("Food", "Talk"),
            [],
            most=5,
        ),
        *rows(poll(8, "pol_until", "Which logo?", hidden="until voted"), Shape.ONE, ("Oak", "Owl"), votes(1, 2)),
    ]
