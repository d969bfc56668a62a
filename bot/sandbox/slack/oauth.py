"""Installing an app: the page on which somebody allows it, and codes that become tokens.

https://docs.slack.dev/authentication/installing-with-oauth and docs.slack.dev/reference/methods/oauth.v2.access
"""

import datetime
import secrets
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.sandbox.slack.methods import Refusal
from bot.sandbox.slack.world import APP, BOT_USER, Json, Workspace, World

CODE_LASTS = datetime.timedelta(minutes=10)
PATH = "/sandbox/slack/oauth/v2/authorize"


@dataclass(slots=True)
class Code:
    """A code, good once and for ten minutes: for whom it was made, and by which request."""

    team: str
    whole: bool
    scope: str
    redirect_uri: str
    born: datetime.datetime
    used: bool = False


class Installing:
    """The vendor's side of OAuth. `client_id` and `client_secret` are the app's own."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.client_id = "1234.5678"
        self.client_secret = secrets.token_hex(16)
        self.codes: dict[str, Code] = {}
        self.dead: dict[str, str] = {}  # tokens that work no more, with the error that they get

    def routes(self) -> list[web.RouteDef]:
        """The page where one is asked, and where the answer goes."""
        return [web.get(PATH, self._page), web.post(PATH, self._decided)]

    async def _page(self, request: web.Request) -> web.Response:
        if request.query.get("client_id") != self.client_id or not request.query.get("scope"):
            return web.Response(status=400, text="Invalid client_id or scope parameter")
        spaces = "".join(
            f'<form method="post" action="{PATH}?{escape(request.query_string)}">'
            f'<input type="hidden" name="team" value="{escape(space.id)}"><button>{escape(space.name)}</button></form>'
            for space in self.world.workspaces.values()
        )
        return web.Response(text=f"<title>Allow Folkmoot?</title>{spaces}", content_type="text/html")

    async def _decided(self, request: web.Request) -> web.Response:
        form, query = await request.post(), request.query
        back: dict[str, str] = {"state": query.get("state", "")}
        if form.get("deny"):
            back["error"] = "access_denied"
        else:
            code = f"{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
            team, whole = str(form["team"]), bool(form.get("whole"))
            self.codes[code] = Code(team, whole, query["scope"], query.get("redirect_uri", ""), self.world.clock.now())
            back["code"] = code
        return web.Response(status=302, headers={"Location": f"{query.get('redirect_uri', '')}?{urlencode(back)}"})

    def kill(self, token: str, error: str) -> None:
        """A token works no more."""
        if token:
            self.dead[token] = error

    def access(self, args: Json) -> Json:
        """oauth.v2.access: the token that a code is worth. Refusal in Slack's words."""
        if args.get("client_id") != self.client_id:
            raise Refusal("invalid_client_id")
        if args.get("client_secret") != self.client_secret:
            raise Refusal("bad_client_secret")
        code = self.codes.get(str(args.get("code")))
        if code is None or self.world.clock.now() - code.born > CODE_LASTS:
            raise Refusal("invalid_code")
        if code.used:
            raise Refusal("code_already_used")
        if code.redirect_uri != str(args.get("redirect_uri") or ""):
            raise Refusal("bad_redirect_uri")
        code.used = True
        return self._grant(code)

    def _grant(self, code: Code) -> Json:
        token = f"xoxb-{secrets.token_hex(24)}"
        space = self.world.workspace(code.team)
        granted = self._spaces_of(space) if code.whole else [space]
        for each in granted:
            self.kill(each.token, "token_revoked")
            each.token, each.whole = token, code.whole
        told: dict[str, Any] = {
            "access_token": token,
            "token_type": "bot",
            "scope": code.scope,
            "bot_user_id": BOT_USER,
            "app_id": APP,
            "team": None if code.whole else {"id": space.id, "name": space.name},
            "enterprise": {"id": space.organisation, "name": "An organisation"} if space.organisation else None,
            "is_enterprise_install": code.whole,
            "authed_user": {"id": "U0INSTALLER"},
        }
        return told

    def _spaces_of(self, space: Workspace) -> list[Workspace]:
        return [each for each in self.world.workspaces.values() if each.organisation == space.organisation]
