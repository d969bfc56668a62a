"""Meetings that go another way than planned: nobody begins or ends them, people leave, and a lot is said."""

import dataclasses
import datetime
from collections.abc import AsyncIterator
from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.calendar import bank_holidays
from core.cards import Listing, Menu, plain
from core.commands import Person, Role, Sight
from core.errors import Refused
from core.meetings import agenda, attending, changing, gathering, papers, planning
from core.meetings import queries as meetings
from core.meetings.agenda_models import AgendaEntry, Paper
from core.meetings.gathering import Wanted
from core.meetings.models import Meeting, MeetingSeries
from core.meetings.paper_cards import papers_card
from core.meetings.planning import Plan
from core.meetings.reminding import waiting
from core.meetings.rhythm import papers_due
from core.minutes import presence, recording, session
from core.minutes.cards import chair_card, minutes_card
from core.minutes.drafting import ROOM, draft, in_parts
from core.minutes.models import MinuteCorrection
from core.minutes.session import Sitting
from core.overview.trace import trace
from core.partners.models import Member
from core.polls.closing import delete_poll
from core.polls.counting import Shape
from core.polls.drafting import Choice, Draft, Question
from core.polls.models import Poll
from core.polls.opening import open_poll, write_poll
from core.priorities.models import TaskGroup, TaskGroupMember
from tests.databases import SqliteFiles
from tests.reminders.board import a_desk, many, people

UTC_ = ZoneInfo("UTC")
START = datetime.datetime(2027, 1, 12, 9, 50, tzinfo=UTC)


class Table:
    """A board of three partners, and a meeting that is about to begin."""

    def __init__(self, session_: AsyncSession, everyone: list[Person]) -> None:
        self.session, self.people = session_, everyone
        self.chair, self.deputy, self.other = everyone[:3]

    async def plan(self, minutes: int = 10, **facts: Any) -> Meeting:
        """A meeting so many minutes ahead."""
        chairs = {"chair_id": self.chair.member, "deputy_id": self.deputy.member}
        plan = Plan(title="Board", starts_at=START + timedelta(minutes=minutes), **(chairs | facts))
        return (await planning.plan_meetings(self.session, plan, self.chair, START))[0]

    async def ask(
        self, meeting: Meeting, by: Person, of: Person, title: str, entry: AgendaEntry | None = None
    ) -> Paper:
        """A paper is asked of somebody."""
        author = await self.session.get_one(Member, of.member)
        return await papers.ask(
            self.session, meeting, by, START, title=title, author=author, entry=entry, restricted=False, readers=()
        )

    async def begin(self, meeting: Meeting) -> Sitting:
        """It begins."""
        sitting = Sitting(self.session, meeting, self.chair, START)
        await session.begin(sitting)
        return sitting


@pytest.fixture
async def table(sqlite: SqliteFiles) -> AsyncIterator[Table]:
    async with a_desk(sqlite.migrated(), START, many(3)) as desk:
        everyone = await people(desk, 1)
        async with AsyncSession(desk.transactions.engine, info=desk.transactions._info) as session_:
            yield Table(session_, everyone)


def lamps(**facts: Any) -> TaskGroup:
    """A task and finish group."""
    return TaskGroup(
        partnership_id=1, ref="grp_lamps", number=1, name="Lamps", remit="Lamps", ends_on=START.date(),
        created_at=START, **facts,
    )  # fmt: skip


async def test_what_a_meeting_that_nobody_began_held_waits_again(table: Table) -> None:
    meeting = await table.plan()
    group = lamps(ended_at=START, report="Lit.")
    table.session.add(group)
    await table.session.flush()
    await agenda.draft(table.session, meeting, table.chair, START)
    following = await table.plan(60 * 24 * 30)

    async def waits(days: float) -> list[str]:
        now = START + timedelta(days=days)
        return [each.about for each in await gathering.waiting(table.session, following, table.chair, now)]

    assert (await waits(0.2), await waits(1)) == ([], ["grp_lamps"])


