"""Bodies that are too big, too slow, compressed, or no JSON object: a 4xx each, and nothing else happens."""

import asyncio
import gzip
import time
from collections.abc import AsyncIterator

import pytest

from tests.adapters.teams.world import World


def half_a_request(token: str) -> bytes:
    lines = ("POST /api/messages HTTP/1.1", "Host: x", f"Authorization: Bearer {token}", "Content-Length: 100", "", "")
    return "\r\n".join(lines).encode() + b'{"type"'


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"null", 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b"5", 400),
        (b'{"type": NaN}', 400),
        (b'{"text": "\xff\xfe"}', 400),
        (b'{"text": "\\ud800"}', 400),
        (b"[" * 50_000, 400),
        (b'{"a":' * 50_000, 400),
        (b'{"text": "' + b"x" * (256 * 1024) + b'"}', 413),
        (b" " * 2_097_152, 413),
    ],
    ids=lambda value: str(value)[:20],
)
async def test_unusable_bodies(world: World, raw: bytes, status: int) -> None:
    answer, body = await world.send(None, raw=raw)
    assert answer == status
    assert body["error"]
    assert world.desk.asked == []


async def test_compressed_bodies_are_not_unpacked(world: World) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    status, _ = await world.send(None, raw=bomb, Content_Encoding="gzip")
    assert status == 415


async def test_an_object_that_is_no_activity(world: World) -> None:
    for body in ({}, {"type": 5}, {"type": ["message"]}):
        assert (await world.send(body))[0] == 401


async def test_a_body_that_never_ends(world: World) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", world.server.port)
    started = time.monotonic()
    writer.write(half_a_request(world.token()))
    answer = await asyncio.wait_for(reader.readline(), 5)
    assert b"408" in answer
    assert 1.5 < time.monotonic() - started < 4
    writer.close()


async def test_a_caller_who_hangs_up(world: World) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", world.server.port)
    writer.write(half_a_request(world.token()))
    await writer.drain()
    writer.close()
    await asyncio.sleep(0.05)
    assert (await world.send(world.activity()))[0] == 200


async def test_a_chunked_body_is_counted_as_it_comes(world: World) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(300):
            yield b" " * 1024

    url = world.server.make_url("/api/messages")
    headers = {"Authorization": f"Bearer {world.token()}"}
    async with world.client.post(url, data=endless(), headers=headers) as response:
        assert response.status == 413


async def test_other_methods(world: World) -> None:
    async with world.client.get(world.server.make_url("/api/messages")) as response:
        assert response.status == 405
