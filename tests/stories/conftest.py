"""The world in which the stories take place, on SQLite and on PostgreSQL in turn."""

from collections.abc import AsyncIterator

import pytest

from tests.world import SMALL, World, a_world


@pytest.fixture
async def world(migrated_url: str) -> AsyncIterator[World]:
    """The small board, running in both tools."""
    async with a_world(migrated_url, SMALL) as world:
        yield world
