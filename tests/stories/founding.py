"""A world without a board: people in both tools who are nobody's members yet, and a founding code."""

import re
from typing import Any

from core.membership.founding import make_code
from tests.stories.telling import Tale
from tests.world import Board, Someone, World

NEWCOMERS = Board(
    people=(
        Someone("Grace Okafor", "", teams="oid-grace"),
        Someone("Hugo Brandt", "", slack="U0HUGO"),
        Someone("Ines Alvarez", "", slack="U0INES"),
        Someone("Twin Alvarez", "", teams="oid-ines"),  # Ines again, in her other tool
        Someone("Sam Stranger", "", slack="U0SAM"),
    ),
)
"""Nobody's members: their accounts in the tools, and two rooms that belong to no board."""

CODE = re.compile(r"\b[2-9A-Z]{5}-[2-9A-Z]{5}\b")
BOARD: dict[str, Any] = {
    "name": "Harbour Partnership",
    "organisation": "Harbour Council",
    "you": "Grace Okafor",
    "place": "Harbour",
    "purpose": "To do together what none of us can do alone.",
    "zone": "London",
    "rule": "consent",
    "quorum": "2",
}


async def founding_code(world: World) -> str:
    """What `folkmoot invite --found` prints."""
    code: str = await world.house.transactions.write(lambda session: make_code(session, world.clock.now()))
    return code


async def a_founded_board(tale: Tale) -> None:
    """Grace founds the Harbour Partnership in Teams, in her chat with Folkmoot."""
    code = await founding_code(tale.world)
    await tale.types("Grace", f"join {code}", room=False)
    await tale.is_told("Grace", "Your code lets you found a partnership")
    await tale.presses("Grace", "Found a partnership", room=False, **BOARD)
    await tale.is_told("Grace", "Setting up the board", "Harbour Partnership")
    await tale.closes("Grace")


async def code_for(tale: Tale, who: str, line: str) -> str:
    """The code that this person is told after typing this in the chat with Folkmoot."""
    await tale.types(who, line, room=False)
    said = await tale.is_told(who, "join")
    found: list[str] = CODE.findall(said)
    return found[-1]
