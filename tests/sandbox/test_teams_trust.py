"""The local Teams: its tokens stand up to a bot that checks them, and the bot's tokens to its login service.

`Target` is a tiny bot that trusts nobody: it verifies each delivery through the published metadata and keys.
"""

import asyncio
import datetime
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox.teams import TeamsSandbox

APP, SECRET = "11111111-2222-3333-4444-555555555555", "a-password"
TENANT, OTHER = "aaaaaaaa-0000-0000-0000-000000000001", "aaaaaaaa-0000-0000-0000-000000000002"
ANN, BEN, CAT = "0a0a0a0a-0000-0000-0000-00000000000a", "0b0b0b0b-0000-0000-0000-00000000000b", "cat"
BOARD = "19:board@thread.tacv2"
SCOPE = "https://api.botframework.com/.default"
CARD_TYPE = "application/vnd.microsoft.card.adaptive"


class ShiftingClock:
    """The real time, moved by `shift`."""

    shift = datetime.timedelta()

    def now(self) -> datetime.datetime:
        return datetime.datetime.now(datetime.UTC) + self.shift  # noqa: TID251


def card(*body: dict[str, Any], actions: tuple[dict[str, Any], ...] = (), **more: Any) -> dict[str, Any]:
    return {"type": "AdaptiveCard", "version": "1.5", "body": list(body), "actions": list(actions), **more}


def words(text: str) -> dict[str, Any]:
    return {"type": "TextBlock", "text": text}


def attached(content: dict[str, Any]) -> dict[str, Any]:
    return {"contentType": CARD_TYPE, "content": content}


def shown(content: dict[str, Any]) -> dict[str, Any]:
    return {"statusCode": 200, "type": CARD_TYPE, "value": content}


def dialog(title: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"task": {"type": "continue", "value": {"title": title, "card": attached(content)}}}


@dataclass
class Target:
    """The bot under the sandbox: it keeps what it heard and answers what `reply` says."""

    session: aiohttp.ClientSession
    metadata: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)
    reply: Callable[[dict[str, Any]], Any] = lambda activity: None
    delays: list[float] = field(default_factory=list)

    async def messages(self, request: web.Request) -> web.Response:
        activity = json.loads(await request.read())
        if not await self.trusts(request.headers.get("Authorization", ""), activity):
            return web.Response(status=401)
        self.heard.append(activity)
        if self.delays:
            await asyncio.sleep(self.delays.pop(0))
        answer = self.reply(activity)
        return web.Response() if answer is None else web.json_response(answer)

    async def trusts(self, authorization: str, activity: dict[str, Any]) -> bool:
        scheme, _, token = authorization.partition(" ")
        document = await (await self.session.get(self.metadata)).json()
        keys = (await (await self.session.get(document["jwks_uri"])).json())["keys"]
        try:
            header = jwt.get_unverified_header(token)
            entry = next(key for key in keys if key["kid"] == header["kid"])
            claims = jwt.decode(
                token,
                jwt.PyJWK(entry).key,
                algorithms=document["id_token_signing_alg_values_supported"],
                audience=APP,
                issuer=document["issuer"],
                options={"require": ["exp", "nbf", "iss", "aud"]},
            )
        except (jwt.PyJWTError, StopIteration):
            return False
        right = claims["serviceurl"] == activity["serviceUrl"] and activity["channelId"] in entry["endorsements"]
        return scheme == "Bearer" and right


@dataclass
class Stage:
    """A sandbox with two people in one channel and a third elsewhere, and the bot it talks to."""

    teams: TeamsSandbox
    bot: Target
    session: aiohttp.ClientSession
    clock: ShiftingClock
    token: str = ""

    async def login(self, tenant: str = TENANT, **changes: str) -> tuple[int, dict[str, Any]]:
        form = {
            "grant_type": "client_credentials",
            "client_id": APP,
            "client_secret": SECRET,
            "scope": SCOPE,
            **changes,
        }
        async with self.session.post(f"{self.teams.login_url}/{tenant}/oauth2/v2.0/token", data=form) as response:
            return response.status, await response.json()

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        if not self.token:
            self.token = (await self.login())[1]["access_token"]
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"{self.teams.service_url}v3/conversations{path}"
        async with self.session.request(method, url, json=body, headers=headers, **more) as response:
            raw = await response.read()
            return response.status, json.loads(raw) if raw else None

    async def post(self, content: dict[str, Any], conversation: str = BOARD) -> str:
        activity = {"type": "message", "attachments": [attached(content)]}
        status, body = await self.call("POST", f"/{conversation}/activities", activity)
        assert status == 201, body
        return str(body["id"])


async def make_stage() -> AsyncIterator[Stage]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        clock = ShiftingClock()
        bot = Target(session)
        teams = TeamsSandbox(target="", app_id=APP, app_password=SECRET, session=session, clock=clock, base_url="")
        app = web.Application()
        app.add_routes([*teams.routes(), *teams.page_routes(), web.post("/api/messages", bot.messages)])
        async with TestServer(app) as server:
            teams.base_url = str(server.make_url("")).rstrip("/")
            teams.target = f"{teams.base_url}/api/messages"
            bot.metadata = teams.openid_url
            teams.add_tenant(TENANT, "Barnet Council")
            teams.add_tenant(OTHER, "Somebody else")
            teams.add_user(TENANT, ANN, "Ann Archer")
            teams.add_user(TENANT, BEN, "Ben Baker")
            teams.add_user(OTHER, CAT, "Cat Cook")
            teams.add_channel(TENANT, BOARD, "Board", [ANN, BEN])
            yield Stage(teams, bot, session, clock)


