"""The Slack adapter: requests in by HTTP or Socket Mode, through Bolt, to core's desk, and the answers back.

Bolt is fed dictionaries: `guard` has checked the signature on the raw bytes and parsed them, which Bolt
would do later and four times slower. One middleware, in front of all others, hands each request to whom its kind
is for, because Bolt would look for a match one by one; it is awaited before the acknowledgement, because an
acknowledged click has to be a committed one.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import aiohttp
import orjson
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import decode
from adapters.slack.answer import Answers, Body
from adapters.slack.decode import Outcome, Unheard
from adapters.slack.events import hear_event, own_user
from adapters.slack.guard import Turned, admit
from adapters.slack.send import SlackMessenger
from adapters.slack.shapes import Json, Kind, Malformed, kind_of, part, text
from adapters.slack.tasks import Tasks
from adapters.slack.web import SlackWeb
from core.requests import Clock, Desk, Messenger, Offer

PATH = "/slack/events"
_DRAIN = 5.0  # seconds for answers on their way when the server stops
_JSON: dict[str, str | Sequence[str]] = {"content-type": ["application/json; charset=utf-8"]}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SlackSettings:
    """What connects us to one workspace. `app_token` turns on Socket Mode; without `signing_secret` the HTTP
    endpoint turns everything away. None of the secrets shows in the representation."""

    signing_secret: str
    bot_token: str
    app_token: str = ""
    api_url: str = "https://slack.com/api/"

    def __repr__(self) -> str:
        return f"SlackSettings(api_url={self.api_url!r})"


class _Granted(AsyncAuthorize):
    """One workspace, one token: Bolt need not ask `auth.test` for it."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def __call__(self, *, enterprise_id: Any, team_id: Any, user_id: Any, **_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, user_id=user_id, bot_token=self._token)


Hears: TypeAlias = Callable[[dict[str, Any]], Awaitable[BoltResponse]]


class _ByKind(AsyncMiddleware):
    """Hands a request to whom its kind is for; none goes on to Bolt's own authorising and matching."""

    def __init__(self, hears: Mapping[Kind, Hears]) -> None:
        self._hears = hears

    async def async_process(self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Any) -> BoltResponse:  # noqa: A002
        return await self._hears[req.context["kind"]](req.body)


class _Bolt(AsyncApp):
    """Bolt without the Web API client that it makes for each request; ours is `SlackWeb`."""

    def _init_context(self, req: AsyncBoltRequest) -> None:
        """Nothing: what Bolt would put here is for listeners, and costs more than the rest of its way."""


class _SocketMode(AsyncSocketModeHandler):
    """Bolt's handler, but through the same checks of shape as HTTP."""

    def __init__(self, adapter: "SlackAdapter", app: AsyncApp, app_token: str) -> None:
        super().__init__(app, app_token)
        self._adapter = adapter

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        response = await self._adapter.dispatch(dict(req.payload))
        await send_async_response(client, req, response, 0.0)