async def test_a_meeting_that_nobody_began_or_ended_waits_for_who_runs_it(table: Table) -> None:
    await table.plan()
    await table.begin(await table.plan())

    async def said(who: Person, hours: int) -> list[str]:
        found = await waiting(Sight(table.session, 1, START + timedelta(hours=hours)), who)
        return [plain(each.line) for each in found]

    first, second = await said(table.chair, 24)
    assert "still in session" in first + second and "nobody began it" in first + second
    assert (await said(table.chair, 2), await said(table.other, 24)) == ([], [])


async def test_an_entry_that_comes_when_the_agenda_is_through_can_be_taken_up(table: Table) -> None:
    sitting = await table.begin(await table.plan())
    await agenda.add(table.session, sitting.meeting, Wanted(title="Any other business"), START)
    shown = await meetings.shown(table.session, 1, sitting.meeting.ref)
    assert shown is not None
    assert "Next entry" in str(chair_card(shown, (), None, START, table.chair.zone).blocks)
    entry = await session.go_on(sitting, "")
    assert entry is not None and entry.title == "Any other business"


async def test_the_agenda_goes_out_once_when_two_publish_it(table: Table) -> None:
    meeting = await table.plan()
    await agenda.add(table.session, meeting, Wanted(title="Lamps"), START)
    await agenda.publish(table.session, meeting, table.chair, START)
    with pytest.raises(Refused, match="has just gone out"):
        await agenda.publish(table.session, meeting, table.deputy, START + timedelta(seconds=1))
    await agenda.add(table.session, meeting, Wanted(title="Posts"), START)
    assert await agenda.publish(table.session, meeting, table.deputy, START + timedelta(seconds=2)) == 2


async def test_minutes_name_who_was_in_the_chair_and_who_really_came(table: Table) -> None:
    meeting = await table.plan()
    await attending.reply(table.session, meeting, table.chair, "apologies", START)
    await attending.reply(table.session, meeting, table.deputy, "yes", START)
    stand_in = await table.session.get_one(Member, table.people[3].member)
    await attending.reply(table.session, meeting, table.other, "substitute", START, substitute=stand_in)
    sitting = await table.begin(meeting)
    await session.record_present(sitting, {table.deputy.member})
    said = "\n".join(await presence.attendance(table.session, meeting))
    assert f"In the chair: {table.deputy.name}" in said and "Substitutes" not in said
    await session.record_present(sitting, {stand_in.id})
    said = "\n".join(await presence.attendance(table.session, meeting))
    assert "Neither the chair nor the deputy" in said and f"Substitutes: {stand_in.name} for" in said

    # Who leaves the board afterwards was there all the same.
    stand_in.left_at = START
    await table.session.flush()
    assert f"Present: {stand_in.name}" in (await presence.attendance(table.session, meeting))[0]


async def test_one_who_says_i_am_here_sends_nobody_else_away(table: Table) -> None:
    meeting = await table.plan()
    await attending.reply(table.session, meeting, table.chair, "yes", START)
    await table.begin(meeting)
    await attending.reply(table.session, meeting, table.other, "apologies", START)
    assert table.chair.name in (await presence.attendance(table.session, meeting))[0]


async def test_a_substitute_who_left_the_board_makes_no_quorum(table: Table) -> None:
    meeting = await table.plan()
    stand_in = await table.session.get_one(Member, table.people[3].member)
    await attending.reply(table.session, meeting, table.other, "substitute", START, substitute=stand_in)
    assert (await meetings.forecast(table.session, meeting)).coming == 1
    stand_in.left_at = START
    await table.session.flush()
    assert (await meetings.forecast(table.session, meeting)).coming == 0


