"""Votes, as many as come together: what is read is read once for all, what is written goes in few statements.

They are judged one after the other in the order in which they came. The polls' rows are locked until the commit, which
keeps a vote and a closing apart, and two votes of one voter that reach two servers. The counters that cards show are
moved by what a vote adds and takes away, so its cost does not depend on how many have voted.
"""

import datetime
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.commands import Person
from core.db import table_of
from core.errors import Refused
from core.outbox import changed
from core.polls.counting import PRESSED, Shape
from core.polls.electorate import why_not
from core.polls.keeping import Layout, Marks, Moves, move, write_moves
from core.polls.models import Poll, PollOption, PollQuestion, PollVoter
from core.polls.queries import NOT_YOURS, marks_in

FINAL = (
    "You have voted already. In an anonymous poll nobody, not even Folkmoot, can tell which vote was yours, "
    "so it can't be changed."
)


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote that somebody wants to cast: by a press on an option, or (marks) whole, as a form gives it.

    room: the key of the room where it was cast, if that is one. layout: needed with marks.
    """

    person: Person
    poll: str
    now: datetime.datetime
    room: int | None = None
    groups: Container[int] = ()
    option: int = 0
    marks: Marks | None = None
    layout: Layout = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a ballot: the poll's reference, whether it is anonymous, and the options now chosen, in words.

    repeated: it said what had been said before, so nothing was changed.
    """

    poll: str
    anonymous: bool
    chosen: tuple[str, ...]
    full: bool = False  # this vote may be the last that the poll waits for
    repeated: bool = False


@dataclass(slots=True)
class _Open:
    """A locked poll, with its first question."""

    poll: Poll
    question: int
    shape: Shape
    most: int


@dataclass(slots=True)
class _Voter:
    """A voter as kept, and as the ballots so far would have it."""

    key: int | None
    person: Person
    marks: Marks | None
    poll: Poll
    moved: bool = False
    gone: bool = False


_POLL, _QUESTION, _OPTION = table_of(Poll), table_of(PollQuestion), table_of(PollOption)
_VOTER = table_of(PollVoter)
_LOCKED = (
    "id partnership_id ref anonymous unit who organisation_id group_id room_ids closes_at closes_after "
    "closes_when_all state questions options withdrawn voters electorate"
)
_POLL_COLUMNS = [_POLL.c[name] for name in _LOCKED.split()]
_LOCK = (
    select(
        *_POLL_COLUMNS,
        _QUESTION.c.id.label("question"),
        _QUESTION.c.shape.label("shape"),
        _QUESTION.c.most.label("most"),
    )
    .join(_QUESTION, (_QUESTION.c.poll_id == _POLL.c.id) & (_QUESTION.c.position == 1))
    .where(_POLL.c.ref.in_(bindparam("refs", expanding=True)))
    .order_by(_POLL.c.id)  # two servers that lock several take them in the same order
    .with_for_update(of=_POLL)
)
_VOTERS = select(_VOTER.c.id, _VOTER.c.member_id, _VOTER.c.organisation_id, _VOTER.c.ballot).where(
    _VOTER.c.partnership_id == bindparam("board"), _VOTER.c.poll_id == bindparam("poll")
)
_BY_MEMBER = _VOTERS.where(_VOTER.c.member_id.in_(bindparam("keys", expanding=True)))
_BY_ORGANISATION = _VOTERS.where(
    _VOTER.c.organisation_id.in_(bindparam("keys", expanding=True)), _VOTER.c.member_id.is_(None)
)
_TEXTS = select(_OPTION.c.number, _OPTION.c.text).where(
    _OPTION.c.poll_id == bindparam("poll"), _OPTION.c.number.in_(bindparam("numbers", expanding=True))
)
_ADD_VOTERS = insert(_VOTER)
_CHANGE_VOTERS = (
    update(_VOTER)
    .where(_VOTER.c.id == bindparam("voter"))
    .values(ballot=bindparam("new_ballot"), said_by=bindparam("new_said_by"))
)
_SET_VOTERS = update(_POLL).where(_POLL.c.id == bindparam("poll")).values(voters=bindparam("now_voted"))


