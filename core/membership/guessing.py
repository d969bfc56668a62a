"""Codes can't be guessed: a few wrong ones in an hour, and an account has to wait."""

import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.commands import Context
from core.errors import Refused
from core.membership.models import Link, WrongCode
from core.times import say_left

WRONG_CODES = 5
IN = datetime.timedelta(hours=1)
KEPT = datetime.timedelta(days=1)
NOT_GOOD = "That code is not good any more. Ask your coordinator for a new one, then type {} and the code."


async def check_may_try(context: Context) -> None:
    """Refuse an account that has tried too many wrong codes lately; right or wrong, it hears the same."""
    actor = context.actor
    found = await context.session.execute(
        select(func.count(), func.min(WrongCode.at)).where(
            WrongCode.tool == actor.tool,
            WrongCode.workspace == actor.workspace,
            WrongCode.account == actor.user,
            WrongCode.at > context.now - IN,
        )
    )
    count, first = found.tuples().one()
    if count >= WRONG_CODES and first is not None:
        left = say_left(first + IN, context.now)
        raise Refused(f"Those were {WRONG_CODES} wrong codes within an hour, so please wait: you can try again {left}.")


async def note_wrong(context: Context) -> None:
    """Count a wrong code. Whoever calls this answers with a card and doesn't raise, or it would be undone."""
    actor = context.actor
    context.session.add(
        WrongCode(tool=actor.tool, workspace=actor.workspace, account=actor.user, at=context.now),
    )
    await context.session.flush()


async def forget(session: AsyncSession, now: datetime.datetime) -> None:
    """Forget what nobody needs any more: wrong codes of yesterday, and link codes that have run out."""
    await session.execute(delete(WrongCode).where(WrongCode.at < now - KEPT))
    await session.execute(delete(Link).where(Link.expires_at < now - KEPT))
