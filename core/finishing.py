"""How a claim ends in the database: only where owner and attempt still match, and only once.

After a message has been sent, this must be written, or it is sent again. So while the database is away it is tried
again and again, long after the lease; who has lost the row to another server then finds nothing to write.
"""

import asyncio
import datetime
import logging
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.claims import PROBE
from core.db import DatabaseTime, insert_or
from core.errors import SendFailed
from core.outbox import Outgoing, Pause, Posting
from core.partners import notices
from core.requests import Address, Clock, Posted
from core.transactions import Transactions, Unavailable, Work

log = logging.getLogger(__name__)

BETWEEN_EDITS = 1.0  # seconds, from the end of one to the beginning of the next, by the database's clock
PERSISTENCE = 300  # tries, about a minute and a half, to write what has happened while the database is away


class Finisher:
    """Writes what became of the claims of one courier, `owner`."""

    def __init__(self, transactions: Transactions, clock: Clock, owner: str) -> None:
        self.owner = owner
        self._transactions = transactions
        self._clock = clock
        self.patient = True  # cleared when the server stops: then a lease must do

    async def _surely(self, work: Work[None]) -> None:
        for _ in range(PERSISTENCE):
            try:
                return await self._transactions.write(work, ahead=True)
            except Unavailable:
                if not self.patient:
                    raise
                await asyncio.sleep(0.3)
        raise Unavailable("the database stayed away")

    async def sent(self, message: Outgoing, address: Address, posted: Posted, version: int) -> None:
        """It stands there; with a subject it becomes a live card. Raises Unavailable."""

        async def work(session: AsyncSession) -> None:
            now = self._clock.now()
            if await self._outgoing(session, message, state="sent", sent_at=now, error="") and message.subject:
                card = insert_or(session, Posting).values(_card(message, address, posted, version, now))
                await session.execute(card.on_conflict_do_nothing())

        await self._surely(work)

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
            made = await session.execute(
                insert_or(session, Pause)
                .values(lane=lane, reason=reason[:300], who="platform", since=now, probe_at=now + PROBE)
                .on_conflict_do_nothing()
                .returning(Pause.lane)
            )
            if made.scalar_one_or_none() is None:
                return
            log.error("a workspace has shut us out", extra={"lane": lane, "reason": reason})
            # Who can be reached elsewhere is: the courier looks anew where these go.
            await session.execute(
                update(Outgoing)
                .where(Outgoing.lane == lane, Outgoing.state == "waiting", Outgoing.member_id.is_not(None))
                .values(lane="")
                .execution_options(synchronize_session=False)
            )
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
        "edit_at": DatabaseTime(BETWEEN_EDITS),
        "created_at": now,
    }
