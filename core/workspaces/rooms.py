"""What becomes of a board's rooms in their tools: renamed, closed, reopened, moved, or gone with their team."""

import datetime

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.outbox import Posting
from core.overview.opening import show_what_is_open
from core.partners import notices
from core.partners.actions import found_again
from core.partners.models import Room
from core.requests import News, Place
from core.texts import one_line


async def rename(session: AsyncSession, news: News) -> None:
    """The room follows its channel's name."""
    name = one_line(news.detail)[:200]
    if name:
        await session.execute(
            update(Room)
            .where(_at(news.place), Room.state != "left", Room.name != name)
            .values(name=name)
            .execution_options(synchronize_session=False)
        )


async def close(session: AsyncSession, news: News, now: datetime.datetime) -> None:
    """The room takes no cards any more; the coordinator is told, once."""
    await _lose(session, _at(news.place), news, now)


async def close_team(session: AsyncSession, news: News, now: datetime.datetime) -> None:
    """The same for all rooms of a team."""
    await _lose(session, _within(news.place), news, now)


async def _lose(session: AsyncSession, which: ColumnElement[bool], news: News, now: datetime.datetime) -> None:
    found = await session.execute(select(Room.id).where(which, Room.state == "connected"))
    for room in found.scalars().all():
        await notices.lose_room(session, room, news.detail, now, f"e{now:%Y%m%d%H%M%S%f}")


async def reopen(session: AsyncSession, news: News, now: datetime.datetime) -> None:
    """Rooms that were lost take cards again: what waited is sent, and what is open is shown."""
    which = _within(news.place) if news.what == "team_reopened" else _at(news.place)
    found = await session.execute(select(Room).where(which, Room.state == "lost").with_for_update())
    for room in found.scalars().all():
        room.state = "connected"
        await session.flush()
        await found_again(session, room, now)
        await show_what_is_open(session, room.partnership_id, now, room=room.id)


async def move(session: AsyncSession, news: News) -> None:
    """The room's channel has another id, and its cards stand there."""
    taken = Place(news.place.tool, news.place.workspace, news.detail)
    if not news.detail or (await session.execute(select(Room.id).where(_at(taken), Room.state != "left"))).first():
        return
    for table in (Room, Posting):
        await session.execute(
            update(table)
            .where(
                table.tool == news.place.tool,
                table.workspace == news.place.workspace,
                table.conversation == news.place.conversation,
            )
            .values(conversation=news.detail)
            .execution_options(synchronize_session=False)
        )


def _within(place: Place) -> ColumnElement[bool]:
    """All rooms of a team, and the one that is named, should it have been connected before teams were noted."""
    inside = (Room.tool == place.tool) & (Room.workspace == place.workspace) & (Room.team == place.team)
    return or_(inside, _at(place)) if place.team else _at(place)


def _at(place: Place) -> ColumnElement[bool]:
    return (Room.tool == place.tool) & (Room.workspace == place.workspace) & (Room.conversation == place.conversation)
