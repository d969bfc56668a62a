"""A server dies in the middle of sending: what it had taken up is sent by the next, and once where that can be told."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import post
from tests.faults.platforms import Arrived, Platforms, platforms
from tests.world import free_port

SPACES = [("slack", 1), ("teams", 2)]


async def killed_after_taking(
    url: str, folder: Path, rooms: int, each: int, kills: int, report: Callable[[str], None]
) -> Platforms:
    """SIGKILL after a platform has taken a message and before the server has heard of it; so often."""
    async with platforms() as both, post.records_of(url) as records:
        keys = await records.write(lambda session: post.write_rooms(session, both, SPACES, rooms))
        await records.write(lambda session: post.write_messages(session, rooms=keys, each=each))
        wanted = len(keys) * each
        server = post.Server(url, both, free_port(), folder)
        unheard: list[Arrived] = []
        in_flight: set[str] = set()  # taken by a platform, and not yet marked as sent when the server died
        at: list[float] = []
        seen = 0

        def holds_the_answer(arrived: Arrived) -> float:
            """Every twelfth one taken is the server's last."""
            nonlocal seen
            seen += 1
            if len(at) < kills and seen >= 12:
                unheard.append(arrived)
                if len(unheard) % 6 == 0:
                    server.kill()
                    at.append(time.monotonic())
                    seen = 0
                return 1.0
            return 0.0

        both.after = holds_the_answer
        recovered: list[float] = []
        for number in range(kills + 1):
            await server.start()
            if number < kills:
                await post.until(lambda n=number: len(at) > n, seconds=90, what="the kill")
                await server.gone()
                in_flight |= await post.claimed(records) & set(both.stamps())
        died, before = at[-1], len(both.taken)
        await post.until(lambda: len(both.taken) > before, seconds=90, what="the first message of the next server")

        async def all_sent() -> bool:
            return (await post.states(records)).get("sent") == wanted

        await post.until(all_sent, seconds=150, what="that all are sent")
        server.kill()
        await server.gone()
        stamps = {each.stamp: each.at for each in both.taken}
        recovered.append(max(stamps.values()) - died)
        twice = {tool: {stamp for stamp, times in both.stamps(tool).items() if times > 1} for tool, _ in SPACES}
        most = max(both.stamps().values())
        on_the_way = {tool: len(in_flight & set(both.stamps(tool))) for tool, _ in SPACES}
        report(
            f"{wanted} messages, {kills} SIGKILLs between send and mark: {wanted - len(stamps)} lost; sent twice "
            f"{len(twice['slack'])} in Slack ({on_the_way['slack']} in flight, {both.searched} searches of history), "
            f"{len(twice['teams'])} in Teams ({on_the_way['teams']} in flight); "
            f"all through {recovered[-1]:.1f} s after the kill"
        )
        assert len(stamps) == wanted
        assert not twice["slack"]
        assert on_the_way["slack"]
        assert both.searched
        assert twice["teams"] <= in_flight
        assert most <= 1 + kills
        assert recovered[-1] <= 60
        return both


@pytest.mark.faults
async def test_a_server_killed_between_send_and_mark(
    migrated_url: str, tmp_path: Path, report: Callable[[str], None]
) -> None:
    await killed_after_taking(migrated_url, tmp_path, 20, 1, 1, report)


@pytest.mark.faults
async def test_a_server_killed_ten_times_between_send_and_mark(
    migrated_url: str, tmp_path: Path, report: Callable[[str], None]
) -> None:
    await killed_after_taking(migrated_url, tmp_path, 100, 2, 10, report)
