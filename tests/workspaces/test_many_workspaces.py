"""Two workspaces and two tenants on one board: some go in mid vote, and the others notice nothing."""

import functools
import time
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.outbox import Outgoing
from core.partners.models import Identity, Room
from core.workspaces.models import Installation
from core.workspaces.notices import WorkspaceEnded
from tests.databases import SQLITE_FIRST
from tests.workspaces.town import OTHER, OTHER_ROOM, PLACES, SECOND, SECOND_ROOM, Browser, a_town, shows
from tests.world import TEAM, TEAMS_ROOM, TENANT, World


async def carla_says(world: World, line: str) -> None:
    said = await world.teams.say(TENANT, "oid-coordinator", TEAMS_ROOM, f"@Folkmoot {line}")
    assert said.status in (200, 202), said


def carla_heard(world: World) -> str:
    """What Folkmoot has said to the coordinator alone."""
    chat = world.teams.personal(TENANT, "oid-coordinator")
    return "\n".join(world.teams.text_of(each) for each in world.teams.messages(TENANT, chat))


async def in_teams(world: World, tenant: str, oid: str, room: str, label: str) -> None:
    newest = [each["id"] for each in reversed(world.teams.messages(tenant, room, oid))]
    for message in newest:
        try:
            done = await world.teams.execute(tenant, oid, room, message, label)
        except LookupError:
            continue
        assert done.status == 200, done
        return
    raise LookupError(label)


async def votes(world: World, who: str) -> None:
    """This person agrees, in the tool that is left."""
    match who:
        case "Ravi":
            await in_teams(world, TENANT, "oid-ravi", TEAMS_ROOM, "Agree")
        case "Peter":
            await in_teams(world, TENANT, "oid-police", TEAMS_ROOM, "Agree")
        case "Nadia":
            await in_teams(world, OTHER, "oid-nurse", OTHER_ROOM, "Agree")
        case "Colin":
            done = await world.slack.click(SECOND, "U0COLLEGE", SECOND_ROOM, "", "Agree")
            assert done.ok, done
        case "Cleo":
            done = await world.slack.click(TEAM, "U0CHAIR", "C0BOARD01", "", "Agree")
            assert done.ok, done


async def all_installed(world: World, browser: Browser) -> None:
    """Both workspaces by the browser, the other tenant by the coordinator's word; then a vote in all four rooms."""
    for team in (TEAM, SECOND):
        status, page = await browser.install(team)
        assert (status, "Folkmoot is installed" in page) == (200, True), page
    await carla_says(world, f'tenants {OTHER} name:"Hospital trust"')
    await carla_says(world, 'agree Five themes rule:consensus closes:"in 3 days"')
    for where in PLACES:
        await world.until(functools.partial(holds, world, where, "Five themes"), what=f"the card in {where}")


def holds(world: World, where: str, words: str) -> bool:
    """Whether the card in this room says so."""
    return words in shows(world, where)


def told_carla(world: World, words: str) -> bool:
    """Whether the coordinator was told so."""
    return words in carla_heard(world)


async def until_shown(world: World, places: str, taken: int) -> float:
    """Wait until the card in these rooms counts so many; how long that took, in seconds."""
    began = time.perf_counter()
    for where in places.split():
        words = f"{taken} of 4"
        what = f"{words} in {where}: {shows(world, where)}"
        await world.until(functools.partial(holds, world, where, words), what=what)
    return time.perf_counter() - began


