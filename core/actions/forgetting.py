"""What becomes of the promises of somebody who is forgotten: they stay, and those still open need another owner."""

import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.models import ALIVE, Action
from core.actions.params import ShowAction
from core.commands import STEERING, Person
from core.outbox import announce
from core.partners import queries as partners
from core.register.actions import append


async def release(
    session: AsyncSession, board: int, member: int, pseudonym: str, by: Person | str, now: datetime.datetime
) -> None:
    """Take the member's open actions from him or her, on record, and tell those who steer the board."""
    found = await session.execute(
        select(Action)
        .where(
            Action.partnership_id == board,
            Action.state.in_(ALIVE),
            or_(Action.owner_id == member, Action.offered_to_id == member),
        )
        .order_by(Action.id)
        .with_for_update()
    )
    steering = [each.id for each in await partners.members(session, board, *STEERING) if each.id != member]
    for action in found.scalars().all():
        if action.owner_id != member:
            action.offered_to_id = None
            continue
        action.owner_id, action.accepted_at, action.offered_to_id = None, None, None
        action.state, action.blocked_why, action.blocked_by_id = "open", "", None
        await session.flush()
        entry = await append(
            session, board, "action without owner", subject=action.ref, title=action.title, now=now, by=by,
            detail={"due": action.due_on.isoformat()},
        )  # fmt: skip
        say = f"This belonged to {pseudonym[0].lower()}{pseudonym[1:]}. It needs another owner."
        view, key = ShowAction(action.ref, say), f"{action.ref}:{entry.position}"
        await announce(session, board, view, key=key, now=now, members=tuple(steering), subject=action.ref)
    await session.flush()