stage = pytest.fixture(make_stage)


async def test_a_bot_that_checks_everything_believes_a_delivery(stage: Stage) -> None:
    delivery = await stage.teams.say(TENANT, ANN, BOARD, "@Folkmoot help")
    assert delivery.status == 200
    assert delivery.elapsed > 0
    assert len(stage.bot.heard) == 1
    assert stage.teams.errors == []


async def test_the_same_token_serves_for_minutes_and_no_longer(stage: Stage) -> None:
    first = stage.teams.keys.token(APP, stage.teams.service_url)
    assert stage.teams.keys.token(APP, stage.teams.service_url) == first
    assert stage.teams.keys.token(APP, "https://elsewhere/") != first
    stage.clock.shift = datetime.timedelta(minutes=6)
    assert stage.teams.keys.token(APP, stage.teams.service_url) != first


async def test_a_rotated_key_has_a_new_id_and_the_old_one_is_gone(stage: Stage) -> None:
    old_token, old_kid = stage.teams.keys.token(APP, stage.teams.service_url), stage.teams.keys.kid
    stage.teams.rotate_keys()
    assert old_kid not in [key["kid"] for key in stage.teams.keys.published]
    assert (await stage.teams.say(TENANT, ANN, BOARD, "@Folkmoot help")).status == 200
    stale = {"type": "message", "serviceUrl": stage.teams.service_url, "channelId": "msteams"}
    assert (await stage.teams.wire.deliver(stale, old_token)).status == 401
    stage.teams.rotate_keys(keep_old=True)
    assert len(stage.teams.keys.published) == 2


@pytest.mark.parametrize(
    "claims",
    [{"aud": "another"}, {"iss": "https://evil"}, {"exp": None}, {"exp": 1}, {"serviceurl": "https://evil/"}],
)
async def test_wrong_tokens_can_be_made_on_purpose(stage: Stage, claims: dict[str, Any]) -> None:
    token = stage.teams.keys.token(APP, stage.teams.service_url, **claims)
    activity = {"type": "message", "serviceUrl": stage.teams.service_url, "channelId": "msteams"}
    assert (await stage.teams.wire.deliver(activity, token)).status == 401
    assert (await stage.teams.wire.deliver(activity, "")).status == 401


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"client_secret": "wrong"}, 401, 7000215),
        ({"client_id": "somebody"}, 400, 700016),
        ({"grant_type": "password"}, 400, 70003),
        ({"scope": "https://graph.microsoft.com/.default"}, 400, 70011),
        ({"tenant": "nowhere"}, 400, 90002),
    ],
)
async def test_the_login_service_refuses(stage: Stage, changes: dict[str, str], status: int, code: int) -> None:
    got, body = await stage.login(**changes)
    assert got == status
    assert body["error_codes"] == [code]


async def test_a_bots_token_runs_out(stage: Stage) -> None:
    status, body = await stage.login()
    assert (status, body["token_type"], body["expires_in"]) == (200, "Bearer", 3599)
    stage.token = body["access_token"]
    assert (await stage.call("GET", f"/{BOARD}/members"))[0] == 200
    stage.clock.shift = datetime.timedelta(hours=1, seconds=1)
    assert (await stage.call("GET", f"/{BOARD}/members"))[0] == 401
    stage.clock.shift = datetime.timedelta()
    stage.teams.logins.expire()
    assert (await stage.call("GET", f"/{BOARD}/members"))[0] == 401


async def test_faults_at_the_login_service_and_the_key_server(stage: Stage) -> None:
    stage.teams.fault("503", area="token")
    assert (await stage.login())[0] == 503
    stage.teams.fault("refuse", area="token")
    with pytest.raises(aiohttp.ClientError):
        await stage.login()
    assert (await stage.login())[0] == 200
    stage.teams.fault("500", area="keys", path="/keys")
    assert (await stage.session.get(stage.teams.openid_url)).status == 200
    assert (await stage.session.get(stage.teams.openid_url.replace("openid", "keys"))).status == 500
    stage.teams.fault("hang", area="keys")
    with pytest.raises(TimeoutError):
        await stage.session.get(stage.teams.openid_url, timeout=aiohttp.ClientTimeout(total=0.2))


async def test_a_thousand_deliveries_at_once(stage: Stage) -> None:
    async def trusting(authorization: str, activity: dict[str, Any]) -> bool:
        return bool(authorization)

    stage.bot.trusts = trusting  # type: ignore[method-assign]
    deliveries = await asyncio.gather(
        *(stage.teams.say(TENANT, (ANN, BEN)[n % 2], BOARD, f"@Folkmoot {n}") for n in range(1000))
    )
    assert {delivery.status for delivery in deliveries} == {200}
    assert len({activity["id"] for activity in stage.bot.heard}) == 1000
