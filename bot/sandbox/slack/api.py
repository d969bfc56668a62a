"""The vendor's HTTP side: the Web API and the response_urls, with the faults that tests switch on."""

import asyncio
import datetime
import hmac
from collections.abc import Callable
from typing import Any

import orjson
from aiohttp import web

from bot.sandbox.slack.faults import Fault, Faults, RateLimits
from bot.sandbox.slack.methods import Methods, Refusal, blocks_of, text_of_args
from bot.sandbox.slack.oauth import Installing
from bot.sandbox.slack.viewmethods import ViewMethods
from bot.sandbox.slack.world import BOT_USER, Call, Json, ResponseUrl, Workspace, World

RESPONSE_USES = 5
RESPONSE_LIFE = datetime.timedelta(minutes=30)
BODY_MOST = 1_000_000
SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "im:history",
        "im:read",
        "im:write",
        "users:read",
    }
)


class WebApi:
    """Answers the calls of an app. `scopes` is what the token was granted; `rate_limits` is off at first."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.views = ViewMethods(world)
        self.methods = Methods(world)
        self.installing = Installing(world)
        self.faults = Faults()
        self.rate_limits = False
        self.scopes = set(SCOPES)
        self._table = {**self.methods.table, **self.views.table}
        self._limits = RateLimits(world.elapsed)

    def routes(self) -> list[web.RouteDef]:
        """The routes that an app calls."""
        return [
            web.post("/sandbox/slack/api/{method}", self.call),
            web.get("/sandbox/slack/api/{method}", self.call),
            web.post("/sandbox/slack/response/{token}", self.respond),
            *self.installing.routes(),
        ]

    async def call(self, request: web.Request) -> web.StreamResponse:
        """One call of the Web API: always HTTP 200 with `ok`, but for rate limits and faults."""
        method = request.match_info["method"]
        try:
            args = await _arguments(request)
        except Refusal as refused:
            return self._json({"ok": False, "error": refused.error})
        return await self._through_faults(request, method, lambda: self._answer(request, method, args))

    def _answer(self, request: web.Request, method: str, args: Json) -> web.Response:
        error, headers = "", {"X-OAuth-Scopes": ",".join(sorted(self.scopes))}
        try:
            if method == "oauth.v2.access":
                return self._json({"ok": True, **self.installing.access(args)})
            spaces = self._spaces(request, args)
            if method not in self._table:
                raise Refusal("unknown_method")
            self._scope(method, args)
            wait = self._wait(method, spaces, args)
            if wait:
                error = "ratelimited"
                return _limited(str(int(wait) + 1))
            return self._json({"ok": True, **self._table[method](spaces, args)}, headers)
        except Refusal as refused:
            error = refused.error
            answer: Json = {"ok": False, "error": error}
            if refused.problems:
                answer["errors"] = refused.problems
                answer["response_metadata"] = {"messages": [f"[ERROR] {each}" for each in refused.problems]}
            if error == "missing_scope":
                answer |= {"provided": headers["X-OAuth-Scopes"], "needed": _needed(method, args)}
            return self._json(answer, headers)
        finally:
            shown = {key: value for key, value in args.items() if key not in ("token", "client_secret")}
            self.world.calls.append(Call(method, shown, self.world.elapsed(), error))

    def _spaces(self, request: web.Request, args: Json) -> list[Workspace]:
        header = request.headers.get("Authorization", "")
        token = header.removeprefix("Bearer ") if header.startswith("Bearer ") else str(args.get("token") or "")
        if not token:
            raise Refusal("not_authed")
        if token in self.installing.dead:
            raise Refusal(self.installing.dead[token])
        spaces = [
            space
            for space in self.world.workspaces.values()
            if hmac.compare_digest(space.token.encode(), token.encode())
        ]
        if not spaces:
            raise Refusal("invalid_auth")
        return spaces

    def _scope(self, method: str, args: Json) -> None:
        needed = _needed(method, args)
        if needed and needed not in self.scopes:
            raise Refusal("missing_scope")

    def _wait(self, method: str, spaces: list[Workspace], args: Json) -> float:
        if not self.rate_limits:
            return 0.0
        return self._limits.wait(method, spaces[0].id, str(args.get("channel")))

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """One use of a response_url."""
        try:
            args = await _arguments(request)
        except Refusal as refused:
            return self._json({"ok": False, "error": refused.error}, status=400)
        token = request.match_info["token"]
        return await self._through_faults(request, "response_url", lambda: self._use(token, args))

    def _use(self, token: str, args: Json) -> web.Response:
        error = ""
        try:
            url = self.world.response_urls.get(token)
            if url is None:
                raise Refusal("invalid_url")
            if self.world.clock.now() - url.born > RESPONSE_LIFE:
                raise Refusal("expired_url")
            if url.uses >= RESPONSE_USES:
                raise Refusal("used_url")
            self.answer_to(url, args)
            url.uses += 1
            return web.Response(text="ok")
        except Refusal as refused:
            error = refused.error
            status = 404 if error.endswith("_url") else 400
            return self._json({"ok": False, "error": error}, status=status)
        finally:
            self.world.calls.append(Call("response_url", args, self.world.elapsed(), error))

    def answer_to(self, url: ResponseUrl, args: Json) -> None:
        """Show what came through a response_url, or as a slash command's answer; Refusal if wrong."""
        channel = self.world.channel(url.team, url.channel)
        original = channel.messages.get(url.ts)
        if args.get("delete_original") is True and original is not None:
            del channel.messages[url.ts]
            self.world.touch()
            if not args.get("text") and not args.get("blocks"):
                return
        text, blocks = text_of_args(args), blocks_of(args)
        if not text and not blocks:
            raise Refusal("no_text")
        if args.get("replace_original") is True and original is not None:
            self.world.edit(original, text or "", blocks or [])
            return
        public = args.get("response_type") == "in_channel"
        if public and channel.archived:
            raise Refusal("is_archived")
        self.world.post(channel, BOT_USER, text or "", blocks or [], only_for="" if public else url.user)

    async def _through_faults(
        self, request: web.Request, method: str, work: Callable[[], web.Response]
    ) -> web.StreamResponse:
        fault = self.faults.strike(method)
        if fault is None:
            return work()
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            return work()
        if fault.kind == "drop":
            work()
            return _cut(request)
        self.world.calls.append(Call(method, {}, self.world.elapsed(), fault.kind))
        return await self._spoil(request, fault)

    async def _spoil(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.kind == "ratelimited":
            return _limited(fault.retry_after)
        if fault.kind == "http_500":
            return web.Response(status=500, text="Internal Server Error")
        if fault.kind == "html":
            return web.Response(text="<!DOCTYPE html><title>Slack</title>", content_type="text/html")
        if fault.kind == "hang":
            await self._hang(request, fault.seconds)
            return _cut(request)
        return self._json({"ok": False, "error": fault.error})

    async def _hang(self, request: web.Request, seconds: float) -> None:
        """Wait, but no longer than the caller; nothing wakes us when it hangs up, so look now and then."""
        for _ in range(int(seconds / 0.02)):
            if request.transport is None or request.transport.is_closing():
                return
            await asyncio.sleep(0.02)

    @staticmethod
    def _json(answer: Json, headers: dict[str, str] | None = None, status: int = 200) -> web.Response:
        body = orjson.dumps(answer)
        return web.Response(body=body, status=status, content_type="application/json", headers=headers)


def _needed(method: str, args: Json) -> str:
    """The scope that a method needs, which for a conversation depends on its kind."""
    kind = "im" if str(args.get("channel") or "").startswith("D") else "channels"
    if method.startswith("chat."):
        return "chat:write"
    scopes = {"conversations.history": f"{kind}:history", "conversations.info": f"{kind}:read"}
    return (scopes | {"conversations.open": "im:write", "users.info": "users:read"}).get(method, "")


def _limited(retry_after: str | None) -> web.Response:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    body = b'{"ok":false,"error":"ratelimited"}'
    return web.Response(status=429, body=body, content_type="application/json", headers=headers)


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _arguments(request: web.Request) -> Json:
    """The arguments from the query, a form or a JSON object."""
    args: Json = dict(request.query)
    if request.method != "POST":
        return args
    if (request.content_length or 0) > BODY_MOST:
        raise Refusal("request_too_large")
    if request.content_type == "application/json":
        body = await request.read()
        try:
            given: Any = orjson.loads(body) if body else {}
        except orjson.JSONDecodeError:
            raise Refusal("invalid_json") from None
        if not isinstance(given, dict):
            raise Refusal("json_not_object")
        return args | given
    try:
        form = await request.post()
    except ValueError:
        raise Refusal("invalid_form_data") from None
    return args | {key: value for key, value in form.items() if isinstance(value, str)}
