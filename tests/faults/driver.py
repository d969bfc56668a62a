"""Posts prepared requests all at the same moment, from a process of its own: `python -m tests.faults.driver IN OUT`.

IN: pickled rows of (url, headers, body). It prints `ready`, waits for a line, posts everything, and writes
pickled rows of (status, body, milliseconds) to OUT; status 0 means that there was no answer.
"""

import asyncio
import pickle
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import aiohttp

Row = tuple[str, Mapping[str, str], bytes]
Answer = tuple[int, str, float]


async def post(session: aiohttp.ClientSession, row: Row) -> Answer:
    """Send one request and read its answer."""
    url, headers, body = row
    started = time.perf_counter()
    try:
        async with session.post(url, data=body, headers=headers) as response:
            status, words = response.status, await response.text()
    except (aiohttp.ClientError, TimeoutError) as error:
        status, words = 0, repr(error)
    return status, words, (time.perf_counter() - started) * 1000


async def post_all(rows: list[Row]) -> list[Answer]:
    """Send all at once, each over a connection of its own."""
    timeout = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout) as session:
        return await asyncio.gather(*(post(session, row) for row in rows))


if __name__ == "__main__":
    given = pickle.loads(Path(sys.argv[1]).read_bytes())
    print("ready", flush=True)
    sys.stdin.readline()
    Path(sys.argv[2]).write_bytes(pickle.dumps(asyncio.run(post_all(given))))
