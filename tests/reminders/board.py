"""A board whose clock a test moves, and a postman that draws what is due and carries nothing anywhere."""

import datetime
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements import opening
from core.agreements.models import Agreement
from core.cards import Card
from core.commands import Person
from core.db import open_engine
from core.drawing import Drawer
from core.errors import NotYet
from core.outbox import Outgoing
from core.partners import queries as partners
from core.register.seal import Seal
from core.timekeeper import Timekeeper
from core.transactions import Transactions
from tests.world import Board, Someone, write_board


@dataclass
class HandClock:
    """A clock that goes where it is put, forward or back."""

    at: datetime.datetime

    def now(self) -> datetime.datetime:
        """Where it was put."""
        return self.at


@dataclass(frozen=True, slots=True)
class Sent:
    """One message as it would have gone out."""

    board: int
    member: int | None
    room: int | None
    view: str
    args: dict[str, Any]
    at: datetime.datetime
    card: Card


@dataclass
class Desk:
    """One server's clock and postman over a database."""

    transactions: Transactions
    clock: HandClock
    timekeeper: Timekeeper
    drawer: Drawer
    sent: list[Sent] = field(default_factory=list)
    moot: int = 0

    @property
    def reminders(self) -> list[Sent]:
        """The reminders among what has been sent."""
        return [each for each in self.sent if each.view == "reminders.card"]

    async def tick(self) -> None:
        """Look once for what is due and what lies ahead."""
        await self.timekeeper.tick()

    async def post(self) -> None:
        """Draw all that is due by now, as the courier would, the oldest first."""
        while due := await self.transactions.read(self._due):
            became = [(message.id, await self._draw(message)) for message in due]

            async def mark(session: AsyncSession, became: Sequence[tuple[int, dict[str, Any]]] = became) -> None:
                for key, values in became:
                    await session.execute(update(Outgoing).where(Outgoing.id == key).values(**values))

            await self.transactions.write(mark)

    async def _due(self, session: AsyncSession) -> Sequence[Outgoing]:
        found = await session.execute(
            select(Outgoing)
            .where(Outgoing.state == "waiting", Outgoing.due_at <= self.clock.now())
            .order_by(Outgoing.due_at, Outgoing.id)
            .limit(200)
        )
        return found.scalars().all()

    async def _draw(self, message: Outgoing) -> dict[str, Any]:
        """What becomes of its row."""
        board, at = message.partnership_id, self.clock.now()
        try:
            card = await self.drawer.draw(board, await self.drawer.params(board, message.view, message.args))
        except NotYet as unwelcome:
            return {"due_at": unwelcome.until}
        if card is None:
            self.moot += 1
            return {"state": "moot"}
        self.sent.append(Sent(board, message.member_id, message.room_id, message.view, message.args, at, card))
        return {"state": "sent", "sent_at": at}

    async def next_due(self) -> datetime.datetime | None:
        """When the next message falls due."""

        async def work(session: AsyncSession) -> datetime.datetime | None:
            found = await session.execute(
                select(Outgoing.due_at).where(Outgoing.state == "waiting").order_by(Outgoing.due_at).limit(1)
            )
            return found.scalar_one_or_none()

        return await self.transactions.read(work)

    async def live(self, until: datetime.datetime, step: datetime.timedelta) -> None:
        """Let time pass in steps, stopping at each message's own moment."""
        while self.clock.at < until:
            ahead = min(self.clock.at + step, until)
            due = await self.next_due()
            self.clock.at = min(ahead, due) if due is not None and due > self.clock.at else ahead
            await self.tick()
            await self.post()


@asynccontextmanager
async def a_desk(
    url: str, at: datetime.datetime, *boards: Board, clock: HandClock | None = None
) -> AsyncIterator[Desk]:
    """A server over this database, with these boards written into it."""
    clock = clock or HandClock(at)
    transactions = Transactions(open_engine(url), info={"seal": Seal(["a key for tests only"])})
    for board in boards:
        await transactions.write(lambda session, board=board: write_board(session, board, clock))  # type: ignore[arg-type, misc]
    try:
        yield Desk(transactions, clock, Timekeeper(transactions, clock), Drawer(transactions, clock))
    finally:
        await transactions.close()


def many(organisations: int, deputies: int = 2, *, number: int = 0, **facts: Any) -> Board:
    """So many organisations, each with a representative and deputies, half of them in each tool; rooms only if said."""
    people = [
        Someone(
            f"{'Deputy' if place else 'Representative'} {place} of {each:03}",
            f"Partner {each:03}",
            "deputy" if place else "representative",
            **{"slack" if (each + place) % 2 else "teams": f"u{number}-{each}-{place}"},
        )
        for each in range(organisations)
        for place in range(deputies + 1)
    ]
    rooms = {"slack_room": "", "teams_room": ""} | facts
    return Board(name=f"Board {number}", people=tuple(people), code=f"B{number}", **rooms)


async def people(desk: Desk, board: int) -> list[Person]:
    """Everyone on a board, as they would act."""

    async def work(session: AsyncSession) -> list[Person]:
        found = [await partners.person(session, each.id) for each in await partners.members(session, board)]
        return [each for each in found if each is not None]

    return await desk.transactions.read(work)


async def opens(desk: Desk, board: int, title: str, closes: datetime.datetime, **facts: Any) -> str:
    """Put something to the vote; its reference."""

    async def work(session: AsyncSession) -> str:
        now = desk.clock.now()
        draft = opening.Draft(title=title, closes_at=closes, **facts)
        agreement = await opening.write_draft(session, board, draft, None, now)
        await opening.open_voting(session, agreement, "the test", now)
        return agreement.ref

    return await desk.transactions.write(work)


async def changes(desk: Desk, ref: str, deed: Callable[[AsyncSession, Agreement], Any]) -> Any:
    """Do something to an agreement under its lock."""

    async def work(session: AsyncSession) -> Any:
        found = await session.execute(select(Agreement).where(Agreement.ref == ref).with_for_update())
        return await deed(session, found.scalar_one())

    return await desk.transactions.write(work)
