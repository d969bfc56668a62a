"""What is needed only for a while goes in time: sent messages, old reminders, codes, and people who left."""

import datetime
import logging
from datetime import timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refused
from core.outbox import Outgoing, Posting
from core.partners.models import Invitation, Member, Partnership
from core.privacy.erasing import erase
from core.privacy.models import Keeping
from core.register.actions import CLOCK
from core.reminders.models import Digest, Occurrence

log = logging.getLogger(__name__)

AT_ONCE = 20  # people erased in one transaction


async def keeping_of(session: AsyncSession, board: int) -> Keeping:
    """How long this board keeps things."""
    found = await session.execute(select(Keeping).where(Keeping.partnership_id == board))
    return found.scalar_one_or_none() or Keeping(partnership_id=board, days=90, left_days=None)


async def set_keeping(session: AsyncSession, board: int, days: int, left_days: int | None) -> Keeping:
    """Keep things so long from now on. Raises Refused for what would lose too much, or keep it for ever."""
    if not 7 <= days <= 3650:
        raise Refused("Give between 7 and 3650 days; 90 is usual.", field="days")
    if left_days is not None and not 1 <= left_days <= 36500:
        raise Refused("Give between 1 and 36500 days, or 0 to erase nobody by itself.", field="left")
    keeping = await keeping_of(session, board)
    keeping.days, keeping.left_days = days, left_days
    session.add(keeping)
    await session.flush()
    return keeping


async def tidy(session: AsyncSession, now: datetime.datetime) -> None:
    """Delete what each board keeps no longer, and erase who left long enough ago."""
    for board in (await session.execute(select(Partnership.id).order_by(Partnership.id))).scalars().all():
        keeping = await keeping_of(session, board)
        await _tidy_board(session, board, now - timedelta(days=keeping.days))
        if keeping.left_days is not None:
            await _erase_who_left(session, board, now - timedelta(days=keeping.left_days), now)


async def _tidy_board(session: AsyncSession, board: int, before: datetime.datetime) -> None:
    personal = or_(
        Posting.subject.startswith("rem_", autoescape=True), Posting.subject.startswith("dig_", autoescape=True)
    )
    for statement in (
        delete(Outgoing).where(
            Outgoing.partnership_id == board,
            Outgoing.state.in_(("sent", "moot", "dead")),
            Outgoing.due_at < before,
            Outgoing.created_at < before,
        ),
        delete(Posting).where(
            Posting.partnership_id == board, Posting.created_at < before, or_(Posting.state == "gone", personal)
        ),
        delete(Occurrence).where(
            Occurrence.partnership_id == board, Occurrence.until < before, Occurrence.due_at < before
        ),
        delete(Digest).where(Digest.partnership_id == board, Digest.due_at < before),
        delete(Invitation).where(Invitation.partnership_id == board, Invitation.expires_at < before),
    ):
        await session.execute(statement.execution_options(synchronize_session=False))


async def _erase_who_left(session: AsyncSession, board: int, before: datetime.datetime, now: datetime.datetime) -> None:
    found = await session.execute(
        select(Member.ref)
        .where(Member.partnership_id == board, Member.left_at < before, Member.erased_at.is_(None))
        .order_by(Member.id)
        .limit(AT_ONCE)
    )
    for ref in found.scalars().all():
        try:
            await erase(session, board, ref, CLOCK, now)
        except Refused as refusal:  # a decision still waits for this person; the next round tries again
            log.warning(
                "somebody who left could not be erased", extra={"subject": ref, "reason": refusal.sentence[:80]}
            )
