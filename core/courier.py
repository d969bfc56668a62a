"""Carries what is due to the tools: claim, render late, send, finish. Nothing is open at the database during HTTP.

Two kinds of work: an Outgoing row is a message to be posted once; a stale Posting is a card to be redrawn from
the state as it is now, at once after the first change and then at most once a second.
"""

import asyncio
import contextlib
import datetime
import logging
import random
import secrets
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.cards import Card
from core.drawing import Drawer
from core.errors import Incomplete, SendFailed
from core.outbox import Outgoing, Posting, Subject
from core.partners import queries as partners
from core.requests import Address, Clock, Messenger, Posted
from core.transactions import Transactions, Unavailable

log = logging.getLogger(__name__)

LEASE = datetime.timedelta(seconds=30)
BETWEEN_EDITS = datetime.timedelta(seconds=1)
ATTEMPTS = 8
HELPING = 100  # rows claimed at a time
AT_ONCE = 32  # conversations served at the same time
IDLE_SECONDS = 5.0
NAP_SECONDS = 0.05  # between rounds while there is work, so that changes gather


class Courier:
    """One server's courier. Wake it after a commit; it also looks by itself every few seconds."""

    def __init__(
        self, transactions: Transactions, drawer: Drawer, messengers: Mapping[str, Messenger], clock: Clock
    ) -> None:
        self._transactions = transactions
        self._drawer = drawer
        self._messengers = messengers
        self._clock = clock
        self._owner = secrets.token_hex(8)
        self._woken = asyncio.Event()
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._queues: dict[tuple[str, str, str], asyncio.Lock] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        self._stopping = False

    def wake(self) -> None:
        """Something may be due now."""
        self._woken.set()

    async def run(self) -> None:
        """Serve until `stop`; a database that cannot be reached is asked again later."""
        while not self._stopping:
            self._woken.clear()
            pause = IDLE_SECONDS
            try:
                pause = await self._round()
            except Unavailable:
                log.warning("the courier cannot reach the database")
            except Exception:
                log.exception("the courier stumbled")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), pause)
            await asyncio.sleep(NAP_SECONDS)

    async def stop(self) -> None:
        """Take nothing new, and finish what is under way."""
        self._stopping = True
        self.wake()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=10)

    async def _round(self) -> float:
        """Claim what is due and set it going; how long there is nothing more to do, in seconds."""
        now = self._clock.now()
        if not await self._transactions.read(lambda session: _anything_due(session, now)):
            return await self._until_next(now)
        messages, postings = await self._transactions.write(lambda session: self._claim(session, now))
        for message in messages:
            self._set_going(self._deliver(message), (f"{message.room_id or ''}", f"{message.member_id or ''}", ""))
        for posting in postings:
            self._set_going(self._redraw(posting), (posting.tool, posting.workspace, posting.conversation))
        return 0.0 if len(messages) == HELPING or len(postings) == HELPING else await self._until_next(now)

    async def _until_next(self, now: datetime.datetime) -> float:
        upcoming = await self._transactions.read(_next_due)
        if upcoming is None:
            return IDLE_SECONDS
        return min(IDLE_SECONDS, max(0.0, (upcoming - now).total_seconds()))

    async def _claim(
        self, session: AsyncSession, now: datetime.datetime
    ) -> tuple[Sequence[Outgoing], Sequence[Posting]]:
        """Take what is due under a lease, so that no other server takes it and none is lost if this one dies."""
        messages = (
            (
                await session.execute(
                    select(Outgoing)
                    .where(_outgoing_due(now))
                    .order_by(Outgoing.due_at, Outgoing.id)
                    .limit(HELPING)
                    .with_for_update(skip_locked=True)
                )
            )
            .scalars()
            .all()
        )
        for message in messages:
            message.state, message.attempts = "claimed", message.attempts + 1
            message.owner, message.leased_until = self._owner, now + LEASE
        postings = (
            (
                await session.execute(
                    select(Posting)
                    .join(Subject, Subject.ref == Posting.subject)
                    .where(_posting_due(now))
                    .order_by(Posting.edit_at)
                    .limit(HELPING)
                    .with_for_update(skip_locked=True, of=Posting)
                )
            )
            .scalars()
            .all()
        )
        for posting in postings:
            posting.attempts = posting.attempts + 1
            posting.owner, posting.leased_until = self._owner, now + LEASE
        await session.flush()
        for row in (*messages, *postings):
            session.expunge(row)
        return messages, postings

    def _set_going(self, work: Coroutine[Any, Any, None], line: tuple[str, str, str]) -> None:
        """Each conversation is served in order, and a slow one keeps none of the others waiting."""

        async def in_turn() -> None:
            lock = self._queues.setdefault(line, asyncio.Lock())
            async with lock, self._gate:
                try:
                    await work
                except Unavailable:
                    log.warning("the database went away while sending; the lease will run out")
                except Exception:
                    log.exception("sending stumbled")
            if not lock.locked() and self._queues.get(line) is lock:
                del self._queues[line]
            self.wake()

        task = asyncio.create_task(in_turn())
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    # -- messages that are posted once

    async def _deliver(self, message: Outgoing) -> None:
        version, card = await self._card_of(message)
        if card is None:
            await self._finish_outgoing(message, state="moot")
            return
        address = await self._address_of(message)
        if address is None:
            await self._finish_outgoing(message, state="parked", error="nowhere to send it to")
            return
        again = message.attempts > 1
        try:
            posted = await self._messengers[address.tool].post(address, card, stamp=message.key, again=again)
        except SendFailed as failure:
            await self._put_off(message, failure)
            return
        await self._transactions.write(lambda session: self._mark_sent(session, message, address, posted, version))

    async def _card_of(self, message: Outgoing) -> tuple[int, Card | None]:
        board = message.partnership_id
        try:
            view = await self._drawer.params(board, message.view, message.args)
        except (Incomplete, KeyError):
            return 0, None
        if message.subject is not None:
            return await self._drawer.draw_live(board, message.subject, view)
        return 0, await self._drawer.draw(board, view)

    async def _address_of(self, message: Outgoing) -> Address | None:
        board, room, member = message.partnership_id, message.room_id, message.member_id

        async def find(session: AsyncSession) -> Address | None:
            if room is not None:
                return await partners.room_address(session, board, room)
            return await partners.member_address(session, board, member or 0)

        address = await self._transactions.read(find)
        return address if address is not None and address.tool in self._messengers else None

    async def _mark_sent(
        self, session: AsyncSession, message: Outgoing, address: Address, posted: Posted, version: int
    ) -> None:
        now = self._clock.now()
        ours = await session.execute(
            update(Outgoing)
            .where(Outgoing.id == message.id, Outgoing.owner == self._owner, Outgoing.attempts == message.attempts)
            .values(state="sent", owner=None, leased_until=None, sent_at=now, error="")
            .returning(Outgoing.id)
        )
        if ours.scalar_one_or_none() is None or message.subject is None:
            return
        session.add(
            Posting(
                partnership_id=message.partnership_id,
                subject=message.subject,
                view=message.view,
                args=message.args,
                tool=address.tool,
                workspace=address.workspace,
                conversation=posted.conversation,
                message=posted.message,
                service_url=address.service_url,
                bot=address.bot,
                shown=version,
                edit_at=now + BETWEEN_EDITS,
                created_at=now,
            )
        )

    async def _put_off(self, message: Outgoing, failure: SendFailed) -> None:
        log.warning("not sent", extra={"key": message.key, "kind": failure.kind, "reason": failure.reason})
        if failure.kind == "never":
            await self._finish_outgoing(message, state="parked", error=failure.reason)
        elif message.attempts >= ATTEMPTS:
            await self._finish_outgoing(message, state="dead", error=failure.reason)
        else:
            due_at = self._clock.now() + _pause(message.attempts, failure)
            await self._finish_outgoing(message, state="waiting", error=failure.reason, due_at=due_at)

    async def _finish_outgoing(
        self, message: Outgoing, *, state: str, error: str = "", due_at: datetime.datetime | None = None
    ) -> None:
        """Only where the lease is still ours: who lost it has nothing to say any more."""
        values: dict[str, Any] = {"state": state, "owner": None, "leased_until": None, "error": error[:300]}
        if due_at is not None:
            values["due_at"] = due_at
        await self._transactions.write(
            lambda session: session.execute(
                update(Outgoing)
                .where(Outgoing.id == message.id, Outgoing.owner == self._owner, Outgoing.attempts == message.attempts)
                .values(**values)
            )
        )

    # -- cards that stay live

    async def _redraw(self, posting: Posting) -> None:
        try:
            view = await self._drawer.params(posting.partnership_id, posting.view, posting.args)
            version, card = await self._drawer.draw_live(posting.partnership_id, posting.subject, view)
        except (Incomplete, KeyError):
            version, card = 0, None
        if card is None:
            await self._finish_posting(posting, state="gone")
            return
        address = Address(
            tool="slack" if posting.tool == "slack" else "teams",
            workspace=posting.workspace,
            conversation=posting.conversation,
            service_url=posting.service_url,
            bot=posting.bot,
        )
        messenger = self._messengers.get(posting.tool)
        if messenger is None:
            await self._finish_posting(posting, edit_at=self._clock.now() + datetime.timedelta(minutes=5))
            return
        try:
            await messenger.update(address, posting.message, card)
        except SendFailed as failure:
            log.warning(
                "not redrawn", extra={"subject": posting.subject, "kind": failure.kind, "reason": failure.reason}
            )
            if failure.kind == "never":
                await self._finish_posting(posting, state="gone")
            else:
                await self._finish_posting(posting, edit_at=self._clock.now() + _pause(posting.attempts, failure))
            return
        await self._finish_posting(posting, shown=version, attempts=0, edit_at=self._clock.now() + BETWEEN_EDITS)

    async def _finish_posting(self, posting: Posting, **values: Any) -> None:
        await self._transactions.write(
            lambda session: session.execute(
                update(Posting)
                .where(Posting.id == posting.id, Posting.owner == self._owner)
                .values(owner=None, leased_until=None, **values)
            )
        )


