"""A partnership file into the database: adds what is new, updates what differs, deletes nothing.

Everything happens in the caller's transaction, so a mistake that shows only here leaves nothing behind either.
"""

import datetime
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.db import Model, new_ref
from core.exchange.drafts import import_agreements, open_agreements
from core.exchange.membership import import_members
from core.exchange.shapes import BoardFile, Mistake, OrganisationPart, RoomPart, ThemePart, same
from core.outbox import changed
from core.partners import queries
from core.partners.models import Organisation, Partnership, Room
from core.register.actions import OPERATOR, append
from core.requests import Place
from core.themes.actions import propose_theme
from core.themes.models import Theme

_LONGEST_CODE = 6


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: how many of what were added and changed, and how many agreements were opened."""

    board: int
    ref: str
    name: str
    code: str
    added: Mapping[str, int] = field(default_factory=dict)
    changed: Mapping[str, int] = field(default_factory=dict)
    opened: int = 0

    def sentence(self) -> str:
        """The same in words."""
        said = [_listed("added", self.added), _listed("updated", self.changed)]
        said += [_listed("opened", {"agreements": self.opened} if self.opened else {})]
        done = "; ".join(each for each in said if each) or "nothing to change"
        return f"{self.name} ({self.code}): {done}."


def _listed(verb: str, counts: Mapping[str, int]) -> str:
    said = [f"{number} {name if number != 1 else _singular(name)}" for name, number in counts.items()]
    if not said:
        return ""
    return f"{verb} {said[0] if len(said) == 1 else ', '.join(said[:-1]) + ' and ' + said[-1]}"


def _singular(name: str) -> str:
    return name.removesuffix("s")


async def import_board(
    session: AsyncSession, board: BoardFile, now: datetime.datetime, *, open_: bool = False
) -> Imported:
    """Write the file into the database; with `open_`, open the votes on its agreements that are still drafts.

    Known things are found again: the partnership, organisations and themes by name, members by email (else by
    name and organisation), accounts and rooms by their ids, agreements by title. One that was opened is left
    alone, and so is a member who has left. Raises Mistake, and then the caller rolls everything back.
    """
    added: Counter[str] = Counter()
    altered: Counter[str] = Counter()
    partnership = await _partnership(session, board, now, added, altered)
    key = partnership.id
    organisations = await _organisations(session, key, board.organisations, now, added, altered)
    members = await import_members(session, key, board.members, organisations, now, added, altered)
    await _rooms(session, key, board.rooms, now, added, altered)
    themes = await _themes(session, key, board.themes, organisations, now, added, altered)
    drafts = await import_agreements(
        session, partnership, board.agreements, (organisations, members, themes), now, added, altered
    )
    if added or altered:
        await append(
            session,
            key,
            "imported",
            subject=partnership.ref,
            title="A partnership file was imported",
            now=now,
            by=OPERATOR,
            detail={"added": dict(added), "changed": dict(altered)},
        )
    opened = await open_agreements(session, drafts, now) if open_ else 0
    return Imported(key, partnership.ref, partnership.name, partnership.code, dict(added), dict(altered), opened)


def update(row: Model, values: Mapping[str, Any]) -> bool:
    """Set what differs; whether anything did."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


async def _partnership(
    session: AsyncSession, board: BoardFile, now: datetime.datetime, added: Counter[str], altered: Counter[str]
) -> Partnership:
    names = await session.execute(select(Partnership.id, Partnership.name, Partnership.code))
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
    if key is not None:
        # Locked until the commit, so that two imports of one board come one after the other.
        found = await session.execute(select(Partnership).where(Partnership.id == key).with_for_update())
        partnership = found.scalar_one()
        altered["partnerships"] += update(partnership, values)
        altered += Counter()  # forgets what is zero
    else:
        code = code_of(board.name, {code for _, _, code in known})
        partnership = Partnership(ref=new_ref("brd"), code=code, created_at=now, **values)
        session.add(partnership)
        added["partnerships"] += 1
    await session.flush()
    return partnership


def code_of(name: str, taken: set[str]) -> str:
    """The letters before a board's register numbers: its initials, two to six, and a digit if they are taken."""
    plain = unicodedata.normalize("NFKD", name.replace("'", "").replace("’", "")).encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Z0-9]+", plain.upper())
    code = "".join(word[0] for word in words)[:_LONGEST_CODE]
    if len(code) < 2:
        code = "".join(words)[:3]
    if len(code) < 2:
        code = "BOARD"  # a name in letters that a register number can't have
    found, number = code, 2
    while found in taken:
        found, number = f"{code}{number}", number + 1
    return found


async def _organisations(
    session: AsyncSession,
    board: int,
    parts: tuple[OrganisationPart, ...],
    now: datetime.datetime,
    added: Counter[str],
    altered: Counter[str],
) -> dict[str, int]:
    """Write the organisations; keys of all that the board has, by `same`."""
    rows = await session.execute(select(Organisation).where(Organisation.partnership_id == board))
    known = {same(row.name): row for row in rows.scalars()}
    for part in parts:
        values = {"name": part.name, "sector": part.sector, "voting": part.voting}
        row = known.get(same(part.name))
        if row is None:
            row = Organisation(partnership_id=board, ref=new_ref("org"), created_at=now, **values)
            known[same(part.name)] = row
            session.add(row)
            added["organisations"] += 1
        elif update(row, values):
            altered["organisations"] += 1
    await session.flush()
    return {name: row.id for name, row in known.items()}


async def _rooms(
    session: AsyncSession,
    board: int,
    parts: tuple[RoomPart, ...],
    now: datetime.datetime,
    added: Counter[str],
    altered: Counter[str],
) -> None:
    for part in parts:
        room = await queries.room_at(session, Place(part.tool, part.workspace, part.conversation))
        values = {"name": part.name, "service_url": part.service_url, "bot": part.bot}
        if room is None:
            session.add(
                Room(
                    partnership_id=board,
                    ref=new_ref("room"),
                    tool=part.tool,
                    workspace=part.workspace,
                    conversation=part.conversation,
                    created_at=now,
                    **values,
                )
            )
            added["rooms"] += 1
        elif room.partnership_id != board:
            raise Mistake(part.line, "this conversation belongs to another board already; give each board its own.")
        elif update(room, values):
            altered["rooms"] += 1
    await session.flush()


async def _themes(
    session: AsyncSession,
    board: int,
    parts: tuple[ThemePart, ...],
    organisations: Mapping[str, int],
    now: datetime.datetime,
    added: Counter[str],
    altered: Counter[str],
) -> dict[str, int]:
    """Write the themes; keys of all that the board has, by `same`. A known theme keeps the state that it has."""
    rows = await session.execute(select(Theme).where(Theme.partnership_id == board))
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
            known[same(part.name)] = await propose_theme(session, board, now=now, state=part.state, **values)
            added["themes"] += 1
        elif update(row, values):
            altered["themes"] += 1
            await changed(session, row.ref)
    return {name: row.id for name, row in known.items()}
