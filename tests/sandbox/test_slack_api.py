"""The local Slack's Web API, called with Slack's own client: what it keeps and what it refuses."""

import asyncio
import datetime
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import BOT_USER, SlackSandbox, viewmethods
from tests.sandbox.test_slack_target import OWEN, PRIYA, ROOM, TEAM, Json, Rig, rig

HELLO = {"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}
MODAL: Json = {"type": "modal", "title": {"type": "plain_text", "text": "Agree"}, "blocks": [HELLO]}
HOME: Json = {"type": "home", "blocks": [HELLO]}


@pytest.fixture(name="at")
async def fixture_at() -> AsyncIterator[Rig]:
    async with rig() as found:
        yield found


async def refused(at: Rig, method: str, **args: Any) -> SlackApiError:
    with pytest.raises(SlackApiError) as caught:
        await at.client.api_call(method, json=args)
    return caught.value


async def error(at: Rig, method: str, **args: Any) -> str:
    return str((await refused(at, method, **args)).response["error"])


async def test_a_post_can_be_edited_and_every_edit_is_timed(at: Rig) -> None:
    posted = await at.client.chat_postMessage(channel=ROOM, text="One", blocks=[HELLO])
    ts = posted["ts"]
    before = asyncio.get_running_loop().time()
    await at.client.chat_update(channel=ROOM, ts=ts, text="Two", blocks=[HELLO, HELLO])
    await at.client.chat_update(channel=ROOM, ts=ts, text="Three")
    message = at.slack.messages(TEAM, ROOM)[0]
    assert (message.text, message.blocks, message.author) == (
        "Three",
        [],
        BOT_USER,
    )  # text alone removes blocks
    assert message.edited is not None
    first, second = at.slack.edits(ROOM, ts)
    assert before <= first <= second
    assert [call.method for call in at.slack.calls] == ["chat.postMessage", "chat.update", "chat.update"]
    await at.client.chat_delete(channel=ROOM, ts=ts)
    assert at.slack.messages(TEAM, ROOM) == []
    assert await error(at, "chat.update", channel=ROOM, ts=ts, text="x") == "message_not_found"


async def test_history_shows_metadata_only_when_asked_and_ephemerals_never(at: Rig) -> None:
    stamp = {"event_type": "folkmoot", "event_payload": {"outbox": 7}}
    for number in range(3):
        await at.client.chat_postMessage(channel=ROOM, text=f"m{number}", metadata=stamp)
    await at.client.chat_postEphemeral(channel=ROOM, user=PRIYA, text="psst")
    page = await at.client.conversations_history(channel=ROOM, limit=2, include_all_metadata=True)
    assert [m["text"] for m in page["messages"]] == ["m2", "m1"]
    assert page["messages"][0]["metadata"] == stamp
    rest = await at.client.conversations_history(channel=ROOM, cursor=page["response_metadata"]["next_cursor"], limit=2)
    assert [(m["text"], "metadata" in m) for m in rest["messages"]] == [("m0", False)]
    assert rest["has_more"] is False
    oldest = page["messages"][1]["ts"]
    newer = await at.client.conversations_history(channel=ROOM, oldest=oldest)
    assert [m["text"] for m in newer["messages"]] == ["m2"]


async def test_an_ephemeral_message_is_for_one_member_and_cannot_be_edited(at: Rig) -> None:
    answer = await at.client.chat_postEphemeral(channel=ROOM, user=PRIYA, text="Only you")
    assert [m.text for m in at.slack.messages(TEAM, ROOM, PRIYA)] == ["Only you"]
    assert at.slack.messages(TEAM, ROOM, OWEN) == []
    ts = answer["message_ts"]
    assert await error(at, "chat.update", channel=ROOM, ts=ts, text="x") == "message_not_found"
    assert await error(at, "chat.postEphemeral", channel=ROOM, user="U0X", text="x") == "user_not_in_channel"


@pytest.mark.parametrize(
    ("method", "args", "expected"),
    [
        ("chat.postMessage", {"channel": "C0NONE", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0OUT", "text": "x"}, "not_in_channel"),
        ("chat.postMessage", {"channel": "C0OLD", "text": "x"}, "is_archived"),
        ("chat.postMessage", {"channel": ROOM}, "no_text"),
        ("chat.postMessage", {"channel": ROOM, "text": ""}, "no_text"),
        ("chat.postMessage", {"channel": ROOM, "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": ROOM, "blocks": "[{"}, "invalid_blocks_format"),
        ("chat.postMessage", {"channel": ROOM, "blocks": [{"type": "x"}]}, "invalid_blocks"),
        ("chat.postMessage", {"channel": ROOM, "text": "x", "metadata": "x"}, "invalid_metadata_format"),
        ("chat.update", {"channel": ROOM, "ts": "1.1", "text": "x"}, "message_not_found"),
        ("chat.postMessage", {"channel": ["x"], "text": {}, "blocks": {}}, "channel_not_found"),
        ("conversations.history", {"channel": ROOM, "limit": {"a": 1}}, "invalid_arguments"),
        ("views.publish", {"user_id": [], "view": HOME}, "user_not_found"),
        ("chat.update", {"channel": PRIYA, "ts": "1.1", "text": "x"}, "channel_not_found"),
        ("conversations.open", {"users": "U0NONE"}, "user_not_found"),
        ("conversations.history", {"channel": "C0OUT"}, "not_in_channel"),
        ("users.info", {"user": "U0NONE"}, "user_not_found"),
        ("views.publish", {"user_id": "U0NONE", "view": HOME}, "user_not_found"),
        ("views.publish", {"user_id": PRIYA, "view": MODAL}, "invalid_arguments"),
        ("views.open", {"trigger_id": "1.2.3", "view": MODAL}, "invalid_trigger_id"),
        ("views.open", {"trigger_id": "1.2.3"}, "invalid_arguments"),
        ("views.update", {"view": MODAL}, "invalid_arguments"),
        ("views.update", {"view_id": "V0", "view": MODAL}, "not_found"),
        ("chat.scheduleMessage", {"channel": ROOM}, "unknown_method"),
    ],
)
async def test_refusals(at: Rig, method: str, args: Json, expected: str) -> None:
    at.slack.add_channel(TEAM, "C0OUT", "elsewhere", [PRIYA], bot=False)
    at.slack.add_channel(TEAM, "C0OLD", "old", [PRIYA])
    await at.slack.archive(TEAM, "C0OLD")
    assert await error(at, method, **args) == expected
    assert at.slack.calls[-1].error == expected


async def test_invalid_blocks_say_where(at: Rig) -> None:
    long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    answer = (await refused(at, "chat.postMessage", channel=ROOM, blocks=[HELLO, long])).response
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]"
    ]
    whole = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2990}}] * 5
    assert await error(at, "chat.postMessage", channel=ROOM, blocks=whole) == "msg_blocks_too_long"
    posted = await at.client.chat_postMessage(channel=ROOM, text="short")
    too_long = {"channel": ROOM, "ts": posted["ts"], "text": "x" * 4001}
    assert await error(at, "chat.update", **too_long) == "msg_too_long"