async def test_who_steers_hears_of_a_paper_whose_author_has_left(table: Table) -> None:
    meeting = await table.plan()
    author = await table.session.get_one(Member, table.other.member)
    await table.ask(meeting, table.chair, table.other, "On lamps")
    steering = dataclasses.replace(table.chair, role=Role.COORDINATOR)

    async def said() -> str:
        found = await waiting(Sight(table.session, 1, START), steering)
        return "\n".join(plain(each.line) for each in found)

    assert "has left the board" not in await said()
    author.left_at = START
    await table.session.flush()
    assert f"Paper 1: On lamps — {author.name} has left the board." in await said()


async def test_a_series_goes_on_without_a_chair_who_has_left(table: Table) -> None:
    await table.plan(rule="FREQ=MONTHLY;BYMONTHDAY=15")
    await table.session.execute(update(Member).where(Member.id == table.chair.member).values(left_at=START))
    series = (await table.session.execute(select(MeetingSeries))).scalar_one()
    await planning.extend_if_due(table.session, 1, series.ref, START + timedelta(days=60))
    last = (await table.session.execute(select(Meeting).order_by(Meeting.starts_at.desc()).limit(1))).scalar_one()
    assert (last.chair_id, last.deputy_id) == (None, table.deputy.member)


async def test_what_was_prepared_for_a_cancelled_meeting_goes_to_the_next(table: Table) -> None:
    meeting, following = await table.plan(), await table.plan(60 * 24)
    entry = await agenda.add(table.session, meeting, Wanted(title="Lamps"), START)
    paper = await table.ask(meeting, table.chair, table.other, "On lamps", entry)
    await changing.cancel(table.session, meeting, "Snow.", table.chair, START)
    assert await papers.owed_by(table.session, 1, table.other.member) == []
    await agenda.leave_to(table.session, entry, meeting, following)
    assert [(each.ref, of.number) for each, of in await papers.owed_by(table.session, 1, table.other.member)] == [
        (paper.ref, following.number)
    ]


async def test_a_groups_meeting_shows_in_no_trace_and_its_paper_to_nobody_else(table: Table) -> None:
    group = lamps()
    table.session.add(group)
    await table.session.flush()
    table.session.add(TaskGroupMember(partnership_id=1, group_id=group.id, member_id=table.deputy.member))
    meeting = await table.plan(group_id=group.id)
    entry = await agenda.add(table.session, meeting, Wanted(title="Secret lamps"), START)
    paper = await table.ask(meeting, table.deputy, table.deputy, "On lamps", entry)
    assert await trace(table.session, table.deputy, entry.ref) is not None
    assert await trace(table.session, table.other, entry.ref) is None
    assert await trace(table.session, table.other, meeting.ref) is None
    assert (await papers.find(table.session, table.deputy, paper.ref)).id == paper.id
    with pytest.raises(Refused, match="not for you"):
        await papers.find(table.session, table.other, paper.ref)


async def test_a_poll_that_was_deleted_is_not_told_of_as_open(table: Table) -> None:
    sitting = await table.begin(await table.plan())
    question = Question("Where are lamps?", Shape.ONE, (Choice("Here"), Choice("There")))
    poll: Poll = await write_poll(table.session, 1, Draft(questions=(question,)), table.chair.member, START)
    await open_poll(table.session, poll, START)
    await sitting.note("poll", "Where are lamps?", about=poll.ref)
    await delete_poll(table.session, poll, table.chair, "By mistake.", START)
    await recording.finish(sitting)
    text = "\n".join(each.text for each in await recording.sections(table.session, sitting.meeting))
    assert "POLL 1 was deleted later." in text and "Where are lamps" not in text


