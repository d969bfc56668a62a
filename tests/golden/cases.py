"""All golden cases, and what they show."""

import asyncio
import pathlib
import shutil
from collections.abc import Mapping

from adapters.slack.answer import note_card
from core.cards import Card
from core.catalog import BY_NAME
from core.dispatch import Dispatch
from core.requests import Actor, Ask, Place, Replace, Request, Tool, Whisper
from tests.golden import (
    agreement_cases,
    asked_cases,
    doing_cases,
    doing_extremes,
    extreme_cases,
    form_cases,
    meeting_cases,
    membership_cases,
    notice_cases,
    poll_cases,
    privacy_cases,
    reminder_cases,
    tables,
    workspace_cases,
)
from tests.golden.case import Asked, Case, Everything, Shown

CASES: Mapping[str, Case] = {
    case.name: case
    for cases in (
        agreement_cases,
        asked_cases,
        doing_cases,
        doing_extremes,
        extreme_cases,
        form_cases,
        meeting_cases,
        membership_cases,
        notice_cases,
        poll_cases,
        privacy_cases,
        reminder_cases,
        workspace_cases,
    )
    for case in cases.CASES
}


def show_all(directory: pathlib.Path) -> Everything:
    """What the cases show to people of each tool, by name; what may change something is asked on a fresh copy."""
    return asyncio.run(_show_all(directory))


async def _show_all(directory: pathlib.Path) -> Everything:
    await tables.write(directory / "boards.db")
    return {"slack": await _show(directory, "slack"), "teams": await _show(directory, "teams")}


async def _show(directory: pathlib.Path, tool: Tool) -> Mapping[str, Shown]:
    boards, copy = directory / "boards.db", directory / "copy.db"
    shown = {}
    async with tables.records_in(boards) as kept, tables.records_in(copy) as fresh:
        reading = tables.a_desk(kept)
        for name, case in CASES.items():
            if not isinstance(case.what, Asked):
                shown[name] = Shown(case, case.what())
            elif BY_NAME[case.of].reads:
                shown[name] = await _answered(reading, tool, case, case.what)
            else:
                # Under one engine, which has compiled the statements of the cases before.
                await fresh.engine.dispose()
                shutil.copyfile(boards, copy)
                shown[name] = await _answered(tables.a_desk(fresh), tool, case, case.what)
    return shown


async def _answered(desk: Dispatch, tool: Tool, case: Case, asked: Asked) -> Shown:
    place = Place(tool, tables.TEAM, asked.room or "D1", personal=not asked.room, name="partners")
    actor = Actor(tool, tables.TEAM, asked.who)
    reply = await desk.handle(
        Request(actor, place, asked.source, line=asked.line, command=asked.command, args=dict(asked.args))
    )
    match reply:
        case Whisper(card=card):
            assert card.title != "Sorry", f"{case.name} met a fault of ours"
            return Shown(case, card)
        case Ask(form=form):
            return Shown(case, form)
        case Replace(note=note):
            return Shown(case, await desk.draw(reply), note)


def slack_card(shown: Shown) -> Card:
    """What Slack shows: of a click on a card that the courier redraws, the note alone."""
    assert isinstance(shown.what, Card)
    return note_card(shown.note) if shown.note else shown.what
