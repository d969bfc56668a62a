"""A large electorate as its card shows it, without reading it whole: how many stand alike, and the first names of each.

A card is drawn after every change, and twenty thousand voters would cost more than all their votes. What is asked here
lies in one index of the electors (board, agreement, position, recused, name).
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements.models import Agreement, Elector
from core.agreements.rules import POSITIONS, Position, Rule, Standing
from core.db import table_of

FEW = 60
"""As many voters are read as they are; of more, each kind is counted."""
FIRST = 20  # names of each kind; the card shows fewer

_ELECTOR = table_of(Elector)
_SHOWN = [
    _ELECTOR.c[name] for name in ["id", "organisation_id", "member_id", "name", "recused_at", "position", "reason"]
]


def _of(agreement: Agreement) -> ColumnElement[bool]:
    return (_ELECTOR.c.partnership_id == agreement.partnership_id) & (_ELECTOR.c.agreement_id == agreement.id)


async def first_of_each(session: AsyncSession, agreement: Agreement) -> Sequence[Elector]:
    """By name, the first voters in each position, the first who are silent and the first who are recused."""
    kinds: list[ColumnElement[bool]] = [
        (_ELECTOR.c.position == position.value) & _ELECTOR.c.recused_at.is_(None)
        for position in POSITIONS[Rule(agreement.rule)]
    ]
    kinds += [
        _ELECTOR.c.position.is_(None) & _ELECTOR.c.recused_at.is_(None),
        _ELECTOR.c.position.is_(None) & _ELECTOR.c.recused_at.is_not(None),
    ]
    parts = [
        select(
            select(*_SHOWN)
            .where(_of(agreement), kind)
            .order_by(_ELECTOR.c.name, _ELECTOR.c.id)
            .limit(FIRST)
            .subquery(f"kind{number}")
        )
        for number, kind in enumerate(kinds)
    ]
    rows = (await session.execute(union_all(*parts))).mappings()
    return sorted((Elector(**row) for row in rows), key=lambda each: (each.name, each.id))


async def standings(session: AsyncSession, agreement: Agreement) -> Sequence[Standing]:
    """Everyone, those who stand alike together; by name those who must take part."""
    named = bool(agreement.required_organisations)
    # By the moment itself, in the index's own order: whether there is one would have to be sorted out first.
    kind = [_ELECTOR.c.position, _ELECTOR.c.recused_at]
    if agreement.required_sectors:
        kind.append(_ELECTOR.c.sector)
    alike = select(func.count(), *kind).where(_of(agreement)).group_by(*kind)
    if named:
        alike = alike.where(_ELECTOR.c.required.is_(False))
    found = [
        Standing("", sector[0] if sector else "", _position(position), bool(left), number=number)
        for number, position, left, *sector in (await session.execute(alike)).tuples()
    ]
    if named:
        columns = (_ELECTOR.c.name, _ELECTOR.c.sector, _ELECTOR.c.position, _ELECTOR.c.recused_at)
        must = select(*columns).where(_of(agreement), _ELECTOR.c.required.is_(True)).order_by(_ELECTOR.c.name)
        found += [
            Standing(name, sector, _position(position), bool(left), required=True)
            for name, sector, position, left in (await session.execute(must)).tuples()
        ]
    return found


def _position(word: str | None) -> Position | None:
    return Position(word) if word else None