async def cast_all(session: AsyncSession, ballots: Sequence[Ballot]) -> list[Taken | Refused]:
    """Record these votes in their order; each becomes what was recorded, or the refusal and then nothing is."""
    await session.flush()  # what follows goes past the session's own books
    polls = await _locked(session, {ballot.poll for ballot in ballots})
    voters = await _voters(session, polls, ballots)
    moves: dict[int, Moves] = {}
    judged = [_judge(polls.get(ballot.poll), voters, ballot, moves) for ballot in ballots]
    await _write(session, voters.values(), moves)
    texts = await _texts(session, judged)
    return [each if isinstance(each, Refused) else _taken(each, texts) for each in judged]


async def _locked(session: AsyncSession, refs: Iterable[str]) -> dict[str, _Open]:
    rows = await session.execute(_LOCK, {"refs": sorted(refs)})
    found = {}
    for row in rows.mappings():
        columns = dict(row)
        question, shape, most = (columns.pop(name) for name in ("question", "shape", "most"))
        found[columns["ref"]] = _Open(Poll(**columns), question, Shape(shape), most)
    return found


def _key(poll: Poll, person: Person) -> int:
    return person.member if poll.unit == "member" else person.organisation


async def _voters(
    session: AsyncSession, polls: dict[str, _Open], ballots: Sequence[Ballot]
) -> dict[tuple[int, int], _Voter]:
    """Those who have voted before, by poll and by member or organisation."""
    found: dict[tuple[int, int], _Voter] = {}
    for opened in polls.values():
        poll = opened.poll
        people = {
            _key(poll, ballot.person): ballot.person
            for ballot in ballots
            if ballot.poll == poll.ref and ballot.person.board == poll.partnership_id
        }
        if not people:
            continue
        query = _BY_MEMBER if poll.unit == "member" else _BY_ORGANISATION
        given = {"board": poll.partnership_id, "poll": poll.id, "keys": sorted(people)}
        for key, member, organisation, ballot in (await session.execute(query, given)).tuples():
            who = member if poll.unit == "member" else organisation
            marks = None if ballot is None else marks_in(ballot)
            found[poll.id, who] = _Voter(key, people[who], marks, poll)
    return found


@dataclass(frozen=True, slots=True)
class _Case:
    poll: Poll
    marks: Marks
    full: bool
    repeated: bool


def _judge(
    opened: _Open | None, voters: dict[tuple[int, int], _Voter], ballot: Ballot, moves: dict[int, Moves]
) -> _Case | Refused:
    if opened is None or opened.poll.partnership_id != ballot.person.board:
        return Refused(NOT_YOURS)
    poll, who = opened.poll, (opened.poll.id, _key(opened.poll, ballot.person))
    known = voters.get(who)
    before = (known.marks if known else None) or {}
    try:
        poll.check_takes_votes(ballot.now)
        if refusal := why_not(poll, ballot.person, ballot.room, ballot.groups):
            return refusal
        if known is not None and poll.anonymous:
            return Refused(FINAL)
        marks = _pressed(opened, before, ballot.option) if ballot.marks is None else ballot.marks
    except Refused as refusal:
        return refusal
    if known is not None and not known.gone and marks == before:
        return _Case(poll, marks, full=False, repeated=True)
    layout = ballot.layout or dict.fromkeys({*before, *marks}, (opened.question, opened.shape))
    moved = moves.setdefault(poll.partnership_id, Moves())
    move(moved, poll.id, before, layout, -1)
    move(moved, poll.id, marks, layout, 1)
    if known is None:
        known = voters[who] = _Voter(None, ballot.person, None, poll, gone=True)
    gone = ballot.marks is None and not marks  # the last of several choices was taken back
    poll.voters += known.gone - gone
    known.marks, known.moved, known.gone, known.person = marks, True, gone, ballot.person
    enough = poll.closes_after is not None and poll.voters >= poll.closes_after
    if enough:
        poll.state = "closed"  # for the ballots behind this one; the closing itself writes it
    full = enough or (poll.closes_when_all and poll.voters >= poll.electorate)
    return _Case(poll, marks, full, repeated=False)


