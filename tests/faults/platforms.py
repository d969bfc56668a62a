"""Both platforms reduced to what delivery needs: messages arrive, are stamped with their time, and trouble is made for
one workspace at a time. Slack's history can be searched; Teams' cannot.

Conversations are named by their workspace: `C03x17` is a channel of workspace 3, `19:03x17` one of tenant 3.
"""

import asyncio
import contextlib
import itertools
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from aiohttp import web

Trouble = Callable[["Arrived"], "web.StreamResponse | float | None"]


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message that came in. at: by the monotonic clock."""

    tool: str
    workspace: int
    conversation: str
    stamp: str
    at: float
    ts: str


def number_of(conversation: str) -> int:
    """The workspace in a conversation's name."""
    found = re.search(r"(\d\d)x\d", conversation)
    assert found, conversation
    return int(found[1])


@dataclass
class Platforms:
    """What has come in. taken: a message stands there. trouble: by (tool, workspace): a response to give instead of
    taking it, or seconds to hang; None lets it in. after: called when a message has been taken, before the answer.
    """

    address: str = ""
    taken: list[Arrived] = field(default_factory=list)
    tried: Counter[tuple[str, int]] = field(default_factory=Counter)
    edits: list[tuple[str, str, float]] = field(default_factory=list)
    searched: int = 0
    trouble: dict[tuple[str, int], Trouble] = field(default_factory=dict)
    after: Callable[[Arrived], float] | None = None
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _history: dict[str, list[Arrived]] = field(default_factory=lambda: defaultdict(list))

    def stamps(self, tool: str = "") -> Counter[str]:
        """How often each message stands somewhere."""
        return Counter(each.stamp for each in self.taken if tool in ("", each.tool))

    async def slack(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if method == "conversations.history":
            self.searched += 1
            channel = str((await request.post())["channel"])
            return web.json_response({"ok": True, "messages": [_shown(each) for each in self._history[channel][-50:]]})
        body = await request.json()
        if method == "conversations.open":
            return web.json_response({"ok": True, "channel": {"id": f"D{body['users'][1:]}"}})
        if method == "chat.update":
            self.edits.append((body["channel"], body["ts"], time.monotonic()))
            return web.json_response({"ok": True, "ts": body["ts"], "channel": body["channel"]})
        if method != "chat.postMessage":
            return web.json_response({"ok": True})
        stamp = body["metadata"]["event_payload"]["stamp"]
        arrived, spoilt = await self._arrive("slack", body["channel"], stamp)
        return spoilt or web.json_response({"ok": True, "ts": arrived.ts, "channel": arrived.conversation})

    async def teams(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        stamp = body["channelData"]["folkmoot"]["stamp"]
        arrived, spoilt = await self._arrive("teams", request.match_info["conversation"], stamp)
        return spoilt or web.json_response({"id": arrived.ts}, status=201)

    async def chat(self, request: web.Request) -> web.StreamResponse:
        """The one-to-one chat with a person."""
        body = await request.json()
        return web.json_response({"id": f"a-{body['members'][0]['id'].removeprefix('oid-')}"}, status=201)

    async def edited(self, request: web.Request) -> web.StreamResponse:
        where = request.match_info
        self.edits.append((where["conversation"], where["activity"], time.monotonic()))
        return web.json_response({"id": where["activity"]})

    async def _arrive(self, tool: str, conversation: str, stamp: str) -> tuple[Arrived, web.StreamResponse | None]:
        workspace = number_of(conversation)
        arrived = Arrived(tool, workspace, conversation, stamp, time.monotonic(), f"{next(self._numbers)}.000100")
        self.tried[tool, workspace] += 1
        trouble = self.trouble.get((tool, workspace))
        found = trouble(arrived) if trouble else None
        if isinstance(found, web.StreamResponse):
            return arrived, found
        if found is not None:
            await asyncio.sleep(found)
            return arrived, web.Response(status=503)
        self.taken.append(arrived)
        self._history[conversation].append(arrived)
        if self.after is not None:
            await asyncio.sleep(self.after(arrived))
        return arrived, None


def _shown(arrived: Arrived) -> dict[str, object]:
    metadata = {"event_type": "folkmoot", "event_payload": {"stamp": arrived.stamp}}
    return {"type": "message", "ts": arrived.ts, "metadata": metadata}


def too_many(retry_after: str | None) -> web.Response:
    """A 429 as both platforms give it."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    body = json.dumps({"ok": False, "error": "ratelimited"})
    return web.Response(status=429, text=body, content_type="application/json", headers=headers)


@contextlib.asynccontextmanager
async def platforms() -> AsyncIterator[Platforms]:
    """Both, listening."""
    made = Platforms()
    app = web.Application(client_max_size=10**6)
    conversations = "/teams/v3/conversations"
    app.add_routes(
        [
            web.post("/slack/{method}", made.slack),
            web.post(conversations, made.chat),
            web.post(conversations + "/{conversation}/activities", made.teams),
            web.put(conversations + "/{conversation}/activities/{activity}", made.edited),
        ]
    )
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
    made.address = f"http://127.0.0.1:{port}"
    try:
        yield made
    finally:
        await runner.cleanup()
