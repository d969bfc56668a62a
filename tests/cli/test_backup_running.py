"""A backup of a database that is being written to is always one moment of it."""

import contextlib
import sqlite3
import threading
from collections.abc import Callable

from tests.cli.shell import Shell


def test_twenty_of_twenty_snapshots_are_consistent(bare: Shell, report: Callable[[str], None]) -> None:
    """A writer changes two tables and adds to a third in each transaction; in every snapshot they agree."""
    bare.write("board.toml", BOARD)
    bare.good("import", "board.toml")
    stop, written = threading.Event(), [0]
    file = bare.folder / "var" / "folkmoot.db"

    def write() -> None:
        with contextlib.closing(sqlite3.connect(file, timeout=30, isolation_level=None)) as connection:
            while not stop.is_set():
                written[0] += 1
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(
                    "INSERT INTO deliveries (key, at) VALUES (?, '2026-01-01')", (f"{written[0]}{'x' * 250}",)
                )
                connection.execute("UPDATE partnerships SET purpose = ?", (str(written[0]),))
                connection.execute("UPDATE organisations SET sector = ?", (str(written[0]),))
                connection.execute("COMMIT")

    writer = threading.Thread(target=write)
    writer.start()
    seen, good = [], 0
    try:
        for number in range(20):
            bare.good("backup", f"safe{number}")
            with contextlib.closing(sqlite3.connect(bare.folder / f"safe{number}")) as copy:
                (whole,) = copy.execute("PRAGMA integrity_check").fetchone()
                (count,) = copy.execute("SELECT count(*) FROM deliveries").fetchone()
                (purpose,) = copy.execute("SELECT purpose FROM partnerships").fetchone()
                sectors = {sector for (sector,) in copy.execute("SELECT sector FROM organisations")}
            seen.append(count)
            good += whole == "ok" and (count == 0 or ({purpose} == sectors == {str(count)}))
    finally:
        stop.set()
        writer.join()
    report(f"{good} of 20 snapshots consistent, beside {written[0]} transactions")
    assert good == 20
    assert len(set(seen)) > 10, "nothing was written meanwhile"


BOARD = """
[partnership]
name = "Harbour Board"
[[organisations]]
name = "Council"
[[organisations]]
name = "Police"
"""
