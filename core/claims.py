"""What the courier may take, and taking it under a lease: no two servers get the same row, and none is lost.

First it is seen what is due, without touching it; then the courier chooses what its platforms can take at once; only
that is claimed. So a lease of thirty seconds begins when the sending does, whatever waits. Leases are measured by the
database's clock, because it is the one that all servers share.
"""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.db import DatabaseTime
from core.outbox import PROBE, Outgoing, Pause, Posting, Subject
from core.partners import queries as partners
from core.requests import Address

LEASE = 30  # seconds
ON_ITS_WAY = 5  # seconds that a call of a server that has ended may still take to arrive
LOOKED_AT = 200  # rows of each kind at a time


@dataclass(frozen=True, slots=True)
class Left:
    """What is not to be looked at now: it is under way, or the platform's limits say later."""

    owner: str
    messages: Collection[int] = ()  # under way
    postings: Collection[int] = ()
    rooms: Collection[int] = ()  # resting
    members: Collection[int] = ()
    lanes: Collection[str] = ()  # full, or resting
    posting_lanes: Collection[str] = ()  # the same, for edits alone


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that is due. A message has an address, or none; a posting is its own address."""

    id: int
    address: Address | None
    lane: str = ""  # as the row has it
    room: int | None = None
    member: int | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """What there is to choose from. shut: lanes that are paused. next_at: when something else falls due."""

    messages: Sequence[Candidate]
    postings: Sequence[Candidate]
    shut: frozenset[str]
    probing: frozenset[str]  # lanes that are paused and may be tried with one message
    next_at: datetime.datetime | None


async def look(session: AsyncSession, now: datetime.datetime, left: Left) -> Due:
    """What is due and not left, the longest due first; of each conversation only what comes first in it."""
    paused = dict((await session.execute(select(Pause.lane, Pause))).tuples().all())
    probing = frozenset(lane for lane, each in paused.items() if each.who == "platform" and each.probe_at <= now)
    closed = frozenset(paused) - probing
    shut = [*left.lanes, *closed]
    messages: list[Candidate] = []
    for due in (_lost_claims(left), _waiting(now)):
        query = _heads(now, left, shut).where(due).order_by(Outgoing.due_at, Outgoing.id).limit(LOOKED_AT)
        rows = (await session.execute(query)).tuples().all()
        messages += await _addressed(session, rows, frozenset(paused))
    edits = _stale(left).where(_lane_of_posting().not_in([*shut, *left.posting_lanes]))
    found = (await session.execute(edits.order_by(Posting.edit_at).limit(LOOKED_AT))).scalars().all()
    postings = [Candidate(each.id, address_of(each), _lane(each)) for each in found]
    return Due(messages, postings, closed, probing, await _next_due(session, now))


async def _addressed(
    session: AsyncSession, rows: Sequence[tuple[int, str, int | None, int | None]], paused: frozenset[str]
) -> list[Candidate]:
    rooms = await partners.room_addresses(session, {room for _, _, room, _ in rows if room is not None})
    members = await partners.member_addresses(session, {each for _, _, _, each in rows if each is not None}, paused)
    return [
        Candidate(key, rooms.get(room) if room is not None else members.get(member or 0), lane, room, member)
        for key, lane, room, member in rows
    ]


_IN_ROOM, _TO_MEMBER = aliased(Outgoing), aliased(Outgoing)  # making them takes longer than asking the database


def _heads(now: datetime.datetime, left: Left, shut: Sequence[str]) -> Select[tuple[int, str, int | None, int | None]]:
    """What nothing earlier goes before: a conversation gets its messages in the order in which they were written."""
    query = select(Outgoing.id, Outgoing.lane, Outgoing.room_id, Outgoing.member_id)
    for column, earlier, resting in (
        (Outgoing.room_id, _IN_ROOM, left.rooms),
        (Outgoing.member_id, _TO_MEMBER, left.members),
    ):
        same = earlier.room_id if column is Outgoing.room_id else earlier.member_id
        before = or_(
            earlier.state == "claimed",
            and_(earlier.state == "waiting", or_(earlier.due_at <= now, earlier.attempts > 0)),
        )
        query = query.where(~exists().where(same == column, earlier.id < Outgoing.id, before))
        if resting:
            query = query.where(or_(column.is_(None), column.not_in(resting)))
    if left.messages:
        query = query.where(Outgoing.id.not_in(left.messages))
    if shut:
        query = query.where(Outgoing.lane.not_in(shut))
    return query


def _waiting(now: datetime.datetime) -> ColumnElement[bool]:
    return (Outgoing.state == "waiting") & (Outgoing.due_at <= now)


def _lost_claims(left: Left) -> ColumnElement[bool]:
    """Claims of servers that have died, and our own that we don't know of: a commit whose answer was lost."""
    return (Outgoing.state == "claimed") & or_(Outgoing.leased_until <= DatabaseTime(), Outgoing.owner == left.owner)


def _stale(left: Left) -> Select[tuple[Posting]]:
    query = (
        select(Posting)
        .join(Subject, Subject.ref == Posting.subject)
        .where(
            Posting.state == "live",
            Posting.shown < Subject.version,
            _posting_due(left.owner),
        )
    )
    return query.where(Posting.id.not_in(left.postings)) if left.postings else query


