"""What becomes of the promises of somebody who leaves or is forgotten: they stay, and what is open is passed on."""

import datetime
from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.models import ALIVE, Action
from core.actions.params import ShowAction
from core.commands import STEERING, Person, Role
from core.outbox import announce, changed
from core.partners import queries as partners
from core.partners.models import Member
from core.register.actions import append


async def release(
    session: AsyncSession, board: int, member: int, pseudonym: str, by: Person | str, now: datetime.datetime
) -> None:
    """Take the member's open actions from him or her, on record, and tell those who steer the board."""
    who = f"{pseudonym[0].lower()}{pseudonym[1:]}"
    await _let_go(session, board, member, who, by, now, None)


async def pass_on(
    session: AsyncSession, member: Member, by: Person | str, now: datetime.datetime, successor: Member | None = None
) -> tuple[int, str]:
    """Ask somebody else of the leaver's organisation to take over what is open; how many, and who is asked.

    The successor is asked before the representative, and that one before a deputy. Where none of them can be reached,
    the name is empty: then nobody has them, and the chair and the coordinator are told.
    """
    board = member.partnership_id
    heir = await _stand_in(session, member, successor)
    who = f"{member.name}, who has left"
    count = await _let_go(session, board, member.id, who, by, now, heir.id if heir else None)
    return count, heir.name if heir and count else ""


async def _stand_in(session: AsyncSession, leaver: Member, successor: Member | None) -> Member | None:
    here = [each for each in await partners.reachable(session, leaver.partnership_id) if each[0] != leaver.id]
    own = [each for each in here if each[1] == leaver.organisation_id]
    asked = [member for member, _, _ in own if successor is not None and member == successor.id]
    for role in (Role.REPRESENTATIVE, Role.DEPUTY):
        asked += [member for member, _, has in own if has is role]
    return await session.get_one(Member, asked[0]) if asked else None


async def _let_go(
    session: AsyncSession, board: int, member: int, who: str, by: Person | str, now: datetime.datetime, heir: int | None
) -> int:
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
    count = 0
    for action in found.scalars().all():
        action.offered_to_id = None
        if action.owner_id != member:
            told = (action.owner_id,) if action.owner_id else ()
            say = f"This can't be taken over by {who}, so it stays with you."
            await _tell(session, action, "hand-over ended", say, told, by, now)
            continue
        action.owner_id, action.accepted_at = heir, None
        action.state, action.blocked_why, action.blocked_by_id = "open", "", None
        if heir is not None:
            say = f"This belonged to {who}. You are asked to take it over."
            await _tell(session, action, "action passed on", say, (heir,), by, now)
        else:
            say = f"This belonged to {who}. It needs another owner."
            await _tell(session, action, "action without owner", say, steering, by, now)
        count += 1
    await session.flush()
    return count


async def _tell(
    session: AsyncSession,
    action: Action,
    kind: str,
    say: str,
    members: Sequence[int],
    by: Person | str,
    now: datetime.datetime,
) -> None:
    """Put it on record, draw its cards anew, and tell these members."""
    await session.flush()
    board = action.partnership_id
    entry = await append(
        session, board, kind, subject=action.ref, title=action.title, now=now, by=by,
        detail={"due": action.due_on.isoformat()},
    )  # fmt: skip
    await changed(session, action.ref)
    view, key = ShowAction(action.ref, say), f"{action.ref}:{entry.position}"
    await announce(session, board, view, key=key, now=now, members=tuple(members), subject=action.ref)
