"""The database's own clock in a statement: compiled once, with the seconds as a parameter."""

import datetime

import pytest
from sqlalchemy import select

from core.db import DatabaseTime, open_engine


async def test_each_number_of_seconds_has_its_own_time(migrated_url: str) -> None:
    engine = open_engine(migrated_url)
    async with engine.connect() as connection:

        async def told(ahead: float) -> datetime.datetime:
            return (await connection.execute(select(DatabaseTime(ahead)))).scalar_one()

        first, later, again = await told(0), await told(3600.5), await told(0)
    await engine.dispose()
    assert (later - first).total_seconds() == pytest.approx(3600.5, abs=30)
    assert (again - first).total_seconds() == pytest.approx(0, abs=30)


def test_it_is_compiled_once_whatever_its_seconds() -> None:
    keys = [select(DatabaseTime(ahead))._generate_cache_key() for ahead in (0, 0.7, 30)]
    assert keys[0] is not None
    assert keys[0] == keys[1] == keys[2]
