"""Where members leave traces: found by the foreign keys, so that no table can be forgotten."""

from collections.abc import Iterator
from typing import Any, Literal

from sqlalchemy import Column, String, Table

from core.db import Model

Fate = Literal["forgotten", "kept"]

FATES: dict[str, Fate] = {
    "agreements": "kept",
    "electors": "kept",
    "identities": "forgotten",
    "interests": "kept",
    "invitations": "forgotten",
    "outgoing": "forgotten",
    "postings": "forgotten",
    "reminder_preferences": "forgotten",
    "reminders": "forgotten",
    "stances": "kept",
    "wordings": "kept",
}
"""What becomes of a person's rows when the person is erased, by table; a test sees to it that each table is here.

forgotten: they are deleted. kept: they are the board's record, and lead to a pseudonym from then on.
"""

ACCOUNT = ("tool", "workspace", "account")


def member_columns() -> Iterator[tuple[Table, Column[Any]]]:
    """Every column that leads to a member."""
    for table in Model.metadata.sorted_tables:
        for constraint in table.foreign_key_constraints:
            if constraint.referred_table.name == "members":
                yield table, next(each for each in constraint.columns if each.name != "partnership_id")


def account_tables() -> Iterator[Table]:
    """Every table that knows accounts of the tools."""
    for table in Model.metadata.sorted_tables:
        if all(name in table.c for name in ACCOUNT):
            yield table


def text_columns() -> Iterator[tuple[Table, Column[Any]]]:
    """Every column of a board's tables that holds plain text; what is sealed, and members themselves, are left out."""
    for table in Model.metadata.sorted_tables:
        if "partnership_id" not in table.c or table.name in ("register", "members"):
            continue
        for column in table.c:
            if isinstance(column.type, String) and not column.unique:  # Text is one, JSON is none
                yield table, column


def things_of(table: Table) -> Iterator[tuple[Column[Any], Table, Column[Any]]]:
    """The things that a table's rows belong to and that have a reference: own column, their table, its key."""
    for constraint in table.foreign_key_constraints:
        other = constraint.referred_table
        if other.name in ("members", "organisations", "partnerships", "rooms") or "ref" not in other.c:
            continue
        column = next(each for each in constraint.columns if each.name != "partnership_id")
        yield column, other, other.c.id
