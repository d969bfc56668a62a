"""Socket Mode goes through the same checks and the same listeners as HTTP."""

import asyncio
import json
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.slack.app import SlackAdapter, SlackSettings
from tests.adapters.slack.fakes import OFFERS, FakeDesk, FixedClock

COMMAND = {"command": "/board", "text": "items", "team_id": "T1", "user_id": "U1", "channel_id": "C1"}


async def test_a_command_and_a_broken_body_over_a_web_socket() -> None:
    answered: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    desk = FakeDesk()

    async def connections(request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer xapp-1"
        return web.json_response({"ok": True, "url": str(server.make_url("/ws")).replace("http", "ws", 1)})

    async def socket(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        for at, payload in enumerate([{"type": "block_actions"}, COMMAND]):
            envelope = {"envelope_id": f"e{at}", "type": "slash_commands", "payload": payload}
            await ws.send_str(json.dumps(envelope))
        async for message in ws:
            await answered.put(json.loads(message.data))
        return ws

    app = web.Application()
    app.router.add_post("/api/apps.connections.open", connections)
    app.router.add_get("/ws", socket)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        settings = SlackSettings("", "xoxb-1", "xapp-1", str(server.make_url("/api/")))
        adapter = SlackAdapter(desk, settings, OFFERS, session, FixedClock())
        await adapter.start()
        said = await asyncio.wait_for(answered.get(), 10)
        await adapter.stop()
    assert said["envelope_id"] == "e1" and said["payload"]["text"] == "done"
    assert [request.line for request in desk.heard] == ["items"]
