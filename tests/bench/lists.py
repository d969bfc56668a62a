"""Goal 9: lists and search, asked of the desk, with 100,000 actions in 200 partnerships and with 1,000 in two."""

import datetime
import itertools
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.models import Action
from core.actions.params import ListActions
from core.db import new_ref, open_engine
from core.dispatch import Dispatch
from core.drawing import Drawer
from core.partners.models import Identity, Member, Organisation, Partnership
from core.register.seal import Seal
from core.requests import Actor, Place, Request, Whisper
from core.themes.models import Theme
from core.transactions import Transactions
from tests.world import TEAM

NOW = datetime.datetime(2026, 11, 25, 10, tzinfo=datetime.UTC)
EACH = 500  # actions of a partnership
SIZES = {"1,000": 2, "100,000": 200}
ASKED: Sequence[tuple[str, str, dict[str, Any]]] = (
    ("actions", "actions", {}),
    ("actions overdue #arts", "actions overdue #arts", {}),
    ("actions, page 20", "", {"at": ">{key}:2026-12-08", "search": "all"}),
    ("find copthall", "find copthall", {}),
    ("accountability", "accountability", {}),
)
WORDS = ("Map youth offers", "Count empty shops", "Write to employers", "Open the hub", "Survey the Copthall ground")


class _Stopped:
    def now(self) -> datetime.datetime:
        return NOW


@dataclass(slots=True)
class Desk:
    """A desk over so many boards, and a person in the middle of them."""

    dispatch: Dispatch
    records: Transactions
    key: int

    async def ask(self, line: str, args: dict[str, Any]) -> float:
        """Milliseconds for one answer."""
        said = {name: value.format(key=self.key) for name, value in args.items()}
        command = "" if line else ListActions.command
        request = Request(
            Actor("slack", TEAM, "U_MIDDLE"), Place("slack", TEAM, "D1", personal=True),
            "line" if line else "button", line=line, command=command, args=said,
        )  # fmt: skip
        began = time.perf_counter()
        reply = await self.dispatch.handle(request)
        took = (time.perf_counter() - began) * 1000
        if not isinstance(reply, Whisper) or reply.card.title in ("Sorry", "Not done", "Try again"):
            raise RuntimeError(f"{line or args}: {reply}")
        return took


async def a_desk(url: str, boards: int) -> Desk:
    """Write so many boards with their actions."""
    records = Transactions(open_engine(url), info={"seal": Seal(["a key for benchmarks only"])})
    key = 0
    for number in range(boards):
        made = await records.write(lambda session, n=number: _board(session, n, middle=n == boards // 2))  # type: ignore[misc]
        key = made if number == boards // 2 else key

    async def analyse(session: AsyncSession) -> None:
        await session.execute(text("ANALYZE"))

    await records.write(analyse)
    return Desk(Dispatch(records, Drawer(records, _Stopped()), _Stopped()), records, key)


async def _board(session: AsyncSession, number: int, *, middle: bool) -> int:
    board = Partnership(
        ref=new_ref("brd"), code=f"B{number}", name=f"Board {number}", principles=[], criteria=[], created_at=NOW
    )
    session.add(board)
    await session.flush()
    same: dict[str, Any] = {"partnership_id": board.id, "created_at": NOW}
    partners = [Organisation(**same, ref=new_ref("org"), name=f"Partner {n}") for n in range(12)]
    themes = [
        Theme(**same, ref=new_ref("thm"), number=n, name=name, objectives=[], projects=[], state="agreed")
        for n, name in enumerate(("Smart cities", "Arts and culture", "Use of assets"), start=1)
    ]
    session.add_all([*partners, *themes])
    await session.flush()
    people = [
        Member(**same, organisation_id=each.id, ref=new_ref("mem"), name=f"Person {each.id}", role="representative")
        for each in partners
    ]
    session.add_all(people)
    await session.flush()
    if middle:
        session.add(Identity(**same, member_id=people[0].id, tool="slack", workspace=TEAM, account="U_MIDDLE"))
    rows = []
    for place, person, words in zip(range(EACH), itertools.cycle(people), itertools.cycle(WORDS), strict=False):
        due = datetime.date(2026, 11, 1) + datetime.timedelta(days=place % 60)
        done = place % 3 == 0
        title = f"{words} number {place}"
        rows.append(
            {
                **same, "ref": new_ref("act"), "number": place + 1, "title": title, "detail": "",
                "folded": title.lower(),
                "owner_id": person.id, "organisation_id": person.organisation_id, "theme_id": themes[place % 3].id,
                "due_on": due, "promised_on": due, "state": "done" if done else "open", "accepted_at": NOW,
                "outcome": "It is there." if done else "", "closed_on": due if done else None,
            }
        )  # fmt: skip
    await session.execute(insert(Action), rows)
    found = await session.execute(select(Action.id).where(Action.partnership_id == board.id).order_by(Action.id))
    return int(found.scalars().all()[EACH // 2])


async def compare(urls: dict[str, str], rounds: int) -> list[tuple[str, float, float]]:
    """Each question, with the median milliseconds at the smaller and at the larger size, asked in turn."""
    small, large = [await a_desk(urls[size], boards) for size, boards in SIZES.items()]
    told = []
    for name, line, args in ASKED:
        took: tuple[list[float], list[float]] = ([], [])
        for round_ in range(rounds * 8):
            for desk, into in ((small, took[0]), (large, took[1])):
                milliseconds = await desk.ask(line, args)
                if round_ >= 3:
                    into.append(milliseconds)
        told.append((name, statistics.median(took[0]), statistics.median(took[1])))
    for desk in (small, large):
        await desk.records.close()
    return told
