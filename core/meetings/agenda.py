"""The agenda: what waits for a meeting is put on it, ordered, timed, and goes out."""

import dataclasses
import datetime
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.commands import Person
from core.db import new_ref
from core.errors import Refused
from core.meetings import queries
from core.meetings.agenda_models import AgendaEntry, EntryInterest, Paper
from core.meetings.gathering import CLOSING, FORWARD, MATTERS, MINUTES, MOST, OPENING, Wanted, waiting
from core.meetings.models import Meeting
from core.meetings.planning import put_on_record, show_to_all
from core.outbox import begin_subject, changed
from core.register.queries import entries_about

LONGEST = 600
PUBLISHED = "agenda published"
TWICE = datetime.timedelta(minutes=10)
"""The same agenda goes out only once in so long: two people who press at one moment want one message."""


async def find_entry(
    session: AsyncSession, board: int, ref: str, *, to_change: bool = False
) -> tuple[AgendaEntry, Meeting]:
    """The board's entry of this reference with its meeting. Raises Refused for any other.

    To be changed, its meeting is locked, and the entry read again: somebody else may have moved or removed it.
    """
    entry = await _entry(session, board, ref)
    of = select(Meeting.ref).where(Meeting.partnership_id == board, Meeting.id == entry.meeting_id)
    meeting = await queries.find(session, board, (await session.execute(of)).scalar_one(), to_change=to_change)
    if to_change and (await _entry(session, board, ref)).meeting_id != meeting.id:
        raise Refused("That agenda entry has just gone to another meeting. Open the agenda anew.")
    return entry, meeting


async def _entry(session: AsyncSession, board: int, ref: str) -> AgendaEntry:
    found = await session.execute(
        select(AgendaEntry)
        .where(AgendaEntry.partnership_id == board, AgendaEntry.ref == ref)
        .execution_options(populate_existing=True)
    )
    entry = found.scalar_one_or_none()
    if entry is None:
        raise Refused("That agenda entry is not there any more. Open the agenda anew.")
    return entry


async def lock_both(session: AsyncSession, board: int, *refs: str) -> None:
    """Lock these meetings, always in the same order, so that two who swap entries don't wait for each other."""
    await session.execute(
        select(Meeting.id)
        .where(Meeting.partnership_id == board, Meeting.ref.in_(refs))
        .order_by(Meeting.id)
        .with_for_update()
    )


async def draft(session: AsyncSession, meeting: Meeting, by: Person, now: datetime.datetime) -> int:
    """Fill the agenda with the standing entries and with what waits; how many are new. What is on it stays."""
    meeting.check_ahead()
    here = list(await queries.entries(session, meeting))
    standing = {each.about for each in here if each.kind == "standing"}
    wanted = [*(() if meeting.group_id else await waiting(session, meeting, by, now)), CLOSING]
    last = await queries.last_before(session, meeting)
    first = [dataclasses.replace(each, detail=_of_last(each, last)) for each in OPENING]
    if last is None:
        first = [each for each in first if each.about not in (MINUTES, MATTERS)]
    new_first = [_row(meeting, each, now) for each in first if each.about not in standing]
    others = [_row(meeting, each, now) for each in wanted if each.about not in {each.about for each in here}]
    if len(here) + len(new_first) + len(others) > MOST:
        raise Refused(f"An agenda takes {MOST} entries at most. Leave some to a later meeting first.")
    closing = [each for each in (*here, *others) if each.about == FORWARD and each.kind == "standing"]
    opening = [each for each in here if each.kind == "standing" and each not in closing]
    rest = [each for each in (*here, *others) if each not in closing and each not in opening]
    for place, entry in enumerate((*opening, *new_first, *rest, *closing), start=1):
        entry.position = place
    new = [*new_first, *others]
    session.add_all(new)
    await session.flush()
    for entry in new:
        await begin_subject(session, by.board, entry.ref)
    await changed(session, meeting.ref)
    return len(new)


def _of_last(wanted: Wanted, last: Meeting | None) -> str:
    return f"Of meeting {last.number}." if last and wanted.about in (MINUTES, MATTERS) else ""


def _row(meeting: Meeting, wanted: Wanted, now: datetime.datetime) -> AgendaEntry:
    return AgendaEntry(
        partnership_id=meeting.partnership_id,
        ref=new_ref("ent"),
        meeting_id=meeting.id,
        position=MOST,
        kind=wanted.kind,
        title=wanted.title,
        detail=wanted.detail,
        wants=wanted.wants,
        minutes=wanted.minutes,
        lead_id=wanted.lead_id,
        theme_id=wanted.theme_id,
        about=wanted.about,
        created_at=now,
    )


