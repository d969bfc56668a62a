"""A thousand stances at once race the chair's closing: one voter, one vote, and none after the tally.

500 people of 200 organisations answer twice each, half of them from Slack and half from Teams, through the
real endpoints with real signatures and tokens, on both databases.
"""

import itertools
import json
import random
import re
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.server import listening
from bot.wiring import running
from core.agreements.models import Agreement, Elector, Stance
from core.agreements.queries import agreements, electors, stances
from core.register.models import Entry
from core.register.queries import decisions, entries, flaws
from core.register.seal import Seal
from tests.databases import SQLITE_FIRST
from tests.faults import crowd
from tests.world import SLACK_ROOM, TEAM, TEAMS_ROOM, TENANT, Board, World, a_world, free_port

Outcome = list[tuple[crowd.Stance, crowd.Answered]]
CLOSED = "Voting on this has closed"
RESOLUTION = 0.002  # seconds: a timer may wake this much early


@dataclass(frozen=True)
class Record:
    """What the database holds when all is over."""

    agreement: Agreement
    electors: Sequence[Elector]
    stances: Sequence[Stance]
    decision: Entry
    register: Sequence[Entry]
    arrivals: list[tuple[str, int]]


async def the_record(world: World) -> Record:
    ((agreement,), _) = await world.read(lambda session: agreements(session, 1))
    ((decision),) = await world.read(lambda session: decisions(session, 1))
    return Record(
        agreement,
        await world.read(lambda session: electors(session, agreement)),
        await world.read(lambda session: stances(session, agreement)),
        decision,
        await world.read(lambda session: entries(session, 1)),
        await world.read(crowd.arrivals),
    )


