"""Databases for the tests that need several servers."""

from collections.abc import Iterator

import pytest

from tests.databases import PostgresDatabases


@pytest.fixture
def postgres_migrated_url(postgres: PostgresDatabases) -> Iterator[str]:
    """The URL of a PostgreSQL database as the migrations leave it."""
    url = postgres.migrated()
    yield url
    postgres.remove(url)
