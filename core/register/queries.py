"""Reading the register, and proving that nobody has touched it."""

import datetime
import re
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refused
from core.register.models import Entry
from core.register.seal import FIRST, Seal

SEAL_DIGITS = 12
_SEAL = re.compile(rf"[0-9a-f]{{{SEAL_DIGITS},64}}")


async def decisions(session: AsyncSession, board: int, *, offset: int = 0, limit: int | None = None) -> Sequence[Entry]:
    """The partnership's decisions, newest first."""
    query = (
        select(Entry)
        .where(Entry.partnership_id == board, Entry.kind == "decision")
        .order_by(Entry.position.desc())
        .offset(offset)
    )
    return (await session.execute(query.limit(limit) if limit else query)).scalars().all()


async def decisions_between(
    session: AsyncSession, board: int, start: datetime.datetime, end: datetime.datetime
) -> Sequence[Entry]:
    """The decisions from one moment up to another, oldest first."""
    found = await session.execute(
        select(Entry)
        .where(Entry.partnership_id == board, Entry.kind == "decision", Entry.at >= start, Entry.at < end)
        .order_by(Entry.position)
    )
    return found.scalars().all()


async def count_decisions(session: AsyncSession, board: int) -> int:
    """How many decisions the partnership has taken."""
    found = await session.execute(
        select(func.count()).select_from(Entry).where(Entry.partnership_id == board, Entry.kind == "decision")
    )
    return found.scalar_one()


async def entries(session: AsyncSession, board: int) -> Sequence[Entry]:
    """The whole register of the partnership, oldest first."""
    found = await session.execute(select(Entry).where(Entry.partnership_id == board).order_by(Entry.position))
    return found.scalars().all()


async def entries_about(session: AsyncSession, board: int, subject: str) -> Sequence[Entry]:
    """What the register says of one thing, oldest first."""
    found = await session.execute(
        select(Entry).where(Entry.partnership_id == board, Entry.subject == subject).order_by(Entry.position)
    )
    return found.scalars().all()


async def page_about(
    session: AsyncSession, board: int, subject: str, *, offset: int, limit: int
) -> tuple[Sequence[Entry], int]:
    """Some of what the register says of one thing, the newest first, and how much that is in all."""
    where = (Entry.partnership_id == board, Entry.subject == subject)
    total = (await session.execute(select(func.count()).select_from(Entry).where(*where))).scalar_one()
    found = await session.execute(
        select(Entry).where(*where).order_by(Entry.position.desc()).offset(offset).limit(limit)
    )
    return found.scalars().all(), total


def flaws(chain: Sequence[Entry], seal: Seal) -> list[str]:
    """What is wrong with a chain, one sentence each; empty when it is whole.

    A chain cut off at its end looks whole by itself: compare its head with the one posted at the last decision.
    """
    found: list[str] = []
    previous = FIRST
    for place, entry in enumerate(chain, start=1):
        name = entry.number or f"entry {entry.position}"
        if entry.position != place:
            found.append(f"Before {name}, an entry is missing or out of order.")
        if entry.previous != previous:
            found.append(f"{name} does not follow from the entry before it.")
        if entry.seal != seal.of(entry):
            found.append(f"{name} has been altered since it was written, or its key is not known here.")
        previous = entry.seal
    return found


def unwitnessed(chain: Sequence[Entry], posted: Sequence[str]) -> list[str]:
    """Of the seals that were posted in the rooms (their first digits are enough), those that the chain does not hold.

    So what was cut off at the end shows, which the rest of a chain cannot tell. Raises Refused for what is too short
    to tell one seal from another.
    """
    short = [each.strip() for each in posted if not _SEAL.fullmatch(each.strip().lower())]
    if short:
        raise Refused(f"“{short[0][:80]}” is no seal: give at least its first {SEAL_DIGITS} digits, as on the card.")
    known = [entry.seal for entry in chain]
    return [
        f"No entry bears the seal {each}, which was posted: what was written then has been cut off."
        for each in posted
        if not any(seal.startswith(each.strip().lower()) for seal in known)
    ]
