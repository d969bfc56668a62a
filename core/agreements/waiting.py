"""What waits: agreements for a person's answer, opening or decision, and those whose deadline comes."""

import datetime
from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements.models import Agreement, Elector
from core.commands import VOICES, Person


async def waiting_for(session: AsyncSession, person: Person) -> Sequence[Agreement]:
    """Open agreements on which this person's organisation (or the person) has not yet taken a position."""
    if person.role not in VOICES:
        return []
    found = await session.execute(
        select(Agreement)
        .join(Elector, Elector.agreement_id == Agreement.id)
        .where(
            Agreement.partnership_id == person.board,
            Agreement.state == "open",
            Elector.position.is_(None),
            Elector.recused_at.is_(None),
            or_(
                (Agreement.unit == "organisation") & (Elector.organisation_id == person.organisation),
                (Agreement.unit == "member") & (Elector.member_id == person.member),
            ),
        )
        .order_by(Agreement.closes_at)
    )
    return found.scalars().all()


async def waiting_for_opening(session: AsyncSession, board: int) -> Sequence[Agreement]:
    """Drafts that the chair or the coordinator may open."""
    found = await session.execute(
        select(Agreement)
        .where(Agreement.partnership_id == board, Agreement.state == "draft")
        .order_by(Agreement.number)
    )
    return found.scalars().all()


async def waiting_for_decision(session: AsyncSession, person: Person) -> Sequence[Agreement]:
    """Agreements by advice on which this person's word is awaited."""
    found = await session.execute(
        select(Agreement).where(
            Agreement.partnership_id == person.board,
            Agreement.state == "deciding",
            Agreement.decider_id == person.member,
        )
    )
    return found.scalars().all()


async def due_to_close(session: AsyncSession, now: datetime.datetime, limit: int = 50) -> list[tuple[int, str]]:
    """Partnership and reference of open agreements whose deadline has come, the oldest first."""
    found = await session.execute(
        select(Agreement.partnership_id, Agreement.ref)
        .where(Agreement.state == "open", Agreement.closes_at <= now)
        .order_by(Agreement.closes_at)
        .limit(limit)
    )
    return [(board, ref) for board, ref in found.tuples()]


async def next_deadline(session: AsyncSession) -> datetime.datetime | None:
    """When the next open agreement closes, on any board."""
    found = await session.execute(select(func.min(Agreement.closes_at)).where(Agreement.state == "open"))
    return found.scalar_one_or_none()
