"""A message is due if and only if its cause committed, however often what writes them is killed."""

import asyncio
import random
import sys
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.outbox import Outgoing, Subject
from core.partners.models import Room
from tests.faults import post
from tests.faults.platforms import platforms


async def written_under_kills(url: str, transactions: int, kills: int, report: Callable[[str], None]) -> None:
    """Write so many, and kill the writer so often; each cause has its message, each message its cause."""
    chance = random.Random(1066)
    async with platforms() as both, post.records_of(url) as records:
        (room,) = await records.write(lambda session: post.write_rooms(session, both, [("slack", 1)], 1))

        async def board_of(session: AsyncSession) -> int:
            return (await session.execute(select(Room.partnership_id).where(Room.id == room))).scalar_one()

        board = await records.read(board_of)
        done, killed, seed = 0, 0, 0
        each = transactions // (kills + 1) + 1
        while done < transactions:
            seed += 1
            arguments = [url, str(room), str(board), str(seed), str(max(64, each + 64))]
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.faults.writer", *arguments, cwd=post.ROOT, stdout=asyncio.subprocess.PIPE
            )
            assert process.stdout
            enough = min(transactions - done, chance.randint(max(1, each - 40), each))
            seen = 0
            while seen < enough and (some := await process.stdout.read(256)):
                seen += len(some)
            if killed < kills:
                process.kill()
                killed += 1
            seen += len(await process.stdout.read())
            await process.wait()
            done += seen

        async def refs(session: AsyncSession) -> tuple[set[str], list[str]]:
            causes = (await session.execute(select(Subject.ref))).scalars().all()
            keys = (await session.execute(select(Outgoing.key))).scalars().all()
            return set(causes), [key.split(":")[1] for key in keys]

        causes, messages = await records.read(refs)
        lost, phantom = causes - set(messages), set(messages) - causes
        report(
            f"{done} transactions answered, 5% of them rolled back, the writer killed {killed} times: "
            f"{len(causes)} causes stand, {len(lost)} lost, {len(phantom)} phantom, "
            f"{len(messages) - len(set(messages))} doubled"
        )
        assert killed == kills
        assert not lost and not phantom and len(messages) == len(set(messages))
        assert len(causes) >= done * 0.9


async def test_a_hundred_causes_and_their_messages(migrated_url: str, report: Callable[[str], None]) -> None:
    await written_under_kills(migrated_url, 100, 2, report)


@pytest.mark.faults
async def test_ten_thousand_causes_and_their_messages(migrated_url: str, report: Callable[[str], None]) -> None:
    await written_under_kills(migrated_url, 10_000, 100, report)
