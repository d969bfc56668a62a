"""A year of one board's meetings, day by day: nobody gets more than is due, nothing at a bad hour, none when moot.

The one thing that may come at any hour is the word a quarter of an hour before, and meetings begin in the day.
"""

import collections
import datetime
import random
from collections.abc import Callable
from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.calendar import bank_holidays, working_day_before
from core.commands import Person
from core.meetings import agenda, attending, changing, papers, planning
from core.meetings.agenda_models import Paper
from core.meetings.models import Meeting
from core.meetings.planning import Plan
from core.minutes import recording, session
from core.minutes.session import Sitting
from core.partners.models import Member
from core.reminders.models import Occurrence
from tests.databases import SqliteFiles
from tests.reminders.board import Desk, Sent, a_desk, many, people
from tests.reminders.test_year import is_welcome

LONDON = ZoneInfo("Europe/London")
START = datetime.datetime(2026, 10, 12, 10, tzinfo=UTC)
STEP = timedelta(hours=12)
MONTHLY = "FREQ=MONTHLY;BYDAY=2TU"
MOST = 5
"""Agenda (twice if it goes out again), a week, a day, a quarter of an hour before: so many words of one meeting."""


class Year:
    """What the board's coordinator, chair and partners do with their meetings, and until when each word makes sense."""

    def __init__(self, desk: Desk, all_: list[Person]) -> None:
        self.desk, self.people, self.dice = desk, all_, random.Random(7)
        self.chair = all_[0]
        self.said_no: dict[tuple[int, int], datetime.datetime] = {}  # meeting's number, member
        self.handed: dict[int, datetime.datetime] = {}  # paper's number
        self.authors: dict[int, int] = {}
        self.paper_of: dict[int, int] = {}
        self.over: dict[int, datetime.datetime] = {}
        self.begins: dict[int, datetime.datetime] = {}
        self.moved = self.cancelled = 0

    async def day(self) -> None:
        """One day's deeds, as they fall to it."""
        now = self.desk.clock.at
        for ref in await self.desk.transactions.read(_refs):
            await self.desk.transactions.write(lambda session_, ref=ref: self._tend(session_, ref, now))  # type: ignore[misc]

    async def _tend(self, session_: AsyncSession, ref: str, now: datetime.datetime) -> None:
        meeting = (await session_.execute(select(Meeting).where(Meeting.ref == ref).with_for_update())).scalar_one()
        self.begins[meeting.number] = meeting.starts_at
        sitting = Sitting(session_, meeting, self.chair, now)
        if meeting.state in ("planned", "published"):
            left = meeting.starts_at - now
            if left < timedelta(days=30) and meeting.state == "planned" and not await _any_paper(session_, meeting):
                await self._ask(session_, meeting, now)
            if left < timedelta(days=9) and meeting.state == "planned":
                await agenda.draft(session_, meeting, self.chair, now)
                await agenda.publish(session_, meeting, self.chair, now)
            if timedelta() < left < timedelta(days=25):
                await self._answer(session_, meeting, now)
                await self._hand_in(session_, meeting, now)
            if left < timedelta(days=12) and meeting.number in (2, 7) and not meeting.sequence:
                later = Plan(title="", starts_at=meeting.starts_at + timedelta(days=7), chair_id=meeting.chair_id)
                await changing.move(session_, meeting, later, "The hall is taken.", self.chair, now)
                self.moved += 1
            elif left < timedelta(days=12) and meeting.number in (3, 9):
                await changing.cancel(session_, meeting, "Nothing to decide.", self.chair, now)
                self.cancelled, self.over[meeting.number] = self.cancelled + 1, now
            elif left < timedelta():
                await session.begin(sitting)
                self.over.setdefault(meeting.number, meeting.starts_at)
                await recording.finish(sitting)
        elif meeting.record == "draft" and now - meeting.starts_at > timedelta(days=4):
            await recording.circulate(sitting)

    async def _ask(self, session_: AsyncSession, meeting: Meeting, now: datetime.datetime) -> None:
        for author in self.dice.sample(self.people, 2):
            member = await session_.get_one(Member, author.member)
            paper = await papers.ask(
                session_, meeting, self.chair, now, title=f"Report {meeting.number}", author=member, entry=None,
                restricted=False, readers=(),
            )  # fmt: skip
            self.authors[paper.number], self.paper_of[paper.number] = author.member, meeting.number

    async def _answer(self, session_: AsyncSession, meeting: Meeting, now: datetime.datetime) -> None:
        for each in self.people:
            if self.dice.random() < 0.06:
                kind = self.dice.choice(("yes", "yes", "apologies"))
                await attending.reply(session_, meeting, each, kind, now)
                key = (meeting.number, each.member)
                self.said_no.pop(key, None)
                if kind == "apologies":
                    self.said_no[key] = now

    async def _hand_in(self, session_: AsyncSession, meeting: Meeting, now: datetime.datetime) -> None:
        found = await session_.execute(select(Paper).where(Paper.meeting_id == meeting.id, Paper.state == "asked"))
        for paper in found.scalars():
            if self.dice.random() < 0.08:
                sheet = papers.Sheet(
                    report_of="A", dated=now.date(), summary="S", wants="noting", contact="", implications="",
                    recommendations="", body="B", link="",
                )  # fmt: skip
                author = next(each for each in self.people if each.member == self.authors[paper.number])
                await papers.hand_in(session_, paper, meeting, sheet, author, now)
                self.handed[paper.number] = now


