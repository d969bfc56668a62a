"""What a change of people does to what is open: cards say it, and a deputy may speak where nobody else does."""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements import queries as agreements
from core.agreements.casting import STAND_IN
from core.agreements.models import Agreement, Elector
from core.membership.lookup import representatives
from core.outbox import changed
from core.partners.models import Partnership


async def refresh_open(session: AsyncSession, board: int) -> None:
    """Every card of an open vote is drawn anew, because it says what has changed among the voters."""
    open_now = await agreements.still_open(session, board)
    if open_now:
        await changed(session, *sorted(each.ref for each in open_now))
    await _count(session, board)


async def lock_open(session: AsyncSession, board: int) -> list[Agreement]:
    """Lock what is open, before anything else is: stances and closings lock it first too, and in this order.

    The register's lock (the partnership's row) comes after it everywhere, so two servers don't wait for each other.
    """
    open_now = sorted(await agreements.still_open(session, board), key=lambda each: each.id)
    for each in open_now:
        await agreements.find(session, board, each.ref, to_change=True)
    return [each for each in open_now if each.state in ("open", "deciding")]


async def voices_changed(session: AsyncSession, board: int, organisation: int) -> None:
    """Somebody of this organisation came, went or changed roles: a representative's word binds no deputy for ever.

    While an organisation has no representative, its deputies may change what the former one answered. Whoever calls
    this has called `lock_open` before.
    """
    open_now = await lock_open(session, board)
    await _count(session, board)
    if not open_now:
        return
    if not await representatives(session, board, organisation):
        await _let_deputies_speak(session, open_now, organisation)
    await changed(session, *sorted(each.ref for each in open_now))


async def _count(session: AsyncSession, board: int) -> None:
    """Note that people came or went; whoever is here holds the partnership's row anyway, or is about to."""
    await session.execute(
        update(Partnership)
        .where(Partnership.id == board)
        .values(people_version=Partnership.people_version + 1)
        .execution_options(synchronize_session=False)
    )


async def _let_deputies_speak(session: AsyncSession, open_now: list[Agreement], organisation: int) -> None:
    await session.execute(
        update(Elector)
        .where(
            Elector.agreement_id.in_([each.id for each in open_now]),
            Elector.organisation_id == organisation,
            Elector.member_id.is_(None),
            Elector.rank > STAND_IN,
        )
        .values(rank=STAND_IN)
        .execution_options(synchronize_session=False)
    )