def check_minutes(minutes: int) -> None:
    """Refuse a length that no entry has."""
    if minutes > LONGEST:
        raise Refused("Give the minutes of an entry from 0 to 600.", field="minutes")


async def add(session: AsyncSession, meeting: Meeting, wanted: Wanted, now: datetime.datetime) -> AgendaEntry:
    """Another entry, in front of the closing one."""
    meeting.check_not_over()
    check_minutes(wanted.minutes)
    here = list(await queries.entries(session, meeting))
    if len(here) >= MOST:
        raise Refused(f"An agenda takes {MOST} entries at most. Leave some to a later meeting first.")
    entry = _row(meeting, wanted, now)
    closing = [each for each in here if each.about == FORWARD]
    session.add(entry)
    _renumber([*(each for each in here if each not in closing), entry, *closing])
    await session.flush()
    await begin_subject(session, meeting.partnership_id, entry.ref)
    await changed(session, meeting.ref)
    return entry


def _renumber(entries: Sequence[AgendaEntry]) -> None:
    for place, entry in enumerate(entries, start=1):
        entry.position = place


async def change(
    session: AsyncSession, meeting: Meeting, entry: AgendaEntry, wanted: Wanted, place: int | None
) -> None:
    """Another title, lead, length, or place on the agenda."""
    meeting.check_not_over()
    check_minutes(wanted.minutes)
    entry.title, entry.wants, entry.minutes, entry.detail = wanted.title, wanted.wants, wanted.minutes, wanted.detail
    entry.lead_id, entry.theme_id = wanted.lead_id, wanted.theme_id
    if place is not None and place != entry.position:
        others = [each for each in await queries.entries(session, meeting) if each.id != entry.id]
        others.insert(max(0, place - 1), entry)
        _renumber(others)
    await session.flush()
    await changed(session, meeting.ref)


async def leave_to(session: AsyncSession, entry: AgendaEntry, of: Meeting, to: Meeting) -> None:
    """The entry goes to another meeting, with its papers; from one that was cancelled, too."""
    if of.state != "cancelled":
        of.check_ahead()
    to.check_ahead()
    if of.id == to.id:
        raise Refused("It is on that meeting's agenda already. Choose another one.", field="meeting_to")
    entry.meeting_id = to.id
    papers = await session.execute(select(Paper).where(Paper.entry_id == entry.id))
    for paper in papers.scalars():
        paper.meeting_id = to.id
    await session.flush()
    _renumber([each for each in await queries.entries(session, of) if each.id != entry.id])
    there = [each for each in await queries.entries(session, to) if each.id != entry.id]
    closing = [each for each in there if each.about == FORWARD]
    _renumber([*(each for each in there if each not in closing), entry, *closing])
    await session.flush()
    await changed(session, of.ref, to.ref)


async def remove(session: AsyncSession, meeting: Meeting, entry: AgendaEntry) -> None:
    """Take it off; what it was about waits again. Raises Refused for what people have built upon."""
    meeting.check_ahead()
    for model in (Paper, EntryInterest):
        built = await session.execute(select(model.id).where(model.entry_id == entry.id).limit(1))
        if built.scalar_one_or_none() is not None:
            raise Refused("It has papers or declared interests. Leave it to a later meeting instead.")
    await session.execute(delete(AgendaEntry).where(AgendaEntry.id == entry.id))
    _renumber([each for each in await queries.entries(session, meeting) if each.id != entry.id])
    await changed(session, meeting.ref)


async def publish(session: AsyncSession, meeting: Meeting, by: Person, now: datetime.datetime) -> int:
    """The agenda goes out to every room; how many entries it has. Going out again tells of what has changed."""
    meeting.check_ahead()
    entries = await queries.entries(session, meeting)
    if not entries:
        raise Refused("The agenda is empty. Draft it first, or add an entry.")
    before = meeting.published_at
    titles = "; ".join(f"{each.position}. {each.title}" for each in entries)
    if before is not None and now - before < TWICE and titles[:3000] == await _last_published(session, meeting):
        raise Refused("The agenda has just gone out as it stands. Change it first, and publish it again.")
    meeting.state, meeting.published_at = "published", now
    place = await put_on_record(session, meeting, PUBLISHED, titles[:3000], by, now)
    await show_to_all(session, meeting, now, key=f"agenda:{meeting.ref}:{place}")
    return len(entries)


async def _last_published(session: AsyncSession, meeting: Meeting) -> str:
    """What the register says of the agenda that went out last."""
    found = await entries_about(session, meeting.partnership_id, meeting.ref)
    return next((str(each.detail.get("note")) for each in reversed(found) if each.kind == PUBLISHED), "")