async def _refs(session_: AsyncSession) -> list[str]:
    open_ = Meeting.state.in_(("planned", "published")) | (Meeting.record == "draft")
    found = await session_.execute(select(Meeting.ref).where(open_).order_by(Meeting.starts_at).limit(3))
    return list(found.scalars())


async def _any_paper(session_: AsyncSession, meeting: Meeting) -> bool:
    found = await session_.execute(select(Paper.id).where(Paper.meeting_id == meeting.id).limit(1))
    return found.scalar_one_or_none() is not None


async def test_four_weeks_with_one_meeting(sqlite: SqliteFiles, report: Callable[[str], None]) -> None:
    await lived(sqlite.migrated(), 2, START + timedelta(days=8), timedelta(days=28), report)


@pytest.mark.slow
@pytest.mark.faults
async def test_a_year_of_the_meetings_of_forty_two_people(migrated_url: str, report: Callable[[str], None]) -> None:
    year = await lived(migrated_url, 14, START, timedelta(days=365), report)
    assert (year.moved, year.cancelled) == (2, 2)


async def lived(
    url: str, organisations: int, start: datetime.datetime, length: timedelta, report: Callable[[str], None]
) -> Year:
    """Let a board meet so long, three people of each organisation, and look at all that was sent."""
    async with a_desk(url, start, many(organisations, slack_room="C0YEAR")) as desk:
        everyone = await people(desk, 1)
        year = Year(desk, everyone)
        first = datetime.datetime(2026, 11, 10, 10, tzinfo=LONDON)
        plan = Plan(title="Board", starts_at=first.astimezone(UTC), rule=MONTHLY, chair_id=year.chair.member)
        await desk.transactions.write(lambda session_: planning.plan_meetings(session_, plan, year.chair, start))
        day = start
        while day < start + length:
            await desk.live(day + timedelta(hours=4), STEP)
            await year.day()
            day += timedelta(days=1)
            await desk.live(day, STEP)
        told = [(sent, *what) for sent in desk.reminders for what in _said(sent)]
        soon = [each for each in told if each[1] == "soon"]
        _check_hours(told)
        _check_moot(year, told)
        _check_due(year, told)
        rows = await desk.transactions.read(_rows)
        kinds = collections.Counter(kind for _, kind, _ in told)
        report(
            f"{length.days} days, {len(everyone)} people: {len(year.begins)} meetings ({year.moved} moved, "
            f"{year.cancelled} cancelled), {len(year.authors)} papers, {rows} occasions, {len(desk.reminders)} cards: "
            f"{dict(kinds)}; {desk.moot} messages moot; 0 at night, on weekends or bank holidays; 0 after moot; "
            f"{len(soon)} urgent, a quarter of an hour before"
        )
        assert {"meeting", "paper", "soon"} <= set(kinds)
        return year


def _said(sent: Sent) -> list[tuple[str, int]]:
    """What a reminder tells of: (meeting, soon, minutes or paper) and its number."""
    text = str(sent.card.blocks)
    found: list[tuple[str, int]] = []
    for kind, prefix in (
        ("minutes", "text='Minutes: Meeting "),
        ("meeting", "text='Meeting "),
        ("paper", "text='Paper "),
    ):
        found += [(kind, int(part.split(":")[0])) for part in text.split(prefix)[1:]]
    if "in 15 minutes" in text or "in 14 minutes" in text:
        found = [("soon" if kind == "meeting" else kind, number) for kind, number in found]
    return found


def _check_hours(told: list[tuple[Sent, str, int]]) -> None:
    for sent, kind, _ in told:
        assert kind == "soon" or is_welcome(sent.at), (kind, sent.at)


def _check_moot(year: Year, told: list[tuple[Sent, str, int]]) -> None:
    for sent, kind, number in told:
        assert sent.member is not None
        if kind in ("meeting", "soon"):
            assert sent.at < year.over.get(number, sent.at + timedelta(1)), (kind, number, sent.at)
            no = year.said_no.get((number, sent.member))
            assert no is None or sent.at <= no, (kind, number, sent.at)
        if kind == "soon":
            assert timedelta(0) < year.begins[number] - sent.at <= timedelta(minutes=15)
        if kind == "paper":
            assert year.authors[number] == sent.member
            assert number not in year.handed or sent.at <= year.handed[number]


def _check_due(year: Year, told: list[tuple[Sent, str, int]]) -> None:
    """Nobody hears of one thing more often than is due; who never said no hears of each meeting that took place."""
    times: dict[Any, int] = collections.Counter((sent.member, kind, number) for sent, kind, number in told)
    for (_, kind, number), count in times.items():
        most = {"meeting": MOST, "soon": 1, "minutes": 1, "paper": 3}[kind]
        moved = year.paper_of[number] if kind == "paper" else number
        assert count <= most * (2 if moved in (2, 7) else 1), (kind, number, count)
    for number, over in year.over.items():
        if over != year.begins[number]:
            continue  # cancelled
        for each in year.people:
            if (number, each.member) not in year.said_no:
                assert times[each.member, "soon", number] == 1, (number, each.name)
    days = collections.Counter((sent.member, sent.at) for sent, *_ in {id(each[0]): each for each in told}.values())
    assert max(days.values()) == 1


async def _rows(session_: AsyncSession) -> int:
    return (await session_.execute(select(func.count()).select_from(Occurrence))).scalar_one()


def test_a_week_before_is_five_working_days() -> None:
    assert working_day_before(datetime.date(2026, 12, 29), 5, bank_holidays()) == datetime.date(2026, 12, 18)
