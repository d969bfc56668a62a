"""Two boards on one server: ours, with a member of each role, and another whose every text bears a mark."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import JSON, String, Table, Text, cast, false, or_, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import ShiftingClock
from core.agreements import closing, opening, voting
from core.agreements.models import Agreement
from core.agreements.rules import Rule
from core.commands import Person
from core.partners import queries
from core.partners.models import Member
from core.requests import Actor
from tests.trust.features import write_features
from tests.trust.rehearsal import Rehearsal, tables
from tests.world import TEAM, Board, Someone, write_board

MARK = "ZQMARK"
KEPT = (
    "timezone",
    "zone",
    "code",
    "view",
    "key",
    "rule",
    "subject",
    "result",
    "position",
    "kind",
    "lane",
    "tool",
    "workspace",
    "conversation",
)
"""Columns whose text the product must be able to read; everything else of the other board is overwritten."""


@dataclass
class Side:
    """One of the two boards: its key, its members by role's initial, and the references of its things by table."""

    board: int
    people: dict[str, Person]
    refs: dict[str, list[str]] = field(default_factory=dict)
    own: dict[str, set[str]] = field(
        default_factory=dict
    )  # the references of what somebody made, has or is, by initial

    def all_refs(self) -> list[str]:
        """Every reference of the board."""
        return [ref for each in self.refs.values() for ref in each]


def board_of(prefix: str, code: str) -> Board:
    """A board with a member of each role, one who is to leave, and others so that nobody is the last of a kind."""
    return Board(
        name=f"{prefix}Board",
        code=code,
        people=tuple(
            Someone(
                f"{prefix}{name}",
                f"{prefix}{place}",
                role,
                slack=f"U0{code}{name.upper()}",
                teams=f"{code}-{name.lower()}",
            )
            for name, place, role in (
                ("Chair", "Council", "chair"),
                ("Coordinator", "Council", "coordinator"),
                ("Rep", "Police", "representative"),
                ("Deputy", "Hospital", "deputy"),
                ("Observer", "Charity", "observer"),
                ("Gone", "College", "representative"),
                ("Vicechair", "Council", "chair"),
                ("Clerk", "Council", "coordinator"),
                ("Watcher", "Police", "observer"),
                ("Waiting", "Police", "observer"),
            )
        ),
        sectors={f"{prefix}Council": f"{prefix}sector"},
        not_voting=(f"{prefix}Charity",),
        themes=(f"{prefix}Theme",),
        slack_room=f"C0{code}",
        teams_room=f"19:{code}@thread.tacv2",
    )


INITIALS = {"chair": "c", "coordinator": "o", "representative": "r", "deputy": "d", "observer": "w"}


async def build(rehearsal: Rehearsal, clock: ShiftingClock, prefix: str, code: str) -> Side:
    """Write a board with agreements in every state, so that for each command and role there is something to act on."""

    async def work(session: AsyncSession) -> Side:
        board = board_of(prefix, code)
        key = await write_board(session, board, clock)
        people = {}
        for someone in board.people:
            (person,) = await queries.persons_of(session, Actor("slack", TEAM, someone.slack))
            if "Gone" in someone.name:
                await session.execute(update(Member).where(Member.id == person.member).values(left_at=clock.now()))
                people["g"] = person
            else:
                people.setdefault(INITIALS.get(someone.role, ""), person)
                people[someone.name.removeprefix(prefix)] = person
        await _agreements(session, key, people, prefix, clock.now())
        await write_features(session, key, people, prefix, clock.now())
        await session.flush()
        return Side(key, people)

    side: Side = await rehearsal.write(work)
    await gather(rehearsal, side)
    return side


