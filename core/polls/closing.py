"""The end of a poll, and what may still happen to it: reopening and deleting, on the record."""

import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.commands import Person
from core.db import table_of
from core.errors import Refused
from core.outbox import announce, changed
from core.partners import queries as partners
from core.polls import electorate, pictures, queries
from core.polls.models import Poll, PollCount, PollRanking, PollWords
from core.polls.views import ShowPollOutcome
from core.polls.words import protected, say_poll
from core.register.actions import CLOCK, append


async def close(session: AsyncSession, poll: Poll, by: Person | str, now: datetime.datetime) -> None:
    """Count and conclude; the poll's row is locked by the caller. Raises Refused when it is not open."""
    if poll.state != "open":
        raise Refused("This poll is not open, so there is nothing to close.")
    poll.state, poll.closed_at = "closed", now
    if poll.anonymous:
        await _shuffle(session, poll)
    await session.flush()
    picture = await pictures.picture(session, poll.partnership_id, poll.ref)
    if picture is None:
        raise Refused(queries.NOT_YOURS)
    poll.statement = say_poll(picture)
    await _on_record(session, poll, "poll closed", by, now, _counted(picture))
    await changed(session, poll.ref)
    await _announce_outcome(session, poll, now)


def _counted(picture: pictures.Picture) -> dict[str, Any]:
    """What the register keeps of a result: numbers only, and none that would give somebody away."""
    poll = picture.poll
    detail: dict[str, Any] = {"statement": poll.statement, "voters": poll.voters, "anonymous": poll.anonymous}
    if not protected(poll):
        detail["questions"] = [
            {
                "question": each.question.text,
                "options": {option.text: str(each.outcome.scores.get(option.number, 0)) for option in each.options},
            }
            for each in picture.asked
        ]
    return detail


async def _shuffle(session: AsyncSession, poll: Poll) -> None:
    """Write what was chosen anew, in an order that has nothing to do with who came when.

    A database keeps rows roughly in the order in which they were last written; after this not even that tells.
    """
    await session.flush()
    words, counts, rankings = table_of(PollWords), table_of(PollCount), table_of(PollRanking)
    questions = [question.id for question in await queries.questions(session, poll)]
    for table, mine in (
        (words, words.c.poll_id == poll.id),
        (counts, counts.c.poll_id == poll.id),
        (rankings, rankings.c.question_id.in_(questions)),
    ):
        found = await session.execute(select(table).where(mine).order_by(*table.primary_key.columns))
        rows = [dict(row) for row in found.mappings()]
        if rows:
            await session.execute(delete(table).where(mine))
            await session.execute(insert(table), rows)


async def _announce_outcome(session: AsyncSession, poll: Poll, now: datetime.datetime) -> None:
    """Tell the rooms how it ended; on a board without rooms, who asked."""
    rooms = tuple(room.id for room in await partners.rooms(session, poll.partnership_id))
    if poll.who == "room":
        rooms = tuple(room for room in rooms if room in poll.room_ids)
    members = (poll.author_id,) if not rooms and poll.author_id is not None else ()
    await announce(
        session,
        poll.partnership_id,
        ShowPollOutcome(poll.ref),
        key=f"polled:{poll.ref}:{now.isoformat()}",
        now=now,
        rooms=rooms,
        members=members,
        subject=poll.ref,  # it stays live, so that it can say when the poll was reopened
    )


async def close_if_due(session: AsyncSession, board: int, ref: str, now: datetime.datetime) -> bool:
    """Close a poll whose time is up; False when somebody else was quicker."""
    poll = await queries.find(session, board, ref, to_change=True)
    if poll.state != "open" or poll.closes_at is None or poll.closes_at > now:
        return False
    await close(session, poll, CLOCK, now)
    return True


async def close_if_full(session: AsyncSession, board: int, ref: str, now: datetime.datetime) -> bool:
    """Close a poll that has had its number of votes, or in which really all have voted."""
    poll = await queries.find(session, board, ref, to_change=True)
    enough = poll.closes_after is not None and poll.voters >= poll.closes_after
    if not enough and poll.closes_when_all:
        poll.electorate = await electorate.entitled(session, poll) or 0  # some may have come since it opened
        enough = poll.voters >= poll.electorate
    if poll.state != "open" or not enough:
        return False
    await close(session, poll, CLOCK, now)
    return True


async def reopen(
    session: AsyncSession, poll: Poll, by: Person, why: str, closes_at: datetime.datetime | None, now: datetime.datetime
) -> None:
    """Open it again; the votes stand as they were. Raises Refused when it is not closed."""
    if poll.state != "closed":
        raise Refused("Only a poll that has closed can be reopened.")
    if closes_at is not None and closes_at <= now:
        raise Refused("The new closing time has already passed.", field="closes")
    poll.state, poll.closed_at, poll.closes_at, poll.statement = "open", None, closes_at, ""
    poll.closes_after, poll.closes_when_all = None, False  # these have come true already
    await _on_record(session, poll, "poll reopened", by, now, {"why": why})
    await changed(session, poll.ref)


async def delete_poll(session: AsyncSession, poll: Poll, by: Person, why: str, now: datetime.datetime) -> None:
    """Take a poll off the board for good; its cards say so, and the register keeps that there was one."""
    poll.state, poll.closed_at = "deleted", None
    await _on_record(session, poll, "poll deleted", by, now, {"voters": poll.voters, "why": why})
    await changed(session, poll.ref)


async def _on_record(
    session: AsyncSession, poll: Poll, kind: str, by: Person | str, now: datetime.datetime, detail: dict[str, Any]
) -> None:
    await append(
        session,
        poll.partnership_id,
        kind,
        subject=poll.ref,
        title=poll.title,
        now=now,
        by=by,
        detail={"poll": poll.number, **detail},
    )
