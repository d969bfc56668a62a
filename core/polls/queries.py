"""Reading polls: one to act upon, its questions and options, lists, and what is due."""

import datetime
from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refused
from core.polls.models import Poll, PollOption, PollQuestion, PollVoter, PollWords
from core.texts import number_in

NOT_YOURS = "That poll is not one of this board's. Type polls to see those that are."


async def find(session: AsyncSession, board: int, ref: str, *, to_change: bool = False) -> Poll:
    """The partnership's poll of this reference. Raises Refused for a foreign, unknown or deleted one alike.

    to_change: its row is locked until the commit, so that a vote and a closing cannot pass each other.
    """
    query = select(Poll).where(Poll.partnership_id == board, Poll.ref == ref, Poll.state != "deleted")
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    poll = (await session.execute(query)).scalar_one_or_none()
    if poll is None:
        raise Refused(NOT_YOURS)
    return poll


_QUESTIONS = (
    select(PollQuestion)
    .where(PollQuestion.partnership_id == bindparam("board"), PollQuestion.poll_id == bindparam("poll"))
    .order_by(PollQuestion.position)
)


async def questions(session: AsyncSession, poll: Poll) -> Sequence[PollQuestion]:
    """The questions in their order."""
    given = {"board": poll.partnership_id, "poll": poll.id}
    return (await session.execute(_QUESTIONS, given)).scalars().all()


async def options(session: AsyncSession, poll: Poll, *, withdrawn: bool = False) -> Sequence[PollOption]:
    """The options in their order, without those that are withdrawn unless these are wanted too."""
    query = select(PollOption).where(PollOption.partnership_id == poll.partnership_id, PollOption.poll_id == poll.id)
    found = (await session.execute(query.order_by(PollOption.number))).scalars().all()
    return [option for option in found if withdrawn or option.number not in poll.withdrawn]


async def words_of(session: AsyncSession, voter: PollVoter) -> dict[int, str]:
    """What a voter of a named poll has written, by question."""
    found = await session.execute(
        select(PollWords.question_id, PollWords.text).where(
            PollWords.voter_id == voter.id, PollWords.question_id.is_not(None)
        )
    )
    return {question: text for question, text in found.tuples() if question is not None}


def marks_in(ballot: Mapping[str, Mapping[str, int]] | None) -> dict[int, int]:
    """The marks of a kept ballot, by the option's number."""
    return {int(number): mark for number, mark in (ballot or {}).get("marks", {}).items()}


async def polls(
    session: AsyncSession, board: int, *, search: str = "", offset: int = 0, limit: int = 10
) -> tuple[Sequence[Poll], int]:
    """One page of the partnership's polls, open ones first, and how many there are in all."""
    query = select(Poll).where(Poll.partnership_id == board, Poll.state != "deleted")
    number = number_in(search)
    if number is not None:
        query = query.where(Poll.number == number)
    elif search:
        found = func.lower(Poll.title).contains(search.lower(), autoescape=True)
        query = query.where(or_(found, Poll.state == search.lower()))
    total = (await session.execute(select(func.count()).select_from(query.subquery()))).scalar_one()
    first = Poll.state.in_(("open", "scheduled"))
    query = query.order_by(first.desc(), Poll.number.desc()).offset(offset).limit(limit)
    return (await session.execute(query)).scalars().all(), total


async def due_to_close(session: AsyncSession, now: datetime.datetime, limit: int = 50) -> list[tuple[int, str]]:
    """Partnership and reference of open polls whose time is up."""
    found = await session.execute(
        select(Poll.partnership_id, Poll.ref)
        .where(Poll.state == "open", Poll.closes_at <= now)
        .order_by(Poll.closes_at)
        .limit(limit)
    )
    return [(board, ref) for board, ref in found.tuples()]


async def due_to_open(session: AsyncSession, now: datetime.datetime, limit: int = 50) -> list[tuple[int, str]]:
    """Partnership and reference of scheduled polls whose hour has come."""
    found = await session.execute(
        select(Poll.partnership_id, Poll.ref)
        .where(Poll.state == "scheduled", Poll.opens_at <= now)
        .order_by(Poll.opens_at)
        .limit(limit)
    )
    return [(board, ref) for board, ref in found.tuples()]


async def next_close(session: AsyncSession) -> datetime.datetime | None:
    """When the next open poll closes, on any board."""
    return (await session.execute(select(func.min(Poll.closes_at)).where(Poll.state == "open"))).scalar_one_or_none()


async def next_opening(session: AsyncSession) -> datetime.datetime | None:
    """When the next scheduled poll opens, on any board."""
    query = select(func.min(Poll.opens_at)).where(Poll.state == "scheduled")
    return (await session.execute(query)).scalar_one_or_none()
