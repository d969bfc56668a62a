"""What a partner raises ends as an answer, an action, a priority or an entry of an agenda, and the raiser hears it."""

from tests.stories.telling import Tale
from tests.world import World


async def test_an_item_goes_into_the_pipeline_and_its_raiser_is_told(world: World) -> None:
    tale = Tale(world)
    await tale.types("Nadia", "raise Parking sensors need a pilot #smart-cities")
    await tale.is_told("Nadia", "you will hear what becomes of it")
    await world.until(lambda: "Item 1: Parking sensors need a pilot" in "\n".join(tale.private("Cleo")))
    await tale.presses("Cleo", "Into the pipeline", room=False)
    await world.until(lambda: tale.form("Cleo"), what="the form")
    await tale.sends("Cleo", why="Two partners want it.")
    await tale.is_told("Cleo", "priority 1")
    await world.until(lambda: "is in the pipeline now" in "\n".join(tale.private("Nadia")))
    assert "Two partners want it." in "\n".join(tale.private("Nadia"))
    await world.until(lambda: tale.rooms_say().count("Priority 1: Parking sensors need a pilot") >= 2)
    await tale.ends_well()