def _posting_due(owner: str) -> ColumnElement[bool]:
    """Nobody edits it, and the last edit of whichever server lies far enough back."""
    free = or_(Posting.owner.is_(None), Posting.leased_until <= DatabaseTime(), Posting.owner == owner)
    return (Posting.edit_at <= DatabaseTime()) & free


def _lane_of_posting() -> ColumnElement[str]:
    return Posting.tool + ":" + Posting.workspace


def _lane(posting: Posting) -> str:
    return f"{posting.tool}:{posting.workspace}"


def address_of(posting: Posting) -> Address:
    """Where a posting stands."""
    return Address(
        tool="slack" if posting.tool == "slack" else "teams",
        workspace=posting.workspace,
        conversation=posting.conversation,
        service_url=posting.service_url,
        bot=posting.bot,
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the courier wants to have. sorted: rows of which it has learnt the lane, by lane, taken or not."""

    messages: Sequence[int] = ()
    postings: Sequence[int] = ()
    probes: dict[str, tuple[int, int]] = field(default_factory=dict)  # by lane, the one message or (second) posting
    sorted: dict[str, list[int]] = field(default_factory=dict)


async def claim(
    session: AsyncSession, owner: str, now: datetime.datetime, chosen: Chosen
) -> tuple[Sequence[Outgoing], Sequence[Posting]]:
    """Take what was chosen under a lease, but for what another server has taken since."""
    for lane, keys in chosen.sorted.items():
        await session.execute(
            _quiet(update(Outgoing).where(Outgoing.id.in_(keys), Outgoing.lane != lane)).values(lane=lane)
        )
    wanted, stale = set(chosen.messages), set(chosen.postings)
    for lane, (message, posting) in chosen.probes.items():
        mine = update(Pause).where(Pause.lane == lane, Pause.probe_at <= now).values(probe_at=now + PROBE)
        if (await session.execute(_quiet(mine).returning(Pause.lane))).scalar_one_or_none() is None:
            wanted.discard(message)
            stale.discard(posting)
    until = DatabaseTime(LEASE)
    messages: Sequence[Outgoing] = ()
    if wanted:
        free = or_(_waiting(now), _lost_claims(Left(owner)))
        locked = select(Outgoing.id).where(Outgoing.id.in_(wanted), free).with_for_update(skip_locked=True)
        taking = _quiet(update(Outgoing).where(Outgoing.id.in_(locked))).values(
            state="claimed",
            owner=owner,
            leased_until=until,
            attempts=Outgoing.attempts + 1,
            doubt=or_(Outgoing.doubt, Outgoing.state == "claimed"),
        )
        messages = (await session.execute(taking.returning(Outgoing))).scalars().all()
    postings: Sequence[Posting] = ()
    if stale:
        # Asked again: since it was looked at, another server may have edited it and be done.
        free = (Posting.state == "live") & _posting_due(owner)
        locked = select(Posting.id).where(Posting.id.in_(stale), free).with_for_update(skip_locked=True)
        taking = _quiet(update(Posting).where(Posting.id.in_(locked))).values(
            owner=owner, leased_until=until, attempts=Posting.attempts + 1
        )
        postings = (await session.execute(taking.returning(Posting))).scalars().all()
    for row in (*messages, *postings):
        session.expunge(row)
    return sorted(messages, key=lambda each: each.id), postings


async def owners(session: AsyncSession) -> set[str]:
    """Whoever holds something just now."""
    messages = select(Outgoing.owner).where(Outgoing.state == "claimed", Outgoing.owner.is_not(None))
    postings = select(Posting.owner).where(Posting.owner.is_not(None))
    found = (await session.execute(messages.union(postings))).scalars()
    return {owner for owner in found if owner is not None}


async def free(session: AsyncSession, ended: Collection[str]) -> None:
    """End the leases of servers that have ended, but for a moment in which calls that they made may still arrive."""
    until = DatabaseTime(ON_ITS_WAY)
    for model in (Outgoing, Posting):
        held = update(model).where(model.owner.in_(ended), model.leased_until > until)
        await session.execute(_quiet(held).values(leased_until=until))


def _quiet(statement: Any) -> Any:
    """The session holds none of these rows, so there is nothing in it to bring up to date."""
    return statement.execution_options(synchronize_session=False)


async def _next_due(session: AsyncSession, now: datetime.datetime) -> datetime.datetime | None:
    """When the next message or edit falls due; what is due already is waited for by other means."""
    message = select(func.min(Outgoing.due_at)).where(Outgoing.state == "waiting", Outgoing.due_at > now)
    edit = (
        select(func.min(Posting.edit_at), DatabaseTime())
        .join(Subject, Subject.ref == Posting.subject)
        .where(
            Posting.state == "live",
            Posting.shown < Subject.version,
            Posting.edit_at > DatabaseTime(),
            Posting.owner.is_(None),
        )
    )
    due_at = (await session.execute(message)).scalar_one_or_none()
    edit_at, there = (await session.execute(edit)).one()
    moments = (due_at, None if edit_at is None else now + (edit_at - there))
    return min((moment for moment in moments if moment is not None), default=None)
