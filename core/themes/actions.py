"""Changes to themes."""

import datetime
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.db import new_ref
from core.errors import Refused
from core.outbox import begin_subject, changed
from core.partners.actions import next_number
from core.themes.models import Theme


async def propose_theme(
    session: AsyncSession,
    board: int,
    *,
    name: str,
    now: datetime.datetime,
    scope: str = "",
    lead_id: int | None = None,
    objectives: Sequence[str] = (),
    projects: Sequence[str] = (),
    state: str = "proposed",
) -> Theme:
    """Add a theme; it becomes agreed by an agreement. Raises Refused when the board has one of this name."""
    names = await session.execute(select(Theme.name).where(Theme.partnership_id == board))
    if name.casefold() in {known.casefold() for known in names.scalars()}:
        raise Refused(f"There is already a theme called {name}. Choose another name.", field="name")
    theme = Theme(
        partnership_id=board,
        ref=new_ref("thm"),
        number=await next_number(session, board, "theme"),
        name=name,
        scope=scope,
        lead_id=lead_id,
        objectives=list(objectives),
        projects=list(projects),
        state=state,
        created_at=now,
    )
    session.add(theme)
    await session.flush()
    await begin_subject(session, board, theme.ref)
    return theme


async def _themes(session: AsyncSession, board: int, keys: Sequence[int]) -> Sequence[Theme]:
    found = await session.execute(
        select(Theme).where(Theme.partnership_id == board, Theme.id.in_(keys)).order_by(Theme.id).with_for_update()
    )
    return found.scalars().all()


async def agree_themes(session: AsyncSession, board: int, keys: Sequence[int], by: str) -> None:
    """These themes are agreed, by the agreement with reference `by`."""
    for theme in await _themes(session, board, keys):
        theme.agree(by)
        await changed(session, theme.ref)


async def unagree_themes(session: AsyncSession, board: int, keys: Sequence[int], by: str) -> None:
    """The agreement `by` no longer stands, so what it agreed is proposed again."""
    for theme in await _themes(session, board, keys):
        theme.unagree(by)
        await changed(session, theme.ref)
