"""Installing by the browser: the way that works, every attack on it, and what is kept of a token."""

import datetime
import functools
import logging
import re
import time
import urllib.parse
from collections.abc import Callable

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from adapters.slack import web
from bot.wiring import open_records
from core.requests import Installation as Given
from core.workspaces import installing
from core.workspaces.keeper import Keeper
from core.workspaces.models import Installation
from core.workspaces.vault import Vault
from tests.workspaces.town import SECOND, THIRD, a_browser, a_town
from tests.world import SLACK_ROOM, TEAM, World

SAYS_AGAIN = "Nothing was installed"


async def kept(world: World) -> dict[str, tuple[str, str]]:
    """State and locked token of each installation."""

    async def work(session: AsyncSession) -> dict[str, tuple[str, str]]:
        rows = await session.execute(select(Installation.workspace, Installation.state, Installation.token))
        return {workspace: (state, token) for workspace, state, token in rows.tuples()}

    found: dict[str, tuple[str, str]] = await world.read(work)
    return found


async def everything(session: AsyncSession) -> str:
    """All that the database holds."""
    tables = Installation.metadata.sorted_tables
    rows = [(await session.execute(text(f'SELECT * FROM "{table.name}"'))).all() for table in tables]
    return repr(rows)


def with_query(where: str, **changes: str | None) -> str:
    """The address with other parameters; None takes one out."""
    parts = urllib.parse.urlsplit(where)
    query = dict(urllib.parse.parse_qsl(parts.query)) | changes
    written = urllib.parse.urlencode({name: value for name, value in query.items() if value is not None})
    return parts._replace(query=written).geturl()


async def test_the_way_to_slack_and_back(migrated_url: str) -> None:
    async with a_town(migrated_url) as (world, browser):
        where = await browser.begin()
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(where).query))
        assert asked["client_id"] == "1234.5678" and "chat:write" in asked["scope"].split(",")
        assert asked["redirect_uri"] == f"{world.address}/slack/oauth_redirect"
        flags = {each.strip().partition("=")[0] for each in browser.flags.split(";")}
        assert {"HttpOnly", "Secure", "SameSite", "Path"} <= flags and "SameSite=Lax" in browser.flags
        assert browser.cookie not in where
        status, page = await browser.back(await browser.decide(where, team=TEAM))
        assert status == 200 and "Folkmoot is now in Partners." in page and "/board join" in page
        assert set(await kept(world)) == {TEAM}
        # Whoever installs is nobody's member by that: the account is not even kept, and is asked for a code like any.
        assert "U0INSTALLER" not in await world.read(everything)
        world.slack.add_user(TEAM, "U0INSTALLER", "Ivy IT")
        world.slack.add_channel(TEAM, "C0IT", "it", ["U0INSTALLER"])
        assert (await world.slack.command(TEAM, "U0INSTALLER", "C0IT", "/board", "agreements")).ok

        def heard() -> list[str]:
            return [text_of(each) for each in world.slack.messages(TEAM, "C0IT") if each.only_for == "U0INSTALLER"]

        text_of = world.slack.text_of
        assert "I don't know you yet." in (await world.until(heard, what="an answer to who installed it"))[-1]
        token = world.slack.world.workspace(TEAM).token
        # A second time replaces the first, and the older token is of no more use.
        assert (await browser.install(TEAM))[0] == 200
        newer = world.slack.world.workspace(TEAM).token
        assert newer != token and set(await kept(world)) == {TEAM}
        assert (await world.slack.command(TEAM, "U0CHAIR", SLACK_ROOM, "/board", "agree")).ok
        await world.until(lambda: world.slack.modal(TEAM, "U0CHAIR"), what="a form, opened with the newer token")


NOON = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
KEY = "a key for tests only"
ATTACKS: dict[str, Callable[[str], str]] = {
    "no state": lambda where: with_query(where, state=None),
    "an empty state": lambda where: with_query(where, state=""),
    "rubbish": lambda where: with_query(where, state="x" * 120),
    "a foreign state": lambda where: with_query(where, state=Vault(["another"], "install states").lock("a:b", NOON)),
    "a token as state": lambda where: with_query(where, state=Vault([KEY], "tokens").lock("a:b", NOON)),
    "two states": lambda where: where + "&state=x",
    "6,000 characters": lambda where: with_query(where, state="x" * 3_000, code="y" * 3_000),
    "an altered state": lambda where: re.sub(r"state=(.{40}).", r"state=\1A", where),
}


