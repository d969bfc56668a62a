"""What falls due by itself: each tick does what is due and tells when to come back."""

import datetime
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements import closing as agreements_closing
from core.agreements import waiting as votes
from core.meetings import attending as meetings_attending
from core.meetings import planning as meetings_planning
from core.membership import covering, guessing
from core.outbox import Delivery, Outgoing
from core.polls import closing as polls_closing
from core.polls import opening as polls_opening
from core.polls import queries as polls
from core.privacy import keeping
from core.reminders import planning
from core.requests import Clock
from core.transactions import Transactions

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """One kind of thing that falls due.

    find: partnership and reference of what is due now. do: does one of them in a writing session, and tells
    whether there was still anything to do. next: when the next one falls due, or None.
    """

    find: Callable[[AsyncSession, datetime.datetime], Awaitable[Sequence[tuple[int, str]]]]
    do: Callable[[AsyncSession, int, str, datetime.datetime], Awaitable[bool]]
    next: Callable[[AsyncSession], Awaitable[datetime.datetime | None]]


async def _never(_session: AsyncSession) -> datetime.datetime | None:
    """What falls due by what people do, and not by the clock, is found at the next tick."""
    return None


DUE: tuple[Due, ...] = (
    Due(find=votes.due_to_close, do=agreements_closing.close_if_due, next=votes.next_deadline),
    Due(find=covering.due, do=covering.turn, next=covering.next_turn),
    Due(find=polls.due_to_open, do=polls_opening.open_if_due, next=polls.next_opening),
    Due(find=polls.due_to_close, do=polls_closing.close_if_due, next=polls.next_close),
    Due(find=meetings_attending.to_recuse, do=meetings_attending.recuse_below, next=_never),
)

Find = Callable[[AsyncSession, datetime.datetime], Awaitable[Sequence[tuple[int, str]]]]
Do = Callable[[AsyncSession, int, str, datetime.datetime], Awaitable[bool]]

PLANS: tuple[tuple[Find, Do], ...] = (
    (meetings_planning.series_to_extend, meetings_planning.extend_if_due),
    (planning.boards_to_plan, planning.plan),
)
"""What is looked for once a minute: what lies ahead and has no row yet; each is done until nothing is left of it."""

PLAN_SECONDS = 60
TIDY_EVERY = datetime.timedelta(hours=1)


DELIVERIES_KEPT = datetime.timedelta(days=3)  # vendors send again within minutes; a signature is good for five


async def sweep(session: AsyncSession, now: datetime.datetime) -> None:
    """Forget deliveries that nobody will send again, and drop messages that nobody wants any more."""
    await session.execute(delete(Delivery).where(Delivery.at < now - DELIVERIES_KEPT))
    await guessing.forget(session, now)
    await session.execute(
        update(Outgoing)
        .where(Outgoing.state.in_(("waiting", "parked")), Outgoing.expires_at <= now)
        .values(state="moot", error="nobody wants it any more")
    )


class Timekeeper:
    """Does what is due; any number of servers may, since each thing is checked again under its lock."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock
        self.ticked_at: datetime.datetime | None = None
        self._planned_at: datetime.datetime | None = None
        self._tidied_at: datetime.datetime | None = None

    async def tick(self) -> datetime.datetime | None:
        """Do all that is due; the moment at which something is due next. Raises Unavailable."""
        for due in DUE:
            while await self._some(due.find, due.do):
                pass
        await self._plan()
        self.ticked_at = self._clock.now()
        upcoming = [await self._transactions.read(due.next) for due in DUE]
        return min((moment for moment in upcoming if moment is not None), default=None)

    async def sweep(self) -> None:
        """Do what is done once a minute, and what once an hour. Raises Unavailable."""
        now = self._clock.now()
        await self._transactions.write(lambda session: sweep(session, now))
        if self._tidied_at is None or abs(now - self._tidied_at) >= TIDY_EVERY:
            await self._transactions.write(lambda session: keeping.tidy(session, now))
            self._tidied_at = now

    async def _plan(self) -> None:
        """Once a minute by the clock; at once when it has jumped, whichever way."""
        now = self._clock.now()
        if self._planned_at is not None and abs((now - self._planned_at).total_seconds()) < PLAN_SECONDS:
            return
        for find, do in PLANS:
            for board, ref in await self._found(find, now):
                while await self._one(do, board, ref, now):
                    pass
        self._planned_at = now

    async def _some(self, find: Find, do: Do) -> bool:
        """Do a first helping; whether there may be more. One that fails is logged and must not stop the others."""
        now = self._clock.now()
        found = await self._found(find, now)
        done = 0
        for board, ref in found:
            done += await self._one(do, board, ref, now)
        return bool(found) and done == len(found)

    async def _found(self, find: Find, now: datetime.datetime) -> Sequence[tuple[int, str]]:
        return await self._transactions.read(lambda session: find(session, now))

    async def _one(self, do: Do, board: int, ref: str, now: datetime.datetime) -> bool:
        """Do one; whether there was anything to do. One that fails is logged and must not stop the others."""
        try:
            return await self._transactions.write(lambda session: do(session, board, ref, now))
        except Exception:
            log.exception("could not do what was due", extra={"subject": ref})
            return False
