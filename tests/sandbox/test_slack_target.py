"""What the local Slack delivers, seen by a tiny fake Folkmoot that checks signatures as the SDK does."""

import contextlib
import datetime
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.signature import Clock as SdkClock
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackSandbox, deliver

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TOKEN = "xoxb-sandbox"
TEAM, ROOM, PRIYA, OWEN = "T0BARNET", "C0BOARD", "U0PRIYA", "U0OWEN"
Json = dict[str, Any]


class ShiftedClock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.at = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC)

    def now(self) -> datetime.datetime:
        """The moment that the test has set."""
        return self.at


class SdkTime(SdkClock):
    """The same clock, as slack_sdk's verifier asks for it."""

    def __init__(self, clock: ShiftedClock) -> None:
        self.clock = clock

    def now(self) -> float:
        """Seconds since 1970."""
        return self.clock.now().timestamp()


@dataclass
class Rig:
    """The sandbox, the app's own Web API client, and what the fake Folkmoot received."""

    slack: SlackSandbox
    client: AsyncWebClient
    clock: ShiftedClock
    session: aiohttp.ClientSession
    answer: Callable[[Json], Awaitable[web.Response]]
    received: list[Json] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    async def answers(self, request: web.Request) -> web.Response:
        """Check the signature, note what came, and answer as the test wants."""
        body = await request.read()
        verifier = SignatureVerifier(SECRET, clock=SdkTime(self.clock))
        assert verifier.is_valid_request(body, dict(request.headers))
        if request.content_type == "application/json":
            came = json.loads(body)
        else:
            form = dict(await request.post())
            came = json.loads(str(form["payload"])) if "payload" in form else form
        self.received.append(came)
        self.headers.append(dict(request.headers))
        return await self.answer(came)


async def silence(_: Json) -> web.Response:
    """An empty 200."""
    return web.Response()


@contextlib.asynccontextmanager
async def rig() -> AsyncIterator[Rig]:
    """A running sandbox with one workspace, one room, two people, and a fake Folkmoot."""
    clock = ShiftedClock()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        slack = SlackSandbox(
            target="", signing_secret=SECRET, bot_token=TOKEN, session=session, clock=clock, base_url=""
        )
        slack.add_workspace(TEAM, "Barnet Council")
        slack.add_user(TEAM, PRIYA, "Priya Shah")
        slack.add_user(TEAM, OWEN, "Owen Hughes")
        slack.add_channel(TEAM, ROOM, "partnership-board", [PRIYA, OWEN])
        app, folkmoot = web.Application(), web.Application()
        app.add_routes([*slack.routes(), *slack.page_routes()])
        client = AsyncWebClient(token=TOKEN, session=session, retry_handlers=[])
        found = Rig(slack, client, clock, session, silence)
        folkmoot.add_routes([web.post("/slack/events", found.answers)])
        async with TestServer(app) as vendor, TestServer(folkmoot) as target:
            slack.base_url = str(vendor.make_url("/"))
            slack.target = str(target.make_url("/slack/events"))
            client.base_url = slack.api_url
            yield found


@pytest.fixture(name="at")
async def fixture_at() -> AsyncIterator[Rig]:
    async with rig() as found:
        yield found


async def test_a_slash_command_carries_what_slack_sends(at: Rig) -> None:
    done = await at.slack.command(TEAM, PRIYA, ROOM, "/board", "agree “Five themes” +50% & @owen.hughes.")
    assert (done.status, done.error) == (200, "")
    form = at.received[0]
    assert form["command"] == "/board"
    assert form["text"] == "agree “Five themes” +50% & <@U0OWEN|owen.hughes>."
    assert (form["team_id"], form["team_domain"]) == (TEAM, "barnet-council")
    assert (form["channel_id"], form["channel_name"], form["user_id"]) == (ROOM, "partnership-board", PRIYA)
    assert form["response_url"].startswith(at.slack.base_url + "/sandbox/slack/response/")
    assert form["trigger_id"].count(".") == 2
    assert form["api_app_id"].startswith("A")


