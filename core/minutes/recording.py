"""The minutes after the meeting: edited, circulated, corrected, and approved at a later one."""

import datetime
from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.commands import Person
from core.db import new_ref
from core.errors import Refused
from core.meetings import queries as meetings
from core.meetings.models import Meeting
from core.meetings.planning import put_on_record
from core.meetings.session_params import ShowMinutes
from core.minutes import drafting, session
from core.minutes.models import MinuteCorrection, MinuteSection
from core.minutes.session import Sitting
from core.outbox import announce, changed
from core.partners import queries as partners
from core.polls.closing import close
from core.polls.models import Poll

T = TypeVar("T", MinuteSection, MinuteCorrection)


async def sections(session_: AsyncSession, meeting: Meeting) -> Sequence[MinuteSection]:
    """The minutes, in order."""
    found = await session_.execute(
        select(MinuteSection)
        .where(MinuteSection.partnership_id == meeting.partnership_id, MinuteSection.meeting_id == meeting.id)
        .order_by(MinuteSection.position)
    )
    return found.scalars().all()


async def corrections(session_: AsyncSession, meeting: Meeting, *states: str) -> Sequence[MinuteCorrection]:
    """What corrections were asked for, in these states (all without any), in order."""
    query = select(MinuteCorrection).where(
        MinuteCorrection.partnership_id == meeting.partnership_id, MinuteCorrection.meeting_id == meeting.id
    )
    if states:
        query = query.where(MinuteCorrection.state.in_(states))
    return (await session_.execute(query.order_by(MinuteCorrection.id))).scalars().all()


async def find_section(session_: AsyncSession, board: int, ref: str) -> tuple[MinuteSection, Meeting]:
    """The board's section of this reference as it stands once its meeting is locked, and that. Raises Refused."""
    section, meeting = await _below(session_, MinuteSection, board, ref)
    if section is None or meeting is None:
        raise Refused("That section is not there any more. Open the minutes anew.")
    return section, meeting


async def find_correction(session_: AsyncSession, board: int, ref: str) -> tuple[MinuteCorrection, Meeting]:
    """The board's correction of this reference as it stands once its meeting is locked, and that. Raises Refused."""
    correction, meeting = await _below(session_, MinuteCorrection, board, ref)
    if correction is None or meeting is None:
        raise Refused("That correction is not one of this board's. Open the minutes anew.")
    return correction, meeting


async def _below(session_: AsyncSession, model: type[T], board: int, ref: str) -> tuple[T, Meeting] | tuple[None, None]:
    """Something that belongs to a meeting: the meeting is locked first, so that nobody changes it in between."""
    of = await session_.execute(
        select(Meeting.ref)
        .join(model, model.meeting_id == Meeting.id)
        .where(model.partnership_id == board, model.ref == ref)
    )
    if (meeting_ref := of.scalar_one_or_none()) is None:
        return None, None
    meeting = await meetings.find(session_, board, meeting_ref, to_change=True)
    found = await session_.execute(
        select(model).where(model.partnership_id == board, model.ref == ref).execution_options(populate_existing=True)
    )
    row = found.scalar_one_or_none()
    return (row, meeting) if row is not None else (None, None)


def check_editable(meeting: Meeting) -> None:
    """Refuse to change minutes that are not there yet, or that were approved."""
    if meeting.record == "":
        raise Refused("There are no minutes yet. They are drafted when the meeting ends.")
    if meeting.record == "approved":
        raise Refused("These minutes were approved, so they stay as they are.")


async def edit(section: MinuteSection, sitting: Sitting, title: str, text: str) -> None:
    """Another wording of a section; once they were circulated, on record."""
    check_editable(sitting.meeting)
    before = section.text
    section.title, section.text, section.edited_at = title, text, sitting.now
    if sitting.meeting.record == "circulated" and before != text:
        note = f"Section {section.position}, {title}. Before: {before}"[:3000]
        await put_on_record(sitting.session, sitting.meeting, "minutes changed", note, sitting.by, sitting.now)
    await changed(sitting.session, sitting.meeting.ref)


async def finish(sitting: Sitting) -> int:
    """End the meeting and draft its minutes; whoever looks after them gets them. How many entries were left over."""
    sitting.meeting.check_open()
    await _close_polls(sitting)
    left = await session.end(sitting)
    await drafting.draft(sitting.session, sitting.meeting)
    meeting = sitting.meeting
    told = tuple(sorted({*await session.coordinators(sitting.session, meeting), sitting.by.member}))
    view = ShowMinutes(meeting.ref, say="The meeting is over, and these are the minutes as drafted.")
    await announce(
        sitting.session, meeting.partnership_id, view, key=f"draft:{meeting.ref}", now=sitting.now, members=told,
        subject=meeting.ref,
    )  # fmt: skip
    return left


