"""A writing session's maker over a migrated database of each kind."""

from collections.abc import AsyncIterator

import pytest

from core.db import open_engine
from core.register.seal import Seal
from core.transactions import Transactions


@pytest.fixture
async def records(migrated_url: str) -> AsyncIterator[Transactions]:
    """Sessions over a database that holds nothing yet."""
    transactions = Transactions(open_engine(migrated_url), info={"seal": Seal(["a key for tests only"])})
    yield transactions
    await transactions.close()
