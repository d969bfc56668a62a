"""Reminders of meetings: papers due, the agenda, a week, a day and 15 minutes before, and the minutes after."""

import datetime
from collections.abc import Iterator, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions import queries as actions
from core.agreements import waiting as votes_of
from core.calendar import working_day_after, working_day_before
from core.cards import Bold, Button, Line
from core.commands import STEERING, Person, Sight
from core.concerns import MORNING, Concern, Entry, Frame, News, Reminder
from core.meetings import papers, queries
from core.meetings.agenda_models import Attendance, Paper
from core.meetings.agenda_params import Apologise, Attend, HandIn, SendSubstitute, ShowAgenda, ShowPaper
from core.meetings.models import AHEAD, Meeting
from core.meetings.naming import name_of, say_where
from core.meetings.params import ShowMeeting
from core.meetings.session_params import AskCorrection, Circulate, ShowMinutes
from core.meetings.stray import left_standing, orphaned
from core.partners.queries import reachable
from core.texts import listed
from core.times import at_wall, say_date, say_left, say_moment

AGENDA, WEEK, DAY, SOON, MINUTES = "agenda", "week", "day", "soon", "minutes"
PAPER_EARLY, PAPER_LAST, PAPER_LATE = "paper5", "paper1", "late"
SHORTLY = timedelta(minutes=15)
FARTHEST = timedelta(days=90)
"""More than lies between any reminder of a meeting and its beginning: papers are asked up to 40 working days before."""
MINUTES_LAST = timedelta(days=7)
ASKED_BEFORE = timedelta(days=28)
"""A meeting that is so near waits for a word whether one comes."""


def _morning(day: datetime.date, zone: ZoneInfo) -> datetime.datetime:
    return at_wall(datetime.datetime.combine(day, MORNING), zone)


def steps(meeting: Meeting, frame: Frame) -> Iterator[tuple[str, datetime.datetime, datetime.datetime, bool]]:
    """Name, moment, end of use and urgency of each reminder that all who come get, on the board's clocks.

    The week's comes on the morning five working days before the meeting's day, the day's on the working day before.
    """
    if meeting.state in AHEAD:
        day = meeting.starts_at.astimezone(frame.zone).date()
        before = _morning(working_day_before(day, 1, frame.holidays), frame.zone)
        week = _morning(working_day_before(day, 5, frame.holidays), frame.zone)
        if meeting.published_at is not None:
            yield AGENDA, meeting.published_at, meeting.starts_at, False
        yield WEEK, week, before, False
        yield DAY, before, meeting.starts_at - SHORTLY, False
        yield SOON, meeting.starts_at - SHORTLY, meeting.starts_at, True
    if meeting.record == "circulated" and meeting.circulated_at is not None:
        yield MINUTES, meeting.circulated_at, meeting.circulated_at + MINUTES_LAST, False


def paper_steps(meeting: Meeting, frame: Frame) -> Iterator[tuple[str, datetime.datetime, datetime.datetime]]:
    """Name, moment and end of use of each reminder that the author of a paper gets while it is not in."""
    due = meeting.papers_due_at.astimezone(frame.zone).date()
    early = _morning(working_day_before(due, 5, frame.holidays), frame.zone)
    last = _morning(working_day_before(due, 1, frame.holidays), frame.zone)
    late = _morning(working_day_after(due, 1, frame.holidays), frame.zone)
    yield PAPER_EARLY, early, last
    yield PAPER_LAST, last, meeting.papers_due_at
    yield PAPER_LATE, late, meeting.starts_at


def step_of(meeting: Meeting, name: str) -> str:
    """Names an occasion; another time, another agenda and other minutes make it another one."""
    if name == AGENDA and meeting.published_at is not None:
        return f"{meeting.published_at:%Y%m%dT%H%M%S}.{name}"
    if name == MINUTES:
        return name
    return f"{meeting.starts_at:%Y%m%dT%H%M}.{name}"


async def boards(session: AsyncSession, start: datetime.datetime, end: datetime.datetime) -> Sequence[int]:
    """The partnerships with a meeting that is near enough, or whose minutes have just gone round."""
    found = await session.execute(select(Meeting.partnership_id).where(_near(start, end)).distinct())
    return found.scalars().all()


def _near(start: datetime.datetime, end: datetime.datetime) -> ColumnElement[bool]:
    ahead = Meeting.state.in_(AHEAD) & (Meeting.starts_at > start) & (Meeting.starts_at < end + FARTHEST)
    after = (Meeting.record == "circulated") & (Meeting.circulated_at > start - MINUTES_LAST)
    return or_(ahead, after)


