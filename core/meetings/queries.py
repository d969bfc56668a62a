"""Reading meetings: one with all that its card shows, lists in pages, who is invited and who comes."""

import datetime
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements.quorum import parse_quorum
from core.commands import STEERING, VOICES, Person
from core.errors import Refused
from core.lists import Page, read_page
from core.meetings.agenda_models import AgendaEntry, Attendance, Paper
from core.meetings.models import AHEAD, Meeting
from core.partners import queries as partners
from core.partners.models import Member, Organisation
from core.priorities.models import TaskGroup, TaskGroupMember

NOT_YOURS = "That meeting is not one of this board's. Type meetings to see those that are."


async def find(session: AsyncSession, board: int, ref: str, *, to_change: bool = False) -> Meeting:
    """The partnership's meeting of this reference. Raises Refused for a foreign or unknown one alike."""
    query = select(Meeting).where(Meeting.partnership_id == board, Meeting.ref == ref)
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    meeting = (await session.execute(query)).scalar_one_or_none()
    if meeting is None:
        raise Refused(NOT_YOURS)
    return meeting


async def invited(session: AsyncSession, meeting: Meeting) -> Sequence[Member]:
    """Who belongs to it, by name: the board's present members, or those of the group that meets."""
    if meeting.group_id is None:
        return await partners.members(session, meeting.partnership_id)
    found = await session.execute(
        select(Member)
        .join(TaskGroupMember, TaskGroupMember.member_id == Member.id)
        .where(
            Member.partnership_id == meeting.partnership_id,
            TaskGroupMember.group_id == meeting.group_id,
            Member.left_at.is_(None),
        )
        .order_by(Member.name)
    )
    return found.scalars().all()


async def is_invited(session: AsyncSession, meeting: Meeting, member: int) -> bool:
    """Whether this member belongs to it."""
    return any(each.id == member for each in await invited(session, meeting))


async def replies(session: AsyncSession, meeting: Meeting) -> dict[int, Attendance]:
    """What members have said about coming, by member."""
    found = await session.execute(
        select(Attendance).where(
            Attendance.partnership_id == meeting.partnership_id, Attendance.meeting_id == meeting.id
        )
    )
    return {each.member_id: each for each in found.scalars()}


async def concerned(session: AsyncSession, meeting: Meeting, *, but: int = 0) -> list[int]:
    """Whom a change of it concerns: who has replied, leads an entry, owes or wrote a paper, or chairs it.

    Of a group's meeting all its members. but: who made the change and knows of it.
    """
    keys = {meeting.chair_id, meeting.deputy_id}
    for reply in (await replies(session, meeting)).values():
        keys |= {reply.member_id, reply.substitute_id}
    for model, column in ((AgendaEntry, AgendaEntry.lead_id), (Paper, Paper.author_id)):
        found = await session.execute(
            select(column).where(model.partnership_id == meeting.partnership_id, model.meeting_id == meeting.id)
        )
        keys |= set(found.scalars())
    here = {each.id for each in await partners.members(session, meeting.partnership_id)}
    if meeting.group_id is not None:
        keys |= {each.id for each in await invited(session, meeting)}
    return sorted(key for key in keys if key in here and key != but)


async def entries(session: AsyncSession, meeting: Meeting) -> Sequence[AgendaEntry]:
    """Its agenda, in order."""
    found = await session.execute(
        select(AgendaEntry)
        .where(AgendaEntry.partnership_id == meeting.partnership_id, AgendaEntry.meeting_id == meeting.id)
        .order_by(AgendaEntry.position, AgendaEntry.id)
    )
    return found.scalars().all()


async def names_of(session: AsyncSession, board: int) -> dict[int, str]:
    """What each member of the board, present or gone, is called, with the organisation, by key."""
    rows = await session.execute(
        select(Member.id, Member.name, Organisation.name)
        .join(Organisation, Organisation.id == Member.organisation_id)
        .where(Member.partnership_id == board)
    )
    return {key: f"{name} ({organisation})" for key, name, organisation in rows.tuples()}