def _pause(attempt: int, failure: SendFailed) -> datetime.timedelta:
    """What the platform asked for; else full jitter, so that many that failed together don't come back together."""
    if failure.retry_after is not None:
        return datetime.timedelta(seconds=failure.retry_after + random.uniform(0, 0.5))  # noqa: S311
    longest = 60.0 if failure.kind == "paused" else min(300.0, 2.0**attempt)
    return datetime.timedelta(seconds=random.uniform(0.5, max(1.0, longest)))  # noqa: S311


def _outgoing_due(now: datetime.datetime) -> ColumnElement[bool]:
    return or_(
        (Outgoing.state == "waiting") & (Outgoing.due_at <= now),
        (Outgoing.state == "claimed") & (Outgoing.leased_until <= now),
    )


def _posting_due(now: datetime.datetime) -> ColumnElement[bool]:
    return (
        (Posting.state == "live")
        & (Posting.shown < Subject.version)
        & (Posting.edit_at <= now)
        & or_(Posting.owner.is_(None), Posting.leased_until <= now)
    )


async def _anything_due(session: AsyncSession, now: datetime.datetime) -> bool:
    message = await session.execute(select(Outgoing.id).where(_outgoing_due(now)).limit(1))
    if message.scalar_one_or_none() is not None:
        return True
    posting = await session.execute(
        select(Posting.id).join(Subject, Subject.ref == Posting.subject).where(_posting_due(now)).limit(1)
    )
    return posting.scalar_one_or_none() is not None


async def _next_due(session: AsyncSession) -> datetime.datetime | None:
    """When the next message or edit falls due. What is claimed is waited for by its own task."""
    message = await session.execute(
        select(Outgoing.due_at).where(Outgoing.state == "waiting").order_by(Outgoing.due_at).limit(1)
    )
    posting = await session.execute(
        select(Posting.edit_at)
        .join(Subject, Subject.ref == Posting.subject)
        .where(Posting.state == "live", Posting.shown < Subject.version, Posting.owner.is_(None))
        .order_by(Posting.edit_at)
        .limit(1)
    )
    return min((moment for moment in (*message.scalars(), *posting.scalars())), default=None)
