"""Writing to the register; nothing is ever changed in it or taken out."""

import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.commands import Person
from core.partners.actions import next_number
from core.partners.models import Partnership
from core.partners.queries import zone_of
from core.register.models import Entry
from core.register.naming import names_of, with_references
from core.register.seal import FIRST, Seal

CLOCK = "Folkmoot (by the clock)"
OPERATOR = "the operator"


def seal_of(session: AsyncSession) -> Seal:
    """The server's seal, which every writing session carries."""
    seal: Seal = session.info["seal"]
    return seal


async def append(
    session: AsyncSession,
    board: int,
    kind: str,
    *,
    subject: str,
    title: str,
    now: datetime.datetime,
    by: Person | str,
    detail: dict[str, Any] | None = None,
) -> Entry:
    """Add an entry to the partnership's chain; a `decision` gets its number in the year of its own time zone.

    People are kept by their references. The partnership's row stays locked until the commit, so that two servers cannot
    fork the chain.
    """
    partnership = (
        await session.execute(select(Partnership).where(Partnership.id == board).with_for_update())
    ).scalar_one()
    last = (
        (
            await session.execute(
                select(Entry.position, Entry.seal)
                .where(Entry.partnership_id == board)
                .order_by(Entry.position.desc())
                .limit(1)
            )
        )
        .tuples()
        .one_or_none()
    )
    seal = seal_of(session)
    known = {name: ref for ref, name in (await names_of(session, board)).items()} if detail else {}
    entry = Entry(
        partnership_id=board,
        position=last[0] + 1 if last else 1,
        previous=last[1] if last else FIRST,
        number=await _decision_number(session, partnership, now) if kind == "decision" else None,
        kind=kind,
        title=title[:300],
        subject=subject,
        detail=with_references(detail or {}, known),
        actor=by if isinstance(by, str) else f"{by.ref} ({by.organisation_name})",
        format=2,
        at=now,
        key_id=seal.key_id,
    )
    entry.seal = seal.of(entry)
    session.add(entry)
    await session.flush()
    return entry


async def _decision_number(session: AsyncSession, partnership: Partnership, now: datetime.datetime) -> str:
    year = now.astimezone(zone_of(partnership.timezone)).year
    number = await next_number(session, partnership.id, f"decision {year}")
    return f"{partnership.code}-{year}-{number:03d}"