async def test_the_token_and_its_scopes_are_checked(at: Rig) -> None:
    stranger = AsyncWebClient(token="xoxb-wrong", base_url=at.slack.api_url, session=at.session)
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await stranger.auth_test()
    bare = AsyncWebClient(base_url=at.slack.api_url, session=at.session)
    with pytest.raises(SlackApiError, match="not_authed"):
        await bare.auth_test()
    me = await at.client.auth_test()
    assert (me["team_id"], me["user_id"]) == (TEAM, BOT_USER)
    at.slack.scopes.discard("channels:history")
    with pytest.raises(SlackApiError, match="missing_scope"):
        await at.client.conversations_history(channel=ROOM)
    second = at.slack.add_workspace("T0OTHER", "Other", token="xoxb-other")
    at.slack.add_channel(second.id, "C0OTHER", "secret", [])
    assert await error(at, "chat.postMessage", channel="C0OTHER", text="x") == "channel_not_found"


async def test_direct_messages_open_by_user(at: Rig) -> None:
    opened = await at.client.conversations_open(users=PRIYA)
    channel = opened["channel"]["id"]
    assert channel == at.slack.dm(TEAM, PRIYA)
    await at.client.chat_postMessage(channel=PRIYA, text="Just for you")
    assert [m.text for m in at.slack.messages(TEAM, channel, PRIYA)] == ["Just for you"]
    assert (await at.client.conversations_info(channel=channel))["channel"]["is_im"] is True
    assert (await at.client.users_info(user=PRIYA))["user"]["real_name"] == "Priya Shah"


