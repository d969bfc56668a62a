"""What the courier may take, and taking it under a lease: no two servers get the same row, and none is lost."""

import datetime
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.outbox import Outgoing, Posting, Subject

LEASE = datetime.timedelta(seconds=30)
HELPING = 100  # rows claimed at a time


async def claim(
    session: AsyncSession,
    owner: str,
    now: datetime.datetime,
    messages_under_way: Collection[int] = (),
    postings_under_way: Collection[int] = (),
) -> tuple[Sequence[Outgoing], Sequence[Posting]]:
    """Take what is due under a lease, so that no other server takes it and none is lost if this one dies.

    What this server has under way is left to it, even if its lease has run out (the clock may have jumped).
    """
    messages = (
        (
            await session.execute(
                select(Outgoing)
                .where(_outgoing_due(now), Outgoing.id.not_in(messages_under_way))
                .order_by(Outgoing.due_at, Outgoing.id)
                .limit(HELPING)
                .with_for_update(skip_locked=True)
            )
        )
        .scalars()
        .all()
    )
    for message in messages:
        message.state, message.attempts = "claimed", message.attempts + 1
        message.owner, message.leased_until = owner, now + LEASE
    postings = (
        (
            await session.execute(
                select(Posting)
                .join(Subject, Subject.ref == Posting.subject)
                .where(_posting_due(now), Posting.id.not_in(postings_under_way))
                .order_by(Posting.edit_at)
                .limit(HELPING)
                .with_for_update(skip_locked=True, of=Posting)
            )
        )
        .scalars()
        .all()
    )
    for posting in postings:
        posting.attempts = posting.attempts + 1
        posting.owner, posting.leased_until = owner, now + LEASE
    await session.flush()
    for row in (*messages, *postings):
        session.expunge(row)
    return messages, postings


def _outgoing_due(now: datetime.datetime) -> ColumnElement[bool]:
    return or_(
        (Outgoing.state == "waiting") & (Outgoing.due_at <= now),
        (Outgoing.state == "claimed") & (Outgoing.leased_until <= now),
    )


def _posting_due(now: datetime.datetime) -> ColumnElement[bool]:
    return (
        (Posting.state == "live")
        & (Posting.shown < Subject.version)
        & (Posting.edit_at <= now)
        & or_(Posting.owner.is_(None), Posting.leased_until <= now)
    )


async def anything_due(
    session: AsyncSession,
    now: datetime.datetime,
    messages_under_way: Collection[int] = (),
    postings_under_way: Collection[int] = (),
) -> bool:
    """Whether there is anything to claim; asked in a reading session, so that an idle server writes nothing."""
    message = await session.execute(
        select(Outgoing.id).where(_outgoing_due(now), Outgoing.id.not_in(messages_under_way)).limit(1)
    )
    if message.scalar_one_or_none() is not None:
        return True
    posting = await session.execute(
        select(Posting.id)
        .join(Subject, Subject.ref == Posting.subject)
        .where(_posting_due(now), Posting.id.not_in(postings_under_way))
        .limit(1)
    )
    return posting.scalar_one_or_none() is not None


async def next_due(session: AsyncSession) -> datetime.datetime | None:
    """When the next message or edit falls due. What is claimed is waited for by its own task."""
    message = await session.execute(
        select(Outgoing.due_at).where(Outgoing.state == "waiting").order_by(Outgoing.due_at).limit(1)
    )
    posting = await session.execute(
        select(Posting.edit_at)
        .join(Subject, Subject.ref == Posting.subject)
        .where(Posting.state == "live", Posting.shown < Subject.version, Posting.owner.is_(None))
        .order_by(Posting.edit_at)
        .limit(1)
    )
    return min((moment for moment in (*message.scalars(), *posting.scalars())), default=None)
