"""Drawing a view from the state as it is now, once for each version however many rooms show it."""

import asyncio
import dataclasses
import datetime
import logging
import time
import zoneinfo
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.cards import Card, Params
from core.catalog import VIEW_OF
from core.commands import Sight
from core.db import DatabaseTime, table_of
from core.errors import NotYet
from core.outbox import Posting, Subject, changed
from core.partners.queries import partnership, zone_of
from core.requests import Clock, Place, Replace
from core.transactions import Transactions, Unavailable
from core.values import read

log = logging.getLogger(__name__)

_KEPT = 256
HOLD_SECONDS = 1  # how long the courier leaves a message alone that the adapter's reply redraws
ZONE_KEPT_SECONDS = 60
AT_ONCE = 4  # drawings for the courier: a thousand reminders at once must leave connections for clicks
TOGETHER = 64  # cards of one kind that are drawn with the same statements

_SUBJECT = table_of(Subject)
_VERSIONS = select(_SUBJECT.c.ref, _SUBJECT.c.version).where(_SUBJECT.c.ref.in_(bindparam("refs", expanding=True)))


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    subject: str
    view: Params
    answer: asyncio.Future[tuple[int, Card | None]]


class Drawer:
    """Draws views in reading sessions; a live card's drawing is kept until its subject changes."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock
        self._kept: OrderedDict[tuple[str, int], Card | None] = OrderedDict()
        self._zones: dict[int, tuple[float, zoneinfo.ZoneInfo]] = {}
        self._drawing: dict[str, asyncio.Task[Card | None]] = {}
        self._next: dict[str, asyncio.Task[Card | None]] = {}
        self._reading = asyncio.Semaphore(AT_ONCE)
        self._asked: dict[tuple[int, str], list[_Asked]] = {}
        self._answering: set[asyncio.Task[None]] = set()

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
        """The card of a live subject and the version it shows. Raises NotYet, and Unavailable.

        The version is read first: a change that slips in between makes the card newer than its number, which
        costs one more edit, never a card that stays old.
        """
        if VIEW_OF[view.command].draw_all is not None:
            asked = _Asked(subject, view, asyncio.get_running_loop().create_future())
            gathered = self._asked.setdefault((board, view.command), [])
            gathered.append(asked)
            if len(gathered) % TOGETHER == 1:
                task = asyncio.create_task(self._answer(board, view.command))
                self._answering.add(task)
                task.add_done_callback(self._answering.discard)
            return await asked.answer
        async with self._reading:
            return await self._draw_live(board, subject, view)

    async def _answer(self, board: int, command: str) -> None:
        """Draw together what has been asked for until there was a connection to read by."""
        async with self._reading:
            asked = self._asked[board, command][:TOGETHER]
            del self._asked[board, command][:TOGETHER]
            if not self._asked[board, command]:
                del self._asked[board, command]
            try:
                answers = await self._draw_all(board, asked)
            except Exception as error:
                if not isinstance(error, Unavailable):
                    log.exception("cards could not be drawn together")
                answers = [await self._alone(board, each, error) for each in asked]
        for each, answer in zip(asked, answers, strict=True):
            if each.answer.done():  # who asked has gone away
                continue
            if isinstance(answer, Exception):
                each.answer.set_exception(answer)
            else:
                each.answer.set_result(answer)

    async def _alone(self, board: int, asked: "_Asked", error: Exception) -> tuple[int, Card | None] | Exception:
        """One by one, so that a card that cannot be drawn spoils no other."""
        if isinstance(error, Unavailable):
            return error
        try:
            return await self._draw_live(board, asked.subject, asked.view)
        except Exception as its_own:
            return its_own

    async def _draw_all(self, board: int, asked: "Sequence[_Asked]") -> list[tuple[int, Card | None] | Exception]:
        draw_all = VIEW_OF[asked[0].view.command].draw_all

        async def work(session: AsyncSession) -> list[tuple[int, Card | None] | Exception]:
            refs = [each.subject for each in asked]
            versions = dict((await session.execute(_VERSIONS, {"refs": refs})).tuples().all())
            sight = Sight(session, board, self._clock.now())
            drawn = await draw_all(sight, [each.view for each in asked]) if draw_all else ()
            return [
                card if isinstance(card, NotYet) else (versions.get(each.subject, 0), card)
                for each, card in zip(asked, drawn, strict=True)
            ]

        return await self._transactions.read(work)

    async def _draw_live(self, board: int, subject: str, view: Params) -> tuple[int, Card | None]:
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
