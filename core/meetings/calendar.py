"""The board's meetings as a calendar file (RFC 5545): each one an event with an identity of its own.

A series goes out as its single events, so that no reader has to expand a rule: what is moved or cancelled is one event
with the same UID and a higher SEQUENCE (RFC 5546, 2.1.4 and 3.2.5). Times are in UTC, which every reader understands.
"""

import asyncio
import datetime
import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.commands import Person
from core.db import insert_or
from core.meetings.models import CalendarFeed, Meeting
from core.meetings.naming import say_where
from core.meetings.queries import may_see
from core.partners import queries as partners

if TYPE_CHECKING:
    from icalendar import Event

KEPT = datetime.timedelta(days=400)
"""Meetings longer ago than this have left the subscribed calendar."""


def calendar_of(name: str, meetings: Sequence[Meeting]) -> bytes:
    """A calendar of this name with these meetings."""
    # Not at the start: it takes longer than all of our own meetings, and this runs in a thread.
    from icalendar import Calendar, Event  # noqa: PLC0415

    calendar = Calendar()
    calendar.add("prodid", "-//Folkmoot//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", datetime.timedelta(hours=4), parameters={"VALUE": "DURATION"})
    for meeting in meetings:
        calendar.add_component(_filled(Event(), name, meeting))
    return bytes(calendar.to_ical())


def _filled(event: "Event", board: str, meeting: Meeting) -> "Event":
    event.add("uid", f"{meeting.ref}@folkmoot")
    event.add("dtstamp", meeting.changed_at)
    event.add("last-modified", meeting.changed_at)
    event.add("sequence", meeting.sequence)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    event.add("summary", f"{meeting.title} ({board})")
    event.add("status", "CANCELLED" if meeting.state == "cancelled" else "CONFIRMED")
    event.add("location", meeting.link if meeting.way == "online" and meeting.link else say_where(meeting))
    said = [f"Meeting {meeting.number} of {board}."]
    if meeting.cancelled_why:
        said.append(f"Cancelled: {meeting.cancelled_why}")
    if meeting.link:
        said.append(f"Join online: {meeting.link}")
        event.add("url", meeting.link)
    event.add("description", "\n".join(said))
    return event


def calendar_of_export(exported: Mapping[str, Any]) -> bytes:
    """All meetings of a board's export, see `core.exchange.export`."""
    moment = datetime.datetime.fromisoformat
    meetings = [
        Meeting(
            ref=each["id"], number=each["number"], title=each["title"], state=each["state"], sequence=each["sequence"],
            changed_at=moment(each["changed_at"]), starts_at=moment(each["starts_at"]), minutes=each["minutes_planned"],
            way=each["way"], place=each["place"], link=each["link"], cancelled_why=each["cancelled_why"],
        )
        for each in exported["meetings"]
    ]  # fmt: skip
    return calendar_of(exported["partnership"]["name"], meetings)


async def subscribed(session: AsyncSession, token: str, now: datetime.datetime) -> bytes | None:
    """The calendar that this token leads to, with what its member may see; None for one that leads nowhere."""
    found = await session.execute(select(CalendarFeed.member_id).where(CalendarFeed.token == token))
    member = found.scalar_one_or_none()
    person = await partners.person(session, member) if member is not None else None
    if person is None:
        return None
    partnership = await partners.partnership(session, person.board)
    meetings = await session.execute(
        select(Meeting).where(may_see(person), Meeting.starts_at > now - KEPT).order_by(Meeting.starts_at, Meeting.id)
    )
    # Five hundred meetings take a fifth of a second to write, in which every click would wait.
    return await asyncio.to_thread(calendar_of, partnership.name, meetings.scalars().all())


async def feed_of(session: AsyncSession, person: Person, now: datetime.datetime, *, renew: bool = False) -> str:
    """The token of this member's calendar; a new one the first time, and when it is renewed: the old one ends."""
    token = secrets.token_urlsafe(32)  # 256 bits
    row = insert_or(session, CalendarFeed).values(
        member_id=person.member, partnership_id=person.board, token=token, created_at=now
    )
    if renew:
        row = row.on_conflict_do_update(index_elements=["member_id"], set_={"token": token, "created_at": now})
    else:
        row = row.on_conflict_do_nothing()
    await session.execute(row)
    found = await session.execute(select(CalendarFeed.token).where(CalendarFeed.member_id == person.member))
    return found.scalar_one()