async def test_a_long_meeting_has_sections_that_a_form_holds_whole(table: Table) -> None:
    meeting = await table.plan()
    for place in range(60):
        await agenda.add(table.session, meeting, Wanted(title=f"Matter {place}"), START)
    with pytest.raises(Refused, match="60 entries at most"):
        await agenda.add(table.session, meeting, Wanted(title="One more"), START)
    sitting = await table.begin(meeting)
    for place in range(300):
        await sitting.note("note", f"{place}: " + "Words were said of it. " * 80)
    await recording.finish(sitting)
    sections = await recording.sections(table.session, meeting)
    assert max(len(each.text) for each in sections) <= ROOM
    assert all(f"{place}: Words" in "\n".join(each.text for each in sections) for place in range(300))

    # Drafted anew, an entry of which one part was rewritten keeps all its parts, in their order.
    first = next(each for each in sections if each.title == "Matter 0, continued")
    await recording.edit(first, sitting, first.title, "Nothing of note.")
    before = [(each.title, each.text) for each in sections]
    assert await draft(table.session, meeting) == len(before)
    again = await recording.sections(table.session, meeting)
    assert [(each.title, each.text) for each in again] == before


async def test_three_hundred_corrections_and_papers_come_in_pages(table: Table) -> None:
    meeting = await table.plan()
    for place in range(300):
        await table.ask(meeting, table.chair, table.other, f"Report {place}")
    found = await papers.of_meeting(table.session, table.chair, meeting)
    card = papers_card(found, meeting, {}, 15, may_run=True)
    assert "Page 15 of 15, 300 in all." in str(card.blocks) and "Report 299" in str(card.blocks)
    sitting = await table.begin(meeting)
    await recording.finish(sitting)
    await recording.circulate(sitting)
    table.session.add_all(
        MinuteCorrection(
            partnership_id=1, ref=f"cor_{place}", meeting_id=meeting.id, text=f"No. {place}: {'x' * 1900}", at=START
        )
        for place in range(300)
    )
    shown = await meetings.shown(table.session, 1, meeting.ref)
    sections = await recording.sections(table.session, meeting)
    asked = await recording.corrections(table.session, meeting)
    assert shown is not None
    cards = [minutes_card(shown, sections, asked, UTC_, page, may_run=True) for page in range(1, 102)]
    read = "".join(str(block) for card in cards for block in card.blocks if isinstance(block, Listing))
    assert all(f"No. {place}: x" in read for place in range(300))
    menus = [block for card in cards for block in card.blocks if isinstance(block, Menu)]
    assert max(len(menu.options) for menu in menus) <= 100
    assert [len(menu.options) for menu in menus if "section" in menu.label] == [len(sections)]


def test_paragraphs_are_divided_only_where_they_must_be() -> None:
    assert in_parts(["One.", "Two."]) == [["One.", "Two."]]
    assert in_parts(["aa bb", "cc"], 6) == [["aa bb"], ["cc"]]
    assert in_parts(["🏠🏠🏠 🏠🏠"], 6) == [["🏠🏠🏠"], ["🏠🏠"]]
    names = "Present: " + "; ".join(f"Somebody {place} (Partner {place})" for place in range(200))
    assert " ".join(line for part in in_parts([names]) for line in part) == names


@pytest.mark.parametrize(
    ("starts", "days", "due"),
    [
        ("2027-01-12T10:00", 7, "2026-12-31T17:00"),  # seven working days before, without New Year's Day
        ("2026-12-01T10:00", 7, "2026-11-23T17:00"),  # planned on Sunday 22 November, nine days ahead
        ("2026-11-24T10:00", 7, "2026-11-23T17:00"),
        ("2026-11-23T10:00", 7, "2026-11-23T10:00"),  # tomorrow: by the meeting itself
        ("2027-01-12T10:00", 0, "2027-01-12T10:00"),
    ],
)
def test_papers_are_due_at_a_moment_that_is_still_to_come(starts: str, days: int, due: str) -> None:
    zone = ZoneInfo("Europe/London")
    now = datetime.datetime(2026, 11, 22, 12, tzinfo=zone)
    begins = datetime.datetime.fromisoformat(starts).replace(tzinfo=zone)
    found = papers_due(begins, days, zone, bank_holidays(), now)
    assert found == datetime.datetime.fromisoformat(due).replace(tzinfo=zone)
