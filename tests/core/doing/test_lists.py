"""Lists are read page by page, there and back, and nothing is shown twice or skipped; words are taken as they are."""

import datetime
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.making import Promise, promise
from core.actions.queries import Wanted, page
from core.db import open_engine
from core.lists import cursor_of
from core.partners.queries import organisations
from core.transactions import Transactions
from tests.core.doing.test_walk import NOW, Stopped
from tests.world import SMALL, write_board

DAY = datetime.date(2026, 12, 1)
TITLES = ("Map the Copthall ground", "100% of buses", "under_score", "ΟΔΟΣ Straße", "Ｃａｆé")


@pytest.fixture
async def records(migrated_url: str) -> Any:
    made = Transactions(open_engine(migrated_url))

    async def work(session: AsyncSession) -> None:
        board = await write_board(session, SMALL, Stopped())  # type: ignore[arg-type]
        whose = (await organisations(session, board))[0].id
        for number in range(47):
            due = DAY + datetime.timedelta(days=number // 9)  # nine of a day, so that ties are crossed
            title = f"{TITLES[number % 5]} {number}"
            await promise(
                session, board, Promise(title=title, due_on=due, owner=None, organisation_id=whose), None, NOW
            )

    await made.write(work)
    yield made
    await made.close()


async def _page(records: Transactions, at: str = "", **wanted: Any) -> Any:
    return await records.read(lambda session: page(session, 1, Wanted(**wanted), at))


def _keys(rows: Sequence[Any]) -> list[int]:
    return [row.id for row in rows]


async def test_there_and_back_again(records: Transactions) -> None:
    pages = [await _page(records)]
    assert pages[0].back == ""
    while pages[-1].on:
        pages.append(await _page(records, pages[-1].on))
    seen = [key for each in pages for key in _keys(each.rows)]
    assert (len(pages), len(seen), len(set(seen)), pages[0].total) == (5, 47, 47, 47)
    here = pages[-1]
    for before in reversed(pages[:-1]):
        here = await _page(records, here.back)
        assert _keys(here.rows) == _keys(before.rows)
    assert here.back == ""


@pytest.mark.parametrize(
    ("words", "count"),
    [("copthall MAP", 10), ("100%", 10), ("%", 10), ("_", 9), ("straße", 9), ("cafÉ", 9), ("nothing", 0), ("\\", 0)],
)
async def test_words_are_taken_as_they_are(records: Transactions, words: str, count: int) -> None:
    assert (await _page(records, words=words)).total == count


@pytest.mark.parametrize("text", ["", ">", ">x:2026", "<1", "?1:2026-12-01", ">1:not a day", ">99999999999999999999:x"])
async def test_a_cursor_that_is_none_begins_anew(records: Transactions, text: str) -> None:
    first = await _page(records)
    if cursor_of(text).key is None or "not a day" in text:
        assert _keys((await _page(records, text)).rows) == _keys(first.rows)