async def test_the_answer_of_a_command_is_shown_to_who_typed_it(at: Rig) -> None:
    async def text(_: Json) -> web.Response:
        return web.Response(text="Try `/board agree …`.")

    at.answer = text
    await at.slack.command(TEAM, PRIYA, ROOM, "/board", "wat")
    assert [at.slack.text_of(m) for m in at.slack.messages(TEAM, ROOM, PRIYA)] == ["Try /board agree …."]
    assert at.slack.messages(TEAM, ROOM, OWEN) == []

    async def loud(_: Json) -> web.Response:
        return web.json_response({"response_type": "in_channel", "text": "All may see this"})

    at.answer = loud
    await at.slack.command(TEAM, PRIYA, ROOM, "/board")
    assert [m.text for m in at.slack.messages(TEAM, ROOM, OWEN)] == ["All may see this"]


async def test_a_failing_command_shows_slacks_errors(at: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(_: Json) -> web.Response:
        return web.Response(status=500)

    async def sleeps(_: Json) -> web.Response:
        import asyncio

        await asyncio.sleep(1)
        return web.Response()

    async def nonsense(_: Json) -> web.Response:
        return web.json_response({"blocks": [{"type": "section"}]})

    monkeypatch.setattr(deliver, "ACK_SECONDS", 0.2)
    for answer in (fails, sleeps, nonsense):
        at.answer = answer
        await at.slack.command(TEAM, PRIYA, ROOM, "/board")
    assert [error.text for error in at.slack.errors] == [
        '/board failed with the error "dispatch_failed"',
        '/board failed with the error "operation_timeout"',
        '/board failed with the error "invalid_command_response"',
    ]
    assert at.slack.snapshot(TEAM, PRIYA)["notice"] == at.slack.errors[-1].text


async def test_events_reach_the_app_only_where_slack_sends_them(at: Rig) -> None:
    dm = at.slack.dm(TEAM, PRIYA)
    assert (await at.slack.message(TEAM, PRIYA, dm, "help")).ok
    assert (await at.slack.message(TEAM, PRIYA, ROOM, "only among us")).error == "not_delivered"
    assert (await at.slack.message(TEAM, PRIYA, ROOM, "@Folkmoot help")).ok
    await at.slack.open_home(TEAM, PRIYA)
    await at.slack.invite_bot(TEAM, ROOM, inviter=PRIYA)
    events = [envelope["event"] for envelope in at.received]
    assert [event["type"] for event in events] == [
        "message",
        "app_mention",
        "app_home_opened",
        "member_joined_channel",
    ]
    assert (events[0]["channel_type"], events[0]["channel"]) == ("im", dm)
    assert events[1]["text"] == "<@U0FOLKMOOT> help"
    assert len({envelope["event_id"] for envelope in at.received}) == 4


async def test_an_event_is_sent_again_three_times_with_its_number(at: Rig) -> None:
    async def fails(_: Json) -> web.Response:
        return web.Response(status=503)

    at.answer, at.slack.courier.retry_delays = fails, (0.0, 0.0, 0.0)
    done = await at.slack.open_home(TEAM, PRIYA)
    assert (done.attempts, done.error) == (4, "dispatch_failed")
    assert [head.get("X-Slack-Retry-Num") for head in at.headers] == [None, "1", "2", "3"]
    assert len({envelope["event_id"] for envelope in at.received}) == 1


async def test_shortcuts(at: Rig) -> None:
    await at.slack.message(TEAM, OWEN, ROOM, "Should we agree the themes?")
    ts = at.slack.messages(TEAM, ROOM)[0].ts
    await at.slack.shortcut(TEAM, PRIYA, "propose")
    await at.slack.shortcut(TEAM, PRIYA, "propose", channel=ROOM, ts=ts)
    plain, on_message = at.received
    assert (plain["type"], plain["callback_id"]) == ("shortcut", "propose")
    assert "response_url" not in plain
    assert "channel" not in plain
    assert (on_message["type"], on_message["message"]["text"]) == (
        "message_action",
        "Should we agree the themes?",
    )
    assert on_message["response_url"]
