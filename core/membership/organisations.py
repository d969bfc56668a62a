"""Handlers: the board's organisations, seen, added, put right, and taken off while they have no history."""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.cards import Block, Bold, Button, Buttons, Card, Facts, Line, Listing, Menu, Text
from core.commands import STEERING, Context
from core.db import Model, new_ref
from core.errors import Incomplete, Refused
from core.membership import lookup
from core.membership.effects import refresh_open
from core.membership.params import (
    AddOrganisations,
    ChangeOrganisation,
    Invite,
    ListMembers,
    ListOrganisations,
    RemoveOrganisation,
    ShowMember,
    ShowOrganisation,
)
from core.membership.records import noted, said
from core.membership.setup import back
from core.paging import Place
from core.partners import queries as partners
from core.partners.models import Organisation
from core.partners.naming import alike
from core.requests import Reply, Whisper
from core.texts import some

PAGE = 20
MOST = 50  # in one go
_LONGEST = {"name": 200, "sector": 100}


async def show_list(context: Context, params: ListOrganisations) -> Reply:
    """One page of the organisations, with the way to each."""
    everyone = await partners.organisations(context.session, context.me.board)
    found = [each for each in everyone if not params.search or lookup.says(params.search, each.name, each.sector)]
    steers = context.me.role in STEERING
    add = (Button("Add organisations", AddOrganisations(), asks=True),) if steers else ()
    way = (*add, *(await back(context.session, context.me.board) if steers else ()))
    if not found:
        words = "No organisation of this board is called that." if everyone else "There are no organisations yet."
        return said("Organisations", words, blocks=(Buttons((Button("All organisations", ListOrganisations()), *way)),))
    place = Place(params.page, len(found), PAGE)
    here = place.here(found)
    lines: tuple[Line, ...] = tuple(_line(each) for each in here)
    blocks: list[Block] = [
        Listing(lines, bullets=False),
        Menu("Open one", tuple(Button(each.name, ShowOrganisation(each.ref)) for each in here)),
        *place.turning(lambda page: ListOrganisations(params.search, page), beside=way),
    ]
    words = f"{len(found)} {'organisation' if len(found) == 1 else 'organisations'}."
    return Whisper(Card(title="Organisations", blocks=tuple(blocks), summary=words))


def _line(partner: partners.Partner) -> Line:
    sector = f" — {partner.sector}" if partner.sector else ""
    return (Bold(partner.name), sector, "" if partner.voting else " (no vote)")


async def show(context: Context, params: ShowOrganisation) -> Reply:
    """One organisation, and who is in it."""
    return Whisper(await card(context, params.organisation))


async def card(context: Context, ref: str, note: str = "") -> Card:
    """The organisation of this reference as a card. Raises Refused."""
    board = context.me.board
    partner = next((each for each in await partners.organisations(context.session, board) if each.ref == ref), None)
    if partner is None:
        raise Refused(lookup.NO_ORGANISATION)
    people = await lookup.listed(context.session, board, organisation=ref)
    facts: list[tuple[str, Line]] = [("In agreements", ("has a vote" if partner.voting else "has no vote",))]
    if partner.sector:
        facts.insert(0, ("Sector", (partner.sector,)))
    blocks: list[Block] = [Text((note,), "good")] if note else []
    blocks.append(Facts(tuple(facts)))
    lines: tuple[Line, ...] = tuple((Bold(each.name), f" — {each.role}", _absent(each)) for each in people[:PAGE])
    blocks.append(
        Listing(lines, title="People", more=ListMembers(partner.name)) if people else Text(("Nobody yet.",), "subtle")
    )
    if people:
        blocks.append(Menu("Open a member", tuple(Button(each.name, ShowMember(each.ref)) for each in people[:PAGE])))
    buttons: list[Button] = []
    if context.me.role in STEERING:
        gone = f"Take {partner.name} off the board? This works while it has nobody and no history."
        buttons = [
            Button("Invite someone", Invite(partner=ref), asks=True),
            Button("Change", ChangeOrganisation(ref), asks=True),
            Button("Remove", RemoveOrganisation(ref), style="danger", confirm=gone),
        ]
    blocks.append(Buttons((*buttons, Button("All organisations", ListOrganisations()))))
    return Card(title=partner.name, blocks=tuple(blocks), summary=note or f"{partner.name}, {len(people)} people.")


def _absent(each: lookup.Listed) -> str:
    return "" if each.tools else " (has not joined yet)"


