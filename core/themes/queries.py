"""Reading themes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.cards import Option
from core.commands import Context
from core.partners.models import Organisation
from core.themes.models import Theme


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A theme as lists and other features show it."""

    id: int
    ref: str
    number: int
    name: str
    state: str
    lead: str


async def themes(session: AsyncSession, board: int, *, keys: Sequence[int] | None = None) -> list[ThemeLine]:
    """The partnership's themes in order; with keys, only those."""
    query = (
        select(Theme.id, Theme.ref, Theme.number, Theme.name, Theme.state, Organisation.name)
        .outerjoin(Organisation, Organisation.id == Theme.lead_id)
        .where(Theme.partnership_id == board)
        .order_by(Theme.number)
    )
    if keys is not None:
        query = query.where(Theme.id.in_(keys))
    rows = await session.execute(query)
    return [
        ThemeLine(key, ref, number, name, state, lead or "") for key, ref, number, name, state, lead in rows.tuples()
    ]


async def theme(session: AsyncSession, board: int, ref: str) -> tuple[Theme, str] | None:
    """One theme and the name of its lead organisation."""
    row = (
        await session.execute(
            select(Theme, Organisation.name)
            .outerjoin(Organisation, Organisation.id == Theme.lead_id)
            .where(Theme.partnership_id == board, Theme.ref == ref)
        )
    ).one_or_none()
    return (row[0], row[1] or "") if row else None


async def theme_choices(context: Context, _given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    """The board's themes, for a form that asks for one as `theme`."""
    return {"theme": await theme_options(context.session, context.me.board)}


async def theme_options(session: AsyncSession, board: int) -> tuple[Option, ...]:
    """The themes to choose from in a form; retired ones are left out."""
    return tuple(Option(line.name, line.ref) for line in await themes(session, board) if line.state != "retired")
