"""What waits for people in the pipeline: priorities to score."""

import datetime
from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.calendar import working_day_after
from core.cards import Bold, Button
from core.commands import VOICES, Person, Sight
from core.concerns import MORNING, Concern, Entry, Frame, News, Reminder
from core.partners.queries import reachable
from core.priorities import queries
from core.priorities.cards import name_of
from core.priorities.models import Priority, PriorityScore
from core.priorities.params import ScorePriority, ShowPipeline, ShowPriority
from core.times import at_wall

AFTER = 3
"""Working days after which whoever has not scored is reminded, once."""
LONGEST = timedelta(days=30)


async def boards(session: AsyncSession, start: datetime.datetime, end: datetime.datetime) -> Sequence[int]:
    """The partnerships with a priority that is to be scored, proposed lately."""
    found = await session.execute(
        select(Priority.partnership_id)
        .where(
            Priority.stage == "proposed",
            Priority.scoring.is_(True),
            Priority.created_at > start - LONGEST,
            Priority.created_at < end,
        )
        .distinct()
    )
    return found.scalars().all()


async def due_reminders(
    session: AsyncSession, board: int, frame: Frame, start: datetime.datetime, end: datetime.datetime
) -> list[Reminder]:
    """One for each representative whose organisation has not scored, three working days after it was proposed."""
    found = await session.execute(
        select(Priority).where(
            Priority.partnership_id == board,
            Priority.stage == "proposed",
            Priority.scoring.is_(True),
            Priority.created_at > start - LONGEST,
        )
    )
    scored = found.scalars().all()
    if not scored:
        return []
    people, may = await reachable(session, board), await queries.scorers(session, board)
    reminders: list[Reminder] = []
    for priority in scored:
        day = working_day_after(priority.created_at.astimezone(frame.zone).date(), AFTER, frame.holidays)
        when = at_wall(datetime.datetime.combine(day, MORNING), frame.zone)
        until = when + timedelta(days=7)
        if when >= end or until <= start:
            continue
        have = {each.organisation_id for each in await queries.scores(session, priority)}
        for member, organisation, role in people:
            if role.value == "representative" and organisation in may and organisation not in have:
                reminders.append(Reminder(member, priority.ref, "score", when, until))
    return reminders


async def entry(sight: Sight, person: Person, what: str, step: str) -> Entry | None:
    """What this person is told; None once the organisation has scored, or it is no longer to be scored."""
    found = await sight.session.execute(
        select(Priority).where(Priority.partnership_id == sight.board, Priority.ref == what)
    )
    priority = found.scalar_one_or_none()
    if priority is None or priority.stage != "proposed" or not priority.scoring:
        return None
    have = await sight.session.execute(
        select(PriorityScore.member_id)
        .where(PriorityScore.priority_id == priority.id, PriorityScore.organisation_id == person.organisation)
        .limit(1)
    )
    return None if have.scalar_one_or_none() is not None else _entry(priority, person)


def _entry(priority: Priority, person: Person) -> Entry:
    return Entry(
        (Bold(name_of(priority)), f" — {person.organisation_name} has not scored it yet."),
        (
            Button("Score it", ScorePriority(priority.ref), style="primary", asks=True),
            Button("Look at it", ShowPriority(priority.ref)),
        ),
    )


async def waiting(sight: Sight, person: Person) -> list[Entry]:
    """What this person could score."""
    if person.role not in VOICES or not person.votes:
        return []
    return [_entry(each, person) for each in await queries.to_score(sight.session, person.board, person.member)]


async def news(sight: Sight, zone: ZoneInfo, start: datetime.datetime, end: datetime.datetime) -> News:
    """Priorities that wait to be scored."""
    found = await sight.session.execute(
        select(Priority)
        .where(Priority.partnership_id == sight.board, Priority.stage == "proposed", Priority.scoring.is_(True))
        .order_by(Priority.id)
        .limit(12)
    )
    waits = tuple((Bold(name_of(each)), " — proposed, waits to be scored.") for each in found.scalars())
    return News(waits, more=Button("Pipeline", ShowPipeline()))


CONCERN = Concern(
    name="priorities", boards=boards, due_reminders=due_reminders, entry=entry, waiting=waiting, news=news
)
