"""A SQLite database alone, for what does not differ between the two."""

from collections.abc import Iterator

import pytest

from tests.databases import SqliteFiles


@pytest.fixture
def sqlite_url(sqlite: SqliteFiles) -> Iterator[str]:
    """The URL of a migrated SQLite database."""
    url = sqlite.migrated()
    yield url
    sqlite.remove(url)
