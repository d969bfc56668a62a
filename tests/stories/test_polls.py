"""Quick polls as a board lives with them: asked in one line, answered in both tools, counted once for each person."""

from tests.stories.telling import Tale
from tests.world import World

DAY = 24 * 3600
EVENING = "poll Which evening? | Tue | Wed | Thu"


async def test_one_line_starts_a_poll_that_both_tools_answer(world: World) -> None:
    tale = Tale(world)
    await tale.types("Cleo", EVENING)
    await tale.is_told("Cleo", "It now stands in 2 rooms of this board.")
    await tale.both_show("Poll 1: Which evening?", "Asked by Cleo Chair.", "Nobody has voted yet.", "0 of 8")
    await tale.presses("Ravi", "Wed")
    await tale.is_told("Ravi", "Your vote: Wed.")
    await tale.presses("Peter", "Wed")
    await tale.presses("Nadia", "Thu")
    await tale.both_show("Wed leads with 2 of 3 votes.", "3 of 8", "Peter Police, Ravi Council")
    await tale.presses("Ravi", "Thu")
    await tale.both_show("Thu leads with 2 of 3 votes.")
    await tale.presses("Peter", "Take back my vote")
    await tale.is_told("Peter", "Your vote is taken back.")
    await tale.both_show("Thu leads with 2 of 2 votes.", "2 of 8")
    await tale.presses("Olga", "Tue")
    await tale.is_told("Olga", "Observers can follow polls but don't vote in them.")
    await tale.presses("Nadia", "Close")
    await tale.is_told("Nadia", "Only who asked this poll, the chair or the coordinator can close it.")
    await tale.presses("Carla", "Close")
    await tale.is_told("Carla", "Closed. Thu won with 2 of 2 votes.")
    await tale.both_show("Thu won with 2 of 2 votes.", "Put it to the partners")
    await world.until(lambda: "Poll 1 has closed" in tale.rooms_say(), what="the outcome")
    await tale.ends_well()
