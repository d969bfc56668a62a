"""A board in tables, people who act on it, and polls asked straight through the actions."""

import contextlib
import datetime
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import ShiftingClock
from core.commands import Person, Role
from core.db import open_engine
from core.errors import Refused
from core.partners import queries as partners
from core.polls import casting, opening, pictures, queries
from core.polls.casting import Ballot, Taken
from core.polls.counting import Shape
from core.polls.drafting import Choice, Draft, Question
from core.polls.models import Poll
from core.register.seal import Seal
from core.transactions import Transactions
from tests.world import SMALL, write_board

T = TypeVar("T")
NOW = datetime.datetime(2026, 11, 25, 10, 0, tzinfo=datetime.UTC)


@dataclass
class Desk:
    """Records with the small board in them, and its people who may vote."""

    records: Transactions
    people: list[Person] = field(default_factory=list)

    async def do(self, work: Callable[[AsyncSession], Any]) -> Any:
        """In one transaction."""
        return await self.records.write(work)

    async def asks(self, *questions: Question, **settings: Any) -> str:
        """An open poll's reference."""

        async def work(session: AsyncSession) -> str:
            poll = await opening.write_poll(session, 1, Draft(questions=questions, **settings), None, NOW)
            await opening.open_poll(session, poll, NOW)
            return poll.ref

        found: str = await self.do(work)
        return found

    async def cast(self, *ballots: Ballot) -> list[Taken | Refused]:
        """Cast them together."""
        found: list[Taken | Refused] = await self.do(lambda session: casting.cast_all(session, ballots))
        return found

    def press(self, who: int, poll: str, option: int, **here: Any) -> Ballot:
        """A press on an option."""
        return Ballot(self.people[who], poll, NOW, option=option, **here)

    async def poll(self, ref: str) -> Poll:
        """The poll as it is."""
        found: Poll = await self.records.read(lambda session: queries.find(session, 1, ref))
        return found

    async def standing(self, ref: str, question: int = 0) -> dict[int, int]:
        """The scores of a question's options, as whole numbers."""
        picture = await self.records.read(lambda session: pictures.picture(session, 1, ref))
        assert picture is not None
        return {option: int(score) for option, score in picture.asked[question].outcome.scores.items()}


def one(*texts: str, shape: Shape = Shape.ONE, most: int = 0) -> Question:
    """A question with these options."""
    return Question("Which?", shape, tuple(map(Choice, texts)), most)


@contextlib.asynccontextmanager
async def a_desk(url: str) -> AsyncIterator[Desk]:
    """The small board, written."""
    records = Transactions(open_engine(url), info={"seal": Seal(["a key for tests only"])})
    clock = ShiftingClock()
    await records.write(lambda session: write_board(session, SMALL, clock))

    async def people(session: AsyncSession) -> Sequence[Person]:
        members = await partners.members(session, 1)
        found = [await partners.person(session, member.id) for member in members if member.role != Role.OBSERVER]
        return [person for person in found if person is not None]

    yield Desk(records, list(await records.read(people)))
    await records.close()
