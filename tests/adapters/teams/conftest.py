"""The small Microsoft of world.py, running for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.teams.world import World, build, tear_down


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = await build()
    yield made
    await tear_down(made)
