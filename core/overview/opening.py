"""What is open, shown to whoever comes later: a room that was connected, a person on a board without rooms."""

import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements import opening as agreements
from core.polls import opening as polls


async def show_what_is_open(
    session: AsyncSession, board: int, now: datetime.datetime, *, room: int | None = None, member: int | None = None
) -> None:
    """Give a room or a person the live cards of all open agreements and polls of the board."""
    await agreements.show_what_is_open(session, board, now, room=room, member=member)
    await polls.show_what_is_open(session, board, now, room=room, member=member)
