"""The burst that breaks other polls: 64 people who press two options at once, then a thousand votes at the same moment.

Half of the votes come from Slack and half from Teams, through the real endpoints with real signatures and tokens.
"""

import itertools
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from core.polls import pictures, queries
from core.polls.pictures import Picture
from tests.databases import SQLITE_FIRST
from tests.faults import crowd
from tests.faults.crowd import Card, Stance
from tests.outside.wire import card_action, slack_button
from tests.world import SLACK_ROOM, TEAM, TEAMS_ROOM, TENANT, Board, Someone, World, a_world

OPTIONS = ("Tuesday", "Wednesday", "Thursday")
LINE = f"poll Which evening? | {' | '.join(OPTIONS)}"
RESOLUTION = 0.002  # seconds: a timer may wake this much early
PROMISED = 2.0


def presses(world: World, card: Card, people: Sequence[tuple[Someone, str]]) -> list[Stance]:
    """These presses, signed and ready to be sent."""
    slack, teams = crowd.sides(world)
    message = {"ts": card.ts, "user": "U0BOT", "bot_id": "B0", "team": TEAM, "text": "", "blocks": card.blocks}
    made = []
    for person, label in people:
        if person.slack:
            user, place = world.slack.world.user(TEAM, person.slack), world.slack.world.channel(TEAM, SLACK_ROOM)
            url = world.slack.payloads.response_url(user, place, card.ts)
            signed = slack.click(person.slack, SLACK_ROOM, message, slack_button(card.blocks, label), url)
        else:
            signed = teams.execute(person.teams, TEAMS_ROOM, card.activity, card_action(card.content, label))
        made.append(Stance(person, label, "slack" if person.slack else "teams", signed))
    return made


async def sent(world: World, card: Card, people: Sequence[tuple[Someone, str]], where: Path, count: int) -> float:
    """Send them all at once; the seconds from the last answer until both cards show so many voters."""
    async with crowd.ready_to_send([world.address], presses(world, card, people), where) as go:
        done = await go()
    answered = time.perf_counter()
    assert Counter(each.status for _, each in done) == {200: len(people)}
    wanted = f"{count:,} of "

    def shown() -> bool:
        slack = next(each for each in world.slack.messages(TEAM, SLACK_ROOM) if each.ts == card.ts)
        teams = next(each for each in world.teams.messages(TENANT, TEAMS_ROOM) if each["id"] == card.activity)
        return wanted in world.slack.text_of(slack) and wanted in world.teams.text_of(teams)

    await world.until(shown, seconds=20, what=f"{wanted} on both cards")
    return time.perf_counter() - answered


def shortest_gap(times: Sequence[float]) -> float:
    """Seconds between the two edits that lie closest together."""
    return min((later - earlier for earlier, later in itertools.pairwise(times)), default=99.0)


async def picture(world: World) -> Picture:
    """The poll as the database has it."""
    ((poll,), _) = await world.read(lambda session: queries.polls(session, 1))
    found: Picture = await world.read(lambda session: pictures.picture(session, 1, poll.ref, everyone=True))
    return found


@pytest.mark.parametrize("organisations", [40, pytest.param(400, marks=pytest.mark.faults)])
@SQLITE_FIRST
async def test_every_vote_of_a_burst_counts_once_and_is_soon_seen(
    migrated_url: str, report: Callable[[str], None], tmp_path: Path, organisations: int
) -> None:
    board: Board = crowd.big_board(organisations)
    voters = [each for each in board.people if each.organisation != "Convener"]
    async with a_world(migrated_url, board) as world:
        card = await crowd.opened(world, LINE)
        known = next(each.teams for each in voters if each.teams)
        await world.teams.say(TENANT, known, world.teams.personal(TENANT, known), "help")  # its keys are known now
        both = [(person, label) for person in voters[:64] for label in OPTIONS[:2]]
        took = await sent(world, card, both, tmp_path, 64)
        first = await picture(world)
        assert (first.poll.voters, len(first.voted)) == (64, 64)
        assert all(len(each.marks) == 1 for each in first.voted)
        report(f"64 people pressed two options at once: {first.poll.voters} votes, shown after {took:.2f} s")

        wanted = [(person, OPTIONS[number % 3]) for number, person in enumerate(voters)]
        took = await sent(world, card, wanted, tmp_path, len(voters))
        last = await picture(world)
        kept = {each.name: next(iter(each.marks)) for each in last.voted}
        assert kept == {person.name: OPTIONS.index(label) + 1 for person, label in wanted}
        assert {option: int(score) for option, score in last.single.outcome.scores.items()} == Counter(kept.values())
        gaps = [
            shortest_gap(world.slack.edits(SLACK_ROOM, card.ts)),
            shortest_gap(world.teams.updates(TEAMS_ROOM, card.activity)),
        ]
        counted = f"{len(voters):,} votes at once: {len(kept):,} counted"
        report(f"{counted}, shown {took:.2f} s after the last, edits {min(gaps):.2f} s apart")
        assert all(gap >= 1 - RESOLUTION for gap in gaps)
        assert took <= PROMISED
        assert not world.slack.errors and not world.teams.errors
