"""A meeting in session: what whoever chairs does, and the notes from which the minutes are made."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.commands import STEERING, Person, Role
from core.db import insert_or, new_ref
from core.errors import Refused
from core.meetings import queries as meetings
from core.meetings.agenda_models import AgendaEntry, Attendance
from core.meetings.models import Meeting
from core.meetings.planning import put_on_record
from core.meetings.session_params import ShowChair
from core.minutes.models import SessionNote
from core.outbox import announce, begin_subject, changed
from core.partners import queries as partners
from core.partners.models import Member
from core.register.actions import append

EARLY = datetime.timedelta(hours=2)
"""A meeting may begin so long before its time."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who does what in which meeting, and when."""

    session: AsyncSession
    meeting: Meeting
    by: Person
    now: datetime.datetime

    async def current(self) -> AgendaEntry | None:
        """The entry that is being dealt with."""
        return next((each for each in await self.entries() if each.id == self.meeting.current_id), None)

    async def entries(self) -> Sequence[AgendaEntry]:
        """The agenda, in order."""
        return await meetings.entries(self.session, self.meeting)

    async def note(self, kind: str, text: str, *, about: str = "", number: str = "", reason: str = "") -> SessionNote:
        """One thing that happened, below the entry that is being dealt with."""
        note = SessionNote(
            partnership_id=self.meeting.partnership_id,
            ref=new_ref("nte"),
            meeting_id=self.meeting.id,
            entry_id=self.meeting.current_id,
            member_id=self.by.member,
            kind=kind,
            text=text,
            reason=reason,
            about=about,
            number=number,
            at=self.now,
        )
        self.session.add(note)
        await self.session.flush()
        await changed(self.session, self.meeting.ref)
        return note

    def check_decides(self) -> None:
        """Refuse a decision to a group, which advises the board."""
        self.meeting.check_open()
        if self.meeting.group_id is not None:
            raise Refused("A task and finish group advises and takes no decisions for the board. Take a note instead.")


async def begin(sitting: Sitting) -> None:
    """The meeting begins with its first entry; whoever runs it gets the chair's card. Raises Refused."""
    meeting, now, session = sitting.meeting, sitting.now, sitting.session
    meeting.check_ahead()
    if meeting.starts_at - now > EARLY:
        raise Refused("It is too early: a meeting can begin two hours before its time. Move it first.")
    meeting.state, meeting.opened_at = "open", now
    first = next(iter(await sitting.entries()), None)
    if first is not None:
        _take_up(meeting, first, now)
    place = await put_on_record(session, meeting, "meeting begun", "", sitting.by, now)
    steering = [member.id for member in await partners.members(session, meeting.partnership_id, *STEERING)]
    here = {each.id for each in await partners.members(session, meeting.partnership_id)}
    run = here & {*steering, meeting.chair_id or 0, meeting.deputy_id or 0, sitting.by.member}
    await announce(
        session, meeting.partnership_id, ShowChair(meeting.ref), key=f"chair:{meeting.ref}:{place}", now=now,
        members=tuple(sorted(run)), subject=meeting.ref,
    )  # fmt: skip


def _take_up(meeting: Meeting, entry: AgendaEntry, now: datetime.datetime) -> None:
    entry.state, meeting.current_id, meeting.current_at = "current", entry.id, now


async def go_on(sitting: Sitting, done: str) -> AgendaEntry | None:
    """On to the next entry; None behind the last. A second press on the same card changes nothing."""
    meeting = sitting.meeting
    meeting.check_open()
    current = await sitting.current()
    if (current.ref if current else "") != done:
        return current
    if current is not None and current.state == "current":
        current.state = "done"
    return await _next(sitting)


async def _next(sitting: Sitting) -> AgendaEntry | None:
    following = next((each for each in await sitting.entries() if each.state == "waiting"), None)
    if following is not None:
        _take_up(sitting.meeting, following, sitting.now)
    else:
        sitting.meeting.current_id, sitting.meeting.current_at = None, sitting.now
    await sitting.session.flush()
    await changed(sitting.session, sitting.meeting.ref)
    return following


async def decide(sitting: Sitting, text: str, reason: str, votes: str) -> str:
    """A decision of the meeting, numbered in the register; its number."""
    sitting.check_decides()
    meeting = sitting.meeting
    entry = await append(
        sitting.session, meeting.partnership_id, "decision", subject=meeting.ref, title=text[:300], now=sitting.now,
        by=sitting.by,
        detail={"result": "passed", "statement": text, "why": reason, "votes": votes, "meeting": meeting.number},
    )  # fmt: skip
    number = str(entry.number)
    await sitting.note("decision", f"{text}{f' ({votes})' if votes else ''}", number=number, reason=reason)
    return number


