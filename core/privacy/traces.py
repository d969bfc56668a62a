"""Where members leave traces: found by the foreign keys, so that no table can be forgotten."""

from collections.abc import Iterator
from typing import Any, Literal

from sqlalchemy import Column, String, Table

from core.db import Model

Fate = Literal["forgotten", "kept"]

FATES: dict[str, Fate] = {
    "actions": "kept",
    "agenda_entries": "kept",
    "agreements": "kept",
    "allowed_tenants": "kept",
    "attendances": "kept",
    "calendar_feeds": "forgotten",
    "covers": "forgotten",
    "electors": "kept",
    "entry_interests": "kept",
    "identities": "forgotten",
    "interests": "kept",
    "invitations": "forgotten",
    "item_supports": "kept",
    "items": "kept",
    "meeting_series": "kept",
    "meetings": "kept",
    "minute_corrections": "kept",
    "outgoing": "forgotten",
    "paper_readers": "forgotten",
    "papers": "kept",
    "poll_options": "kept",
    "poll_voters": "kept",
    "polls": "kept",
    "postings": "forgotten",
    "priorities": "kept",
    "priority_scores": "forgotten",
    "reminder_preferences": "forgotten",
    "reminders": "forgotten",
    "session_notes": "kept",
    "stances": "kept",
    "task_group_members": "forgotten",
    "wordings": "kept",
}
"""What becomes of a person's rows when the person is erased, by table; a test sees to it that each table is here.

forgotten: they are deleted. kept: they are the board's record, and lead to a pseudonym from then on; but that somebody
voted in an anonymous poll is deleted (core/polls/forgetting.py), and open actions lose their owner.
"""

ACCOUNT = ("tool", "workspace", "account")


def member_columns() -> Iterator[tuple[Table, Column[Any]]]:
    """Every column that leads to a member."""
    for table in Model.metadata.sorted_tables:
        for constraint in table.foreign_key_constraints:
            if constraint.referred_table.name == "members":
                yield table, next(each for each in constraint.columns if each.name != "partnership_id")


def account_tables() -> Iterator[Table]:
    """Every table that knows people's accounts of the tools; an installation's account is Folkmoot's own."""
    for table in Model.metadata.sorted_tables:
        if table.name != "installations" and all(name in table.c for name in ACCOUNT):
            yield table


def text_columns() -> Iterator[tuple[Table, Column[Any]]]:
    """Every column of a board's tables that holds plain text; what is sealed, and members themselves, are left out."""
    for table in Model.metadata.sorted_tables:
        if "partnership_id" not in table.c or table.name in ("register", "members"):
            continue
        for column in table.c:
            if isinstance(column.type, String) and not column.unique:  # Text is one, JSON is none
                yield table, column


def message_tables() -> Iterator[Table]:
    """Every table that keeps what a message says: in its arguments, some of which are sentences with names."""
    for table in Model.metadata.sorted_tables:
        if {"partnership_id", "view", "args"} <= set(table.c.keys()):
            yield table


def things_of(table: Table) -> Iterator[tuple[Column[Any], Table, Column[Any]]]:
    """The things that a table's rows belong to and that have a reference: own column, their table, its key."""
    for constraint in table.foreign_key_constraints:
        other = constraint.referred_table
        if other.name in ("members", "organisations", "partnerships", "rooms") or "ref" not in other.c:
            continue
        column = next(each for each in constraint.columns if each.name != "partnership_id")
        yield column, other, other.c.id