async def _agreements(
    session: AsyncSession, board: int, people: dict[str, Person], prefix: str, now: datetime.datetime
) -> None:
    async def draft(by: str, **more: Any) -> Agreement:
        closes = now + datetime.timedelta(days=3)
        made = opening.Draft(title=f"{prefix}title", text=f"{prefix}text", closes_at=closes, **more)
        return await opening.write_draft(session, board, made, people[by].member, now)

    async def opened(by: str, **more: Any) -> Agreement:
        agreement = await draft(by, **more)
        await opening.open_voting(session, agreement, people["c"], now)
        return agreement

    for who in "cord":
        await draft(who)
        await opened(who)
    answered, recused = await opened("c"), await opened("c")
    for who in "crd":
        await voting.cast(session, answered, people[who], "object", f"{prefix}reason", now)
        await voting.declare_interest(session, recused, people[who], f"{prefix}nature", now)
    for who in "cordw":
        agreement = await opened("c", rule=Rule.ADVICE, decider_id=people[who].member)
        await closing.close_voting(session, agreement, people["c"], now, statement=f"{prefix}statement")
    for effect in ("binding", "ratify"):
        agreement = await opened("c", effect=effect, effect_detail=f"{prefix}meeting")
        for who in "crd":
            await voting.cast(session, agreement, people[who], "consent", f"{prefix}reason", now)
        await closing.close_voting(session, agreement, people["c"], now, statement=f"{prefix}statement")
    withdrawn = await opened("c")
    await closing.withdraw(session, withdrawn, people["c"], f"{prefix}why", now)


async def gather(rehearsal: Rehearsal, side: Side) -> None:
    """Note the references of all that the board has."""
    side.refs = {}
    for table in tables():
        if "ref" not in table.c:
            continue
        column = "id" if table.name == "partnerships" else "partnership_id"
        found = await rehearsal.connection.execute(
            select(table.c.ref).where(table.c[column] == side.board).order_by(table.c.get("id", table.c.ref))
        )
        side.refs[table.name] = list(found.scalars())
        points = [column for column in table.c if "members.id" in {key.target_fullname for key in column.foreign_keys}]
        for who, person in side.people.items():
            itself = table.c.id == person.member if table.name == "members" else false()
            mine = or_(itself, *(column == person.member for column in points))
            if points or table.name == "members":
                found = await rehearsal.connection.execute(select(table.c.ref).where(mine))
                side.own.setdefault(who, set()).update(found.scalars())


async def mark_all(rehearsal: Rehearsal, board: int) -> int:
    """Put the mark into every text of this board that can take one; how many columns did."""
    marked = 0
    for table in tables():
        owner = "id" if table.name == "partnerships" else "partnership_id"
        if owner not in table.c:
            continue
        for column in table.c:
            if column.name in KEPT or column.name.endswith(("ref", "_id")) or column.foreign_keys:
                continue
            if isinstance(column.type, JSON) and column.name != "args":
                value: Any = _marked_json(column.name)
            elif isinstance(column.type, String | Text):
                mark: Any = MARK + table.name[:3]
                # Of several rows, each its own, so that no unique constraint minds.
                value = mark if table.primary_key.columns.keys() != ["id"] else text(f"'{MARK}' || id")
            else:
                continue
            try:
                async with rehearsal.connection.begin_nested():
                    await rehearsal.connection.execute(
                        update(table).where(table.c[owner] == board).values({column.name: value})
                    )
                marked += 1
            except DBAPIError:  # a CHECK takes only some words here
                continue
    return marked


def _marked_json(name: str) -> Any:
    if name in ("required_organisations",):
        return []
    if name in ("front", "detail"):
        return {"summary": MARK, "statement": MARK, "why": MARK}
    return [MARK]


async def columns_with(rehearsal: Rehearsal, needle: str, leave: Sequence[str] = ()) -> list[str]:
    """Which columns of the whole database hold this text."""
    found = []
    for table in tables():
        for column in table.c:
            if f"{table.name}.{column.name}" in leave:
                continue
            if await _holds(rehearsal, table, column.name, needle):
                found.append(f"{table.name}.{column.name}")
    return found


async def _holds(rehearsal: Rehearsal, table: Table, column: str, needle: str) -> bool:
    like = cast(table.c[column], Text).contains(needle, autoescape=True)
    return (await rehearsal.connection.execute(select(1).select_from(table).where(like).limit(1))).first() is not None