async def park(sitting: Sitting, text: str) -> bool:
    """Leave a matter to another meeting; whether it was the entry itself, and the meeting has gone on."""
    meeting = sitting.meeting
    meeting.check_open()
    current = await sitting.current()
    await sitting.note("parked", text)
    if current is not None and text == current.title:
        current.state = "parked"
        await _next(sitting)
        return True
    listed = await sitting.entries()
    entry = AgendaEntry(
        partnership_id=meeting.partnership_id,
        ref=new_ref("ent"),
        meeting_id=meeting.id,
        position=len(listed) + 1,
        kind="matter",
        title=text,
        wants="discussion",
        minutes=0,
        lead_id=current.lead_id if current else None,
        theme_id=current.theme_id if current else None,
        state="parked",
        created_at=sitting.now,
    )
    sitting.session.add(entry)
    await sitting.session.flush()
    await begin_subject(sitting.session, meeting.partnership_id, entry.ref)
    return False


async def record_present(sitting: Sitting, here: Collection[int]) -> int:
    """Who of those invited, and of their substitutes, is here; everybody else is not. How many are."""
    meeting = sitting.meeting
    if meeting.state not in ("open", "ended") or meeting.record in ("circulated", "approved"):
        raise Refused("Who was there is recorded while the meeting is in session, or before its minutes go round.")
    people = [each.id for each in await expected(sitting.session, meeting)]
    for member in people:
        present = member in here
        row = insert_or(sitting.session, Attendance).values(
            partnership_id=meeting.partnership_id, meeting_id=meeting.id, member_id=member, present=present,
            reply="", substitute="", replied_at=sitting.now,
        )  # fmt: skip
        await sitting.session.execute(
            row.on_conflict_do_update(index_elements=["meeting_id", "member_id"], set_={"present": present})
        )
    await put_on_record(
        sitting.session, meeting, "attendance recorded", f"{len(set(here))} here", sitting.by, sitting.now
    )
    return len(set(here) & set(people))


async def expected(session: AsyncSession, meeting: Meeting) -> Sequence[Member]:
    """Who may be here, by name: those invited, and members who come instead of somebody.

    Who has left the board since does not come, but who was here stays recorded as such.
    """
    people = {each.id: each for each in await meetings.invited(session, meeting)}
    said = await meetings.replies(session, meeting)
    stand_ins = {each.substitute_id for each in said.values() if each.substitute_id} - set(people)
    were_here = {key for key, each in said.items() if each.present} - set(people)
    if stand_ins or were_here:
        found = await session.execute(
            select(Member).where(
                Member.partnership_id == meeting.partnership_id,
                or_(Member.id.in_(were_here), Member.id.in_(stand_ins) & Member.left_at.is_(None)),
            )
        )
        people |= {each.id: each for each in found.scalars()}
    return sorted(people.values(), key=lambda each: each.name)


async def end(sitting: Sitting) -> int:
    """The meeting is over; what it has not come to is left to the next one. How many entries that is."""
    meeting = sitting.meeting
    meeting.check_open()
    left = 0
    for entry in await sitting.entries():
        if entry.state == "current":
            entry.state = "done"
        elif entry.state == "waiting":
            entry.state = "done" if entry.kind == "standing" else "parked"
            left += entry.state == "parked"
    meeting.state, meeting.ended_at, meeting.record = "ended", sitting.now, "draft"
    meeting.current_id, meeting.current_at = None, None
    await put_on_record(sitting.session, meeting, "meeting ended", "", sitting.by, sitting.now)
    return left


async def coordinators(session: AsyncSession, meeting: Meeting) -> tuple[int, ...]:
    """Who looks after its minutes: the coordinators, and where there is none those who steer the board."""
    board = meeting.partnership_id
    found = await partners.members(session, board, Role.COORDINATOR) or await partners.members(
        session, board, *STEERING
    )
    return tuple(each.id for each in found)


async def notes(session: AsyncSession, meeting: Meeting) -> Sequence[SessionNote]:
    """What happened in it, in order."""
    found = await session.execute(
        select(SessionNote)
        .where(SessionNote.partnership_id == meeting.partnership_id, SessionNote.meeting_id == meeting.id)
        .order_by(SessionNote.id)
    )
    return found.scalars().all()