@dataclass(frozen=True, slots=True)
class Forecast:
    """Who is coming: partners with a vote that will be there, of how many, how many are needed, and people."""

    coming: int
    partners: int
    needed: int | None
    people: int
    apologies: int
    silent: int

    @property
    def met(self) -> bool:
        """Whether the quorum would be there; without one it always is."""
        return self.needed is None or self.coming >= self.needed


async def forecast(session: AsyncSession, meeting: Meeting) -> Forecast:
    """Whether the quorum is likely to be there, by what members have said so far, or by who was present.

    A partner counts once somebody who may speak for it, or a substitute for one, is coming.
    """
    people, said = await invited(session, meeting), await replies(session, meeting)
    here = {each.id for each in await partners.members(session, meeting.partnership_id)}
    voting = {each.id for each in await partners.organisations(session, meeting.partnership_id) if each.voting}
    asked = voting if meeting.group_id is None else voting & {each.organisation_id for each in people}
    coming = {
        each.organisation_id
        for each in people
        if each.role in VOICES and _comes(said.get(each.id), said, here, over=meeting.state in ("open", "ended"))
    }
    usual = parse_quorum((await partners.practice(session, meeting.partnership_id)).quorum)
    needed = usual.number
    if usual.share is not None:
        needed = -(-int(usual.share * len(asked) * 10_000 + 0.5) // 10_000)
    heard = [said[each.id] for each in people if each.id in said and said[each.id].reply]
    return Forecast(
        coming=len(coming & asked),
        partners=len(asked),
        needed=needed if meeting.group_id is None else None,
        people=sum(each.reply in ("yes", "substitute") for each in heard),
        apologies=sum(each.reply == "apologies" for each in heard),
        silent=len(people) - len(heard),
    )


def _comes(reply: Attendance | None, said: Mapping[int, Attendance], here: Container[int], *, over: bool) -> bool:
    """Whether somebody, or who comes instead, is coming; once it has begun, is there, as far as that is recorded.

    Who was to come instead and has left the board does not.
    """
    if reply is None:
        return False
    if over and reply.present is not None:
        there = said.get(reply.substitute_id or 0)
        instead = reply.reply == "substitute" and (reply.substitute_id is None or bool(there and there.present))
        return reply.present or instead
    gone = reply.substitute_id is not None and reply.substitute_id not in here
    return reply.reply == "yes" or (reply.reply == "substitute" and not gone)


@dataclass(frozen=True, slots=True)
class Shown:
    """A meeting with everything that its card shows."""

    meeting: Meeting
    entries: Sequence[AgendaEntry] = ()
    names: dict[int, str] = field(default_factory=dict)
    forecast: Forecast = field(default_factory=lambda: Forecast(0, 0, None, 0, 0, 0))
    papers: int = 0  # handed in
    group: str = ""


async def shown(session: AsyncSession, board: int, ref: str) -> Shown | None:
    """Everything a card shows of this meeting, or None when the board has no such one."""
    found = await session.execute(select(Meeting).where(Meeting.partnership_id == board, Meeting.ref == ref))
    meeting = found.scalar_one_or_none()
    if meeting is None:
        return None
    papers = await session.execute(
        select(func.count())
        .select_from(Paper)
        .where(Paper.partnership_id == board, Paper.meeting_id == meeting.id, Paper.state == "in")
    )
    group = await session.execute(
        select(TaskGroup.name).where(TaskGroup.partnership_id == board, TaskGroup.id == meeting.group_id)
    )
    return Shown(
        meeting=meeting,
        entries=await entries(session, meeting),
        names=await names_of(session, board),
        forecast=await forecast(session, meeting),
        papers=papers.scalar_one(),
        group=group.scalar_one_or_none() or "",
    )


def may_see(person: Person) -> ColumnElement[bool]:
    """A board's meetings are everyone's; a group's are its members' and those who steer the board."""
    if person.role in STEERING:
        return Meeting.partnership_id == person.board
    groups = select(TaskGroupMember.group_id).where(
        TaskGroupMember.partnership_id == person.board, TaskGroupMember.member_id == person.member
    )
    return (Meeting.partnership_id == person.board) & or_(Meeting.group_id.is_(None), Meeting.group_id.in_(groups))


async def check_sees(session: AsyncSession, meeting: Meeting, person: Person) -> None:
    """Refuse a group's meeting to who does not belong to it, as one that is not there."""
    found = await session.execute(select(Meeting.id).where(Meeting.id == meeting.id, may_see(person)))
    if found.scalar_one_or_none() is None:
        raise Refused(NOT_YOURS)


async def page(
    session: AsyncSession,
    person: Person,
    now: datetime.datetime,
    *,
    filters: frozenset[str] = frozenset(),
    words: str = "",
    number: int | None = None,
    at: str = "",
    size: int = 10,
) -> Page[Any]:
    """One page of meetings that this person may see: to come, the soonest first, or past, the last first."""
    where: list[ColumnElement[bool]] = [may_see(person)]
    past = "past" in filters
    if number is not None:
        where.append(Meeting.number == number)
    elif "cancelled" in filters:
        where.append(Meeting.state == "cancelled")
    elif past:
        where.append(or_(Meeting.state == "ended", (Meeting.starts_at < now) & Meeting.state.in_(AHEAD)))
    elif "all" not in filters and not words:
        where.append(or_(Meeting.state == "open", (Meeting.state.in_(AHEAD)) & (Meeting.starts_at >= now - LATE)))
    where += [Meeting.title.icontains(word, autoescape=True) for word in words.split()[:8]]
    total = (await session.execute(select(func.count()).select_from(Meeting).where(*where))).scalar_one()
    query = select(Meeting).where(*where)
    return await read_page(
        session, query, Meeting.starts_at, Meeting.id, at, size=size, total=total,
        read=datetime.datetime.fromisoformat, falling=past,
    )  # fmt: skip


LATE = datetime.timedelta(hours=12)
"""A meeting that nobody has begun stays among those to come for so long."""


async def upcoming(
    session: AsyncSession, board: int, now: datetime.datetime, *, limit: int = 4, group: int | None = None
) -> Sequence[Meeting]:
    """The next meetings of the board, or of one of its groups, the soonest first."""
    found = await session.execute(
        select(Meeting)
        .where(
            Meeting.partnership_id == board,
            Meeting.state.in_(AHEAD),
            Meeting.starts_at >= now - LATE,
            Meeting.group_id.is_(None) if group is None else Meeting.group_id == group,
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(limit)
    )
    return found.scalars().all()


async def last_before(session: AsyncSession, meeting: Meeting) -> Meeting | None:
    """The meeting before it, of the same board or group, that took place."""
    same = Meeting.group_id.is_(None) if meeting.group_id is None else Meeting.group_id == meeting.group_id
    found = await session.execute(
        select(Meeting)
        .where(
            Meeting.partnership_id == meeting.partnership_id,
            same,
            Meeting.state == "ended",
            Meeting.starts_at < meeting.starts_at,
        )
        .order_by(Meeting.starts_at.desc())
        .limit(1)
    )
    return found.scalar_one_or_none()


async def running_groups(session: AsyncSession, board: int) -> Sequence[TaskGroup]:
    """The task and finish groups that have not ended, by name."""
    found = await session.execute(
        select(TaskGroup)
        .where(TaskGroup.partnership_id == board, TaskGroup.ended_at.is_(None))
        .order_by(TaskGroup.name, TaskGroup.id)
    )
    return found.scalars().all()


def may_run(meeting: Meeting, person: Person) -> bool:
    """Whether this person may run it: its chair and deputy chair, and those who steer the board."""
    return person.role in STEERING or person.member in (meeting.chair_id, meeting.deputy_id)


def check_runs(meeting: Meeting, person: Person) -> None:
    """Refuse who neither chairs it nor steers the board."""
    if not may_run(meeting, person):
        raise Refused("Only who chairs this meeting, the board's chair or the coordinator can do this.")
