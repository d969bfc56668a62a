"""Two servers and one card: what one of them has looked at may be edited by the other before it is taken."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import ShiftingClock
from core.claims import Chosen, Left, claim, look
from core.db import DatabaseTime, open_engine
from core.finishing import Finisher
from core.outbox import Posting, Subject
from core.transactions import Transactions
from tests.world import SLACK_ROOM, SMALL, TEAM, write_board

CARD = "agr_card"


@pytest.fixture
async def records(migrated_url: str) -> AsyncIterator[Transactions]:
    """A board with one live card that is out of date."""
    made, clock = Transactions(open_engine(migrated_url)), ShiftingClock()

    async def work(session: AsyncSession) -> None:
        board = await write_board(session, SMALL, clock)
        await session.execute(insert(Subject).values(ref=CARD, partnership_id=board, version=2))
        card = {"view": "agreements.show", "args": {}, "tool": "slack", "workspace": TEAM, "conversation": SLACK_ROOM}
        when = {"edit_at": DatabaseTime(-1), "created_at": clock.now()}
        await session.execute(
            insert(Posting).values(partnership_id=board, subject=CARD, message="1.2", shown=1, **card, **when)
        )

    await made.write(work)
    yield made
    await made.close()


async def test_a_card_that_another_server_has_just_edited_is_left_alone(records: Transactions) -> None:
    clock = ShiftingClock()
    due = await records.read(lambda session: look(session, clock.now(), Left("first")))
    seen = Chosen(postings=[each.id for each in due.postings])
    assert len(seen.postings) == 1

    _, (card,) = await records.write(lambda session: claim(session, "second", clock.now(), seen))
    finisher = Finisher(records, clock, "second")
    await finisher.posting(card, shown=1, attempts=0, edit_at=DatabaseTime(1))  # and it has changed again since

    assert await records.write(lambda session: claim(session, "first", clock.now(), seen)) == ([], [])


async def test_a_servers_own_clock_does_not_hasten_an_edit(records: Transactions) -> None:
    clock = ShiftingClock()
    finisher = Finisher(records, clock, "second")
    due = await records.read(lambda session: look(session, clock.now(), Left("second")))
    seen = Chosen(postings=[each.id for each in due.postings])
    _, (card,) = await records.write(lambda session: claim(session, "second", clock.now(), seen))
    await finisher.posting(card, attempts=0, edit_at=DatabaseTime(60))

    clock.advance(2 * 3600)
    due = await records.read(lambda session: look(session, clock.now(), Left("first")))
    assert not due.postings
    assert due.next_at is not None
    assert 50 < (due.next_at - clock.now()).total_seconds() < 61
