"""What a partner raises ends as an answer, an action, a priority or an entry of an agenda, and the raiser hears it."""

from tests.stories.telling import Tale
from tests.world import SLACK_ROOM, TEAM, TEAMS_ROOM, TENANT, World


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


async def test_an_item_is_raised_from_a_message_in_each_tool_with_the_way_back(world: World) -> None:
    tale = Tale(world)
    slack, teams = world.slack, world.teams
    await slack.message(TEAM, "U0COLLEGE", SLACK_ROOM, "The Copthall plan lacks a bus stop.\nWho can help?")
    stamp = slack.messages(TEAM, SLACK_ROOM)[-1].ts
    await slack.shortcut(TEAM, "U0COLLEGE", "items.raise:message", channel=SLACK_ROOM, ts=stamp)
    await world.until(lambda: "The Copthall plan lacks a bus stop." in tale.form("Colin"))
    await tale.sends("Colin", title="A bus stop for Copthall")
    await world.until(lambda: "Item 1: A bus stop for Copthall" in tale.rooms_say())
    assert "the message on partners.slack.com" in tale.rooms_say()

    told = await teams.say(TENANT, "oid-nurse", TEAMS_ROOM, "Parking sensors need a pilot")
    assert told.status < 300
    post = next(each for each in teams.messages(TENANT, TEAMS_ROOM) if "Parking sensors" in teams.text_of(each))
    await teams.extension(TENANT, "oid-nurse", "items.raise", TEAMS_ROOM, post["id"])
    await world.until(lambda: "Parking sensors need a pilot" in tale.form("Nadia"))
    await tale.sends("Nadia", title="Parking sensors need a pilot")
    await world.until(lambda: "Item 2: Parking sensors need a pilot" in tale.rooms_say())
    assert "the message on teams.microsoft.com" in tale.rooms_say()
    await tale.ends_well()
