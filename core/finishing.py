"""How a claim ends in the database: only where owner and attempt still match, and only once.

After a message has been sent, this must be written, or it is sent again. So while the database is away it is tried
again and again, long after the lease; who has lost the row to another server then finds nothing to write.
"""

import asyncio
import datetime
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.db import DatabaseTime, insert_or, table_of
from core.errors import SendFailed
from core.outbox import Outgoing, Pause, Posting, pause_lane
from core.partners import notices
from core.requests import Address, Clock, Posted
from core.transactions import Transactions, Unavailable, Work

log = logging.getLogger(__name__)

BETWEEN_EDITS = 1.0  # seconds, from the end of one to the beginning of the next, by the database's clock
_OUTGOING, _POSTING = table_of(Outgoing), table_of(Posting)
PERSISTENCE = 300  # tries, about a minute and a half, to write what has happened while the database is away


@dataclass(frozen=True, slots=True, eq=False)
class _Sent:
    """A message that the platform has taken."""

    message: Outgoing
    address: Address
    posted: Posted
    version: int


class Finisher:
    """Writes what became of the claims of one courier, `owner`."""

    def __init__(self, transactions: Transactions, clock: Clock, owner: str) -> None:
        self.owner = owner
        self._transactions = transactions
        self._clock = clock
        self.patient = True  # cleared when the server stops: then a lease must do

    async def _surely(self, work: Work[None] | _Sent) -> None:
        for _ in range(PERSISTENCE):
            try:
                if isinstance(work, _Sent):
                    await self._transactions.write_with(self._all_sent, work, ahead=True)
                else:
                    await self._transactions.write(work, ahead=True)
                return
            except Unavailable:
                if not self.patient:
                    raise
                await asyncio.sleep(0.3)
        raise Unavailable("the database stayed away")

    async def sent(self, message: Outgoing, address: Address, posted: Posted, version: int) -> None:
        """It stands there; with a subject it becomes a live card. Raises Unavailable."""
        await self._surely(_Sent(message, address, posted, version))

    async def _all_sent(self, session: AsyncSession, sent: Sequence[_Sent]) -> Sequence[None]:
        """Of all that were sent just now, those that are still ours: many share two statements."""
        now = self._clock.now()
        tries = tuple_(_OUTGOING.c.id, _OUTGOING.c.attempts).in_(
            [(each.message.id, each.message.attempts) for each in sent]
        )
        ours = await session.execute(
            update(_OUTGOING)
            .where(tries, _OUTGOING.c.state == "claimed", _OUTGOING.c.owner == self.owner)
            .values(state="sent", sent_at=now, error="", owner=None, leased_until=None)
            .returning(_OUTGOING.c.id)
        )
        kept = set(ours.scalars())
        cards = [
            _card(each.message, each.address, each.posted, each.version, now)
            for each in sent
            if each.message.subject and each.message.id in kept
        ]
        if cards:
            stand = insert_or(session, _POSTING).values(edit_at=DatabaseTime(BETWEEN_EDITS)).on_conflict_do_nothing()
            await session.execute(stand, cards)
        return [None] * len(sent)

    async def outgoing(self, message: Outgoing, **values: Any) -> None:
        """Finish with these values, if it is still ours. Raises Unavailable."""

        async def work(session: AsyncSession) -> None:
            await self._outgoing(session, message, **values)

        await self._surely(work)

    async def hand_back(self, message: Outgoing, **values: Any) -> None:
        """As if it had not been taken. Raises Unavailable."""
        await self.outgoing(message, state="waiting", attempts=message.attempts - 1, **values)

    async def park(self, message: Outgoing, failure: SendFailed) -> None:
        """This address will not take it: hold it back and tell the coordinator. Raises Unavailable."""

        async def work(session: AsyncSession) -> None:
            if not await self._outgoing(session, message, state="parked", error=failure.reason):
                return
            now = self._clock.now()
            if message.room_id is not None and failure.lost:
                await notices.lose_room(session, message.room_id, failure.reason, now, f"m{message.id}")
            elif message.member_id is not None and message.view != notices.Unreached.command:
                await notices.member_unreached(session, message.partnership_id, message.member_id, failure.reason, now)

        await self._surely(work)

    async def posting(self, posting: Posting, **values: Any) -> None:
        """Finish with a card, if it is still ours. Raises Unavailable."""

        async def work(session: AsyncSession) -> None:
            await self._posting(session, posting, **values)

        await self._surely(work)

    async def gone(self, posting: Posting, failure: SendFailed) -> None:
        """The card takes no more edits; if its room is lost, the coordinator hears of it. Raises Unavailable."""

        async def work(session: AsyncSession) -> None:
            if await self._posting(session, posting, state="gone") and failure.lost:
                now = self._clock.now()
                await notices.lose_room_at(session, posting, failure.reason, now, f"p{posting.id}.{posting.attempts}")

        await self._surely(work)

    async def pause(self, lane: str, reason: str) -> None:
        """Send nothing through this workspace but a try now and then; tell the coordinators elsewhere, once."""

        async def work(session: AsyncSession) -> None:
            now = self._clock.now()
            if not await pause_lane(session, lane, reason, now):
                return
            log.error("a workspace has shut us out", extra={"lane": lane, "reason": reason})
            await notices.shut_out(session, lane, reason, now)

        await self._surely(work)

    async def resume(self, lane: str) -> None:
        """The workspace takes messages again."""

        async def work(session: AsyncSession) -> None:
            await session.execute(delete(Pause).where(Pause.lane == lane, Pause.who == "platform"))
            log.info("a workspace takes messages again", extra={"lane": lane})

        await self._surely(work)

    async def _outgoing(self, session: AsyncSession, message: Outgoing, **values: Any) -> bool:
        if "error" in values:
            values["error"] = values["error"][:300]
        ours = await session.execute(
            update(Outgoing)
            .where(
                Outgoing.id == message.id,
                Outgoing.state == "claimed",
                Outgoing.owner == self.owner,
                Outgoing.attempts == message.attempts,
            )
            .values(owner=None, leased_until=None, **values)
            .returning(Outgoing.id)
            .execution_options(synchronize_session=False)
        )
        return ours.scalar_one_or_none() is not None

    async def _posting(self, session: AsyncSession, posting: Posting, **values: Any) -> bool:
        ours = await session.execute(
            update(Posting)
            .where(Posting.id == posting.id, Posting.owner == self.owner, Posting.attempts == posting.attempts)
            .values(owner=None, leased_until=None, **values)
            .returning(Posting.id)
            .execution_options(synchronize_session=False)
        )
        return ours.scalar_one_or_none() is not None


def _card(message: Outgoing, address: Address, posted: Posted, version: int, now: datetime.datetime) -> dict[str, Any]:
    return {
        "partnership_id": message.partnership_id,
        "member_id": message.member_id,
        "subject": message.subject,
        "view": message.view,
        "args": message.args,
        "tool": address.tool,
        "workspace": address.workspace,
        "conversation": posted.conversation,
        "message": posted.message,
        "service_url": address.service_url,
        "bot": address.bot,
        "shown": version,
        "created_at": now,
    }
