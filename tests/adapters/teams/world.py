"""A small Microsoft: keys and tokens with which it signs, a connector that notes what is sent, and a desk."""

import asyncio
import datetime
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import aiohttp
import jwt
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from adapters.teams.app import TeamsAdapter
from adapters.teams.settings import TeamsSettings
from core.cards import Button, Buttons, Card, Params, Text
from core.requests import Offer, Replace, Reply, Request, Whisper

APP = "11111111-2222-3333-4444-555555555555"
TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47"
PERSON = "aad-object-of-anna"
BOT = f"28:{APP}"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True)
class Cast(Params):
    """A command as a feature would declare it."""

    command: ClassVar[str] = "agreements.cast"
    agreement: str = ""
    position: str = ""


@dataclass(frozen=True)
class Show(Params):
    """A view as a feature would declare it."""

    command: ClassVar[str] = "agreements.show"
    agreement: str = ""


OFFERS = (
    Offer(
        "agreements.open",
        "agree",
        "Propose an agreement",
        "Put a proposal.",
        shortcut=True,
        takes_text="text",
    ),
    Offer("partners.home", "home", "Home", "What waits for you."),
)


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime.datetime(2031, 3, 4, 12, 0, tzinfo=datetime.UTC)

    def now(self) -> datetime.datetime:
        return self.moment

    def move(self, seconds: float) -> None:
        self.moment += datetime.timedelta(seconds=seconds)


