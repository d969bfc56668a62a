"""A board from nothing: founded with a code, its organisations added, its people invited, its rooms connected."""

from collections.abc import AsyncIterator

import pytest

from core.partners.queries import persons_of
from core.register.queries import entries
from core.requests import Actor
from tests.stories.founding import BOARD, NEWCOMERS, a_founded_board, code_for, founding_code
from tests.stories.telling import Tale
from tests.world import TEAM, World, a_world


@pytest.fixture
async def empty(migrated_url: str) -> AsyncIterator[World]:
    """Both tools with their people, and no board at all."""
    async with a_world(migrated_url, people=NEWCOMERS) as world:
        yield world


async def test_a_board_from_nothing(empty: World) -> None:
    tale = Tale(empty, NEWCOMERS)
    await a_founded_board(tale)
    await tale.types("Grace", "home", room=False)
    await tale.is_told("Grace", "Set the board up", "1 of 5 steps done. Next: organisations.")
    await tale.presses("Grace", "Set up", room=False)
    await tale.is_told("Grace", "👉 Organisations", "Only you so far")
    lines = "Metropolitan Police, police\nHarbour College, education\nharbour council"
    await tale.presses("Grace", "Add organisations", room=False, names=lines)
    await tale.is_told(
        "Grace", "Added: Metropolitan Police, Harbour College.", "On the board already: harbour council."
    )
    await tale.closes("Grace")
    code = await code_for(tale, "Grace", 'invite Hugo Brandt organisation:"Metropolitan Police" role:representative')
    await tale.is_told("Grace", "Dear Hugo Brandt,", "/board join", "works once, until")
    await tale.types("Hugo", f"join {code.lower().replace('-', ' ')}")
    await tale.is_told("Hugo", "You are Hugo Brandt of Metropolitan Police, representative on the Harbour Partnership.")
    await tale.types("Grace", "join")
    await tale.is_told("Grace", "is now a room of the board")
    await tale.types("Grace", "setup", room=False)
    await tale.is_told("Grace", "2 members, 2 of them here already", "✅ Rooms", "👉 First business")
    await tale.presses("Hugo", "Home")
    await tale.is_told("Hugo", "Nothing: you have answered all that is open.")
    chain = await empty.read(lambda session: entries(session, 1))
    assert [entry.title for entry in chain] == [
        "The board was founded",
        "An organisation was added",
        "An organisation was added",
        "A member was invited",
        "A member joined",
        "A room was connected",
    ]
    assert not [entry for entry in chain if "Hugo" in f"{entry.subject}{entry.detail}"], "people stand by reference"
    await tale.ends_well()


async def test_the_usual_rule_and_quorum_are_what_a_proposal_starts_with(empty: World) -> None:
    tale = Tale(empty, NEWCOMERS)
    await a_founded_board(tale)
    await tale.types("Grace", "organisation Metropolitan Police, police", room=False)
    await tale.types("Grace", 'agree Share one depot closes:"in 3 days"', room=False)
    await tale.is_told("Grace", "Voting is open")
    first = await tale.agreement()
    assert (first.rule, first.quorum_number) == ("consent", 2)
    await tale.types("Grace", "setup", room=False)
    await tale.is_told("Grace", "Setting up the board", "Organisations — 2 organisations, 2 with a vote.")
    kept = {key: BOARD[key] for key in ("name", "place", "purpose", "zone")}
    changed = kept | {"rule": "two-thirds", "quorum": "half", "unit": "member"}
    await tale.presses("Grace", "Change the board", room=False, **changed)
    await tale.is_told("Grace", "Saved. What is open already keeps its voters.")
    await tale.closes("Grace")
    await tale.types("Grace", 'agree Share two depots closes:"in 3 days" quorum:none', room=False)
    await tale.is_told("Grace", "Nobody on this board has a vote yet")
    await tale.ends_well()


async def test_codes_that_are_no_good(empty: World) -> None:
    tale = Tale(empty, NEWCOMERS)
    code = await founding_code(empty)
    await tale.types("Hugo", f"join {code}")
    await tale.is_told("Hugo", "Your code lets you found a partnership")
    await tale.types("Ines", f"join {code}")  # it is spent
    await tale.is_told("Ines", "That code is not good any more.")
    for line in ("found", "found Sneaky Board organisation:Nobody you:Ines"):
        await tale.types("Ines", line)
        await tale.is_told("Ines", "you need a founding code from whoever runs Folkmoot")
    for guess in ("AAAAA-AAAAA", "BBBBB-BBBBB", "'; DROP TABLE members", "🦀" * 20):
        await tale.types("Ines", f"join {guess}")
        await tale.is_told("Ines", "That code is not good any more.")
    other = await founding_code(empty)
    await tale.types("Ines", f"join {other}")  # even a good one has to wait now
    await tale.is_told("Ines", "Those were 5 wrong codes within an hour", "you can try again in 59 minutes")
    await empty.pass_time(3601)
    await tale.types("Ines", f"join {other}")
    await tale.is_told("Ines", "Your code lets you found a partnership")
    await empty.pass_time(8 * 86_400)
    await tale.types("Ines", "join")
    await tale.is_told("Ines", "Type /board join and the code from your invitation")
    assert not await empty.read(lambda session: persons_of(session, Actor("slack", TEAM, "U0INES")))
    await tale.ends_well()
