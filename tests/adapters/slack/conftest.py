from collections.abc import AsyncIterator

import pytest

from tests.adapters.slack.fakes import Rig, running


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with running() as started:
        yield started
