"""Coming or not, who comes instead, and interests that are declared against agenda entries."""

import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements import queries as agreements
from core.agreements.models import Agreement, Elector, Interest
from core.agreements.voting import recuse
from core.commands import VOICES, Person
from core.db import insert_or
from core.errors import Refused
from core.meetings import queries
from core.meetings.agenda_models import AgendaEntry, Attendance, EntryInterest
from core.meetings.models import Meeting
from core.meetings.planning import put_on_record, tell
from core.outbox import changed
from core.partners.models import Member, Organisation


def was_there(present: bool | None, reply: str) -> bool:
    """Whether somebody was there, as recorded; of whom nothing was recorded, whether he or she was to come."""
    return present if present is not None else reply == "yes"


async def reply(
    session: AsyncSession,
    meeting: Meeting,
    by: Person,
    kind: str,
    now: datetime.datetime,
    *,
    substitute: Member | None = None,
    name: str = "",
) -> None:
    """Say that one comes, sends apologies, or who comes instead; the last word counts. Raises Refused."""
    meeting.check_not_over()
    if not await queries.is_invited(session, meeting, by.member):
        raise Refused("This meeting is for the members of its group, so you need not answer.")
    if substitute is not None and substitute.id == by.member:
        raise Refused("That is you yourself. Name who comes instead of you.", field="member")
    if kind == "substitute" and substitute is None and not name:
        raise Refused("Name who comes instead of you.", field="member")
    said = substitute.name if substitute else name
    values: dict[str, Any] = {
        "reply": kind, "substitute": said if kind == "substitute" else "",
        "substitute_id": substitute.id if substitute else None, "replied_at": now,
    }  # fmt: skip
    if meeting.state == "open":
        values["present"] = kind == "yes"
    wanted = insert_or(session, Attendance).values(
        partnership_id=meeting.partnership_id, meeting_id=meeting.id, member_id=by.member, **values
    )
    await session.execute(wanted.on_conflict_do_update(index_elements=["meeting_id", "member_id"], set_=values))
    await changed(session, meeting.ref)
    if substitute is not None:
        say = f"{by.name} ({by.organisation_name}) asked you to come to this meeting instead."
        key = f"substitute:{meeting.ref}:{by.member}:{now.isoformat()}"
        await tell(session, meeting, say, [substitute.id], now, key=key)


async def declare(
    session: AsyncSession, meeting: Meeting, entry: AgendaEntry, by: Person, nature: str, now: datetime.datetime
) -> int:
    """Declare an interest of this person's organisation in an entry; in how many open agreements it is recused now.

    Raises Refused for who speaks for no organisation, and for one declared already.
    """
    meeting.check_not_over()
    if by.role not in VOICES:
        raise Refused("Only those who speak for an organisation can declare its interest.")
    if await _declared(session, entry, by.organisation) is not None:
        raise Refused(f"{by.organisation_name} has declared an interest in this entry already.")
    session.add(
        EntryInterest(
            partnership_id=by.board,
            entry_id=entry.id,
            organisation_id=by.organisation,
            member_id=by.member,
            nature=nature,
            declared_at=now,
        )
    )
    note = f"{by.organisation_name} in entry {entry.position}, {entry.title}: {nature}"
    await put_on_record(session, meeting, "interest declared", note, by, now)
    count = 0
    for board, ref in await to_recuse(session, now):
        count += board == by.board and await recuse_below(session, board, ref, now)
    return count


async def withdraw(
    session: AsyncSession, meeting: Meeting, entry: AgendaEntry, by: Person, now: datetime.datetime
) -> None:
    """Undo a declaration made in error; in agreements it is withdrawn on their own cards."""
    meeting.check_not_over()
    interest = await _declared(session, entry, by.organisation)
    if interest is None:
        raise Refused(f"{by.organisation_name} has declared no interest in this entry.", field="entry")
    interest.withdrawn_at = now
    note = f"{by.organisation_name} in entry {entry.position}, {entry.title}"
    await put_on_record(session, meeting, "interest withdrawn", note, by, now)


async def _declared(session: AsyncSession, entry: AgendaEntry, organisation: int) -> EntryInterest | None:
    found = await session.execute(
        select(EntryInterest).where(
            EntryInterest.partnership_id == entry.partnership_id,
            EntryInterest.entry_id == entry.id,
            EntryInterest.organisation_id == organisation,
            EntryInterest.withdrawn_at.is_(None),
        )
    )
    return found.scalars().first()


async def interests(session: AsyncSession, meeting: Meeting) -> list[tuple[AgendaEntry, str, EntryInterest]]:
    """What was declared for a meeting and not withdrawn: entry, organisation, declaration, in the agenda's order."""
    rows = await session.execute(
        select(AgendaEntry, Organisation.name, EntryInterest)
        .join(EntryInterest, EntryInterest.entry_id == AgendaEntry.id)
        .join(Organisation, Organisation.id == EntryInterest.organisation_id)
        .where(
            AgendaEntry.partnership_id == meeting.partnership_id,
            AgendaEntry.meeting_id == meeting.id,
            EntryInterest.withdrawn_at.is_(None),
        )
        .order_by(AgendaEntry.position, Organisation.name)
    )
    return [(entry, name, interest) for entry, name, interest in rows.tuples()]


_BELOW = or_(
    Agreement.about == AgendaEntry.ref,
    (Agreement.about == AgendaEntry.about) & (AgendaEntry.about != ""),
    Agreement.ref == AgendaEntry.about,
)
"""An agreement is below an entry when it was put from it, or decides on what the entry deals with, or is that."""


def _recusable() -> object:
    return (
        select(Agreement.partnership_id, Agreement.ref, Elector.id, EntryInterest.id)
        .join(Elector, Elector.agreement_id == Agreement.id)
        .join(EntryInterest, EntryInterest.organisation_id == Elector.organisation_id)
        .join(AgendaEntry, (AgendaEntry.id == EntryInterest.entry_id) & _BELOW)
        .where(
            Agreement.state == "open",
            AgendaEntry.partnership_id == Agreement.partnership_id,
            EntryInterest.withdrawn_at.is_(None),
            Elector.recused_at.is_(None),
            # Withdrawn on the agreement's own card, it is not declared there again.
            ~select(Interest.id).where(Interest.elector_id == Elector.id).exists(),
        )
    )


async def to_recuse(session: AsyncSession, now: datetime.datetime) -> list[tuple[int, str]]:
    """Open agreements below an entry in which one of their voters has declared an interest that is not yet theirs."""
    rows = await session.execute(_recusable())  # type: ignore[call-overload]
    return sorted({(board, ref) for board, ref, *_ in rows.tuples()})


async def recuse_below(session: AsyncSession, board: int, ref: str, now: datetime.datetime) -> bool:
    """Recuse those voters of an agreement; False when somebody else was quicker, or voting has closed."""
    agreement = await agreements.find(session, board, ref, to_change=True)
    if agreement.state != "open" or now >= agreement.closes_at:
        return False
    rows = await session.execute(_recusable().where(Agreement.id == agreement.id))  # type: ignore[attr-defined]
    done = False
    for _, _, elector_id, interest_id in rows.tuples().all():
        elector, interest = (
            await session.get_one(Elector, elector_id),
            await session.get_one(EntryInterest, interest_id),
        )
        if elector.recused_at is None:
            await recuse(session, agreement, elector, interest.member_id, interest.nature, now)
            done = True
    return done