async def due_reminders(
    session: AsyncSession, board: int, frame: Frame, start: datetime.datetime, end: datetime.datetime
) -> list[Reminder]:
    """All that is wanted of a board's meetings before `end` and of use after `start`."""
    found = await session.execute(select(Meeting).where(Meeting.partnership_id == board, _near(start, end)))
    near = found.scalars().all()
    if not near:
        return []
    here = {member for member, _, _ in await reachable(session, board)} - frame.away
    wanted: list[Reminder] = []
    for meeting in near:
        planned = [each for each in steps(meeting, frame) if each[1] < end and each[2] > start]
        if planned:
            told = await _concerned(session, meeting, here)
            wanted += [
                Reminder(who, meeting.ref, step_of(meeting, name), max(when, meeting.created_at), until, urgent)
                for name, when, until, urgent in planned
                for who in (told if name != MINUTES else sorted(here & await _invited(session, meeting)))
                if when >= meeting.created_at or name == SOON
            ]
        if meeting.state in AHEAD:
            wanted += await _papers(session, meeting, frame, here, start, end)
    return wanted


async def _invited(session: AsyncSession, meeting: Meeting) -> set[int]:
    return {each.id for each in await queries.invited(session, meeting)}


async def _concerned(session: AsyncSession, meeting: Meeting, here: set[int]) -> list[int]:
    """Who may still come: those invited but for who said no, and who comes instead of somebody."""
    people, said = await _invited(session, meeting), await queries.replies(session, meeting)
    people -= {key for key, each in said.items() if each.reply in ("apologies", "substitute")}
    people |= {each.substitute_id for each in said.values() if each.substitute_id}
    return sorted(people & here)


async def _papers(
    session: AsyncSession,
    meeting: Meeting,
    frame: Frame,
    here: set[int],
    start: datetime.datetime,
    end: datetime.datetime,
) -> list[Reminder]:
    planned = [each for each in paper_steps(meeting, frame) if each[1] < end and each[2] > start]
    if not planned:
        return []
    found = await session.execute(
        select(Paper).where(Paper.partnership_id == meeting.partnership_id, Paper.meeting_id == meeting.id)
    )
    return [
        Reminder(paper.author_id, paper.ref, step_of(meeting, name), when, until)
        for paper in found.scalars()
        if paper.state == "asked" and paper.author_id in here and paper.author_id is not None
        for name, when, until in planned
        if when >= paper.created_at
    ]


async def entry(sight: Sight, person: Person, what: str, step: str) -> Entry | None:
    """What this person is told; None once it is moot: moved, cancelled, begun, answered with a no, or handed in."""
    if what.startswith("pap_"):
        return await _paper_entry(sight, what, step)
    found = await sight.session.execute(
        select(Meeting).where(Meeting.partnership_id == sight.board, Meeting.ref == what)
    )
    meeting = found.scalar_one_or_none()
    name = step.rpartition(".")[2]
    if meeting is None or step != step_of(meeting, name):
        return None
    if name == MINUTES:
        return await _minutes_entry(sight, person, meeting) if meeting.record == "circulated" else None
    if meeting.state not in AHEAD or meeting.starts_at <= sight.now:
        return None
    said = (await queries.replies(sight.session, meeting)).get(person.member)
    if said is not None and said.reply in ("apologies", "substitute"):
        return None
    return await _meeting_entry(sight, person, meeting, said, name)


async def _meeting_entry(sight: Sight, person: Person, meeting: Meeting, said: Attendance | None, name: str) -> Entry:
    left = say_left(meeting.starts_at, sight.now)
    when = f"{left}, {say_moment(meeting.starts_at, person.zone)}, {say_where(meeting)}"
    line: Line = (Bold(name_of(meeting)), f" — {when}.")
    if name == AGENDA:
        line = (Bold(name_of(meeting)), f" — the agenda is out. It begins {when}.")
    owed = await owes(sight, person, meeting)
    if owed and name != SOON:
        line = (*line, f" You still owe {owed}.")
    look = Button("Agenda", ShowAgenda(meeting.ref))
    if (said is None or not said.reply) and name != SOON:
        return Entry(line, (*_answers(meeting), look))
    return Entry(line, (look, Button("The meeting", ShowMeeting(meeting.ref))))


def _answers(meeting: Meeting) -> tuple[Button, ...]:
    return (
        Button("I'll come", Attend(meeting.ref), style="primary"),
        Button("Apologies", Apologise(meeting.ref)),
        Button("Send a substitute", SendSubstitute(meeting.ref), asks=True),
    )