async def test_no_attack_installs_anything(
    migrated_url: str, report: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    refused = 0
    async with a_town(migrated_url) as (world, browser), a_browser(world) as victim:
        for name, tamper in ATTACKS.items():
            good = await browser.decide(await browser.begin(), team=TEAM)
            status, page = await browser.back(tamper(good))
            assert status == 400 and SAYS_AGAIN in page, (name, status)
            refused += 1
        good = await browser.decide(await browser.begin(), team=TEAM)
        for name, cookie in {"no cookie": "", "another cookie": "x" * 43}.items():
            status, page = await browser.back(good, cookie)
            assert status == 400 and SAYS_AGAIN in page, (name, status)
            refused += 1
        # Somebody is made to follow a link that an attacker began: the cookie is another browser's.
        await victim.begin()
        assert (await victim.back(good))[0] == 400
        world.clock.advance(601)
        assert (await browser.back(good))[0] == 400  # too late
        refused += 2
        assert await kept(world) == {} and not world.slack.installing.dead
        assert [each for each in world.slack.calls if each.method == "oauth.v2.access"] == []
        good = await browser.decide(await browser.begin(), team=TEAM)
        assert (await browser.back(good))[0] == 200
        before = await kept(world)
        status, page = await browser.back(good)  # the same once more, as a crawler of addresses would
        assert status == 400 and SAYS_AGAIN in page
        refused += 1
        assert await kept(world) == before
        page = await metrics(world)
        told = sum(
            float(each) for each in re.findall(r'folkmoot_refused_total\{reason="[^"]+",tool="slack"\} (\S+)', page)
        )
        report(f"{refused} attacks on an installation: {refused} refused, nothing installed, {told:.0f} counted")
        assert told == refused
        code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(good).query))
        secrets = [code["code"], code["state"], browser.cookie, world.slack.world.workspace(TEAM).token]
        ours = [each.getMessage() + str(each.__dict__) for each in caplog.records if each.name.startswith(OURS)]
        assert ours and not [secret[:12] for secret in secrets for line in ours if secret in line]


OURS = ("adapters", "bot.doorkeeper", "bot.server", "core")


async def metrics(world: World) -> str:
    async with world.session.get(f"{world.address}/metrics") as answer:
        return await answer.text()


