"""Rows of meetings, agendas, papers, notes and minutes, in the states that commands begin at."""

import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from core.commands import Person
from core.db import new_ref
from core.meetings import agenda, attending, papers, planning
from core.meetings.agenda_models import AgendaEntry, Attendance, EntryInterest, PaperReader
from core.meetings.calendar import feed_of
from core.meetings.gathering import Wanted
from core.meetings.models import Meeting, MeetingSeries
from core.meetings.planning import Plan
from core.minutes.models import MinuteCorrection, MinuteSection, SessionNote
from core.minutes.session import Sitting
from core.partners.models import Member
from core.polls import opening
from core.polls.counting import Shape
from core.polls.drafting import Choice, Draft, Question
from core.polls.models import PollCount

ENDED = {"state": "ended", "record": "draft"}


async def write_meetings(
    session: AsyncSession, board: int, people: dict[str, Person], prefix: str, now: datetime.datetime
) -> None:
    """A meeting of each state, chaired by the representative with the deputy beside."""
    me = people["c"]
    chairs: dict[str, Any] = {"chair_id": people["r"].member, "deputy_id": people["d"].member}

    async def made(days: int, **changes: Any) -> tuple[Meeting, AgendaEntry]:
        start = now + datetime.timedelta(days=days, minutes=-10)
        plan = Plan(title=f"{prefix}meeting", starts_at=start, place=f"{prefix}place", **chairs)
        meeting = await planning.write_meeting(session, board, plan, now, me.zone)
        entry = await agenda.add(session, meeting, Wanted(title=f"{prefix}entry", detail=f"{prefix}detail"), now)
        for name, value in changes.items():
            setattr(meeting, name, value)
        await session.flush()
        return meeting, entry

    session.add(
        MeetingSeries(
            partnership_id=board, ref=new_ref("ser"), title=f"{prefix}series", rule="FREQ=YEARLY", minute=600,
            begins_on=now.date(), minutes=60, skips_holidays=True, papers_days=7, way="in person", created_at=now,
            planned_to=now.date() + datetime.timedelta(days=900), place=f"{prefix}place", **chairs,
        )
    )  # fmt: skip
    planned, entry = await made(0)
    await made(30)
    for who in "rd":
        author = await session.get_one(Member, people[who].member)
        for title in ("asked", "restricted"):
            await papers.ask(
                session, planned, me, now, title=f"{prefix}{title}", author=author, entry=entry,
                restricted=title == "restricted", readers=[people["o"].member] if title == "restricted" else (),
            )  # fmt: skip
    session.add(
        Attendance(partnership_id=board, meeting_id=planned.id, member_id=me.member, reply="yes", replied_at=now)
    )
    began = {"state": "open", "opened_at": now}
    open_, current = await made(0, **began)
    current.state, open_.current_id, open_.current_at = "current", current.id, now
    for each, text in (("d", "deputy"), ("r", "rep"), ("c", "chair")):
        by = people[each]
        declared, _ = await made(40)
        first = (
            await session.execute(AgendaEntry.__table__.select().where(AgendaEntry.meeting_id == declared.id))
        ).first()
        assert first is not None
        session.add(
            EntryInterest(
                partnership_id=board, entry_id=first.id, organisation_id=by.organisation, member_id=by.member,
                nature=f"{prefix}{text}", declared_at=now,
            )
        )  # fmt: skip
    for record in ("draft", "circulated", "circulated"):
        over, was = await made(-20, **{**ENDED, "record": record, "opened_at": now, "ended_at": now})
        over.circulated_at = now if record == "circulated" else None
        await _minutes(session, over, was, people, prefix, now, asked=record == "circulated" and over.number % 2 == 0)
    await _found_time(session, board, people["c"], prefix, now)
    await session.flush()


async def _minutes(
    session: AsyncSession,
    meeting: Meeting,
    entry: AgendaEntry,
    people: dict[str, Person],
    prefix: str,
    now: datetime.datetime,
    *,
    asked: bool,
) -> None:
    board = meeting.partnership_id
    await Sitting(session, meeting, people["c"], now).note("note", f"{prefix}note")
    session.add(
        MinuteSection(
            partnership_id=board, ref=new_ref("sec"), meeting_id=meeting.id, entry_id=entry.id, position=1,
            title=f"{prefix}section", text=f"{prefix}text",
        )
    )  # fmt: skip
    if asked:
        session.add(
            MinuteCorrection(
                partnership_id=board, ref=new_ref("cor"), meeting_id=meeting.id, member_id=people["r"].member,
                text=f"{prefix}correction", at=now,
            )
        )  # fmt: skip


async def _found_time(session: AsyncSession, board: int, chair: Person, prefix: str, now: datetime.datetime) -> None:
    times = tuple(Choice(f"{prefix}{day}", now + datetime.timedelta(days=day)) for day in (3, 4))
    draft = Draft(questions=(Question(f"{prefix}when", Shape.DATES, times),))
    poll = await opening.write_poll(session, board, draft, chair.member, now)
    await opening.open_poll(session, poll, now)
    await session.flush()
    of = (PollCount.poll_id == poll.id, PollCount.option == 1)
    await session.execute(update(PollCount).where(*of).values(votes=3))
    poll.state, poll.closed_at, poll.voters = "closed", now, 3


async def write_of(session: AsyncSession, me: Person, chair: Person, now: datetime.datetime) -> None:
    """What one member leaves in meetings, by the ways in which the product writes it."""
    plan = Plan(title="Board", starts_at=now + datetime.timedelta(days=9), chair_id=me.member, rule="FREQ=YEARLY")
    meeting = (await planning.plan_meetings(session, plan, chair, now))[0]
    entry = await agenda.add(session, meeting, Wanted(title="Entry", lead_id=me.member), now)
    await attending.reply(session, meeting, me, "yes", now)
    await attending.declare(session, meeting, entry, me, "We own the land.", now)
    author = await session.get_one(Member, me.member)
    other = await papers.ask(
        session, meeting, chair, now, title="Paper", author=author, entry=entry, restricted=True, readers=()
    )
    session.add(PaperReader(partnership_id=me.board, paper_id=other.id, member_id=me.member))
    await feed_of(session, me, now)
    session.add(
        SessionNote(
            partnership_id=me.board, ref=new_ref("nte"), meeting_id=meeting.id, entry_id=entry.id, member_id=me.member,
            kind="note", text="Noted.", at=now,
        )
    )  # fmt: skip
    session.add(
        MinuteCorrection(
            partnership_id=me.board, ref=new_ref("cor"), meeting_id=meeting.id, member_id=me.member, text="A.", at=now
        )
    )
    await session.flush()
