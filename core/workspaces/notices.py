"""Telling those who steer a board that a workspace of theirs has gone, in a place that still works."""

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import func, select

from core.cards import Bold, Card, Params, Text
from core.commands import Sight, View, param
from core.partners.models import Room
from core.workspaces.models import Installation

_TOOLS = {"slack": "Slack", "teams": "Microsoft Teams"}


@dataclass(frozen=True)
class WorkspaceEnded(Params):
    """Folkmoot is no longer installed in a workspace of this board."""

    command: ClassVar[str] = "workspaces.ended"
    tool: str = param("line", "Tool", hidden=True)
    workspace: str = param("line", "Workspace", hidden=True)


async def draw_ended(sight: Sight, view: WorkspaceEnded) -> Card | None:
    """Which workspace, and what that means for this board; nothing once Folkmoot is back in it."""
    found = await sight.session.execute(
        select(Installation).where(
            Installation.tool == view.tool, Installation.workspace == view.workspace, Installation.state != "installed"
        )
    )
    row = found.scalar_one_or_none()
    if row is None:
        return None
    rooms = await sight.session.execute(
        select(func.count(Room.id)).where(
            Room.partnership_id == sight.board, Room.ref.in_(row.rooms), Room.state == "lost"
        )
    )
    return ended_card(view.tool, row.name, removed=row.state == "removed", rooms=rooms.scalar_one())


def ended_card(tool: str, name: str, *, removed: bool, rooms: int) -> Card:
    """What has happened, what of the board's is concerned, and what helps. rooms: how many of the board's were lost."""
    place = f"the {_TOOLS[tool]} workspace {name}" if name else f"a {_TOOLS[tool]} workspace of your board"
    if removed:
        words = f"Folkmoot was removed from {place}."
        count = "A room" if rooms == 1 else f"{rooms} rooms"
        lost = f"{count} of this board {'is' if rooms == 1 else 'are'} lost with it. " if rooms else ""
        meaning = f"{lost}Nothing is sent there, and nothing else is touched: votes and cards go on elsewhere."
        help_ = "When it is installed there again, its rooms come back by themselves."
    else:
        words = f"{place[0].upper()}{place[1:]} has revoked Folkmoot's access."
        meaning = "What was to be sent there waits. Nothing else is touched: votes and cards go on elsewhere."
        help_ = "Installing Folkmoot there again is enough; what waited is then sent."
    who = "Its people can act from another tool, if they have joined there too. "
    blocks = (Text((Bold(words),)), Text((meaning,)), Text((who + help_,)))
    return Card(title="A workspace is gone", blocks=blocks, summary=words)


VIEWS: tuple[View[Any], ...] = (View(params=WorkspaceEnded, draw=draw_ended),)
