"""Drawing a view from the state as it is now, once for each version however many rooms show it."""

import asyncio
import dataclasses
import datetime
import time
import zoneinfo
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.cards import Card, Params
from core.catalog import VIEW_OF
from core.commands import Sight
from core.db import DatabaseTime
from core.outbox import Posting, Subject, changed
from core.partners.queries import partnership, zone_of
from core.requests import Clock, Place, Replace
from core.transactions import Transactions
from core.values import read

_KEPT = 256
HOLD_SECONDS = 1  # how long the courier leaves a message alone that the adapter's reply redraws
ZONE_KEPT_SECONDS = 60


class Drawer:
    """Draws views in reading sessions; a live card's drawing is kept until its subject changes."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock
        self._kept: OrderedDict[tuple[str, int], Card | None] = OrderedDict()
        self._zones: dict[int, tuple[float, zoneinfo.ZoneInfo]] = {}
        self._drawing: dict[str, asyncio.Task[Card | None]] = {}
        self._next: dict[str, asyncio.Task[Card | None]] = {}

    async def draw(self, board: int, view: Params) -> Card | None:
        """The card of this view; None when there is nothing left to say. Raises Unavailable.

        Everyone who asks while the same view is being drawn shares the next drawing: it begins after they
        asked, so it shows what they did, and sixty clicks in one transaction cost one drawing, not sixty.
        """
        key = f"{board}:{view}"
        upcoming = self._next.get(key)
        if upcoming is None:
            upcoming = asyncio.create_task(self._after(self._drawing.get(key), key, board, view))
            self._next[key] = upcoming
        return await asyncio.shield(upcoming)  # who goes away must not take the others' drawing along

    async def _after(
        self, running: asyncio.Task[Card | None] | None, key: str, board: int, view: Params
    ) -> Card | None:
        if running is not None:
            await asyncio.wait([running])
        self._drawing[key] = self._next.pop(key)
        try:
            return await self._draw(board, view)
        finally:
            del self._drawing[key]

    async def _draw(self, board: int, view: Params) -> Card | None:
        sight_of = VIEW_OF[view.command]

        async def work(session: AsyncSession) -> Card | None:
            return await sight_of.draw(Sight(session, board, self._clock.now()), view)

        return await self._transactions.read(work)

    async def draw_live(self, board: int, subject: str, view: Params) -> tuple[int, Card | None]:
        """The card of a live subject and the version it shows.

        The version is read first: a change that slips in between makes the card newer than its number, which
        costs one more edit, never a card that stays old.
        """

        async def work(session: AsyncSession) -> tuple[int, Card | None]:
            version = (
                await session.execute(select(Subject.version).where(Subject.ref == subject))
            ).scalar_one_or_none()
            key = (f"{board}:{view}", version or 0)
            if key not in self._kept:
                self._kept[key] = await VIEW_OF[view.command].draw(Sight(session, board, self._clock.now()), view)
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return version or 0, self._kept[key]

        return await self._transactions.read(work)

    async def params(self, board: int, view: str, args: Mapping[str, Any]) -> Params:
        """The parameters of a stored view. Raises Incomplete when they no longer fit it."""
        zone = await self._zone(board)
        found: Params = read(VIEW_OF[view].params, args, zone=zone, now=self._clock.now(), choices={})
        return found

    async def _zone(self, board: int) -> zoneinfo.ZoneInfo:
        """The partnership's zone, which hardly ever changes, so it is asked for once in a while."""
        known = self._zones.get(board)
        if known is None or known[0] < time.monotonic():
            found = await self._transactions.read(lambda session: partnership(session, board))
            known = self._zones[board] = (time.monotonic() + ZONE_KEPT_SECONDS, zone_of(found.timezone))
        return known[1]


async def on_its_card(session: AsyncSession, place: Place, reply: Replace, now: datetime.datetime) -> Replace:
    """A live card that holds more than the thing acted upon, such as a reminder of three, stays and is redrawn."""
    found = await session.execute(
        select(Posting.subject, Posting.view, Posting.args).where(
            Posting.tool == place.tool,
            Posting.workspace == place.workspace,
            Posting.conversation == place.conversation,
            Posting.message == place.message,
            Posting.partnership_id == reply.board,
            Posting.view != reply.view.command,
        )
    )
    row = found.tuples().one_or_none()
    if row is None or row[1] not in VIEW_OF:
        return reply
    subject, view, args = row
    await changed(session, subject)
    zone = zone_of((await partnership(session, reply.board)).timezone)
    return dataclasses.replace(reply, view=read(VIEW_OF[view].params, args, zone=zone, now=now, choices={}))


async def hold(session: AsyncSession, place: Place, board: int) -> None:
    """Let the courier wait a moment before it edits the message that the reply redraws.

    Only for the first change since its last edit: otherwise steady clicks would put the edit off for ever.
    """
    version = select(Subject.version).where(Subject.ref == Posting.subject).scalar_subquery()
    until = DatabaseTime(HOLD_SECONDS)
    # One that a courier holds just now is left to it: waiting for it could end in a deadlock of two servers.
    free = (
        select(Posting.id)
        .where(
            Posting.tool == place.tool,
            Posting.workspace == place.workspace,
            Posting.conversation == place.conversation,
            Posting.message == place.message,
            Posting.partnership_id == board,
            Posting.shown >= version - 1,
            Posting.edit_at < until,
        )
        .with_for_update(skip_locked=True)
    )
    await session.execute(
        update(Posting).where(Posting.id.in_(free)).values(edit_at=until).execution_options(synchronize_session=False)
    )
