"""A meeting is planned, prepared, carried and recorded: from Slack and from Teams alike."""

from datetime import timedelta

from tests.stories.telling import Tale
from tests.world import World


async def test_a_meeting_is_planned_prepared_and_carried(world: World) -> None:
    tale = Tale(world)
    day = f"{(world.clock.now() + timedelta(days=30)):%d %B %Y}"
    await tale.types("Cleo", f'meeting Board meeting when:"{day} 10:00" place:"Hendon Town Hall"')
    await tale.is_told("Cleo", "Meeting 1: Board meeting", "It begins")
    await world.until(lambda: tale.rooms_say().count("Meeting 1: Board meeting") >= 2)
    await tale.presses("Ravi", "I'll come")
    await tale.is_told("Ravi", "You are expected")
    await tale.presses("Nadia", "Apologies")
    await tale.is_told("Nadia", "Your apologies will be in the minutes")
    await world.until(lambda: tale.rooms_say().count("1 sends apologies") >= 2)
    await tale.ends_well()
