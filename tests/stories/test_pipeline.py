"""Economic recovery walks the four steps: scored, agreed, and through every gate with its evidence."""

import datetime
from typing import Any

from tests.stories.telling import Tale
from tests.world import World

SCORERS = ("Ravi", "Peter", "Nadia", "Colin")


async def test_a_priority_is_scored_agreed_and_walks_all_four_gates(world: World) -> None:
    tale = Tale(world)
    await tale.types("Cleo", "priority Economic recovery #smart-cities")
    await tale.is_told("Cleo", "Partners score it")
    await world.until(lambda: "0 of 4 organisations scored it" in tale.rooms_say())

    # Each one's own until all have scored.
    for count, (name, points) in enumerate(zip(SCORERS, ("5", "4", "3", "4"), strict=True), start=1):
        await tale.presses(name, "Score it", c1=points)
        if count < len(SCORERS):
            await tale.is_told(name, "It stays yours until all have scored")
            assert "of 5" not in tale.rooms_say()
    await world.until(lambda: tale.rooms_say().count("Scored 4.0 of 5, 1st of 1 proposed") >= 2)

    # It goes on only once the partners have agreed it.
    await tale.presses("Cleo", "Begin discovery")
    await tale.is_told("Cleo", "The partners have not agreed it by an agreement yet")
    await world.slack.close("T0BOARD01", "U0CHAIR")
    await tale.presses("Cleo", "Put it to the partners")
    await world.until(lambda: "Make it a priority: Economic recovery" in tale.form("Cleo"))
    await tale.sends("Cleo", closes=world.clock.now() + _days(5))
    await world.until(lambda: "Agreement 1: open to the vote" in tale.rooms_say())
    for name in SCORERS:
        await tale.presses(name, "Consent")
    await tale.presses("Cleo", "Close early", why="All have answered.")
    await world.until(lambda: "Agreed by consent: 4 of 4" in tale.rooms_say())

    await tale.presses("Cleo", "Begin discovery")
    await tale.is_told("Cleo", "moved on to discovery")
    await tale.presses("Nadia", "On to mapping", evidence="Claims have doubled.", affected="Young people.")
    await tale.is_told("Nadia", "Only the chair, the coordinator, its lead or its sponsor can move this priority.")
    steps: tuple[tuple[str, dict[str, Any]], ...] = (
        ("On to mapping", {"evidence": "Claims have doubled.", "affected": "Young people."}),
        ("On to system action", {"who": "The Job Centre.", "assets": "Two colleges.", "gaps": "Evening places."}),
        ("On to local action", {"commitments": "College: 40 places.\nCouncil: two rooms."}),
        ("Complete it", {"places": "Colindale, Burnt Oak", "leads": "Ravi in Colindale.", "outcome": "40 found work."}),
    )
    for label, said in steps:
        await tale.presses("Cleo", label, **said)
        if label == "On to local action":
            day = f"{world.clock.now() + _days(9):%d %B}"
            await tale.presses("Cleo", "Add an action", title=f"Open the evening course by {day}")
    await world.until(lambda: tale.rooms_say().count("Complete. 40 found work.") >= 2)
    await tale.presses("Colin", "Where it comes from")
    await tale.is_told("Colin", "Priority 1: Economic recovery", "agreed as TPB-", "Open the evening course")
    await tale.types("Peter", "pipeline")
    await tale.is_told("Peter", "Complete (1)", "Economic recovery")
    await tale.types("Colin", "find evening")
    await tale.is_told("Colin", "Action 1: Open the evening course")
    await tale.ends_well()


def _days(count: float) -> datetime.timedelta:
    return datetime.timedelta(days=count)
