"""Handlers: what the board is called, and how it decides."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from core.cards import Button, Buttons
from core.commands import Context
from core.errors import Incomplete
from core.membership.effects import refresh_open
from core.membership.params import ChangeBoard, SetUp
from core.membership.records import noted, said
from core.partners import queries as partners
from core.partners.models import Partnership
from core.partners.naming import alike
from core.requests import Reply


async def prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The board as it is."""
    board = await partners.partnership(context.session, context.me.board)
    practice = await partners.practice(context.session, context.me.board)
    return {
        "name": board.name,
        "place": board.place,
        "purpose": board.purpose,
        "zone": board.timezone,
        "unit": board.voting_unit,
        "rule": practice.rule,
        "quorum": practice.quorum,
    }


async def change(context: Context, params: ChangeBoard) -> Reply:
    """Keep everything as the form says it; what is open already goes on by what it was opened with."""
    session = context.session
    names = await session.execute(select(Partnership.name).where(Partnership.id != context.me.board))
    if any(alike(params.name, name) for name in names.scalars()):
        raise Incomplete({"name": "Another board here has that name. Add the place or the year to yours."})
    found = await session.execute(select(Partnership).where(Partnership.id == context.me.board).with_for_update())
    board = found.scalar_one()
    practice = await partners.practice(session, board.id)
    before = await prefill(context, {})
    board.name, board.place, board.purpose = params.name, params.place, params.purpose
    board.timezone, board.voting_unit = params.zone, params.unit
    practice.rule, practice.quorum = params.rule, params.quorum
    session.add(practice)
    await session.flush()
    after = await prefill(context, {})
    changes = {name: {"from": before[name], "to": after[name]} for name in after if after[name] != before[name]}
    if changes:
        await noted(context, "The board's particulars were changed", board.ref, **changes)
        await refresh_open(session, board.id)
    kept = " What is open already keeps its voters." if "unit" in changes else ""
    words = f"Saved.{kept}" if changes else "Nothing was changed."
    return said(board.name, words, blocks=(Buttons((Button("Setting up", SetUp()),)),))
