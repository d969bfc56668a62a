"""The messenger: what goes out, and what each failure means to the courier."""

import asyncio
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from adapters.teams import send, tokens
from core.cards import Card, Text
from core.errors import SendFailed
from core.requests import Address
from tests.adapters.teams.limits import check_card
from tests.adapters.teams.world import APP, BOT, TENANT, World, build, tear_down

NEW = Card("Five themes", (Text(("Agree them?",)),), "Five themes are to be agreed.")


def room(world: World, **changes: str) -> Address:
    made = {"conversation": "19:room@thread.tacv2", "service_url": world.microsoft.service_url, "bot": BOT}
    return Address("teams", TENANT, **{**made, **changes})


async def fails(world: World, doing: str = "post", **changes: str) -> SendFailed:
    with pytest.raises(SendFailed) as raised:
        if doing == "post":
            await world.adapter.messenger.post(room(world, **changes), NEW, stamp="7", again=False)
        else:
            await world.adapter.messenger.update(room(world, **changes), "message-1", NEW)
    assert "the password" not in raised.value.reason
    assert "token-" not in raised.value.reason
    return raised.value


async def test_a_post_and_its_update(world: World) -> None:
    posted = await world.adapter.messenger.post(room(world), NEW, stamp="7", again=False)
    assert (posted.conversation, posted.message) == ("19:room@thread.tacv2", "message-1")
    await world.adapter.messenger.update(room(world), posted.message, NEW)
    (method, path, body, token), (again, put, updated, _) = world.microsoft.calls
    assert (method, path) == ("POST", "v3/conversations/19%3Aroom%40thread.tacv2/activities")
    assert (again, put) == ("PUT", "v3/conversations/19%3Aroom%40thread.tacv2/activities/message-1")
    assert token == "Bearer token-1"
    assert body["type"] == "message"
    assert body["summary"] == "Five themes are to be agreed."
    assert body["channelData"] == {"folkmoot": {"stamp": "7"}}
    assert body["attachments"][0]["contentType"] == "application/vnd.microsoft.card.adaptive"
    check_card(body["attachments"][0]["content"])
    assert updated["id"] == "message-1"
    assert updated["attachments"] == body["attachments"]


async def test_a_person_is_written_to_in_a_chat_of_their_own(world: World) -> None:
    for _ in range(2):
        address = room(world, conversation="", user="anna", bot="")
        posted = await world.adapter.messenger.post(address, NEW, stamp="", again=False)
    assert posted.conversation == "a:chat-with-anna"
    assert [path for _, path, _, _ in world.microsoft.calls] == [
        "v3/conversations",
        "v3/conversations/a%3Achat-with-anna/activities",
        "v3/conversations/a%3Achat-with-anna/activities",
    ]
    made = world.microsoft.calls[0][2]
    assert made == {
        "isGroup": False,
        "bot": {"id": BOT},
        "members": [{"id": "anna"}],
        "tenantId": TENANT,
        "channelData": {"tenant": {"id": TENANT}},
    }


async def test_the_service_url_of_a_tenant_is_remembered(world: World) -> None:
    assert (await fails(world, service_url="")).kind == "never"  # Microsoft's own is not on this test's list
    await world.send(world.activity())
    await world.adapter.messenger.post(room(world, service_url=""), NEW, stamp="", again=False)


@pytest.mark.parametrize(
    ("status", "post", "update"),
    [
        (400, "never", "never"),
        (403, "never", "never"),
        (404, "never", "never"),
        (408, "unsure", "later"),
        (412, "later", "later"),
        (413, "never", "never"),
        (429, "later", "later"),
        (500, "unsure", "later"),
        (502, "later", "later"),
        (503, "later", "later"),
        (504, "later", "later"),
        (302, "never", "never"),
    ],
)
async def test_what_an_answer_means(world: World, status: int, post: str, update: str) -> None:
    for doing, kind in (("post", post), ("update", update)):
        world.microsoft.script = [(status, {"error": {"code": "SomeCode"}})]
        failed = await fails(world, doing)
        assert failed.kind == kind
        assert str(status) in failed.reason
        assert "SomeCode" in failed.reason
        assert len(world.microsoft.script) == 0


async def test_reasons_name_what_teams_says(world: World) -> None:
    for code in ("ForbiddenOperationException", "MessageWritesBlocked"):
        world.microsoft.script = [(403, {"error": {"code": code, "message": "long story"}})]
        assert (await fails(world)).reason == f"Teams answered 403 {code}"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("0.5", 0.5), ("99999999", 3600.0), ("-1", None), ("nan", None), ("soon", None), ("", None)],
)
async def test_retry_after(world: World, header: str, seconds: float | None) -> None:
    world.microsoft.script = [(429, {}, {"Retry-After": header})]
    failed = await fails(world)
    assert (failed.kind, failed.retry_after) == ("later", seconds)