async def owes(sight: Sight, person: Person, meeting: Meeting) -> str:
    """What this person still has to do before a meeting, in a few words: papers, votes and actions due by then."""
    owed = [each for each, of in await papers.owed_by(sight.session, sight.board, person.member) if of.id == meeting.id]
    votes = await votes_of.waiting_for(sight.session, person)
    day = meeting.starts_at.astimezone(person.zone).date()
    due = [each for each in await actions.waiting_for(sight.session, person, day) if each.owner_id == person.member]
    said = [
        f"{count} {word if count == 1 else word + 's'}"
        for count, word in ((len(owed), "paper"), (len(votes), "vote"), (len(due), "action"))
        if count
    ]
    return listed(said)


async def _minutes_entry(sight: Sight, person: Person, meeting: Meeting) -> Entry:
    mine = await actions.waiting_for(sight.session, person, sight.now.date() + timedelta(days=60))
    own = [each for each in mine if each.owner_id == person.member]
    line: Line = (Bold(f"Minutes: {name_of(meeting)}"), " — they go round; ask for a correction where they are wrong.")
    if own:
        word = "action is" if len(own) == 1 else "actions are"
        line = (*line, f" {len(own)} {word} yours, the first due {say_date(own[0].due_on)}.")
    correct = Button("Ask for a correction", AskCorrection(meeting.ref), asks=True)
    return Entry(line, (Button("Read them", ShowMinutes(meeting.ref)), correct))


async def _paper_entry(sight: Sight, what: str, step: str) -> Entry | None:
    rows = await sight.session.execute(
        select(Paper, Meeting)
        .join(Meeting, Meeting.id == Paper.meeting_id)
        .where(Paper.partnership_id == sight.board, Paper.ref == what)
    )
    row = rows.tuples().one_or_none()
    if row is None or row[0].state == "in" or row[1].state not in AHEAD or row[1].starts_at <= sight.now:
        return None
    paper, meeting = row
    if step != step_of(meeting, step.rpartition(".")[2]):
        return None
    return _paper(paper, meeting, sight.now)


def _paper(paper: Paper, meeting: Meeting, now: datetime.datetime) -> Entry:
    due = say_date(meeting.papers_due_at.date())
    when = f"is due {due}" if meeting.papers_due_at > now else f"was due {due}"
    line: Line = (Bold(f"Paper {paper.number}: {paper.title}"), f" — {when}, for {name_of(meeting)}.")
    hand_in = Button("Hand it in", HandIn(paper.ref), style="primary", asks=True)
    return Entry(line, (hand_in, Button("Look at it", ShowPaper(paper.ref))))


async def waiting(sight: Sight, person: Person) -> list[Entry]:
    """Papers owed, near meetings without a word whether one comes, and for who steers minutes to send round."""
    found = [_paper(*each, sight.now) for each in await papers.owed_by(sight.session, sight.board, person.member)]
    meetings = await sight.session.execute(
        select(Meeting)
        .where(
            queries.may_see(person),
            Meeting.state.in_(AHEAD),
            Meeting.starts_at > sight.now,
            Meeting.starts_at < sight.now + ASKED_BEFORE,
        )
        .order_by(Meeting.starts_at)
        .limit(5)
    )
    for meeting in meetings.scalars():
        said = (await queries.replies(sight.session, meeting)).get(person.member)
        if (said is None or not said.reply) and await queries.is_invited(sight.session, meeting, person.member):
            found.append(await _meeting_entry(sight, person, meeting, said, WEEK))
    found += await left_standing(sight, person)
    if person.role in STEERING:
        found += await orphaned(sight)
        drafts = await sight.session.execute(
            select(Meeting)
            .where(Meeting.partnership_id == sight.board, Meeting.record == "draft")
            .order_by(Meeting.starts_at)
        )
        for meeting in drafts.scalars():
            line: Line = (Bold(f"Minutes: {name_of(meeting)}"), " — drafted, not sent round yet.")
            ways = (Button("Read them", ShowMinutes(meeting.ref)), Button("Circulate them", Circulate(meeting.ref)))
            found.append(Entry(line, ways))
    return found


async def news(sight: Sight, zone: ZoneInfo, start: datetime.datetime, end: datetime.datetime) -> News:
    """The meetings of the two weeks to come."""
    ahead = await queries.upcoming(sight.session, sight.board, end)
    near = [each for each in ahead if each.starts_at < end + timedelta(days=14)]
    return News(tuple((Bold(name_of(each)), f" — {say_moment(each.starts_at, zone)}.") for each in near))


CONCERN = Concern(name="meetings", boards=boards, due_reminders=due_reminders, entry=entry, waiting=waiting, news=news)
