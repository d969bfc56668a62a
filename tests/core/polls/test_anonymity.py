"""Of an anonymous poll nothing tells who chose what: the whole database is the same whoever chose it."""

import asyncio
import itertools
from typing import Any

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from core.db import Model
from core.exchange.export import export_board
from core.polls import closing, queries
from core.polls.casting import Ballot
from core.polls.counting import Shape
from core.polls.models import Poll, PollRanking, PollVoter, PollWords
from core.register.actions import CLOCK
from tests.core.polls.board import NOW, Desk, a_desk, one
from tests.databases import PostgresDatabases, SqliteFiles

PHYSICAL = {"sqlite": "1", "postgresql": "ctid"}
RANDOM = {"ref", "subject", "seal", "previous", "series", "key", "args", "email"}


async def everything(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in the order in which the database keeps them, but for what is random anyway."""

    async def work(session: AsyncSession) -> dict[str, list[tuple[Any, ...]]]:
        found = {}
        order = PHYSICAL[session.get_bind().dialect.name]
        for table in Model.metadata.sorted_tables:
            columns = [
                column.name for column in table.columns if column.name not in RANDOM and column.name[-3:] != "_at"
            ]
            listed = ", ".join(f'"{each}"' for each in columns)
            if not listed:
                continue
            sort = order if order != "1" else "1"
            rows = await session.execute(text(f'SELECT {listed} FROM "{table.name}" ORDER BY {sort}'))
            found[table.name] = [tuple(map(str, row)) for row in rows]
        return found

    result: dict[str, list[tuple[Any, ...]]] = await desk.records.read(work)
    return result


async def lived(url: str, choices: list[int], rankings: list[tuple[int, ...]]) -> tuple[Any, Any]:
    """Two polls voted by the same people in the same order; who chooses what comes from outside."""
    async with a_desk(url) as desk:
        poll = await desk.asks(one("Aye", "Nay", "Perhaps"), anonymous=True)
        ranked = await desk.asks(one("Oak", "Elm", "Ash", shape=Shape.RANKED, most=3), anonymous=True)
        for who, (choice, ranking) in enumerate(zip(choices, rankings, strict=True)):
            await desk.cast(desk.press(who, poll, choice))
            marks = {option: place for place, option in enumerate(ranking, start=1)}
            layout = dict.fromkeys((1, 2, 3), (await _question(desk, ranked), Shape.RANKED))
            await desk.cast(Ballot(desk.people[who], ranked, NOW, marks=marks, layout=layout))
        for ref in (poll, ranked):
            await desk.do(lambda session, ref=ref: _close(session, ref))  # type: ignore[misc]
        exported = await desk.records.read(lambda session: export_board(session, 1))
        return await everything(desk), [{**each, "id": ""} for each in exported["polls"]]


async def _question(desk: Desk, ref: str) -> int:
    async def work(session: AsyncSession) -> int:
        return (await queries.questions(session, await queries.find(session, 1, ref)))[0].id

    found: int = await desk.records.read(work)
    return found


async def _close(session: AsyncSession, ref: str) -> None:
    await closing.close(session, await queries.find(session, 1, ref, to_change=True), CLOCK, NOW)


def test_who_chose_what_leaves_no_trace(databases: SqliteFiles | PostgresDatabases) -> None:
    choices, rankings = [1, 2, 2, 3, 1], [(1, 2, 3), (2, 1), (3,), (2, 1), (3, 2, 1)]
    turns = itertools.islice(itertools.permutations(range(5)), 0, 120, 40)
    lives = []
    for turn in turns:
        url = databases.migrated()
        lives.append(asyncio.run(lived(url, [choices[at] for at in turn], [rankings[at] for at in turn])))
        databases.remove(url)
    for life, export in lives[1:]:
        assert life == lives[0][0]
        assert [{**poll, "created_at": ""} for poll in export] == [{**poll, "created_at": ""} for poll in lives[0][1]]
    polls = lives[0][1]
    assert [option["votes"] for option in polls[0]["options"]] == [2, 2, 1]
    assert polls[0]["ballots"] == []


async def test_the_database_itself_refuses_to_join_them(migrated_url: str) -> None:
    async with a_desk(migrated_url) as desk:
        secret = await desk.asks(one("Aye", "Nay"), anonymous=True)
        await desk.cast(desk.press(0, secret, 1))
        for statement in (
            "UPDATE polls SET anonymous = false",  # never undone, once somebody has voted
            "UPDATE poll_voters SET anonymous = false",
            'UPDATE poll_voters SET ballot = \'{"marks": {"1": 1}}\'',
            "UPDATE poll_voters SET said_by = 'Ravi'",
        ):
            with pytest.raises(IntegrityError):
                await desk.do(lambda session, said=statement: session.execute(text(said)))  # type: ignore[misc]
        named = await desk.asks(one("Aye", "Nay"))
        await desk.cast(desk.press(1, named, 2))
        assert (await desk.poll(named)).voters == 1


def test_no_table_of_choices_knows_a_person_a_moment_or_an_order() -> None:
    told = {"member_id", "organisation_id", "said_by", "at", "created_at", "id"}
    assert not told & set(inspect(PollRanking).columns.keys())
    assert not told & set(inspect(PollWords).columns.keys())
    assert not {"at", "created_at", "opened_at"} & set(inspect(PollVoter).columns.keys())
    assert "voters" in inspect(Poll).columns.keys()  # noqa: SIM118 - how many, never who


async def test_nothing_is_shown_or_exported_while_it_would_give_somebody_away(migrated_url: str) -> None:
    async with a_desk(migrated_url) as desk:
        secret = await desk.asks(one("Aye", "Nay"), anonymous=True)
        for who in range(2):
            await desk.cast(desk.press(who, secret, 1))
        for closed in (False, True):
            if closed:
                await desk.do(lambda session: _close(session, secret))
            (poll,) = (await desk.records.read(lambda session: export_board(session, 1)))["polls"]
            assert [option["votes"] for option in poll["options"]] == [None, None]
            assert poll["voters"] == 2 and poll["words"] == []
        assert "nothing is shown" in (await desk.poll(secret)).statement