async def test_retry_after_may_be_absent(world: World) -> None:
    world.microsoft.script = [(429, {})]
    assert (await fails(world)).retry_after is None


async def test_a_connection_that_drops_and_one_that_hangs(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def drop(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    async def hang(request: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()

    monkeypatch.setattr(send, "TIMEOUT", aiohttp.ClientTimeout(total=0.2))
    for script in (drop, hang):
        world.microsoft.script = [script]
        assert (await fails(world)).kind == "unsure"
        world.microsoft.script = [script, script]  # aiohttp itself repeats a PUT once on a dropped connection
        assert (await fails(world, "update")).kind == "later"


async def test_nobody_at_home_is_worth_another_attempt(world: World, unused_tcp_port: int) -> None:
    nobody = f"http://127.0.0.1:{unused_tcp_port}/"
    assert (await fails(world, service_url=nobody)).kind == "later"
    assert (await fails(world, "update", service_url=nobody)).kind == "later"


async def test_an_answer_that_is_no_json(world: World) -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(text="<html>" + "x" * 200_000)

    world.microsoft.script = [page]
    assert (await fails(world)).kind == "unsure"
    world.microsoft.script = [page]
    await world.adapter.messenger.update(room(world), "message-1", NEW)


async def test_only_listed_hosts_are_called(world: World) -> None:
    for url in ("https://evil.example/", "http://169.254.169.254/", "http://10.0.0.1/", "ftp://127.0.0.1/", "x"):
        failed = await fails(world, service_url=url)
        assert (failed.kind, "not on the list" in failed.reason) == ("never", True)
    assert world.microsoft.tokens_given == 0


async def test_ids_stay_one_segment_of_the_path(world: World) -> None:
    await world.adapter.messenger.update(room(world, conversation="../../x?y#z"), "..", NEW)
    assert world.microsoft.calls[0][1] == "v3/conversations/..%2F..%2Fx%3Fy%23z/activities/%2E"


async def test_one_token_serves_everyone_until_shortly_before_its_end(world: World) -> None:
    await asyncio.gather(
        *(world.adapter.messenger.post(room(world), NEW, stamp=str(n), again=False) for n in range(30))
    )
    assert world.microsoft.tokens_given == 1
    world.clock.move(3_200)
    await world.adapter.messenger.post(room(world), NEW, stamp="", again=False)
    assert world.microsoft.tokens_given == 1
    world.clock.move(150)
    await world.adapter.messenger.post(room(world), NEW, stamp="", again=False)
    assert world.microsoft.tokens_given == 2
    world.clock.move(-7_200)  # a clock set back trusts no old token
    await world.adapter.messenger.post(room(world), NEW, stamp="", again=False)
    assert world.microsoft.tokens_given == 3


async def test_a_refused_token_is_renewed_once(world: World) -> None:
    world.microsoft.script = [(401, {})]
    await world.adapter.messenger.post(room(world), NEW, stamp="", again=False)
    assert [token for *_, token in world.microsoft.calls] == ["Bearer token-1", "Bearer token-2"]
    world.microsoft.script = [(401, {}), (401, {})]
    assert (await fails(world)).kind == "paused"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((400, {"error": "unauthorized_client"}), "paused"),
        ((401, {"error": "invalid_client"}), "paused"),
        ((429, {}), "later"),
        ((500, {}), "later"),
        ((200, {}), "later"),
        ((200, []), "later"),
        ((200, {"access_token": 5}), "later"),
    ],
    ids=str,
)
async def test_a_sign_in_that_refuses(world: World, answer: tuple[int, Any], kind: str) -> None:
    world.microsoft.token_answer = answer
    assert (await fails(world)).kind == kind
    assert world.microsoft.calls == []


async def test_a_sign_in_that_is_not_there(unused_tcp_port: int) -> None:
    world = await build(login_url=f"http://127.0.0.1:{unused_tcp_port}")
    try:
        assert (await fails(world)).kind == "later"
    finally:
        await tear_down(world)


async def test_a_managed_identity_s_token(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    async def identity(request: web.Request) -> web.Response:
        seen.append((request.headers.get("Metadata"), request.query["client_id"], request.query["resource"]))
        return web.json_response({"access_token": "managed", "expires_in": "86399"})

    app = web.Application()
    app.router.add_get("/identity", identity)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    monkeypatch.setattr(tokens, "MANAGED_IDENTITY", str(server.make_url("/identity")))
    settings = replace(world.settings, app_type="UserAssignedMSI", app_password="")
    given = tokens.Tokens(settings, world.session, world.clock)
    assert [await given.get(), await given.get()] == ["managed", "managed"]
    assert seen == [("true", APP, "https://api.botframework.com")]
    await server.close()


@pytest.fixture
def unused_tcp_port() -> int:
    return unused_port()
