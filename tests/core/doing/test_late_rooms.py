"""A room that comes later, or is found again, is shown what is open: of what may be much, the first and no flood."""

import datetime
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import ShiftingClock
from core.actions.models import ALIVE, Action
from core.items.models import Item
from core.outbox import SHOWN_LATE, Outgoing
from core.overview.opening import show_what_is_open
from core.partners.models import Room
from tests.databases import SqliteFiles
from tests.trust.boards import build
from tests.trust.rehearsal import Rehearsal


@pytest.fixture
def database(sqlite: SqliteFiles) -> str:
    return sqlite.migrated()


async def test_a_late_room_is_shown_what_is_open_once(database: str) -> None:
    async with Rehearsal(database).open() as rehearsal:
        clock = ShiftingClock()
        side = await build(rehearsal, clock, "Our", "OUR")

        async def shown(session: AsyncSession) -> tuple[list[Any], set[Any]]:
            room = (await session.execute(select(Room.id).where(Room.tool == "slack"))).scalar_one()
            soonest = select(Action).where(Action.state.in_(ALIVE)).order_by(Action.id.desc()).limit(1)
            (await session.execute(soonest)).scalar_one().due_on = datetime.date(2026, 1, 5)
            await session.execute(
                update(Item).where(Item.number == 1).values(state="withdrawn", triaged_at=clock.now())
            )
            await show_what_is_open(session, side.board, clock.now(), room=room)
            found = await session.execute(
                select(Outgoing).where(Outgoing.room_id == room, Outgoing.key.contains(":late:")).order_by(Outgoing.id)
            )
            secret = await session.execute(select(Item.ref).where(Item.confidential.is_(True)))
            closed = await session.execute(select(Action.ref).where(Action.state == "done"))
            return [*found.scalars()], {*secret.scalars(), *closed.scalars()}

        rows, hidden = await rehearsal.write(shown)
        counts = Counter(row.view for row in rows)
        assert counts["items.show"] == 3 and counts["actions.show"] == SHOWN_LATE
        assert counts["agreements.show"] and counts["polls.show"]
        refs = [row.subject for row in rows if row.view == "actions.show"]
        assert len(set(refs)) == SHOWN_LATE and not hidden & {row.subject for row in rows}
        dues = {row.ref: row.due_on for row in (await rehearsal.rows(Action.__table__, side.board))}  # type: ignore[arg-type]
        assert dues[refs[0]] == datetime.date(2026, 1, 5), "the soonest is not the first"
        assert all(row.room_id is not None and row.member_id is None for row in rows)
