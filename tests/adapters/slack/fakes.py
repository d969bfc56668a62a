"""A desk that answers as it is told, a Slack that remembers what it was asked, and requests signed as Slack signs."""

import asyncio
import dataclasses
import datetime
import hmac
import json
import urllib.parse
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from slack_sdk.signature import SignatureVerifier

from adapters.slack.app import PATH, SlackAdapter, SlackSettings
from core.cards import Card, Text
from core.requests import Offer, Replace, Reply, Request, Whisper

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC)
OFFERS = (
    Offer(
        "agreements.propose",
        "agree",
        "Propose an agreement",
        "Put a proposal to the partners.",
        "agree Five themes",
        True,
        "title",
    ),
    Offer("items.raise", "raise", "Raise an item", "Bring something to the board.", "raise Bus shelters"),
)


def sign(stamp: str, raw: bytes) -> str:
    """By Slack's own SDK; by hand only what it cannot sign."""
    try:
        return SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=raw) or ""
    except UnicodeDecodeError:
        return "v0=" + hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + raw, "sha256").hexdigest()


def card(sentence: str) -> Card:
    return Card("Folkmoot", (Text((sentence,)),), sentence)


class FixedClock:
    def now(self) -> datetime.datetime:
        return NOW


@dataclasses.dataclass
class FakeDesk:
    reply: Reply | Exception = dataclasses.field(default_factory=lambda: Whisper(card("done")))
    heard: list[Request] = dataclasses.field(default_factory=list)

    async def handle(self, request: Request) -> Reply:
        self.heard.append(request)
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply

    async def draw(self, reply: Replace) -> Card:
        return card(f"drawn {reply.view.packed()}")


class FakeSlack:
    """A Web API on its own port. `answers` overrides a method's answer by a dict, or by a handler."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, dict[str, Any] | Callable[[web.Request], Any]] = {}
        self.url = ""

    async def serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        raw = await request.text()
        body = json.loads(raw) if raw.startswith("{") else dict(urllib.parse.parse_qsl(raw))
        self.calls.append((method, body))
        if method != "respond":
            assert request.headers["Authorization"] == "Bearer xoxb-secret"
        answer = self.answers.get(method, {})
        if callable(answer):
            response: web.StreamResponse = await answer(request)
            return response
        defaults: dict[str, Any] = {"ok": True, "channel": body.get("channel", "C1"), "ts": f"17.{len(self.calls)}"}
        if method == "conversations.open":
            defaults["channel"] = {"id": "D9"}
        return web.json_response({**defaults, **answer})

    def of(self, method: str) -> list[dict[str, Any]]:
        return [body for called, body in self.calls if called == method]


class Rig:
    """The adapter on a server, with a fake on either side."""

    def __init__(self, adapter: SlackAdapter, desk: FakeDesk, slack: FakeSlack, client: TestClient[Any, Any]) -> None:
        self.adapter, self.desk, self.slack, self.client = adapter, desk, slack, client

    async def send(self, raw: bytes, content_type: str, **changes: str) -> tuple[int, Any]:
        stamp = str(int(NOW.timestamp()))
        signed = sign(stamp, raw)
        headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signed, "Content-Type": content_type}
        async with self.client.post(PATH, data=raw, headers={**headers, **changes}) as response:
            text = await response.text()
            return response.status, json.loads(text) if text.startswith("{") else text

    async def form(self, **fields: str) -> tuple[int, Any]:
        return await self.send(urllib.parse.urlencode(fields).encode(), "application/x-www-form-urlencoded")

    async def interact(self, payload: dict[str, Any]) -> tuple[int, Any]:
        return await self.settle(self.form(payload=json.dumps(payload)))

    async def event(self, payload: dict[str, Any]) -> tuple[int, Any]:
        return await self.settle(self.send(json.dumps(payload).encode(), "application/json"))

    async def command(self, command: str = "/board", text: str = "", **fields: str) -> tuple[int, Any]:
        known = {"team_id": "T1", "user_id": "U1", "user_name": "amina", "channel_id": "C1", "channel_name": "board"}
        url = f"{self.slack.url}respond"
        asked = {**known, "trigger_id": "1.2.a", "response_url": url, "command": command, "text": text, **fields}
        return await self.settle(self.form(**asked))

    async def settle(self, sending: Any) -> tuple[int, Any]:
        answered: tuple[int, Any] = await sending
        await self.adapter.stop()
        return answered

    def action(
        self, value: str | None = '{"c":"agreements.cast","a":{"agreement":7}}', **changes: Any
    ) -> dict[str, Any]:
        payload = {
            "type": "block_actions",
            "team": {"id": "T1"},
            "user": {"id": "U1", "team_id": "T1", "name": "amina"},
            "channel": {"id": "C1", "name": "board"},
            "container": {"type": "message", "message_ts": "16.1", "channel_id": "C1", "is_ephemeral": False},
            "trigger_id": "1.2.b",
            "response_url": f"{self.slack.url}respond",
            "actions": [{"type": "button", "action_id": "b0.0", "value": value, "action_ts": "18.1"}],
        }
        return {**payload, **changes}


@asynccontextmanager
async def running(secret: str = SECRET) -> AsyncIterator[Rig]:
    slack, desk = FakeSlack(), FakeDesk()
    api = web.Application()
    api.router.add_post("/api/{method}", slack.serve)
    async with TestServer(api) as server, aiohttp.ClientSession() as session:
        slack.url = str(server.make_url("/api/"))
        settings = SlackSettings(secret, "xoxb-secret", api_url=slack.url)
        adapter = SlackAdapter(desk, settings, OFFERS, session, FixedClock())
        app = web.Application()
        app.add_routes(adapter.routes())
        async with TestClient(TestServer(app)) as client:
            yield Rig(adapter, desk, slack, client)
        await asyncio.wait_for(adapter.stop(), 6)
