"""What becomes of objections while voting is open: raised, reworded or withdrawn with their voter's stance."""

import datetime
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements.models import Agreement, Objection, Stance
from core.agreements.rules import OBJECTIONS
from core.db import new_ref


async def follow(session: AsyncSession, said: Sequence[tuple[Agreement, Stance]]) -> None:
    """An objection follows its voter's stance, in their order: raised or reworded with it, withdrawn by any other."""
    found = await session.execute(
        select(Objection.elector_id).where(
            Objection.elector_id.in_({stance.elector_id for _, stance in said}), Objection.state == "raised"
        )
    )
    raised = set(found.scalars())
    for agreement, stance in said:
        voter, objects = stance.elector_id, stance.position in OBJECTIONS
        if voter not in raised:
            if objects:
                await _raise(session, agreement, stance)
        elif objects:
            await _reword(session, stance)
        else:
            note = f"{stance.member_name} answered {stance.position}"
            await withdraw(session, agreement.partnership_id, voter, note, stance.at)
        (raised.add if objects else raised.discard)(voter)


async def _reword(session: AsyncSession, stance: Stance) -> None:
    await session.execute(
        update(Objection)
        .where(Objection.elector_id == stance.elector_id, Objection.state == "raised")
        .values(reason=stance.reason, said_by=stance.member_name)
    )


async def _raise(session: AsyncSession, agreement: Agreement, stance: Stance) -> None:
    session.add(
        Objection(
            partnership_id=agreement.partnership_id,
            ref=new_ref("obj"),
            agreement_id=agreement.id,
            elector_id=stance.elector_id,
            round=agreement.round,
            reason=stance.reason,
            said_by=stance.member_name,
            state="raised",
            raised_at=stance.at,
        )
    )
    await session.flush()


async def withdraw(session: AsyncSession, board: int, elector: int, note: str, now: datetime.datetime) -> None:
    """The voter objects no longer; `note` says why."""
    await session.execute(
        update(Objection)
        .where(Objection.partnership_id == board, Objection.elector_id == elector, Objection.state == "raised")
        .values(state="withdrawn", note=note, settled_at=now)
    )
