"""Whether every statement names the board whose rows it reads or changes, found out while the product is tried.

A statement may instead name a row by its key, because keys never leave the database: what people hold are references,
and from a reference to a key one comes only through a statement that is looked at here. `test_no_command_takes_a_key`
holds the other end.
"""

import pathlib
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import greenlet  # type: ignore[import-untyped]
from sqlalchemy import event
from sqlalchemy.engine import Engine

from core import tables
from core.tables import metadata

OWNED = frozenset(table.name for table in metadata.sorted_tables if "partnership_id" in table.c)
EXCEPTIONS = {
    "core/agreements/casting.py:_locked": "votes of many boards in one go; each is held against its voter's own board",
    "core/membership/founding.py:claim": "a founding code belongs to no board; it makes one",
    "core/membership/founding.py:claimed": "a founding code belongs to an account until it has made a board",
    "core/outbox.py:changed": "the version of a card's subject, by references of things that were found before",
    "core/partners/queries.py:board_by_ref": "asks which board a reference is of; whose it is not is refused then",
    "core/partners/queries.py:has_chosen": "asks on which of all boards of an account it is",
    "core/partners/queries.py:room_at": "asks which board a room is of",
    "core/polls/electorate.py:narrow": "which of many polls are for rooms or groups; each is found by its board then",
    "core/trails.py:known": "asks whether a reference is of the board, and compares",
}
"""Statements that name neither, with the reason; one that is not made any more has to go from here."""
_CORE = f"{pathlib.Path(tables.__file__).parent}/"
_TABLE = re.compile(r"(?:FROM|JOIN|UPDATE|,) (\w+)(?: AS (\w+))?")


def unnamed(statement: str) -> set[str]:
    """The boards' tables that this statement reads or changes without naming the board, or rows by their key."""
    found = set()
    for table, alias in _TABLE.findall(statement):
        column = rf"{alias or table}\.(?:partnership_id|id|\w+_id)"
        if table in OWNED and not re.search(rf"\b{column} (?:=|IN)|= {column}\b", statement):
            found.add(table)
    return found


@contextmanager
def watched(engine: Engine) -> Iterator[dict[str, set[str]]]:
    """Where statements are made that name no board, and for which tables."""
    seen: set[str] = set()
    found: dict[str, set[str]] = {}

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement not in seen and not statement.startswith(("INSERT", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.add(statement)
            named_not = unnamed(statement)
            place = _place() if named_not else ""
            if place:
                found.setdefault(place, set()).update(named_not)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _place() -> str:
    """The innermost function of `core` that waits for the statement; empty when a test asks."""
    here: Any = greenlet.getcurrent()  # SQLAlchemy runs statements in one of its own; who waits is its parent
    frame: Any = sys._getframe(1)
    while here is not None:
        while frame is not None:
            if frame.f_code.co_filename.startswith(_CORE):
                return f"core/{frame.f_code.co_filename.removeprefix(_CORE)}:{frame.f_code.co_name}"
            frame = frame.f_back
        here = here.parent
        frame = here.gr_frame if here is not None else None
    return ""
