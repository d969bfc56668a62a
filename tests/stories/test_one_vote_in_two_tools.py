"""The main story: one agreement, answered in Slack and in Teams, seen live by everyone."""

from core.agreements.queries import agreements
from core.register.queries import decisions
from core.themes.queries import themes
from tests.world import SLACK_ROOM, TEAM, TEAMS_ROOM, TENANT, World

PROPOSE = 'agree Adopt the two themes closes:"in 3 days" rule:consent quorum:3 #"Smart cities" #"Arts and culture"'


def slack_card(world: World) -> str:
    """All words of the newest card that everyone in the Slack room sees."""
    return world.slack.text_of([each for each in world.slack.messages(TEAM, SLACK_ROOM) if not each.only_for][-1])


def teams_card(world: World) -> str:
    """All words of the newest card in the Teams room."""
    return world.teams.text_of(world.teams.messages(TENANT, TEAMS_ROOM)[-1])


async def propose(world: World, line: str = PROPOSE) -> tuple[str, str]:
    """The coordinator puts it in Slack; the messages by which the card stands in both rooms."""
    await world.slack.command(TEAM, "U0COORD", SLACK_ROOM, "/board", line)
    await world.until(lambda: "Adopt the two themes" in slack_card(world), what="the card in Slack")
    await world.until(lambda: "Adopt the two themes" in teams_card(world), what="the card in Teams")
    return world.slack.messages(TEAM, SLACK_ROOM)[-1].ts, world.teams.messages(TENANT, TEAMS_ROOM)[-1]["id"]


async def test_partners_in_both_tools_agree_the_themes(world: World) -> None:
    in_slack, in_teams = await propose(world)

    await world.slack.click(TEAM, "U0COUNCIL", SLACK_ROOM, in_slack, "Consent")
    await world.until(lambda: "1 of 4 organisations" in teams_card(world), what="Council's answer in Teams")

    await world.teams.execute(TENANT, "oid-police", TEAMS_ROOM, in_teams, "Consent")
    await world.until(lambda: "2 of 4 organisations" in slack_card(world), what="Police's answer in Slack")
    assert "1 more organisation for quorum" in slack_card(world)

    # Both of the Police's deputies answer too, each in their own tool; the Police still counts once.
    await world.slack.click(TEAM, "U0DEPUTY", SLACK_ROOM, in_slack, "Consent")
    await world.teams.execute(TENANT, "oid-deputy", TEAMS_ROOM, in_teams, "Consent")
    await world.teams.execute(TENANT, "oid-nurse", TEAMS_ROOM, in_teams, "Consent")
    await world.until(lambda: "3 of 4 organisations" in slack_card(world), what="the hospital's answer in Slack")
    assert "It would pass as it stands." in slack_card(world)

    await world.pass_time(4 * 24 * 3600)
    await world.until(lambda: "Agreed: TPB-" in slack_card(world), what="the outcome in Slack")
    await world.until(lambda: "Agreed: TPB-" in teams_card(world), what="the outcome in Teams")

    board = 1
    (decision,) = await world.read(lambda session: decisions(session, board))
    assert decision.title == "Adopt the two themes"
    assert {theme.state for theme in await world.read(lambda session: themes(session, board))} == {"agreed"}
    ((agreement,), _) = await world.read(lambda session: agreements(session, board))
    assert (agreement.state, agreement.result) == ("closed", "passed")
    assert not world.slack.errors and not world.teams.errors
