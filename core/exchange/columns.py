"""A register of an export as a sheet: which rows stand in it, and how each column is read from one."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from core.documents import Cell, Sheet
from core.exchange.plain import Row, moment_in

Column: TypeAlias = tuple[str, str] | tuple[str, str, Callable[[Any], Cell]]
"""A column's title, where its value stands in a row (`outcome.result`), and how it is read."""


def moment(value: Any) -> Cell:
    """A moment of an export as a moment."""
    return moment_in(value) if value else None


def day(value: Any) -> Cell:
    """A day of an export as a day."""
    return datetime.date.fromisoformat(value) if value else None


def words(value: Any) -> Cell:
    """A list as words."""
    return "; ".join(str(each) for each in value) if value else None


def word(value: Any) -> Cell:
    """A state as people write it."""
    return str(value).replace("_", " ") if value else None


@dataclass(frozen=True, slots=True)
class Register:
    """One sheet: its name, the rows of an export that stand in it, and its columns."""

    name: str
    rows: Callable[[Row], Iterable[Row]]
    columns: Sequence[Column]

    def sheet(self, exported: Row) -> Sheet:
        """The register of one export."""
        rows = (tuple(_value(row, column) for column in self.columns) for row in self.rows(exported))
        return Sheet(self.name, tuple(column[0] for column in self.columns), tuple(rows))


def _value(row: Row, column: Column) -> Cell:
    value: Any = row
    for key in column[1].split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    read = column[2] if len(column) == 3 else None
    found: Cell = read(value) if read else value
    return found