async def test_a_trigger_is_good_once_and_not_for_long(at: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    await at.slack.command(TEAM, PRIYA, ROOM, "/board")
    await at.slack.command(TEAM, PRIYA, ROOM, "/board")
    first, second = (form["trigger_id"] for form in at.received)
    at.clock.at += datetime.timedelta(hours=2)  # the shifted clock has no say in this
    await at.client.views_open(trigger_id=first, view=MODAL)
    assert at.slack.modal(TEAM, PRIYA) is not None
    assert at.slack.modal(TEAM, OWEN) is None
    assert await error(at, "views.open", trigger_id=first, view=MODAL) == "exchanged_trigger_id"
    monkeypatch.setattr(viewmethods, "TRIGGER_SECONDS", 0.05)
    await asyncio.sleep(0.06)
    assert await error(at, "views.open", trigger_id=second, view=MODAL) == "expired_trigger_id"


async def test_views_push_update_and_hash(at: Rig) -> None:
    async def trigger() -> str:
        await at.slack.shortcut(TEAM, PRIYA, "x")
        return str(at.received[-1]["trigger_id"])

    assert await error(at, "views.push", trigger_id=await trigger(), view=MODAL) == "not_found"
    view = (await at.client.views_open(trigger_id=await trigger(), view=MODAL))["view"]
    for _ in range(2):
        await at.client.views_push(trigger_id=await trigger(), view=MODAL)
    assert await error(at, "views.push", trigger_id=await trigger(), view=MODAL) == "push_limit_reached"
    fresh = (await at.client.views_update(view_id=view["id"], hash=view["hash"], view=MODAL))["view"]
    assert (fresh["id"], fresh["hash"] == view["hash"]) == (view["id"], False)
    stale = {"view_id": view["id"], "hash": view["hash"], "view": MODAL}
    assert await error(at, "views.update", **stale) == "hash_conflict"
    big = {**MODAL, "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}] * 84}
    assert await error(at, "views.open", trigger_id=await trigger(), view=big) == "view_too_large"


async def test_a_response_url_works_five_times_in_half_an_hour(at: Rig) -> None:
    async def use(url: str, **body: Any) -> tuple[int, str]:
        async with at.session.post(url, json={"text": "hi", **body}) as answer:
            return answer.status, await answer.text()

    for _ in range(2):
        await at.slack.command(TEAM, PRIYA, ROOM, "/board")
    first, second = (form["response_url"] for form in at.received)
    assert [await use(first) for _ in range(5)] == [(200, "ok")] * 5
    status, body = await use(first)
    assert (status, "used_url" in body) == (404, True)
    assert len(at.slack.messages(TEAM, ROOM, PRIYA)) == 5
    assert at.slack.messages(TEAM, ROOM, OWEN) == []
    await use(second, response_type="in_channel", text="for all")
    assert [m.text for m in at.slack.messages(TEAM, ROOM, OWEN)] == ["for all"]
    at.clock.at += datetime.timedelta(minutes=31)
    status, body = await use(second)
    assert (status, "expired_url" in body) == (404, True)
    assert (await use(first.replace("response/", "response/x")))[0] == 404


async def raw(at: Rig, **headers: str) -> tuple[int, str, str]:
    url, auth = (
        f"{at.slack.api_url}chat.postMessage",
        {"Authorization": f"Bearer {at.client.token}", **headers},
    )
    async with at.session.post(url, json={"channel": ROOM, "text": "x"}, headers=auth) as answer:
        return answer.status, answer.headers.get("Retry-After", "-"), await answer.text()


async def test_faults(at: Rig) -> None:
    slack: SlackSandbox = at.slack
    for retry_after in ("7", None, "soon"):
        slack.fault("chat.postMessage", "ratelimited", retry_after=retry_after)
        assert (await raw(at))[:2] == (429, retry_after or "-")
    slack.fault(None, "http_500")
    assert (await raw(at))[0] == 500
    slack.fault("chat.postMessage", "html")
    assert (await raw(at))[2].startswith("<!DOCTYPE")
    slack.fault("chat.update", "http_500")  # of another method: it waits
    slack.fault("chat.postMessage", "error", error="token_revoked", times=2)
    assert ["token_revoked" in (await raw(at))[2] for _ in range(3)] == [True, True, False]
    assert len(slack.messages(TEAM, ROOM)) == 1


async def test_an_edit_must_leave_something(at: Rig) -> None:
    posted = await at.client.chat_postMessage(channel=ROOM, text="One", blocks=[HELLO])
    where = {"channel": ROOM, "ts": posted["ts"]}
    assert await error(at, "chat.update", **where) == "no_text"
    assert await error(at, "chat.update", blocks=[], **where) == "no_text"
    stamp = {"event_type": "folkmoot", "event_payload": {"outbox": 8}}
    await at.client.api_call("chat.update", json={**where, "metadata": stamp})
    message = at.slack.messages(TEAM, ROOM)[0]
    assert (message.text, len(message.blocks)) == ("One", 1)
    assert message.metadata is not None
    theirs = await at.slack.message(TEAM, OWEN, ROOM, "mine")
    assert theirs.error == "not_delivered"
    own = at.slack.messages(TEAM, ROOM)[1].ts
    assert await error(at, "chat.update", channel=ROOM, ts=own, text="x") == "cant_update_message"
    await at.slack.archive(TEAM, ROOM)
    assert await error(at, "chat.update", **where, text="x") == "is_inactive"


async def test_faults_of_the_connection(at: Rig) -> None:
    at.slack.fault("chat.postMessage", "drop")
    with pytest.raises(aiohttp.ClientError):
        await raw(at)
    assert len(at.slack.messages(TEAM, ROOM)) == 1  # taken, only nobody was told
    at.slack.fault("chat.postMessage", "hang", seconds=0.2)
    with pytest.raises(aiohttp.ClientError):
        await raw(at)
    assert len(at.slack.messages(TEAM, ROOM)) == 1
    at.slack.fault("chat.postMessage", "slow", seconds=0.2)
    before = time.monotonic()
    assert (await raw(at))[0] == 200
    assert time.monotonic() - before >= 0.2


async def test_rate_limits_hold_when_switched_on(at: Rig) -> None:
    assert [(await raw(at))[0] for _ in range(5)] == [200] * 5
    at.slack.rate_limits = True
    answers = [await raw(at) for _ in range(5)]
    assert [status for status, _, _ in answers] == [200, 200, 200, 429, 429]
    assert answers[-1][1] == "1"


async def test_bad_bodies_get_a_clear_answer(at: Rig) -> None:
    url = f"{at.slack.api_url}chat.postMessage"
    for body, expected in ((b"{", "invalid_json"), (b"[]", "json_not_object")):
        async with at.session.post(url, data=body, headers={"Content-Type": "application/json"}) as answer:
            assert (answer.status, (await answer.json())["error"]) == (200, expected)
