"""Shells: one with nothing set at all, and one with an empty database of each kind."""

import pathlib

import pytest

from tests.cli.shell import KEY, Shell


@pytest.fixture
def bare(tmp_path: pathlib.Path) -> Shell:
    """Nothing is set: the default SQLite in an empty folder."""
    return Shell(tmp_path, {})


@pytest.fixture
def shell(tmp_path: pathlib.Path, database_url: str) -> Shell:
    """An empty database, not even migrated, and a secret key."""
    return Shell(tmp_path, {"DATABASE_URL": database_url, "FOLKMOOT_SECRET_KEY": KEY})
