"""Both vendors, as little of them as our server needs: `python -m tests.bench.vendors PORT KEYS`.

Every call is answered at once unless told otherwise; `GET /seen` tells what was posted and edited and when,
`POST /mode` sets a delay or a rate limit, and `POST /forget` empties the memory. KEYS: a file with the key set.
"""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

_ids = itertools.count(1)


class Vendors:
    """What they have been told, and how they behave."""

    def __init__(self, keys: Any, base: str) -> None:
        self.keys, self.base = keys, base
        self.posts: list[dict[str, Any]] = []
        self.edits: list[dict[str, Any]] = []
        self.calls: dict[str, int] = {}
        self.delay = 0.0
        self.limited = False

    async def slack(self, request: web.Request) -> web.Response:
        """A method of Slack's Web API."""
        method = request.match_info["method"]
        body = json.loads(await request.read() or b"{}") if request.content_type == "application/json" else {}
        self.calls[method] = self.calls.get(method, 0) + 1
        started = time.perf_counter()
        if self.delay:
            await asyncio.sleep(self.delay)
        if method == "chat.update":
            if self.limited:
                return web.Response(status=429, headers={"Retry-After": "1"})
            self.edits.append({"tool": "slack", "message": body["ts"], "at": time.perf_counter(), "began": started})
            self.edits[-1]["blocks"] = body["blocks"]
        ts = body.get("ts") or f"{1700000000 + next(_ids)}.000100"
        if method == "chat.postMessage":
            self.posts.append({"tool": "slack", "message": ts, "blocks": body.get("blocks")})
        return web.json_response({"ok": True, "channel": body.get("channel", "C0"), "ts": ts, "user_id": "U0BOT"})

    async def respond(self, request: web.Request) -> web.Response:
        """A response_url."""
        await request.read()
        self.calls["respond"] = self.calls.get("respond", 0) + 1
        return web.Response(text="ok")

    async def metadata(self, _request: web.Request) -> web.Response:
        """The Bot Framework's OpenID metadata."""
        return web.json_response(
            {
                "issuer": "https://api.botframework.com",
                "jwks_uri": f"{self.base}/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    async def published(self, _request: web.Request) -> web.Response:
        """Its keys."""
        return web.json_response(self.keys)

    async def token(self, _request: web.Request) -> web.Response:
        """Microsoft's token endpoint."""
        return web.json_response({"token_type": "Bearer", "expires_in": 3600, "access_token": "worthless"})

    async def connector(self, request: web.Request) -> web.Response:
        """The connector: posts and edits."""
        body = json.loads(await request.read())
        if self.delay:
            await asyncio.sleep(self.delay)
        message = request.match_info.get("message") or f"{1700000000000 + next(_ids)}"
        if request.method == "PUT":
            if self.limited:
                return web.Response(status=429, headers={"Retry-After": "1"})
            self.edits.append({"tool": "teams", "message": message, "at": time.perf_counter()})
        elif body.get("attachments"):
            self.posts.append(
                {"tool": "teams", "message": message, "content": body["attachments"][0]["content"], **_where(request)}
            )
        return web.json_response({"id": message})

    async def seen(self, _request: web.Request) -> web.Response:
        """What they were told."""
        return web.json_response({"posts": self.posts, "edits": self.edits, "calls": self.calls})

    async def mode(self, request: web.Request) -> web.Response:
        """Behave otherwise from now on."""
        asked = await request.json()
        self.delay, self.limited = asked.get("delay", 0.0), asked.get("limited", False)
        return web.Response()

    async def forget(self, _request: web.Request) -> web.Response:
        """Forget the edits and the calls; what was posted stays."""
        self.edits.clear()
        self.calls.clear()
        return web.Response()


def _where(request: web.Request) -> dict[str, str]:
    return {"conversation": request.match_info["conversation"]}


def routes(vendors: Vendors) -> list[web.RouteDef]:
    """Every address."""
    connector: Callable[[web.Request], Awaitable[web.StreamResponse]] = vendors.connector
    activities = "/connector/v3/conversations/{conversation}/activities"
    return [
        web.post("/slack/api/{method}", vendors.slack),
        web.post("/respond/{rest}", vendors.respond),
        web.get("/openid", vendors.metadata),
        web.get("/keys", vendors.published),
        web.post("/login/{tenant}/oauth2/v2.0/token", vendors.token),
        web.post(activities, connector),
        web.post(activities + "/{to}", connector),
        web.put(activities + "/{message}", connector),
        web.get("/seen", vendors.seen),
        web.post("/mode", vendors.mode),
        web.post("/forget", vendors.forget),
    ]


if __name__ == "__main__":
    port = int(sys.argv[1])
    app = web.Application(client_max_size=10 * 1024 * 1024)
    app.add_routes(routes(Vendors(json.loads(Path(sys.argv[2]).read_text()), f"http://127.0.0.1:{port}")))
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)
