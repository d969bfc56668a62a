"""Reading items: one with all that its card shows, the queue, and lists in pages."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from core.commands import Person, Role
from core.errors import Refused
from core.items.models import STATES, Item, ItemSupport
from core.lists import Page, holds, read_page
from core.partners.models import Member, Organisation
from core.themes.models import Theme

NOT_YOURS = "That item is not one of this board's. Type items to see those that are."


@dataclass(frozen=True, slots=True)
class Shown:
    """An item with everything that its card shows."""

    item: Item
    raiser: str = ""
    theme: str = ""
    triaged_by: str = ""
    supports: tuple[str, ...] = ()
    became: str = ""  # the name of what it went into


def may_see(item: Item, person: Person | None) -> bool:
    """Whether this person sees it; without anybody, whether everyone does. A confidential one is the chair's."""
    if not item.confidential:
        return True
    return person is not None and (person.role is Role.CHAIR or person.member == item.raiser_id)


def _seen_by(person: Person) -> ColumnElement[bool]:
    if person.role is Role.CHAIR:
        return true()
    return or_(Item.confidential.is_(False), Item.raiser_id == person.member)


async def find(session: AsyncSession, person: Person, ref: str, *, to_change: bool = False) -> Item:
    """The item of this reference, as far as this person may see it. Raises Refused for any other alike."""
    query = select(Item).where(Item.partnership_id == person.board, Item.ref == ref)
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    item = (await session.execute(query)).scalar_one_or_none()
    if item is None or not may_see(item, person):
        raise Refused(NOT_YOURS)
    return item


async def shown(session: AsyncSession, board: int, ref: str) -> Shown | None:
    """Everything a card shows of this item, or None when the board has no such one."""
    found = await session.execute(select(Item).where(Item.partnership_id == board, Item.ref == ref))
    item = found.scalar_one_or_none()
    if item is None:
        return None
    supports = await session.execute(
        select(Organisation.name)
        .join(ItemSupport, ItemSupport.organisation_id == Organisation.id)
        .where(ItemSupport.partnership_id == board, ItemSupport.item_id == item.id)
        .order_by(Organisation.name)
    )
    theme = await session.execute(select(Theme.name).where(Theme.partnership_id == board, Theme.id == item.theme_id))
    return Shown(
        item=item,
        raiser=await _name(session, item.raiser_id),
        theme=theme.scalar_one_or_none() or "",
        triaged_by=await _name(session, item.triaged_by_id),
        supports=tuple(supports.scalars()),
    )


async def _name(session: AsyncSession, member: int | None) -> str:
    if member is None:
        return ""
    row = await session.execute(
        select(Member.name, Organisation.name)
        .join(Organisation, Organisation.id == Member.organisation_id)
        .where(Member.id == member)
    )
    found = row.tuples().one_or_none()
    return f"{found[0]} ({found[1]})" if found else ""


def _waits(today: datetime.date) -> ColumnElement[bool]:
    return or_(Item.state == "raised", and_(Item.state == "parked", Item.parked_until <= today))


async def queue(
    session: AsyncSession, person: Person, today: datetime.date, *, after: int = 0, limit: int = 1
) -> tuple[Sequence[Item], int]:
    """The items that wait for their way on behind a key, the oldest first, and how many there are in all."""
    where = (Item.partnership_id == person.board, _waits(today), _seen_by(person))
    total = (await session.execute(select(func.count()).select_from(Item).where(*where))).scalar_one()
    found = await session.execute(select(Item).where(*where, Item.id > after).order_by(Item.id).limit(limit))
    return found.scalars().all(), total


async def by_number(session: AsyncSession, person: Person, number: int) -> Item | None:
    """The item with this running number, as far as this person may see it."""
    found = await session.execute(
        select(Item).where(Item.partnership_id == person.board, Item.number == number, _seen_by(person))
    )
    return found.scalar_one_or_none()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which items are asked for: states, or mine or waiting; and keys and words to go by."""

    filters: frozenset[str] = frozenset()
    words: str = ""
    number: int | None = None
    theme: int | None = None
    today: datetime.date = datetime.date.min


FILTERS = ("waiting", "mine", "ours", "all", *STATES)


async def page(session: AsyncSession, person: Person, wanted: Wanted, at: str = "", *, size: int = 10) -> Page[Any]:
    """One page of the items that are asked for, the newest first, and how many there are in all."""
    where: list[ColumnElement[bool]] = [Item.partnership_id == person.board, _seen_by(person)]
    if wanted.number is not None:
        where.append(Item.number == wanted.number)
    if states := [state for state in STATES if state in wanted.filters]:
        where.append(Item.state.in_(states))
    if "waiting" in wanted.filters:
        where.append(_waits(wanted.today))
    if "mine" in wanted.filters:
        where.append(Item.raiser_id == person.member)
    if "ours" in wanted.filters:
        where.append(Item.organisation_id == person.organisation)
    if wanted.theme is not None:
        where.append(Item.theme_id == wanted.theme)
    if wanted.words:
        where.append(holds(Item.folded, wanted.words))
    total = (await session.execute(select(func.count()).select_from(Item).where(*where))).scalar_one()
    query = select(Item).where(*where)
    return await read_page(session, query, Item.number, Item.id, at, size=size, total=total, read=int, falling=True)


async def from_became(session: AsyncSession, board: int, ref: str) -> Sequence[Item]:
    """The items that went into this, the oldest first."""
    found = await session.execute(
        select(Item).where(Item.partnership_id == board, Item.became == ref, Item.became != "").order_by(Item.id)
    )
    return found.scalars().all()


@dataclass(frozen=True, slots=True)
class Answered:
    """How items fare: how many were raised and found their way on, after how many days, and how many led to doing."""

    raised: int
    settled: int
    days: float | None
    doing: int
    discussing: int


async def answered(session: AsyncSession, board: int) -> Answered:
    """How this board deals with what is raised. Parked ones still wait, and those withdrawn don't count."""
    rows = await session.execute(
        select(Item.state, Item.created_at, Item.triaged_at).where(
            Item.partnership_id == board, Item.state != "withdrawn"
        )
    )
    listed = list(rows.tuples())
    took = [
        (triaged - raised).total_seconds() / 86400
        for state, raised, triaged in listed
        if triaged is not None and state not in ("raised", "parked")
    ]
    states = [state for state, _, _ in listed]
    return Answered(
        raised=len(states),
        settled=len(took),
        days=sum(took) / len(took) if took else None,
        doing=sum(state in ("pipeline", "action") for state in states),
        discussing=sum(state == "agenda" for state in states),
    )