async def race(
    world: World, board: Board, addresses: Sequence[str], where: Path, *, twice: bool = False
) -> tuple[Outcome, crowd.Card]:
    """Open, let everyone answer at once while the chair closes, and wait until both cards show the outcome."""
    await crowd.watch_arrivals(world)
    card = await crowd.opened(world)
    await crowd.let_them_know_the_keys(world, addresses, next(each.teams for each in board.people if each.teams))
    made = crowd.stances(world, board, card, random.Random(20170130), twice=twice)
    if twice:  # one click right after the other
        made.sort(key=lambda stance: (stance.person.organisation, stance.person.name))
    # The chair's form leaves after three fifths of the stances, and overtakes some and is overtaken by others.
    made.insert(len(made) * 3 // 5, await crowd.closing(world, card))
    async with crowd.ready_to_send(addresses, made, where) as go:
        everything = await go()
    ((_, closed),) = [each for each in everything if each[0].label == crowd.CLOSE]
    assert (closed.status, json.loads(closed.body)) == (200, {"response_action": "clear"})
    outcome = [each for each in everything if each[0].label != crowd.CLOSE]
    number = (await world.read(lambda session: decisions(session, 1)))[0].number
    await world.until(lambda: number in slack_words(world, card), seconds=10, what="the outcome in Slack")
    await world.until(lambda: number in teams_words(world, card), seconds=10, what="the outcome in Teams")
    await world.until(lambda: len(slack_answers(world, card)) == asked(outcome, "slack"), seconds=20, what="whispers")
    return outcome, card


def asked(outcome: Outcome, tool: str) -> int:
    return sum(stance.tool == tool for stance, _ in outcome)


def slack_answers(world: World, card: crowd.Card) -> list[str]:
    """What people in Slack were told by whispers."""
    sent = world.slack.messages(TEAM, SLACK_ROOM)
    said = [world.slack.text_of(each) for each in sent if each.only_for]
    return [each for each in said if "Receipt" in each or CLOSED in each]


def slack_words(world: World, card: crowd.Card) -> str:
    return world.slack.text_of(next(each for each in world.slack.messages(TEAM, SLACK_ROOM) if each.ts == card.ts))


def teams_words(world: World, card: crowd.Card) -> str:
    sent = world.teams.messages(TENANT, TEAMS_ROOM)
    return world.teams.text_of(next(each for each in sent if each["id"] == card.activity))


def check_answers(
    outcome: Outcome, record: Record, world: World, card: crowd.Card, report: Callable[[str], None]
) -> None:
    """Nobody got an error: each stance was recorded or politely refused, and every receipt is of one that stands."""
    by_status = Counter(answered.status for _, answered in outcome)
    assert by_status == {200: len(outcome)}, by_status
    said = [answered.body for stance, answered in outcome if stance.tool == "teams"] + slack_answers(world, card)
    refused = sum(CLOSED in each for each in said)
    recorded = sum("Receipt" in each for each in said)
    assert recorded + refused == len(outcome), (recorded, refused, Counter(each[:80] for each in said).most_common(5))
    # The very same said again by the same person is no new stance: both are told the one receipt.
    receipts = {found for each in said for found in re.findall(r"Receipt ([0-9A-F]{4}(?:-[0-9A-F]{4})+)", each)}
    assert receipts == {each.receipt for each in record.stances}
    assert len(receipts) == len(record.stances)
    times = sorted(answered.ms for _, answered in outcome)
    report(
        f"{len(outcome)} stances at once: {recorded} recorded ({len(receipts)} different), "
        f"{refused} refused as closed, 0 errors; "
        f"ack p50 {statistics.median(times):.0f} ms, p99 {times[int(len(times) * 0.99)]:.0f} ms"
    )
    assert refused, "the closing came after all stances, so nothing raced it"
    assert recorded, "the closing came before all stances, so nothing raced it"


def check_record(record: Record, report: Callable[[str], None]) -> None:
    """One voter, one vote; none after the tally; the register, the electorate and the stances tell the same."""
    roll = {each["voter"]: each for each in record.decision.detail["roll"]}
    assert len(roll) == len(record.electors)
    assert {each.name: each.position for each in record.electors} == {
        name: each["position"] for name, each in roll.items()
    }
    last: dict[int, Stance] = {}
    for stance in record.stances:
        before = last.get(stance.elector_id)
        if before is None or stance.rank >= before.rank:
            last[stance.elector_id] = stance
    for elector in record.electors:
        mine = last.get(elector.id)
        assert (elector.position, elector.said_by) == ((mine.position, mine.member_name) if mine else (None, ""))
    tally = Counter(each["position"] for each in roll.values() if each["position"])
    assert record.decision.detail["tally"] == {word: tally[word] for word in record.decision.detail["tally"]}
    assert record.decision.detail["took_part"] == sum(tally.values()) == len(last)

    written = [what for what, row in record.arrivals if (what, row) != ("register", 0)]
    at = record.arrivals.index(("register", record.decision.id))
    after = written[at:].count("stances")
    assert after == 0, f"{after} stances were written after the tally"
    assert record.agreement.closed_at is not None
    late = [each for each in record.stances if each.at > record.agreement.closed_at]
    assert not late, f"{len(late)} stances are dated after the closing that counts them"
    assert not flaws(record.register, Seal(("a key for tests only",)))
    overruled = sum(1 for each in record.stances if each.rank < last[each.elector_id].rank)
    report(
        f"{len(last)} of {len(roll)} organisations counted once each, {overruled} deputies' stances beside a "
        f"representative's, 0 stances after the tally"
    )


def check_edits(world: World, card: crowd.Card, report: Callable[[str], None]) -> None:
    """Each message was edited at most once a second, whatever happened meanwhile."""
    for tool, times in (
        ("Slack", world.slack.edits(SLACK_ROOM, card.ts)),
        ("Teams", world.teams.updates(TEAMS_ROOM, card.activity)),
    ):
        gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
        shortest = f"{min(gaps):.3f} s" if gaps else "none"
        report(f"{len(times)} edits in {tool}, shortest time between two: {shortest}")
        assert all(gap >= 1 - RESOLUTION for gap in gaps), gaps


def check_cards(world: World, card: crowd.Card, record: Record) -> None:
    """Both cards show what the register holds."""
    taken = f"{record.decision.detail['took_part']} of {len(record.electors)}"
    for words in (slack_words(world, card), teams_words(world, card)):
        assert taken in words
        assert str(record.decision.number) in words
    assert not world.slack.errors and not world.teams.errors


async def check_everything(world: World, outcome: Outcome, card: crowd.Card, report: Callable[[str], None]) -> None:
    record = await the_record(world)
    check_answers(outcome, record, world, card, report)
    check_record(record, report)
    check_edits(world, card, report)
    check_cards(world, card, record)


@SQLITE_FIRST
async def test_a_thousand_stances_race_the_closing(
    migrated_url: str, report: Callable[[str], None], tmp_path: Path
) -> None:
    board = crowd.big_board(200)
    async with a_world(migrated_url, board) as world:
        outcome, card = await race(world, board, [world.address], tmp_path)
        assert len(outcome) == 1000
        assert asked(outcome, "slack") == 500
        await check_everything(world, outcome, card, report)


@SQLITE_FIRST
async def test_everyone_double_clicks_while_the_chair_closes(
    migrated_url: str, report: Callable[[str], None], tmp_path: Path
) -> None:
    board = crowd.big_board(80)
    async with a_world(migrated_url, board) as world:
        outcome, card = await race(world, board, [world.address], tmp_path, twice=True)
        await check_everything(world, outcome, card, report)


async def test_two_servers_take_the_stances_of_one_vote(
    postgres_migrated_url: str, report: Callable[[str], None], tmp_path: Path
) -> None:
    board = crowd.big_board(100)
    async with a_world(postgres_migrated_url, board) as world:
        settings = world.house.settings.model_copy(update={"port": free_port()})
        async with running(settings, world.clock) as second, listening(settings, second.routes, second) as address:
            outcome, card = await race(world, board, [world.address, address], tmp_path)
            await check_everything(world, outcome, card, report)
