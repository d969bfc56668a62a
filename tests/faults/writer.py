"""Writes causes and their messages until it is killed: `python -m tests.faults.writer URL ROOM BOARD SEED MOST`.

One transaction in twenty is rolled back after it has written both. It prints a dot for each that is through.
"""

import asyncio
import contextlib
import datetime
import random
import sys

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from bot.settings import Settings
from bot.wiring import open_records
from core.db import new_ref
from core.outbox import announce, begin_subject
from core.partners.notices import ShutOut

AT_ONCE = 32


class Undone(Exception):
    """A command that changed its mind."""


async def main(url: str, room: int, board: int, seed: int, most: int) -> None:
    """Write `most` of them, 32 at a time."""
    chance = random.Random(seed)
    records = open_records(
        Settings(_env_file=None, database_url=url, folkmoot_secret_key=SecretStr("a key for tests only"))
    )
    now = datetime.datetime(2026, 11, 25, tzinfo=datetime.UTC)

    async def one(number: int, undone: bool) -> None:
        ref = new_ref("obj")

        async def work(session: AsyncSession) -> None:
            await begin_subject(session, board, ref)
            await announce(session, board, ShutOut("slack", ref), key=f"cause:{ref}", now=now, rooms=(room,))
            if undone:
                raise Undone

        with contextlib.suppress(Undone):
            await records.write(work)
        sys.stdout.write(".")
        sys.stdout.flush()

    left = [(number, chance.random() < 0.05) for number in range(most)]
    while left:
        now_going, left = left[:AT_ONCE], left[AT_ONCE:]
        await asyncio.gather(*(one(*each) for each in now_going))
    await records.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], *(int(each) for each in sys.argv[2:6])))
