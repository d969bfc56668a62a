"""The results of a closed poll as files: what stands in them, for whom, and what must not."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from adapters.documents.bars import svg
from core.commands import Sight
from core.documents import Picture, Sheet, Workbook
from core.errors import Refused
from core.polls import closing, queries
from core.polls.counting import Shape
from core.polls.exporting import PollFile, make
from core.register.actions import CLOCK
from tests.core.polls.board import NOW, Desk, a_desk, one
from tests.databases import SqliteFiles

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def url(sqlite: SqliteFiles) -> Iterator[str]:
    made = sqlite.migrated()
    yield made
    sqlite.remove(made)


@pytest.fixture
async def desk(url: str) -> AsyncIterator[Desk]:
    async with a_desk(url) as desk:
        yield desk


async def voted(desk: Desk, *choices: int, shape: Shape = Shape.ONE, **settings: Any) -> str:
    """A poll in which the first people pressed these options."""
    poll = await desk.asks(one("<Aye> & “=1+1”", "Nay", shape=shape), **settings)
    for who, choice in enumerate(choices):
        await desk.cast(desk.press(who, poll, choice))
    return poll


async def close(desk: Desk, poll: str, hours: int = 0) -> None:
    async def work(session: AsyncSession) -> None:
        await closing.close(
            session, await queries.find(session, 1, poll, to_change=True), CLOCK, NOW + timedelta(hours=hours)
        )

    await desk.do(work)


async def fetched(desk: Desk, poll: str, form: str, who: int = 0) -> Any:
    params = PollFile(poll, form)
    made = await desk.records.read(lambda session: make(Sight(session, 1, NOW), desk.people[who], params))
    assert made.name == "poll-1"
    return made.content


async def test_a_named_poll_says_who_chose_what(desk: Desk) -> None:
    poll = await voted(desk, 1, 1, 2)
    await close(desk, poll)
    table = await fetched(desk, poll, "csv")
    assert isinstance(table, Sheet)
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    assert [(row["Option"], row["Votes"], row["Percent"], row["Won"]) for row in rows] == [
        ("<Aye> & “=1+1”", 2, 66.7, True),
        ("Nay", 1, 33.3, False),
    ]
    assert rows[1]["Chosen by"] == desk.people[2].name
    book = await fetched(desk, poll, "xlsx")
    assert isinstance(book, Workbook) and [sheet.name for sheet in book.sheets] == ["About", "Results", "Ballots"]
    assert (desk.people[2].name, "Which?", "Nay") in book.sheets[2].rows


async def test_the_picture_is_read_by_eye_and_by_ear(desk: Desk) -> None:
    poll = await voted(desk, 1, 1, 2)
    await close(desk, poll)
    picture = await fetched(desk, poll, "svg")
    assert isinstance(picture, Picture)
    root = ElementTree.fromstring(svg(picture))
    assert root.get("role") == "img" and root.get("aria-labelledby") == "title words"
    assert root.findtext(f"{SVG}title") == "Which?"
    words = root.findtext(f"{SVG}desc") or ""
    assert words == "<Aye> & “=1+1”: 2 (67%); Nay: 1 (33%). <Aye> & “=1+1” won with 2 of 3 votes."
    shown = [each.text for each in root.iter(f"{SVG}text")]
    assert shown[:3] == ["Which?", "<Aye> & “=1+1”", "2 (67%)"]
    assert "<Aye> & “=1+1” won with 2 of 3 votes." in shown
    height = float(root.get("height", "0"))
    assert all(0 < float(each.get("y", "0")) < height for each in root.iter(f"{SVG}text"))


async def test_an_anonymous_poll_gives_nobody_away(desk: Desk) -> None:
    poll = await voted(desk, 1, 2, anonymous=True)
    await close(desk, poll)
    for form in ("csv", "xlsx", "svg"):
        with pytest.raises(Refused, match="Nothing is shown of an anonymous poll before 3 have voted"):
            await fetched(desk, poll, form)
    await desk.do(lambda session: _reopened(session, poll))
    await desk.cast(desk.press(2, poll, 2))
    await close(desk, poll, 1)
    everything = [await fetched(desk, poll, form) for form in ("csv", "xlsx", "svg")]
    said = str(everything)
    assert "Nay" in said and not [person.name for person in desk.people if person.name in said]
    assert [sheet.name for sheet in everything[1].sheets] == ["About", "Results"]


async def _reopened(session: AsyncSession, poll: str) -> None:
    found = await queries.find(session, 1, poll, to_change=True)
    found.state, found.closed_at = "open", None


async def test_an_open_poll_has_no_files_yet(desk: Desk) -> None:
    poll = await voted(desk, 1, hidden="until closed")
    with pytest.raises(Refused, match="hidden until the poll closes"):
        await fetched(desk, poll, "csv")
    await close(desk, poll)
    await fetched(desk, poll, "csv", who=5)
    await desk.do(lambda session: _reopened(session, poll))
    with pytest.raises(Refused, match="hidden until the poll closes"):
        await fetched(desk, poll, "csv")