def _pressed(opened: _Open, before: Marks, option: int) -> Marks:
    """What is chosen after a press on this option."""
    poll = opened.poll
    if poll.questions != 1 or opened.shape not in PRESSED or (poll.anonymous and opened.shape is Shape.SEVERAL):
        raise Refused("This poll is answered by its form. Please press Vote.")
    if not 1 <= option <= poll.options:
        raise Refused("That is not an option of this poll.", field="option")
    if option in poll.withdrawn:
        raise Refused("That option was withdrawn. Please choose another one.")
    if opened.shape is not Shape.SEVERAL:
        return {option: 1}
    if option in before:
        return {number: mark for number, mark in before.items() if number != option}
    chosen = sum(number not in poll.withdrawn for number in before)
    if opened.most and chosen >= opened.most:
        raise Refused(f"You can choose {opened.most} at most. Press one that you chose to take it back first.")
    return {**before, option: 1}


async def _write(session: AsyncSession, voters: Iterable[_Voter], moves: Mapping[int, Moves]) -> None:
    moved = [voter for voter in voters if voter.moved]
    if not moved:
        return
    new = [_row(voter) for voter in moved if voter.key is None and not voter.gone]
    if new:  # in the order of who they are, not of who came first
        await session.execute(_ADD_VOTERS, sorted(new, key=lambda row: (row["poll_id"], row["member_id"] or 0)))
    old = sorted((voter for voter in moved if voter.key is not None), key=lambda voter: voter.key or 0)
    kept = [
        {"voter": voter.key, "new_ballot": _kept(voter.marks), "new_said_by": _said_by(voter)}
        for voter in old
        if not voter.gone
    ]
    if kept:
        await session.execute(_CHANGE_VOTERS, kept)
    gone = [voter.key for voter in old if voter.gone]
    if gone:
        await session.execute(delete(_VOTER).where(_VOTER.c.id.in_(gone)))
    for board, each in moves.items():
        await write_moves(session, board, each)
    polls = sorted({voter.poll.id: voter.poll for voter in moved}.values(), key=lambda poll: poll.id)
    await session.execute(_SET_VOTERS, [{"poll": poll.id, "now_voted": poll.voters} for poll in polls])
    await changed(session, *(poll.ref for poll in polls))


def _kept(marks: Marks | None) -> dict[str, Any]:
    return {"marks": {str(number): mark for number, mark in (marks or {}).items()}}


def _said_by(voter: _Voter) -> str:
    return voter.person.name if voter.poll.unit == "organisation" and not voter.poll.anonymous else ""


def _row(voter: _Voter) -> dict[str, Any]:
    poll = voter.poll
    return {
        "partnership_id": poll.partnership_id,
        "poll_id": poll.id,
        "anonymous": poll.anonymous,
        "organisation_id": voter.person.organisation,
        "member_id": voter.person.member if poll.unit == "member" else None,
        "said_by": _said_by(voter),
        "ballot": None if poll.anonymous else _kept(voter.marks),
    }


async def _texts(session: AsyncSession, judged: Sequence[_Case | Refused]) -> dict[tuple[int, int], str]:
    """What the options say that were chosen in named polls, for the notes to their voters."""
    wanted: dict[int, set[int]] = {}
    for each in judged:
        if isinstance(each, _Case) and not each.poll.anonymous:
            wanted.setdefault(each.poll.id, set()).update(each.marks)
    texts = {}
    for poll, numbers in wanted.items():
        if numbers:
            found = await session.execute(_TEXTS, {"poll": poll, "numbers": sorted(numbers)})
            texts.update({(poll, number): text for number, text in found.tuples()})
    return texts


def _taken(case: _Case, texts: Mapping[tuple[int, int], str]) -> Taken:
    chosen = tuple(texts[case.poll.id, number] for number in case.marks if (case.poll.id, number) in texts)
    return Taken(case.poll.ref, case.poll.anonymous, chosen, case.full, case.repeated)