class SlackAdapter:
    """Everything between Slack and core. The session stays the caller's; the clock dates signatures."""

    def __init__(
        self,
        desk: Desk,
        settings: SlackSettings,
        offers: Sequence[Offer],
        session: aiohttp.ClientSession,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._secret = settings.signing_secret.encode()
        self._clock = clock
        self._takes_text = {offer.command: offer.takes_text for offer in offers}
        self._web = SlackWeb(session, settings.api_url, settings.bot_token)
        self._tasks = Tasks()
        self._answers = Answers(desk, self._web, self._tasks)
        self._bolt = self._wire(session)
        self._socket: _SocketMode | None = None
        self._connecting: asyncio.Task[None] | None = None
        self.messenger: Messenger = SlackMessenger(self._web)

    def routes(self) -> list[web.RouteDef]:
        """The one endpoint of commands, interactions and events."""
        return [web.post(PATH, self._receive)]

    async def start(self) -> None:
        """Connects by Socket Mode when there is an app token; by HTTP there is nothing to start."""
        if self._settings.app_token and self._socket is None:
            self._socket = _SocketMode(self, self._bolt, self._settings.app_token)
            # In the background, because the client keeps trying while Slack is out of reach.
            connecting = self._socket.connect_async()  # type: ignore[no-untyped-call]
            self._connecting = asyncio.create_task(connecting, name="socket mode")

    async def stop(self) -> None:
        """Hears nothing more, and waits up to five seconds for the answers that are on their way."""
        socket, self._socket = self._socket, None
        if socket is not None:
            if self._connecting is not None:
                self._connecting.cancel()
                await asyncio.gather(self._connecting, return_exceptions=True)
            await socket.close_async()  # type: ignore[no-untyped-call]
        await self._tasks.drain(_DRAIN)

    async def dispatch(self, body: dict[str, Any]) -> BoltResponse:
        """One body that is known to come from Slack, through Bolt to core; never raises."""
        try:
            if (kind := kind_of(body)) == "other":
                return BoltResponse(status=200, body="")
            request = AsyncBoltRequest(body=body, mode="socket_mode", context={"kind": kind})
        except Malformed as malformed:
            log.info("malformed", extra={"part": str(malformed)})
            return BoltResponse(status=400, body="")
        except Exception as odd:  # Bolt reads the body in many places; what it trips over is no fault of ours
            log.info("malformed", extra={"part": type(odd).__name__})
            return BoltResponse(status=400, body="")
        answered = await self._bolt.async_dispatch(request)
        # Our listeners never raise, so a 500 is Bolt tripping over an odd body before it reached one.
        return BoltResponse(status=400, body="") if answered.status == 500 else answered

    async def _receive(self, request: web.Request) -> web.Response:
        try:
            if not self._secret:
                raise Turned(401, "no signing secret")
            body = await admit(request, self._secret, self._clock)
        except Turned as turned:
            log.info("turned away", extra={"status": turned.status, "reason": turned.reason})
            request["refused"] = turned.reason  # for the metrics
            response = web.Response(status=turned.status)
            response.force_close()
            return response
        if body.get("type") == "url_verification":
            challenge = text(body, "challenge")
            return web.json_response({"challenge": challenge}) if challenge else web.Response(status=400)
        if "ssl_check" in body and "command" not in body:
            return web.Response()
        answered = await self.dispatch(body)
        content_type = "application/json" if answered.body else "text/plain"
        return web.Response(status=answered.status, text=answered.body, content_type=content_type)

    def _wire(self, session: aiohttp.ClientSession) -> AsyncApp:
        # Bolt writes whole bodies to its log at DEBUG, and compares its own level, not the effective one.
        logger = logging.getLogger(f"{__name__}.bolt")
        logger.setLevel(logging.WARNING)
        client = AsyncWebClient(base_url=self._web.base, session=session, retry_handlers=[], logger=logger)
        hears: dict[Kind, Hears] = {
            "action": self._on_action,
            "submission": self._on_submission,
            "shortcut": self._on_shortcut,
            "event": self._on_event,
            "closed": self._on_closed,
            "command": self._on_command,
        }
        return _Bolt(
            logger=logger,
            name="folkmoot",
            before_authorize=_ByKind(hears),
            process_before_response=True,
            signing_secret=self._settings.signing_secret,
            client=client,
            authorize=_Granted(self._settings.bot_token),
            request_verification_enabled=False,  # guard.py has done it, on the raw bytes
            ignoring_self_events_enabled=False,  # events.py knows its own
            ssl_check_enabled=False,
            url_verification_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )

    async def _on_command(self, body: dict[str, Any]) -> BoltResponse:
        return await self._serve(decode.hear_command(body))

    async def _on_action(self, body: dict[str, Any]) -> BoltResponse:
        return await self._serve(decode.hear_action(body))

    async def _on_submission(self, body: dict[str, Any]) -> BoltResponse:
        return await self._serve(decode.hear_submission(body))

    async def _on_shortcut(self, body: dict[str, Any]) -> BoltResponse:
        return await self._serve(decode.hear_shortcut(body, self._takes_text))

    async def _on_event(self, body: dict[str, Any]) -> BoltResponse:
        return await self._serve(hear_event(body, await self._me(body)))

    async def _on_closed(self, _body: dict[str, Any]) -> BoltResponse:
        return BoltResponse(status=200, body="")

    async def _me(self, body: Json) -> str:
        """Our own user id where an event's meaning hangs on it and its body does not tell it."""
        asked = text(part(body, "event"), "type") == "member_joined_channel" and not own_user(body)
        return await self._web.own_user() if asked else ""

    async def _serve(self, outcome: Outcome) -> BoltResponse:
        """The acknowledgement: 200 only when core has done it, 503 when a fault of ours prevented it."""
        if outcome is None:
            return BoltResponse(status=200, body="")
        if isinstance(outcome, Unheard):
            return _acknowledge(self._answers.refuse(outcome))
        try:
            return _acknowledge(await self._answers.answer(outcome))
        except Exception:
            log.exception("request failed", extra={"kind": outcome.origin.kind})
            self._answers.apologise(outcome.origin)
            return BoltResponse(status=503, body="")


def _acknowledge(body: Body) -> BoltResponse:
    if body is None:
        return BoltResponse(status=200, body="")
    return BoltResponse(status=200, body=orjson.dumps(body).decode(), headers=_JSON)
