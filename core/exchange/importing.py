"""A partnership file into the database: adds what is new, updates what differs, deletes nothing.

Everything happens in the caller's transaction, so a mistake that shows only here leaves nothing behind either.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.db import new_ref
from core.exchange.drafts import Keys, open_agreements, write_agreements
from core.exchange.membership import write_members
from core.exchange.plans import write_meetings
from core.exchange.rows import Writing
from core.exchange.shapes import BoardFile, Mistake, OrganisationPart, RoomPart, ThemePart, same
from core.exchange.working import write_work
from core.membership.effects import refresh_open
from core.outbox import changed
from core.partners import queries
from core.partners.models import Organisation, Partnership, Room
from core.partners.naming import code_of
from core.register.actions import OPERATOR, append
from core.requests import Place
from core.texts import listed
from core.themes.actions import propose_theme
from core.themes.models import Theme


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: how many of what it added and changed, and how many agreements it opened."""

    board: int
    ref: str
    name: str
    code: str
    added: Mapping[str, int]
    changed: Mapping[str, int]
    opened: int

    def sentence(self) -> str:
        """The same in words."""
        opened = {"agreements": self.opened} if self.opened else {}
        said = [_counted("added", self.added), _counted("updated", self.changed), _counted("opened", opened)]
        return f"{self.name} ({self.code}): {'; '.join(each for each in said if each) or 'nothing to change'}."


def _counted(verb: str, counts: Mapping[str, int]) -> str:
    said = [f"{number} {_one(name) if number == 1 else name}" for name, number in counts.items()]
    return f"{verb} {listed(said)}" if said else ""


def _one(name: str) -> str:
    return "priority" if name == "priorities" else name.removesuffix("s")


async def import_board(
    session: AsyncSession, board: BoardFile, now: datetime.datetime, *, open_: bool = False
) -> Imported:
    """Write the file into the database; with `open_`, open the votes on its agreements that are still drafts.

    Known things are found again: the partnership, organisations and themes by name, members by email (else by
    name and organisation), accounts and rooms by their ids, agreements by title. An agreement that was opened
    is left alone, and so is a member who has left. Raises Mistake, and then the caller rolls everything back.
    """
    writing = Writing(session, now)
    partnership = await _write_partnership(writing, board)
    organisations = await _write_organisations(writing, board.organisations)
    members = await write_members(writing, board.members, organisations)
    await _write_rooms(writing, board.rooms)
    themes = await _write_themes(writing, board.themes, organisations)
    keys = Keys(organisations, themes, members)
    drafts = await write_agreements(writing, partnership, board.agreements, keys)
    await write_work(writing, board.work, keys, board.members)
    await write_meetings(writing, board.work.meetings, keys, queries.zone_of(partnership.timezone))
    if {"organisations", "members"} & {*writing.added, *writing.changed}:
        await refresh_open(session, partnership.id)
    counts = {"added": dict(writing.added), "changed": dict(writing.changed)}
    if writing.added or writing.changed:
        await append(
            session,
            partnership.id,
            "imported",
            subject=partnership.ref,
            title="A partnership file was imported",
            now=now,
            by=OPERATOR,
            detail=dict(counts),
        )
    opened = await open_agreements(writing, drafts) if open_ else 0
    return Imported(partnership.id, partnership.ref, partnership.name, partnership.code, **counts, opened=opened)


async def _write_partnership(writing: Writing, board: BoardFile) -> Partnership:
    names = await writing.session.execute(select(Partnership.id, Partnership.name, Partnership.code))
    known = list(names.tuples())
    values: dict[str, Any] = {
        "name": board.name,
        "place": board.place,
        "purpose": board.purpose,
        "timezone": board.timezone,
        "voting_unit": board.voting_unit,
        "principles": list(board.principles),
        "criteria": [{"name": name, "weight": weight} for name, weight in board.criteria],
        "convener": board.convener,
    }
    key = next((key for key, name, _ in known if same(name) == same(board.name)), None)
    if key is None:
        code = code_of(board.name, {code for _, _, code in known})
        partnership = Partnership(ref=new_ref("brd"), code=code, created_at=writing.now, **values)
        writing.add("partnerships", partnership)
    else:
        # Locked until the commit, so that two imports of one board come one after the other.
        found = await writing.session.execute(select(Partnership).where(Partnership.id == key).with_for_update())
        partnership = found.scalar_one()
        writing.update("partnerships", partnership, values)
    await writing.session.flush()
    writing.board = partnership.id
    return partnership


async def _write_organisations(writing: Writing, parts: tuple[OrganisationPart, ...]) -> dict[str, int]:
    """Write the organisations; keys of all that the board has, by `same`."""
    rows = await writing.session.execute(select(Organisation).where(Organisation.partnership_id == writing.board))
    known = {same(row.name): row for row in rows.scalars()}
    for part in parts:
        values = {"name": part.name, "sector": part.sector, "voting": part.voting}
        row = known.get(same(part.name))
        if row is None:
            row = Organisation(partnership_id=writing.board, ref=new_ref("org"), created_at=writing.now, **values)
            known[same(part.name)] = row
            writing.add("organisations", row)
        else:
            writing.update("organisations", row, values)
    await writing.session.flush()
    return {name: row.id for name, row in known.items()}


async def _write_rooms(writing: Writing, parts: tuple[RoomPart, ...]) -> None:
    for part in parts:
        room = await queries.room_at(writing.session, Place(part.tool, part.workspace, part.conversation))
        values = {"name": part.name, "service_url": part.service_url, "bot": part.bot}
        if room is None:
            room = Room(
                partnership_id=writing.board,
                ref=new_ref("room"),
                tool=part.tool,
                workspace=part.workspace,
                conversation=part.conversation,
                created_at=writing.now,
                **values,
            )
            writing.add("rooms", room)
        elif room.partnership_id != writing.board:
            raise Mistake(part.line, "this conversation belongs to another board already; give each board its own.")
        else:
            writing.update("rooms", room, values)
    await writing.session.flush()


async def _write_themes(
    writing: Writing, parts: tuple[ThemePart, ...], organisations: Mapping[str, int]
) -> dict[str, int]:
    """Write the themes; keys of all that the board has, by `same`. A known theme keeps the state that it has."""
    rows = await writing.session.execute(select(Theme).where(Theme.partnership_id == writing.board))
    known = {same(row.name): row for row in rows.scalars()}
    for part in parts:
        values: dict[str, Any] = {
            "name": part.name,
            "scope": part.scope,
            "lead_id": organisations[same(part.lead)] if part.lead else None,
            "objectives": list(part.objectives),
            "projects": list(part.projects),
        }
        row = known.get(same(part.name))
        if row is None:
            row = await propose_theme(writing.session, writing.board, now=writing.now, state=part.state, **values)
            known[same(part.name)] = row
            writing.added["themes"] += 1
        elif writing.update("themes", row, values):
            await changed(writing.session, row.ref)
    return {name: row.id for name, row in known.items()}
