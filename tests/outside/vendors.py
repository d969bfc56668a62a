"""A tiny Slack Web API, Teams connector, key document and login service, in one aiohttp app; no product code."""

import itertools
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from tests.outside.wire import Json, SlackSide, TeamsSide, now, words

_numbers = itertools.count(1)


@dataclass
class Vendors:
    """Both tools at one address. Everything that Folkmoot sends is kept, and wrong credentials are refused."""

    port: int
    team: str
    tenant: str
    app_id: str
    slack_messages: dict[tuple[str, str], Json] = field(default_factory=dict)
    teams_messages: dict[tuple[str, str], Json] = field(default_factory=dict)
    views: list[Json] = field(default_factory=list)
    whispers: list[Json] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    denied: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bot_token = f"xoxb-{secrets.token_hex(12)}"
        self.password = secrets.token_hex(16)
        self.base = f"http://127.0.0.1:{self.port}"
        self.slack = SlackSide(secrets.token_hex(16), self.team)
        self.teams = TeamsSide(self.app_id, self.tenant, f"{self.base}/teams/")
        self._issued: set[str] = set()

    @property
    def environment(self) -> dict[str, str]:
        """What Folkmoot is told about them."""
        return {
            "SLACK_SIGNING_SECRET": self.slack.secret,
            "SLACK_BOT_TOKEN": self.bot_token,
            "SLACK_API_URL": f"{self.base}/slack/api/",
            "TEAMS_APP_ID": self.app_id,
            "TEAMS_APP_PASSWORD": self.password,
            "TEAMS_TENANT_ID": self.tenant,
            "TEAMS_OPENID_METADATA": f"{self.base}/openid",
            "TEAMS_LOGIN_URL": f"{self.base}/login",
            "TEAMS_SERVICE_HOSTS": f"127.0.0.1:{self.port}",
        }

    def response_url(self) -> str:
        """A response_url that keeps what comes to it."""
        return f"{self.base}/slack/response/{secrets.token_hex(6)}"

    def app(self) -> web.Application:
        """The vendors' routes."""
        app = web.Application()
        app.add_routes(
            [
                web.post("/slack/api/{method}", self._slack),
                web.post("/slack/response/{token}", self._response),
                web.get("/openid", self._openid),
                web.get("/keys", self._keys),
                web.post("/login/{tenant}/oauth2/v2.0/token", self._login),
                web.post("/teams/v3/conversations", self._chat),
                web.post("/teams/v3/conversations/{conversation}/activities", self._post),
                web.put("/teams/v3/conversations/{conversation}/activities/{activity}", self._put),
            ]
        )
        return app

    async def _slack(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.calls.append(method)
        if request.headers.get("Authorization") != f"Bearer {self.bot_token}":
            self.denied.append(method)
            return web.json_response({"ok": False, "error": "invalid_auth"})
        args: Json = await request.json() if request.content_type == "application/json" else dict(await request.post())
        return web.json_response({"ok": True, **self._done(method, args)})

    def _done(self, method: str, args: Json) -> Json:
        if method == "chat.postMessage":
            ts = f"{now():.6f}"
            message = {"ts": ts, "team": self.team, "user": "U0BOT", "bot_id": "B0BOT", **args}
            self.slack_messages[args["channel"], ts] = message
            return {"ts": ts, "channel": args["channel"], "message": message}
        if method == "chat.update":
            self.slack_messages[args["channel"], args["ts"]] |= args
            return {"ts": args["ts"], "channel": args["channel"]}
        if method in ("views.open", "views.push"):
            self.views.append(args["view"])
            return {"view": args["view"]}
        if method == "conversations.open":
            return {"channel": {"id": f"D{args['users'][1:]}"}}
        if method == "auth.test":
            return {"user_id": "U0BOT", "team_id": self.slack.team}
        return {}

    async def _response(self, request: web.Request) -> web.Response:
        self.whispers.append(await request.json())
        return web.Response(text="ok")

    async def _openid(self, _request: web.Request) -> web.Response:
        return web.json_response({"issuer": "https://api.botframework.com", "jwks_uri": f"{self.base}/keys"})

    async def _keys(self, _request: web.Request) -> web.Response:
        return web.json_response(self.teams.keys())

    async def _login(self, request: web.Request) -> web.Response:
        form = await request.post()
        right = (form.get("client_id"), form.get("client_secret")) == (self.app_id, self.password)
        if request.match_info["tenant"] != self.tenant or not right:
            self.denied.append("login")
            return web.json_response({"error": "invalid_client"}, status=401)
        token = secrets.token_hex(16)
        self._issued.add(token)
        return web.json_response({"access_token": token, "token_type": "Bearer", "expires_in": 3599})

    def _known(self, request: web.Request) -> bool:
        known = request.headers.get("Authorization", "").removeprefix("Bearer ") in self._issued
        if not known:
            self.denied.append(request.path)
        return known

    async def _chat(self, request: web.Request) -> web.Response:
        if not self._known(request):
            return web.json_response({}, status=401)
        return web.json_response({"id": f"a:{(await request.json())['members'][0]['id']}"}, status=201)

    async def _post(self, request: web.Request) -> web.Response:
        if not self._known(request):
            return web.json_response({}, status=401)
        given = str(next(_numbers) + 1_700_000_000_000)
        self.teams_messages[unquote(request.match_info["conversation"]), given] = await request.json()
        return web.json_response({"id": given}, status=201)

    async def _put(self, request: web.Request) -> web.Response:
        if not self._known(request):
            return web.json_response({}, status=401)
        where = (unquote(request.match_info["conversation"]), request.match_info["activity"])
        self.teams_messages[where] = await request.json()
        return web.json_response({"id": where[1]})

    def slack_says(self, channel: str) -> str:
        """All words of everything that stands in a channel."""
        return "\n".join(
            words(each.get("blocks")) for (where, _), each in self.slack_messages.items() if where == channel
        )

    def teams_says(self, conversation: str) -> str:
        """All words of everything that stands in a conversation."""
        return "\n".join(words(each) for (where, _), each in self.teams_messages.items() if where == conversation)

    def slack_card(self, channel: str, about: str) -> Json:
        """The newest message in a channel that holds these words, as it is now. Raises StopIteration."""
        found = [dict(each) for (where, _), each in self.slack_messages.items() if where == channel]
        return next(each for each in reversed(found) if about in words(each.get("blocks")))

    def teams_card(self, conversation: str, about: str) -> tuple[str, Any]:
        """The id and the card of the newest message in a conversation that holds these words."""
        found = [(key[1], each) for key, each in self.teams_messages.items() if key[0] == conversation]
        message, activity = next(each for each in reversed(found) if about in words(each[1]))
        return message, activity["attachments"][0]["content"]