async def test_slack_says_no_or_nothing_that_makes_sense(migrated_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_town(migrated_url) as (world, browser):
        status, page = await browser.back(await browser.decide(await browser.begin(), deny="yes"))
        assert status == 200 and "not allowed in Slack" in page
        good = await browser.decide(await browser.begin(), team=TEAM)
        status, page = await browser.back(with_query(good, code="1.2"))
        assert status == 400 and "Slack did not accept it" in page
        status, page = await browser.back(with_query(await browser.decide(await browser.begin(), team=TEAM), code=None))
        assert status == 400
        # Slack is waited for as long as for any call, well within what a browser waits; here for half a second.
        assert web.TIMEOUT.total == 10
        monkeypatch.setattr(web, "TIMEOUT", aiohttp.ClientTimeout(total=0.5))
        for kind, wanted in (("hang", 502), ("html", 502), ("http_500", 502), ("drop", 502), ("ratelimited", 400)):
            world.slack.fault("oauth.v2.access", kind, seconds=30.0)  # type: ignore[arg-type]
            began = time.monotonic()
            status, page = await browser.install(TEAM)
            assert (status, SAYS_AGAIN in page) == (wanted, True), kind
            assert time.monotonic() - began < 10, kind
            assert kind != "hang" or "Please try again in a minute." in page
        world.slack.fault("oauth.v2.access", "error", error="bad_client_secret")
        status, page = await browser.install(TEAM)
        assert status == 400 and "tell whoever runs Folkmoot" in page
        assert await kept(world) == {}
        codes = [each.method for each in world.slack.calls].count("oauth.v2.access")
        assert codes == 7  # each asked once: nothing is tried again by itself


async def test_a_name_from_slack_is_no_markup(migrated_url: str) -> None:
    async with a_town(migrated_url) as (world, browser):
        world.slack.add_workspace(THIRD, "<script>alert(1)</script>", installed=False)
        status, page = await browser.install(THIRD)
        assert status == 200 and "<script>" not in page and "&lt;script&gt;" in page


async def test_a_whole_organisation_installs_it_once(migrated_url: str) -> None:
    async with a_town(migrated_url) as (world, browser):
        for team in (TEAM, SECOND):
            world.slack.world.workspace(team).organisation = "E0GRID001"
        status, page = await browser.install(TEAM, whole="yes")
        assert status == 200 and "all workspaces of the organisation" in page
        assert set(await kept(world)) == {"E0GRID001"}
        for team, user, room in ((TEAM, "U0CHAIR", SLACK_ROOM), (SECOND, "U0COLLEGE", "C0SECOND1")):
            assert (await world.slack.command(team, user, room, "/board", "home")).ok
        assert {name: bool(token) for name, (_, token) in (await kept(world)).items()} == {
            "E0GRID001": True,
            TEAM: False,
            SECOND: False,
        }
        assert (
            await world.slack.command(TEAM, "U0CHAIR", SLACK_ROOM, "/board", 'agree Shared care closes:"in 3 days"')
        ).ok
        for team, room in ((TEAM, SLACK_ROOM), (SECOND, "C0SECOND1")):
            await world.until(functools.partial(has_card, world, team, room), what=f"the card in {team}")
        assert not [each for each in world.slack.calls if each.method == "auth.test"]


def has_card(world: World, team: str, room: str) -> bool:
    return any("Shared care" in world.slack.text_of(each) for each in world.slack.messages(team, room))


async def test_tokens_are_never_kept_in_plain(migrated_url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with a_town(migrated_url) as (world, browser):
        assert (await browser.install(TEAM))[0] == 200
        token = world.slack.world.workspace(TEAM).token
        assert (await world.slack.command(TEAM, "U0CHAIR", SLACK_ROOM, "/board", "agree")).ok
        await world.until(lambda: world.slack.modal(TEAM, "U0CHAIR"), what="a form")

        assert token not in await world.read(everything)
        ours = [each.getMessage() + str(each.__dict__) for each in caplog.records if each.name.startswith(OURS)]
        assert not [line for line in ours if token in line]
        file = world.house.settings.database_file
    if file is not None:  # with everything written out of the log that SQLite keeps beside it
        marker = token.encode()
        assert all(marker not in each.read_bytes() for each in file.parent.glob(f"{file.name}*"))


async def test_keys_rotate_and_installations_outlive_a_restart(migrated_url: str) -> None:
    async with a_town(migrated_url, folkmoot_secret_key=SecretStr("first key")) as (world, browser):
        assert (await browser.install(TEAM))[0] == 200
        token = world.slack.world.workspace(TEAM).token
        settings, clock = world.house.settings, world.clock
        old = (await kept(world))[TEAM][1]
    records = open_records(settings.model_copy(update={"folkmoot_secret_key": SecretStr("second key,first key")}))
    try:
        both = Keeper(records, clock, ("second key", "first key"))
        found = await both.find(TEAM)
        assert found is not None and found.token == token and token not in repr(found)
        await both.rotate()
        row = await records.read(lambda session: installing.find(session, "slack", TEAM))
        assert row is not None and row.token != old
        await both.rotate()  # nothing is left to do
        again = await records.read(lambda session: installing.find(session, "slack", TEAM))
        assert again is not None and again.token == row.token
        alone = await Keeper(records, clock, ("second key",)).find(TEAM)
        assert alone is not None and alone.token == token
        stranger = await Keeper(records, clock, ("third key",)).find(TEAM)
        assert stranger is not None and stranger.token == ""
    finally:
        await records.close()


async def test_another_server_notices_a_newer_token_within_half_a_minute(migrated_url: str) -> None:
    async with a_town(migrated_url) as (world, browser):
        assert (await browser.install(TEAM))[0] == 200
        moment = 1000.0
        keys = (KEY,)
        other = Keeper(world.house.transactions, world.clock, keys, lambda: moment)
        first = await other.find(TEAM)
        assert first is not None
        given = Given(TEAM, "Partners", "U0FOLKMOOT", "", "xoxb-newer")
        await Keeper(world.house.transactions, world.clock, keys).install(given)
        assert (await other.find(TEAM)) == first
        assert (await other.find(TEAM, refused=first.token)) == given  # at once when Slack refuses the old one
        await Keeper(world.house.transactions, world.clock, keys).install(first)
        moment += 31
        assert (await other.find(TEAM)) == first
