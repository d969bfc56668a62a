"""Backups of a running board, and bringing one back without sending again what was waiting when it was made."""

import contextlib
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy.engine import make_url

from bot.records import checked_url, shown
from bot.server import only_server
from bot.settings import Settings
from core.errors import Refused

_HOLD = (
    "UPDATE outgoing SET state = 'parked', owner = NULL, leased_until = NULL, error = 'restored' "
    "WHERE state IN ('waiting', 'claimed')"
)
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_type = 'client backend'"
)
_SQLITE_MARK = b"SQLite format 3\0"


def backup(settings: Settings, target: Path) -> None:
    """Write a consistent copy of the database to a new file, while it is in use. Raises Refused."""
    checked_url(settings)
    if target.exists():
        raise Refused(f"{target} exists already; a backup never overwrites, so name another file.")
    if not target.absolute().parent.is_dir():
        raise Refused(f"There is no folder {target.absolute().parent}; make it first.")
    with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".folkmoot-") as folder:
        part = Path(folder) / "part"  # whoever finds `target` finds all of it
        if settings.database_file is None:
            _pg_tool(settings, "pg_dump", "--format=custom", f"--file={part}")
        else:
            _copy_sqlite(settings.database_file, part)
        part.chmod(0o600)
        part.rename(target)


def restore(settings: Settings, source: Path, *, force: bool = False) -> int:
    """Put a backup in the database's place; how many messages that waited in it are parked now.

    Raises Refused while a server runs on the database, when there is a board in it already (unless `force`),
    and for a file that is no backup of this kind of database.
    """
    checked_url(settings)
    if not source.is_file():
        raise Refused(f"There is no file {source}.")
    if settings.database_file is None:
        _restore_postgresql(settings, source, force)
        with _connected(settings) as connection:
            return connection.execute(_HOLD).rowcount
    return _restore_sqlite(settings.database_file, source, force)


def _copy_sqlite(database: Path, target: Path) -> None:
    """VACUUM INTO sees one moment of the database; a copy of the file may see two."""
    if not database.is_file():
        raise Refused(f"There is no database at {database} yet, so there is nothing to back up.")
    target.touch(0o600)
    try:
        with contextlib.closing(sqlite3.connect(database, timeout=30)) as connection:
            connection.isolation_level = None
            connection.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        raise Refused(f"The database at {database} could not be copied ({error}); nothing was written.") from None


def _restore_sqlite(database: Path, source: Path, force: bool) -> int:
    with source.open("rb") as file:
        if file.read(len(_SQLITE_MARK)) != _SQLITE_MARK:
            raise Refused(f"{source} is no backup of an SQLite database; is it one of PostgreSQL?")
    if database.exists() and not force:
        raise Refused(f"{database} exists already; move it away, or add --force to lose what is in it.")
    with only_server(database), tempfile.TemporaryDirectory(dir=database.parent, prefix=".folkmoot-") as folder:
        part = Path(folder) / "part"
        _copy_sqlite(source, part)
        with _opened(part, source) as connection:
            if connection.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
                raise Refused(f"{source} is damaged; take another backup.")
            held = connection.execute(_HOLD).rowcount
        part.chmod(0o600)
        _not_open(database)
        for suffix in ("-wal", "-shm"):  # of the database that goes; with the new one they would destroy it
            Path(f"{database}{suffix}").unlink(missing_ok=True)
        part.replace(database)
    return held


@contextlib.contextmanager
def _opened(part: Path, source: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(part, isolation_level=None)) as connection:
        try:
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
            yield connection
        except sqlite3.Error:
            raise Refused(f"{source} is no backup of Folkmoot, or it is damaged.") from None


def _not_open(database: Path) -> None:
    """Refuse while any process has the database open, such as an import: leaving WAL needs to be alone with it."""
    if not database.exists():
        return
    with contextlib.closing(sqlite3.connect(database, timeout=0)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.OperationalError:
            raise Refused(f"{database} is in use; stop what uses it first.") from None
        except sqlite3.DatabaseError:
            return  # damaged, which is a good reason to restore


def _restore_postgresql(settings: Settings, source: Path, force: bool) -> None:
    with source.open("rb") as file:
        if file.read(5) != b"PGDMP":
            raise Refused(f"{source} is no backup of a PostgreSQL database; is it one of SQLite?")
    with _connected(settings) as connection:
        others = connection.execute(_OTHERS).fetchone()
        for _ in range(20):  # a connection that was closed a moment ago takes a moment to go
            if not others or not others[0]:
                break
            time.sleep(0.1)
            others = connection.execute(_OTHERS).fetchone()
        if others and others[0]:
            raise Refused("The database is in use; stop every Folkmoot that works on it first.")
        tables = connection.execute(
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()"
        ).fetchone()
        if tables and tables[0] and not force:
            raise Refused("The database holds something already; empty it, or add --force to lose what is in it.")
    _pg_tool(settings, "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(source))


@contextlib.contextmanager
def _connected(settings: Settings) -> Iterator[psycopg.Connection]:
    try:
        with psycopg.connect(_uri(settings), autocommit=True, connect_timeout=10) as connection:
            yield connection
    except psycopg.OperationalError:
        raise Refused(f"The database at {shown(settings)} cannot be reached; check DATABASE_URL.") from None


def _uri(settings: Settings) -> str:
    return make_url(settings.database_url).set(drivername="postgresql").render_as_string(hide_password=False)


def _pg_tool(settings: Settings, tool: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own tools; the password goes by a file, because other users see a command's arguments."""
    program = shutil.which(tool)
    if program is None:
        raise Refused(f"{tool} is not installed here; it comes with PostgreSQL's client (Debian: postgresql-client).")
    parts = conninfo_to_dict(_uri(settings))
    password = str(parts.pop("password", None) or "")
    with tempfile.TemporaryDirectory(prefix="folkmoot-") as folder:
        secret = Path(folder) / "pgpass"
        secret.touch(0o600)
        escaped = password.replace("\\", "\\\\").replace(":", "\\:")
        secret.write_text(f"*:*:*:*:{escaped}\n", "utf-8")
        if password:
            parts["passfile"] = str(secret)
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own tool, with arguments of ours
            [program, "--no-password", f"--dbname={make_conninfo('', **parts)}", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode != 0:
        said = " ".join(done.stderr.split()) or f"exit {done.returncode}"
        raise Refused(f"{tool} did not succeed ({said[:300].rstrip('.')}); nothing was changed.")
