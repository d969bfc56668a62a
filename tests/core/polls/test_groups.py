"""A poll for a task and finish group: its members vote, and the rest of the board follows."""

from collections.abc import AsyncIterator, Iterator
from datetime import date

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refused
from core.polls import electorate, pictures
from core.priorities.models import TaskGroup, TaskGroupMember
from tests.core.polls.board import NOW, Desk, a_desk, one
from tests.databases import PostgresDatabases, SqliteFiles


@pytest.fixture
def url(databases: SqliteFiles | PostgresDatabases) -> Iterator[str]:
    made = databases.migrated()
    yield made
    databases.remove(made)


@pytest.fixture
async def desk(url: str) -> AsyncIterator[Desk]:
    async with a_desk(url) as desk:
        yield desk


async def group(desk: Desk, *who: int) -> int:
    """A group of these people; its key."""

    async def work(session: AsyncSession) -> int:
        made = TaskGroup(
            partnership_id=1, ref="grp_young", number=1, name="Young people", remit="", ends_on=date(2027, 1, 1),
            created_at=NOW,
        )  # fmt: skip
        session.add(made)
        await session.flush()
        session.add_all(
            TaskGroupMember(partnership_id=1, group_id=made.id, member_id=desk.people[each].member) for each in who
        )
        return made.id

    found: int = await desk.do(work)
    return found


async def test_only_the_group_votes(desk: Desk) -> None:
    key = await group(desk, 1, 2)
    poll = await desk.asks(one("Aye", "Nay"), who="group", group_id=key)
    groups = await desk.records.read(lambda session: electorate.groups_of(session, desk.people))
    found = await desk.cast(
        *(desk.press(who, poll, 1, groups=groups[desk.people[who].member]) for who in range(len(desk.people)))
    )
    refused = [who for who, each in enumerate(found) if isinstance(each, Refused)]
    assert [who for who in range(len(desk.people)) if who not in refused] == [1, 2]
    assert {each.sentence for each in found if isinstance(each, Refused)} == {
        "This poll is for a task and finish group only, so you can follow but not vote."
    }
    picture = await desk.records.read(lambda session: pictures.picture(session, 1, poll))
    assert picture is not None
    assert (picture.poll.voters, picture.entitled, picture.whose) == (2, 2, "Young people")


async def test_only_the_group_is_waited_for(desk: Desk) -> None:
    key = await group(desk, 1, 2)
    poll = await desk.poll(await desk.asks(one("Aye", "Nay"), who="group", group_id=key))
    names = await desk.records.read(lambda session: electorate.silent(session, poll))
    assert {name for name, _ in names} == {desk.people[1].name, desk.people[2].name}
    members = await desk.records.read(lambda session: electorate.silent_members(session, poll))
    assert set(members) == {desk.people[1].member, desk.people[2].member}
    for who, person in enumerate(desk.people):
        waiting = await desk.records.read(
            lambda session, person=person: electorate.waiting_for(session, person)  # type: ignore[misc]
        )
        assert bool(waiting) == (who in (1, 2))
