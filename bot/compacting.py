"""Taking what was deleted out of the file, too: SQLite leaves it in free pages until they are used again."""

import contextlib
import sqlite3

from bot.settings import Settings


def compact(settings: Settings) -> bool:
    """Rewrite an SQLite file without its free pages; whether it could be. A server that is busy with it is left alone.

    PostgreSQL's own autovacuum does the same in time.
    """
    file = settings.database_file
    if file is None or not file.is_file():
        return False
    with contextlib.closing(sqlite3.connect(file, timeout=5, isolation_level=None)) as connection:
        try:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.OperationalError:
            return False
    return True
