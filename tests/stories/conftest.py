"""The world in which the stories take place, on SQLite and on PostgreSQL in turn."""

import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.world import SMALL, World, a_world

HERE = Path(__file__).parent
ON_BOTH = ("test_one_vote_in_two_tools.py",)
"""The main job is shown on both databases each time; any other story on one, and by `make faults` on the other."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Half of the stories stay with each database, always the same ones: all would be waited for too long."""
    stories = [each for each in items if each.path.parent == HERE and each.path.name not in ON_BOTH]
    already = {_name(each) for each in stories if each.get_closest_marker("faults")}
    for item in stories:
        name = _name(item)
        other = ("sqlite", "postgresql")[zlib.crc32(name.encode()) % 2]
        if other in item.name.partition("[")[2] and name not in already:
            item.add_marker("faults")


def _name(item: pytest.Item) -> str:
    return item.name.partition("[")[0]


@pytest.fixture
async def world(migrated_url: str) -> AsyncIterator[World]:
    """The small board, running in both tools."""
    async with a_world(migrated_url, SMALL) as world:
        yield world