@pytest.mark.parametrize("case", ["a workspace uninstalls", "a tenant uninstalls"])
async def test_some_go_in_mid_vote_and_the_others_notice_nothing(
    case: str, migrated_url: str, report: Callable[[str], None]
) -> None:
    async with a_town(migrated_url) as (world, browser):
        await all_installed(world, browser)
        await votes(world, "Peter")
        before = await until_shown(world, "T1 T2 A B", 1)
        if case == "a workspace uninstalls":
            rest, who = "A B", ["Ravi", "Nadia"]  # Ravi's Slack is gone; he votes in Teams
            assert all(each.ok for each in await world.slack.uninstall(TEAM))
        else:
            rest, who = "T1 A", ["Cleo"]
            assert all(each.status == 200 for each in await world.teams.remove_from(OTHER_ROOM))
        assert (await world.slack.revoke(SECOND)).ok
        took = []
        for number, name in enumerate(who, start=2):
            await votes(world, name)
            took.append(await until_shown(world, rest, number))
        revoked = "College has revoked Folkmoot's access"
        gone = "Folkmoot was removed from the Slack workspace Partners" if case.startswith("a work") else "no cards"
        for words in (revoked, gone):
            await world.until(functools.partial(told_carla, world, words), what=f"{words}: {carla_heard(world)}")
            assert carla_heard(world).count(words) <= 2  # once as a card, once as its summary
        lost = "C0BOARD01" if case.startswith("a work") else OTHER_ROOM
        assert await states(world) == {room: "lost" if room == lost else "connected" for _, _, room in PLACES.values()}
        assert not await tokens(world, SECOND)
        told = ", ".join(f"{seconds:.2f} s" for seconds in took)
        report(f"{case}, a token is revoked: a vote stood in 4 rooms after {before:.2f} s, then in 2 after {told}")
        await they_come_back(world, browser, case)
        assert not world.slack.errors and not world.teams.errors


async def they_come_back(world: World, browser: Browser, case: str) -> None:
    """The revoked one installs anew, the one that left too: its room is back by itself, and the card is up to date."""
    assert (await browser.install(SECOND))[0] == 200
    taken = 3 if case.startswith("a work") else 2
    await until_shown(world, "T2", taken)
    if case.startswith("a work"):
        assert (await browser.install(TEAM))[0] == 200
        await world.slack.invite_bot(TEAM, "C0BOARD01")
        await until_shown(world, "T1", taken)
    else:
        await world.teams.install_in(OTHER_ROOM)
        await until_shown(world, "B", taken)
    await votes(world, "Colin")
    await until_shown(world, "T1 T2 A B", taken + 1)
    assert set((await states(world)).values()) == {"connected"}


async def states(world: World) -> dict[str, str]:
    """Each room's state, by its conversation."""

    async def work(session: AsyncSession) -> dict[str, str]:
        return dict((await session.execute(select(Room.conversation, Room.state))).tuples().all())

    found: dict[str, str] = await world.read(work)
    return found


async def tokens(world: World, workspace: str) -> str:
    """What is kept of a workspace's token."""

    async def work(session: AsyncSession) -> str:
        row = select(Installation.token).where(Installation.workspace == workspace)
        return (await session.execute(row)).scalar_one()

    found: str = await world.read(work)
    return found


@SQLITE_FIRST
async def test_an_end_is_told_once_however_often_and_in_whatever_order_slack_tells_it(migrated_url: str) -> None:
    async with a_town(migrated_url) as (world, browser):
        for round_ in (1, 2):
            assert (await browser.install(TEAM))[0] == 200
            for event in ("app_uninstalled", "tokens_revoked", "app_uninstalled"):
                told = {"type": event, "tokens": {"oauth": [], "bot": ["U0FOLKMOOT"]}}
                assert (await world.slack.event(TEAM, told)).ok

            async def notes(session: AsyncSession) -> int:
                about = select(func.count()).select_from(Outgoing).where(Outgoing.view == WorkspaceEnded.command)
                return (await session.execute(about)).scalar_one()

            assert await world.read(notes) == round_
            assert not await tokens(world, TEAM)
            world.clock.advance(5)


@SQLITE_FIRST
async def test_a_coordinator_who_is_nowhere_else_is_told_through_a_room_that_works(migrated_url: str) -> None:
    async with a_town(migrated_url) as (world, browser):

        async def move_carla(session: AsyncSession) -> None:
            carla = select(Identity).where(Identity.account == "oid-coordinator")
            account = (await session.execute(carla)).scalar_one()
            account.tool, account.workspace, account.account = "slack", TEAM, "U0CARLA"

        world.slack.add_user(TEAM, "U0CARLA", "Carla Coordinator")
        await world.house.transactions.write(move_carla)
        assert (await browser.install(TEAM))[0] == 200
        await world.slack.uninstall(TEAM)

        def told() -> bool:
            said = [world.teams.text_of(each) for each in world.teams.messages(TENANT, TEAMS_ROOM)]
            return any("Folkmoot was removed from the Slack workspace Partners" in each for each in said)

        await world.until(told, what="a note in the board's room in Teams")
