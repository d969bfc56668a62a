"""What is to be sent and what stands where: everything due is a row, written with what caused it.

An Outgoing row is one message that must be sent once. A Posting remembers a card that was sent and stays live:
its subject's version tells whether it shows the present state. Both are served by the courier.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, bindparam, false, insert, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.cards import Params
from core.db import Model, insert_or, table_of, within

PROBE = datetime.timedelta(minutes=3)  # between tries at a workspace that has shut us out

HELD_BY_HAND = ("parked by the operator", "restored")
"""Why a message may be parked by an operator's decision, which nothing but the operator undoes."""


class Subject(Model):
    """Something that cards show, and how often it has changed."""

    __tablename__ = "subjects"

    ref: Mapped[str] = mapped_column(String(40), primary_key=True)
    partnership_id: Mapped[int] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)


class Outgoing(Model):
    """One message to a room or to a person, rendered when it is sent.

    state: waiting (due at `due_at`), claimed (by `owner` until `leased_until` of the database's clock), sent,
    moot (nothing left to say, or nobody wants it after `expires_at`), parked (this address will not take it), dead
    (given up after the last attempt).
    lane: the tool and workspace that it goes through ("slack:T1"), once the courier has looked; empty before.
    doubt: an earlier attempt may have arrived. cause: the log's id of the request that caused it.
    """

    __tablename__ = "outgoing"
    __table_args__ = (
        within("rooms", "room_id"),
        within("members", "member_id"),
        CheckConstraint("(room_id IS NULL) <> (member_id IS NULL)", name="one_address"),
        CheckConstraint("state IN ('waiting', 'claimed', 'sent', 'moot', 'parked', 'dead')", name="state"),
        CheckConstraint("(state = 'claimed') = (owner IS NOT NULL)", name="claimed_by_someone"),
        Index("ix_outgoing_state_due_at", "state", "due_at"),
        Index("ix_outgoing_room_id_state_id", "room_id", "state", "id"),
        Index("ix_outgoing_member_id_state_id", "member_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(index=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    view: Mapped[str] = mapped_column(String(60))
    args: Mapped[dict[str, Any]]
    subject: Mapped[str | None] = mapped_column(String(40))
    room_id: Mapped[int | None]
    member_id: Mapped[int | None]
    due_at: Mapped[datetime.datetime]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(String(40))
    leased_until: Mapped[datetime.datetime | None]
    error: Mapped[str] = mapped_column(String(300), default="")
    sent_at: Mapped[datetime.datetime | None]
    created_at: Mapped[datetime.datetime]
    lane: Mapped[str] = mapped_column(String(120), default="", server_default=text("''"))
    doubt: Mapped[bool] = mapped_column(default=False, server_default=false())
    cause: Mapped[str] = mapped_column(String(20), default="", server_default=text("''"))
    expires_at: Mapped[datetime.datetime | None]


class Posting(Model):
    """A live card: where it stands, what it shows, and when it may next be edited.

    state: live, or gone (the message or its conversation no longer takes edits). member_id: whose direct message it is.
    """

    __tablename__ = "postings"
    __table_args__ = (
        within("members", "member_id"),
        CheckConstraint("state IN ('live', 'gone')", name="state"),
        Index("ix_postings_subject", "subject"),
        Index("uq_postings_message", "tool", "workspace", "conversation", "message", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(String(40))
    view: Mapped[str] = mapped_column(String(60))
    args: Mapped[dict[str, Any]]
    tool: Mapped[str] = mapped_column(String(10))
    workspace: Mapped[str] = mapped_column(String(100))
    conversation: Mapped[str] = mapped_column(String(300))
    message: Mapped[str] = mapped_column(String(300))
    service_url: Mapped[str] = mapped_column(String(300), default="")
    bot: Mapped[str] = mapped_column(String(100), default="")
    shown: Mapped[int] = mapped_column(default=0)
    edit_at: Mapped[datetime.datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(String(40))
    leased_until: Mapped[datetime.datetime | None]
    state: Mapped[str] = mapped_column(String(10), default="live")
    created_at: Mapped[datetime.datetime]
    member_id: Mapped[int | None] = mapped_column(index=True)


class Pause(Model):
    """A workspace or tenant through which nothing is sent for now.

    who: platform (its token was revoked; one message is tried at `probe_at`) or operator (until told otherwise).
    """

    __tablename__ = "pauses"
    __table_args__ = (CheckConstraint("who IN ('platform', 'operator')", name="who"),)

    lane: Mapped[str] = mapped_column(String(120), primary_key=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
    who: Mapped[str] = mapped_column(String(10))
    since: Mapped[datetime.datetime]
    probe_at: Mapped[datetime.datetime]


async def pause_lane(session: AsyncSession, lane: str, reason: str, now: datetime.datetime) -> bool:
    """Send nothing through this workspace but a try now and then; False when it is paused already."""
    made = await session.execute(
        insert_or(session, Pause)
        .values(lane=lane, reason=reason[:300], who="platform", since=now, probe_at=now + PROBE)
        .on_conflict_do_nothing()
        .returning(Pause.lane)
    )
    if made.scalar_one_or_none() is None:
        return False
    # Who can be reached elsewhere is: the courier looks anew where these go.
    await session.execute(
        update(Outgoing)
        .where(Outgoing.lane == lane, Outgoing.state == "waiting", Outgoing.member_id.is_not(None))
        .values(lane="")
        .execution_options(synchronize_session=False)
    )
    return True


class Delivery(Model):
    """A request already carried out, so that the same one sent again has no second effect."""

    __tablename__ = "deliveries"

    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    at: Mapped[datetime.datetime] = mapped_column(index=True)


async def begin_subject(session: AsyncSession, board: int, ref: str) -> None:
    """Give a new thing its first version."""
    await session.execute(insert(Subject).values(ref=ref, partnership_id=board, version=1))


_SUBJECT, _OUTGOING = table_of(Subject), table_of(Outgoing)
_BUMP = (
    update(_SUBJECT).where(_SUBJECT.c.ref.in_(bindparam("refs", expanding=True))).values(version=_SUBJECT.c.version + 1)
)


async def changed(session: AsyncSession, *refs: str) -> None:
    """Every card of these subjects is now out of date, from the moment that this transaction commits."""
    await session.execute(_BUMP, {"refs": refs})


SHOWN_LATE = 10
"""Of things of one kind that may be many, as many cards as a room that comes later is shown; the lists show all."""


async def announce(  # noqa: PLR0913 - each of them is a word of its own
    session: AsyncSession,
    board: int,
    view: Params,
    *,
    key: str,
    now: datetime.datetime,
    rooms: tuple[int, ...] = (),
    members: tuple[int, ...] = (),
    subject: str | None = None,
    due_at: datetime.datetime | None = None,
    expires_at: datetime.datetime | None = None,
) -> None:
    """Write one Outgoing row for each room and person, in the transaction that causes them.

    key: unique to this occasion; each row's key is derived from it, so the same occasion twice is one message.
    subject: the card stays live and follows this subject. due_at: now, unless said. expires_at: when nobody wants
    it any more; what has not been sent by then is dropped.
    """
    addresses = [("room_id", room) for room in rooms] + [("member_id", member) for member in members]
    for column, address in addresses:
        session.add(
            Outgoing(
                partnership_id=board,
                key=f"{key}:{column[0]}{address}",
                view=view.command,
                args=view.packed(),
                subject=subject,
                due_at=due_at or now,
                created_at=now,
                cause=session.info.get("cause", ""),
                expires_at=expires_at,
                **{column: address},
            )
        )
    if addresses:
        await session.flush()


@dataclass(frozen=True, slots=True)
class Announcement:
    """One message to come, to the room or the member with this key; `subject`: the live card's, if it becomes one."""

    view: Params
    key: str
    due_at: datetime.datetime
    room: int | None = None
    member: int | None = None
    subject: str | None = None


async def announce_once(
    session: AsyncSession, board: int, wanted: Sequence[Announcement], now: datetime.datetime
) -> int:
    """Like `announce`, for what several servers may find due at the same time: a row that is there already stays.

    A live card's subject begins with it. Returns how many rows are new. Lean, because a digest goes to hundreds.
    """
    if not wanted:
        return 0
    subjects = [{"ref": each.subject, "partnership_id": board, "version": 1} for each in wanted if each.subject]
    if subjects:
        await session.execute(insert_or(session, _SUBJECT).on_conflict_do_nothing(), subjects)
    rows = [
        {
            "partnership_id": board,
            "key": f"{each.key}:m{each.member}" if each.room is None else f"{each.key}:r{each.room}",
            "view": each.view.command,
            "args": each.view.packed(),
            "subject": each.subject,
            "room_id": each.room,
            "member_id": each.member,
            "due_at": each.due_at,
            "created_at": now,
        }
        for each in wanted
    ]
    made = await session.execute(insert_or(session, _OUTGOING).on_conflict_do_nothing().returning(_OUTGOING.c.id), rows)
    return len(made.all())
