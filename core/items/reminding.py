"""What waits for those who steer: items without a way on, and those whose time of rest is over."""

import datetime
from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.calendar import working_day_after, working_day_from
from core.cards import Bold, Button
from core.commands import STEERING, Person, Role, Sight
from core.concerns import MORNING, Concern, Entry, Frame, News, Reminder
from core.items import queries
from core.items.cards import name_of
from core.items.models import Item
from core.items.params import AnswerItem, ListItems, TriageItem
from core.partners.queries import reachable
from core.times import at_wall, say_date

AFTER = 3
"""Working days after which an item without a way on is reminded of, once."""
LONGEST = timedelta(days=30)


def _of_interest(start: datetime.datetime, end: datetime.datetime) -> ColumnElement[bool]:
    return or_(
        and_(Item.state == "raised", Item.created_at > start - LONGEST, Item.created_at < end),
        and_(
            Item.state == "parked",
            Item.parked_until > (start - LONGEST).date(),
            Item.parked_until <= (end + timedelta(days=1)).date(),
        ),
    )


async def boards(session: AsyncSession, start: datetime.datetime, end: datetime.datetime) -> Sequence[int]:
    """The partnerships with an item that may have to be reminded of in this span."""
    found = await session.execute(select(Item.partnership_id).where(_of_interest(start, end)).distinct())
    return found.scalars().all()


async def due_reminders(
    session: AsyncSession, board: int, frame: Frame, start: datetime.datetime, end: datetime.datetime
) -> list[Reminder]:
    """One for each who steers, when an item has waited too long, and when one's time of rest is over."""
    found = await session.execute(
        select(Item).where(Item.partnership_id == board, _of_interest(start, end)).order_by(Item.id)
    )
    waiting = found.scalars().all()
    if not waiting:
        return []
    people = [(member, role) for member, _, role in await reachable(session, board) if member not in frame.away]
    reminders: list[Reminder] = []
    for item in waiting:
        if item.parked_until is not None:
            day, step = working_day_from(item.parked_until, frame.holidays), f"rested.{item.parked_until:%Y%m%d}"
        else:
            day = working_day_after(item.created_at.astimezone(frame.zone).date(), AFTER, frame.holidays)
            step = "waits"
        when = at_wall(datetime.datetime.combine(day, MORNING), frame.zone)
        until = when + timedelta(days=7)
        if when >= end or until <= start:
            continue
        told = (Role.CHAIR,) if item.confidential else tuple(STEERING)
        reminders += [Reminder(member, item.ref, step, when, until) for member, role in people if role in told]
    return reminders


async def entry(sight: Sight, person: Person, what: str, step: str) -> Entry | None:
    """What this person is told of an item; None once it has found its way on."""
    found = await sight.session.execute(select(Item).where(Item.partnership_id == sight.board, Item.ref == what))
    item = found.scalar_one_or_none()
    today = sight.now.astimezone(person.zone).date()
    if item is None or not item.waits(today) or not queries.may_see(item, person) or person.role not in STEERING:
        return None
    return _entry(item, person)


def _entry(item: Item, person: Person) -> Entry:
    raised = say_date(item.created_at.astimezone(person.zone).date())
    why = "its time of rest is over" if item.parked_until else f"raised on {raised}, waits for its way on"
    return Entry(
        (Bold(name_of(item)), f" — {why}."),
        (Button("Answer", AnswerItem(item.ref), asks=True), Button("Find its way on", TriageItem(item.ref))),
    )


async def waiting(sight: Sight, person: Person) -> list[Entry]:
    """What waits for who steers, the oldest first."""
    if person.role not in STEERING:
        return []
    today = sight.now.astimezone(person.zone).date()
    found, _ = await queries.queue(sight.session, person, today, limit=50)
    return [_entry(each, person) for each in found]


async def news(sight: Sight, zone: ZoneInfo, start: datetime.datetime, end: datetime.datetime) -> News:
    """Open items that wait; what is for the chair alone is not told."""
    found = await sight.session.execute(
        select(Item)
        .where(Item.partnership_id == sight.board, Item.state == "raised", Item.confidential.is_(False))
        .order_by(Item.id)
        .limit(12)
    )
    return News(
        tuple(
            (Bold(name_of(each)), f" — raised on {say_date(each.created_at.astimezone(zone).date())}.")
            for each in found.scalars()
        ),
        more=Button("Items", ListItems("waiting")),
    )


CONCERN = Concern(name="items", boards=boards, due_reminders=due_reminders, entry=entry, waiting=waiting, news=news)
