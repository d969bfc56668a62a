"""All that a board keeps about one person, as plain data: found by the foreign keys, so that nothing is left out."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, Text, cast, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.partners.models import Member, Organisation, Partnership
from core.privacy.traces import member_columns, things_of
from core.register.models import Entry
from core.register.naming import names_of, with_names

UNTOLD = frozenset({"id", "partnership_id", "code_hash", "owner", "leased_until", "lane", "cause", "doubt"})
"""Columns that say nothing about a person: keys, locks, and the hashes of codes."""


async def gather(session: AsyncSession, board: int, ref: str) -> dict[str, Any] | None:
    """The person, every row that leads to the person by table, and the entries of the register; None if unknown."""
    found = await session.execute(
        select(Member, Organisation.name, Partnership.name)
        .join(Organisation, Organisation.id == Member.organisation_id)
        .join(Partnership, Partnership.id == Member.partnership_id)
        .where(Member.partnership_id == board, Member.ref == ref)
    )
    row = found.tuples().one_or_none()
    if row is None:
        return None
    member, organisation, partnership = row
    person = {
        "id": member.ref,
        "name": member.name,
        "email": member.email,
        "organisation": organisation,
        "role": member.role,
        "board": partnership,
        "since": _plain(member.created_at),
        "left_at": _plain(member.left_at),
        "erased_at": _plain(member.erased_at),
    }
    records: dict[str, list[dict[str, Any]]] = {}
    for table, column in member_columns():
        rows = await session.execute(
            select(table).where(table.c.partnership_id == board, column == member.id).order_by(*table.primary_key)
        )
        taken = [_told(table, each._mapping) for each in rows]
        about = await _things(session, table, board, taken)
        if taken:
            # SQLAlchemy names tables and columns by a string of its own kind, which JSON may refuse.
            records.setdefault(str(table.name), []).extend(_finished(each, about, column.name) for each in taken)
    return {"person": person, "records": records, "register": await _entries(session, board, member)}


def _told(table: Table, row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(column.name): _plain(row[column.name]) for column in table.c if column.name not in UNTOLD}


async def _things(
    session: AsyncSession, table: Table, board: int, rows: Sequence[Mapping[str, Any]]
) -> dict[str, dict[int, str]]:
    """What the keys in these rows lead to: by column, the reference by key."""
    about: dict[str, dict[int, str]] = {}
    for own, other, key in things_of(table):
        keys = {row[own.name] for row in rows if row.get(own.name) is not None}
        found = await session.execute(
            select(key, other.c.ref).where(other.c.partnership_id == board, key.in_(sorted(keys)))
        )
        about[own.name] = dict(found.tuples().all())
    return about


def _finished(row: Mapping[str, Any], about: Mapping[str, Mapping[int, str]], by: str) -> dict[str, Any]:
    """Without keys: those of things become references, others are left out."""
    told: dict[str, Any] = {}
    for name, value in row.items():
        if name in about:
            told[name.removesuffix("_id")] = about[name].get(value)
        elif name == by and name != "member_id":
            told["as"] = name.removesuffix("_id")
        elif not name.endswith("_id"):
            told[name] = value
    return told


async def _entries(session: AsyncSession, board: int, member: Member) -> list[dict[str, Any]]:
    names = await names_of(session, board)
    detail = cast(Entry.detail, Text)
    mine = or_(
        Entry.actor.startswith(member.ref),
        Entry.subject == member.ref,
        detail.contains(member.ref),
        (Entry.format == 1) & or_(Entry.actor.startswith(member.name, autoescape=True), detail.contains(member.name)),
    )
    found = await session.execute(select(Entry).where(Entry.partnership_id == board, mine).order_by(Entry.position))
    return [
        {
            "position": entry.position,
            "number": entry.number,
            "kind": entry.kind,
            "title": with_names(entry.title, names),
            "by": with_names(entry.actor, names),
            "at": _plain(entry.at),
        }
        for entry in found.scalars()
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, datetime.date) else value