def read_lines(text: str) -> list[tuple[str, str]]:
    """Names and sectors, one organisation on each line (or divided by semicolons), the sector after its comma.

    A name of several parts may have commas of its own within quotes. Raises Incomplete.
    """
    found: list[tuple[str, str]] = []
    for line in re.split(r"[\n;]+", text):
        words = line.strip(" -•\t")
        if not words:
            continue
        quoted = re.fullmatch(r'["“](.+?)["”]\s*(?:,\s*(.*))?', words)
        name, _, sector = (quoted[1], "", quoted[2] or "") if quoted else words.partition(",")
        name, sector = name.strip(), sector.strip()
        if not name:
            raise Incomplete({"names": "A line has no name before its comma; write the name first."})
        for what, value in (("name", name), ("sector", sector)):
            if len(value) > _LONGEST[what]:
                short = value[:40].rstrip()
                raise Incomplete(
                    {"names": f"“{short}…” is too long for a {what}; keep it to {_LONGEST[what]} letters."}
                )
        found.append((name, sector))
    if not found:
        raise Incomplete({"names": "Write at least one name."})
    if len(found) > MOST:
        raise Incomplete({"names": f"{len(found)} are too many at once; please add {MOST} or fewer."})
    return found


async def add(context: Context, params: AddOrganisations) -> Reply:
    """Add what is new; what is there already is only said."""
    session, board = context.session, context.me.board
    names = [each.name for each in await partners.organisations(session, board)]
    made: list[Organisation] = []
    there: list[str] = []
    for name, sector in read_lines(params.names):
        if any(alike(name, known) for known in names):
            there.append(name)
            continue
        names.append(name)
        made.append(
            Organisation(
                partnership_id=board,
                ref=new_ref("org"),
                name=name,
                sector=sector,
                voting=params.votes != "no",
                created_at=context.now,
            )
        )
    session.add_all(made)
    await session.flush()
    for each in made:
        await noted(context, "An organisation was added", each.ref, name=each.name, votes=each.voting)
    if made:
        await refresh_open(session, board)
    sentences = [f"Added: {some([each.name for each in made], 12)}."] if made else []
    if there:
        sentences.append(f"On the board already: {some(there, 12)}.")
    buttons = (
        Button("Invite someone", Invite(), style="primary", asks=True),
        Button("Add more", AddOrganisations(), asks=True),
        Button("See organisations", ListOrganisations()),
        *await back(session, board),
    )
    return said("Organisations", *sentences, blocks=(Buttons(buttons),))


async def change_prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The organisation as it is."""
    row = await _seen(context, str(given.get("organisation", "")))
    return {"name": row.name, "sector": row.sector, "votes": "yes" if row.voting else "no"}


async def _seen(context: Context, ref: str) -> partners.Partner:
    everyone = await partners.organisations(context.session, context.me.board)
    found = next((each for each in everyone if each.ref == ref), None)
    if found is None:
        raise Refused(lookup.NO_ORGANISATION)
    return found


async def change(context: Context, params: ChangeOrganisation) -> Reply:
    """Keep name, sector and vote as the form says them."""
    session, board = context.session, context.me.board
    row = await lookup.organisation(session, board, params.organisation)
    for other in await partners.organisations(session, board):
        if other.id != row.id and alike(other.name, params.name):
            raise Incomplete({"name": f"{other.name} is on the board already; choose another name."})
    votes = params.votes == "yes"
    changes = {
        field: {"from": getattr(row, field), "to": value}
        for field, value in (("name", params.name), ("sector", params.sector), ("voting", votes))
        if getattr(row, field) != value
    }
    if not changes:
        return Whisper(await card(context, row.ref, "Nothing was changed."))
    row.name, row.sector, row.voting = params.name, params.sector, votes
    await session.flush()
    await noted(context, "An organisation was changed", row.ref, **changes)
    await refresh_open(session, board)
    kept = " What is open already keeps its electorate." if "voting" in changes else ""
    return Whisper(await card(context, row.ref, f"Saved.{kept}"))


async def remove(context: Context, params: RemoveOrganisation) -> Reply:
    """Take it off, unless anybody or anything belongs to it."""
    session, board = context.session, context.me.board
    row = await lookup.organisation(session, board, params.organisation)
    if await lookup.listed(session, board, organisation=row.ref):
        raise Refused(f"{row.name} still has people on the board. Remove them first, or take its vote away instead.")
    if await _has_history(session, row):
        raise Refused(f"{row.name} is part of the board's history, so it stays. You can take its vote away instead.")
    name = row.name
    await noted(context, "An organisation was removed", row.ref, name=name)
    await session.delete(row)
    await session.flush()
    await refresh_open(session, board)
    return said("Removed", f"{name} is no longer on the board.", blocks=await _ways(context))


async def _ways(context: Context) -> tuple[Block, ...]:
    ways = (Button("All organisations", ListOrganisations()), *await back(context.session, context.me.board))
    return (Buttons(ways),)


async def _has_history(session: AsyncSession, row: Organisation) -> bool:
    """Whether any row of any table belongs to it: members who left, votes, themes it leads, and whatever comes."""
    for table, column in referring("organisations"):
        mine = (table.c.partnership_id == row.partnership_id) & (table.c[column] == row.id)
        if (await session.execute(select(func.count()).select_from(table).where(mine))).scalar_one():
            return True
    return False


def referring(name: str) -> list[tuple[Table, str]]:
    """Every table and column that refers to rows of the table of this name within their board."""
    return [
        (table, key.parent.name)
        for table in Model.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == name and key.parent.name != "partnership_id"
    ]