class FakeDesk:
    """A desk that notes what it was asked and gives the replies that a test laid out."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.reply: Reply = Whisper(Card("", (Text(("Noted.",)),), "Noted."))
        self.card = Card("Five themes", (Buttons((Button("Consent", Cast("a1", "consent")),)),), "Three of nine agree.")
        self.fails = False

    async def handle(self, request: Request) -> Reply:
        self.asked.append(request)
        if self.fails:
            raise RuntimeError("a fault of our own with a secret in it")
        return self.reply

    async def draw(self, reply: Replace) -> Card:
        return self.card


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Microsoft:
    """Metadata, keys, sign-in and connector on one loopback server."""

    endorsements: list[str] = field(default_factory=lambda: ["msteams", "webchat"])
    kids: tuple[str, ...] = ("key-1",)
    keys_hang: bool = False
    keys_body: Any = None
    keys_fetched: int = 0
    tokens_given: int = 0
    token_answer: tuple[int, Any] | None = None
    calls: list[tuple[str, str, Any, str]] = field(default_factory=list)
    script: list[Handler | tuple[int, Any] | tuple[int, Any, dict[str, str]]] = field(default_factory=list)
    server: TestServer = field(init=False)

    def __post_init__(self) -> None:
        app = web.Application()
        app.router.add_get("/metadata", self._metadata)
        app.router.add_get("/keys", self._keys)
        app.router.add_post("/login/{tenant}/oauth2/v2.0/token", self._token)
        app.router.add_route("*", "/connector/{path:.*}", self._connector)
        self.server = TestServer(app, host="127.0.0.1")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    @property
    def service_url(self) -> str:
        return f"{self.url}/connector/"

    @property
    def posts(self) -> list[dict[str, Any]]:
        return [body for method, path, body, _ in self.calls if method == "POST" and path.endswith("/activities")]

    async def _metadata(self, request: web.Request) -> web.Response:
        return web.json_response({"issuer": "https://api.botframework.com", "jwks_uri": f"{self.url}/keys"})

    async def _keys(self, request: web.Request) -> web.Response:
        self.keys_fetched += 1
        if self.keys_hang:
            await asyncio.sleep(30)
        if self.keys_body is not None:
            return web.Response(text=self.keys_body, content_type="application/json")
        jwk = json.loads(RSAAlgorithm.to_jwk(KEY.public_key()))
        return web.json_response(
            {"keys": [{**jwk, "kid": kid, "use": "sig", "endorsements": self.endorsements} for kid in self.kids]}
        )

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        assert request.match_info["tenant"] == TENANT
        assert form["client_secret"] == "the password"
        assert form["scope"] == "https://api.botframework.com/.default"
        self.tokens_given += 1
        if self.token_answer is not None:
            status, body = self.token_answer
            return web.json_response(body, status=status)
        return web.json_response({"access_token": f"token-{self.tokens_given}", "expires_in": 3600})

    async def _connector(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        path = request.raw_path.removeprefix("/connector/")
        self.calls.append((request.method, path, body, request.headers.get("Authorization", "")))
        if self.script:
            step = self.script.pop(0)
            if callable(step):
                return await step(request)
            status, answer, *headers = step
            return web.json_response(answer, status=status, headers=headers[0] if headers else None)
        if path == "v3/conversations":
            return web.json_response({"id": f"a:chat-with-{body['members'][0]['id']}"}, status=201)
        return web.json_response({"id": f"message-{len(self.calls)}"}, status=201)


@dataclass
class World:
    """Everything that a test of the adapter needs, running."""

    microsoft: Microsoft
    desk: FakeDesk
    clock: FakeClock
    settings: TeamsSettings
    session: aiohttp.ClientSession
    client: aiohttp.ClientSession
    adapter: TeamsAdapter
    server: TestServer

    def activity(self, **changes: Any) -> dict[str, Any]:
        """A message in a one-to-one chat, as Teams sends it; the changes replace whole fields."""
        made: dict[str, Any] = {
            "type": "message",
            "id": "1709550000001",
            "timestamp": "2031-03-04T12:00:00Z",
            "channelId": "msteams",
            "serviceUrl": self.microsoft.service_url,
            "from": {"id": "29:anna", "name": "Anna Example", "aadObjectId": PERSON},
            "recipient": {"id": BOT, "name": "Folkmoot"},
            "conversation": {"id": "a:chat", "conversationType": "personal", "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}},
            "text": "agree Five themes",
        }
        made.update(changes)
        return {name: value for name, value in made.items() if value is not None}

    def in_room(self, **changes: Any) -> dict[str, Any]:
        """The same in a channel's thread."""
        room = {
            "conversation": {
                "id": "19:room@thread.tacv2;messageid=1700",
                "conversationType": "channel",
                "tenantId": TENANT,
                "isGroup": True,
            },
            "channelData": {
                "tenant": {"id": TENANT},
                "team": {"id": "19:team", "name": "Barnet"},
                "channel": {"id": "19:room@thread.tacv2"},
            },
        }
        return self.activity(**{**room, **changes})

    def claims(self, **changes: Any) -> dict[str, Any]:
        now = self.clock.now().timestamp()
        made = {
            "iss": "https://api.botframework.com",
            "aud": APP,
            "nbf": int(now) - 60,
            "exp": int(now) + 3600,
            "serviceurl": self.microsoft.service_url,
        }
        made.update(changes)
        return {name: value for name, value in made.items() if value is not None}

    def token(self, key: Any = KEY, algorithm: str = "RS256", headers: Any = None, **changes: Any) -> str:
        """A token as the Bot Framework signs it."""
        if headers is None:
            headers = {"kid": "key-1"}
        return jwt.encode(self.claims(**changes), key, algorithm=algorithm, headers=headers)

    async def send(
        self, activity: Any, token: str | None = None, *, raw: bytes | None = None, **headers: str
    ) -> tuple[int, Any]:
        """Post to the real route; the status and the JSON of the answer."""
        body = raw if raw is not None else json.dumps(activity).encode()
        sent = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {token or self.token()}",
            **headers,
        }
        sent = {name.replace("_", "-"): value for name, value in sent.items() if value}
        url = self.server.make_url("/api/messages")
        async with self.client.post(url, data=body, headers=sent) as response:
            text = await response.text()
            return response.status, json.loads(text) if text else None

    async def invoke(self, name: str, value: Any, **changes: Any) -> Any:
        """The body of the reply to an invoke, which must be a 200."""
        changes = {"replyToId": "card-1", "id": "f:1", "text": None, **changes}
        status, body = await self.send(self.activity(type="invoke", name=name, value=value, **changes))
        assert status == 200
        return body

    async def settled(self) -> None:
        """Wait until every answer on its way has arrived."""
        await self.adapter.stop()


async def build(**changes: Any) -> World:
    """A running world; `changes` go into the settings."""
    microsoft, desk, clock = Microsoft(), FakeDesk(), FakeClock()
    await microsoft.server.start_server()
    settings = TeamsSettings(
        app_id=APP,
        app_password="the password",
        tenant_id=TENANT,
        openid_metadata=f"{microsoft.url}/metadata",
        login_url=f"{microsoft.url}/login",
        service_hosts=("127.0.0.1",),
    )
    settings = replace(settings, **changes)
    session, client = aiohttp.ClientSession(), aiohttp.ClientSession()
    adapter = TeamsAdapter(desk, settings, OFFERS, session, clock)
    app = web.Application()
    app.add_routes(adapter.routes())
    server = TestServer(app, host="127.0.0.1")
    await server.start_server(lingering_time=0.1)
    await adapter.start()
    return World(microsoft, desk, clock, settings, session, client, adapter, server)


async def tear_down(world: World) -> None:
    """Stop what `build` started."""
    await world.adapter.stop()
    await world.server.close()
    await world.session.close()
    await world.client.close()
    await world.microsoft.server.close()
