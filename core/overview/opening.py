"""What is open, shown to whoever comes later: a room that was connected, a person on a board without rooms."""

import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.actions import making as actions
from core.agreements import opening as agreements
from core.items import triage as items
from core.polls import opening as polls


async def show_what_is_open(
    session: AsyncSession, board: int, now: datetime.datetime, *, room: int | None = None, member: int | None = None
) -> None:
    """Give a room or a person the live cards of all open agreements and polls of the board.

    A room also gets the items that wait for their way on and the actions that are due soonest; what a person has to
    do with those is on home.
    """
    await agreements.show_what_is_open(session, board, now, room=room, member=member)
    await polls.show_what_is_open(session, board, now, room=room, member=member)
    if room is not None:
        await items.show_what_waits(session, board, now, room)
        await actions.show_what_is_open(session, board, now, room)