async def _close_polls(sitting: Sitting) -> None:
    """Quick questions to those in the meeting end with it, so that the minutes tell what was answered.

    All are locked before the first is closed: the register's lock comes after a poll's, here as where one is closed.
    """
    board, about = sitting.meeting.partnership_id, await session.notes(sitting.session, sitting.meeting)
    locked = await sitting.session.execute(
        select(Poll)
        .where(
            Poll.partnership_id == board,
            Poll.ref.in_([each.about for each in about if each.kind == "poll"]),
            Poll.state == "open",
        )
        .order_by(Poll.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for poll in locked.scalars().all():
        await close(sitting.session, poll, sitting.by, sitting.now)


async def circulate(sitting: Sitting) -> int:
    """The minutes go to every room for corrections; a group's to its members. To how many rooms or people."""
    meeting, now, board = sitting.meeting, sitting.now, sitting.meeting.partnership_id
    check_editable(meeting)
    if meeting.record == "circulated":
        raise Refused("These minutes go round already. What you change shows on everyone's card.")
    meeting.record, meeting.circulated_at = "circulated", now
    place = await put_on_record(sitting.session, meeting, "minutes circulated", "", sitting.by, now)
    rooms = () if meeting.group_id else tuple(room.id for room in await partners.rooms(sitting.session, board))
    people = () if rooms else tuple(each.id for each in await meetings.invited(sitting.session, meeting))
    await announce(
        sitting.session, board, ShowMinutes(meeting.ref), key=f"minutes:{meeting.ref}:{place}", now=now, rooms=rooms,
        members=people, subject=meeting.ref,
    )  # fmt: skip
    return len(rooms) or len(people)


async def ask_correction(sitting: Sitting, text: str) -> MinuteCorrection:
    """Ask for a correction; whoever looks after the minutes hears of it."""
    meeting = sitting.meeting
    if meeting.record != "circulated":
        word = "approved already" if meeting.record == "approved" else "not circulated yet"
        raise Refused(f"The minutes of this meeting are {word}, so they take no corrections.")
    correction = MinuteCorrection(
        partnership_id=meeting.partnership_id, ref=new_ref("cor"), meeting_id=meeting.id, member_id=sitting.by.member,
        text=text, at=sitting.now,
    )  # fmt: skip
    sitting.session.add(correction)
    place = await put_on_record(sitting.session, meeting, "correction asked", text, sitting.by, sitting.now)
    say = f"{sitting.by.name} ({sitting.by.organisation_name}) asks for a correction: {text}"
    told = tuple(each for each in await session.coordinators(sitting.session, meeting) if each != sitting.by.member)
    await announce(
        sitting.session, meeting.partnership_id, ShowMinutes(meeting.ref, say=say[:1000]),
        key=f"{meeting.ref}:{place}", now=sitting.now, members=told, subject=meeting.ref,
    )  # fmt: skip
    return correction


async def settle(sitting: Sitting, correction: MinuteCorrection, state: str, answer: str) -> None:
    """Say what came of a correction; who asked for it is told."""
    check_editable(sitting.meeting)
    if correction.state != "asked":
        raise Refused("What came of this correction was said already.")
    if state == "not made" and not answer:
        raise Refused("Please say why it is not made.", field="answer")
    correction.state, correction.answer = state, answer
    note = f"{correction.text}: {state}{f', {answer}' if answer else ''}"
    place = await put_on_record(sitting.session, sitting.meeting, "correction settled", note, sitting.by, sitting.now)
    if correction.member_id not in (None, sitting.by.member):
        said = f"The correction that you asked for is {state}{f': {answer}' if answer else '.'}"
        await announce(
            sitting.session, sitting.meeting.partnership_id, ShowMinutes(sitting.meeting.ref, say=said[:1000]),
            key=f"{sitting.meeting.ref}:{place}", now=sitting.now, members=(correction.member_id or 0,),
            subject=sitting.meeting.ref,
        )  # fmt: skip


async def approve(sitting: Sitting, at: Meeting) -> None:
    """A later meeting of the same board or group, which is in session, approves the minutes. Raises Refused."""
    meeting = sitting.meeting
    if meeting.record == "approved":
        raise Refused("These minutes were approved already.")
    if meeting.record != "circulated":
        raise Refused("Circulate these minutes first, so that everyone can ask for corrections.")
    at.check_open()
    if at.group_id != meeting.group_id or at.starts_at <= meeting.starts_at:
        raise Refused("Minutes are approved at a later meeting of the same board or group.")
    waiting = await corrections(sitting.session, meeting, "asked")
    if waiting:
        count = len(waiting)
        raise Refused(f"{count} {'correction waits' if count == 1 else 'corrections wait'}. Say what came of it first.")
    made = await corrections(sitting.session, meeting, "made")
    meeting.record, meeting.approved_at = "approved", sitting.now
    words = f"The minutes of meeting {meeting.number} were approved{' as corrected' if made else ''}."
    await put_on_record(
        sitting.session, meeting, "minutes approved", f"At meeting {at.number}.", sitting.by, sitting.now
    )
    await Sitting(sitting.session, at, sitting.by, sitting.now).note("note", words)


async def open_meeting(
    session_: AsyncSession, person: Person, after: Meeting, now: datetime.datetime
) -> Meeting | None:
    """The meeting of the same board or group that is in session now, locked."""
    same = Meeting.group_id.is_(None) if after.group_id is None else Meeting.group_id == after.group_id
    found = await session_.execute(
        select(Meeting)
        .where(Meeting.partnership_id == person.board, Meeting.state == "open", same, Meeting.starts_at <= now)
        .order_by(Meeting.starts_at.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()
