"""The demo page's own routes: the page, who can be played, what both tools show, what changes, and the clock.

What people do on the page goes to the sandboxes' own routes, and from there signed to the real endpoints.
"""

import asyncio
import datetime
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import orjson
from aiohttp import web

from core.requests import Offer

PAGE = Path(__file__).parent / "page"
FARTHEST = 400 * 24 * 3600
"""Seconds that one push may move the clock: a little over a year, so that review dates can be reached."""
EASE = 0.1
"""Seconds between two numbers of the stream, so that a thousand changes cost ten redraws a second."""
HEARTBEAT = 15.0
"""Seconds of silence after which the stream sends a comment, and finds out whether anyone still listens."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Tool(Protocol):
    """What the page needs of a sandbox, local Slack and local Teams alike."""

    @property
    def revision(self) -> int:
        """A number that grows with every change."""
        ...

    async def wait_for_change(self, revision: int) -> int:
        """Return when `revision` is no longer the present one."""
        ...

    def snapshot(self, workspace: str, user: str, /) -> dict[str, Any]:
        """Everything that one person sees, as JSON."""
        ...


class ShiftingClock(Protocol):
    """A clock that the demo can push forward."""

    def now(self) -> datetime.datetime:
        """The present moment, aware."""
        ...

    def advance(self, seconds: float) -> None:
        """Move forward by so many seconds."""
        ...


@dataclass(frozen=True, slots=True)
class Player:
    """Someone whom the page can play: their name, role and organisation, and their account in each tool.

    slack: team and user id. teams: tenant and AAD object id.
    """

    name: str
    role: str
    organisation: str
    slack: tuple[str, str] | None = None
    teams: tuple[str, str] | None = None


def demo_routes(
    slack: Tool,
    teams: Tool,
    people: Sequence[Player],
    clock: ShiftingClock,
    *,
    offers: Sequence[Offer] = (),
    zone: str = "Europe/London",
) -> list[web.RouteDef]:
    """The page's routes; a sandbox is a `Tool` as it is.

    `offers` are the commands that the page hints at and lists as shortcuts, `zone` is an IANA time zone. The
    event streams never end by themselves: give the server's runner a `shutdown_timeout` of a second or so.
    """
    page = _Page({"slack": slack, "teams": teams}, people, clock, offers, zone)
    return [
        web.get("/", page.index),
        web.get("/demo/assets/{file}", page.asset),
        web.get("/demo/people", page.people_list),
        web.get("/demo/state", page.state),
        web.get("/demo/changes", page.changes),
        web.post("/demo/clock", page.move_clock),
    ]


class _Page:
    def __init__(
        self,
        tools: dict[Literal["slack", "teams"], Tool],
        people: Sequence[Player],
        clock: ShiftingClock,
        offers: Sequence[Offer],
        zone: str,
    ) -> None:
        self._tools = tools
        self._people = tuple(people)
        self._clock = clock
        self._offers = tuple(offers)
        self._zone = zone
        self._moves = 0
        self._moved = asyncio.Event()
        self._files = {file.name: file for file in PAGE.iterdir() if file.is_file()}

    async def index(self, _request: web.Request) -> web.StreamResponse:
        """The page itself."""
        return web.FileResponse(PAGE / "index.html", headers=_HEADERS)

    async def asset(self, request: web.Request) -> web.StreamResponse:
        """One of the page's files, by a name that was there when the server started."""
        file = self._files.get(request.match_info["file"])
        if file is None:
            raise web.HTTPNotFound(text="There is no such file.")
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return web.FileResponse(file, headers={**_HEADERS, "Content-Type": kind})

    async def people_list(self, _request: web.Request) -> web.Response:
        """Who can be played, the commands there are, and the time zone."""
        people = [
            {
                "name": player.name,
                "role": player.role,
                "organisation": player.organisation,
                "slack": _key(player.slack),
                "teams": _key(player.teams),
            }
            for player in self._people
        ]
        commands = [
            {
                "command": offer.command,
                "word": offer.word,
                "title": offer.title,
                "help": offer.help,
                "example": offer.example,
                "shortcut": offer.shortcut,
            }
            for offer in self._offers
        ]
        return _json({"people": people, "commands": commands, "zone": self._zone})

    async def state(self, request: web.Request) -> web.Response:
        """What the chosen people see. A tool in which nobody was chosen is null; a stranger is a 404."""
        seen: dict[str, Any] = {"now": self._clock.now().isoformat(), "zone": self._zone}
        for name, tool in self._tools.items():
            account = request.query.get(name, "")
            if not account:
                seen[name] = None
                continue
            workspace, _, user = account.partition(":")
            try:
                seen[name] = tool.snapshot(workspace, user)
            except LookupError:
                return _json({"error": f"Nobody in the demo has this {name.capitalize()} account."}, 404)
        return _json(seen)

    def _number(self) -> int:
        return self._moves + sum(tool.revision for tool in self._tools.values())

    async def changes(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: a number for each change since `after`, at most ten a second."""
        told = _whole(request.headers.get("Last-Event-ID", request.query.get("after", "")))
        headers = {**_HEADERS, "Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
        stream = web.StreamResponse(headers=headers)
        await stream.prepare(request)
        await stream.write(b"retry: 500\n\n")
        try:
            while True:
                number = self._number()
                if number == told:
                    if not await self._change():
                        await stream.write(b": still here\n\n")
                    continue
                told = number
                await stream.write(f"id: {number}\ndata: {number}\n\n".encode())
                await asyncio.sleep(EASE)
        except ConnectionError:  # the page was closed
            return stream

    async def _change(self) -> bool:
        """Wait until something is newer than now; False when nothing happened for a heartbeat."""
        tasks: list[asyncio.Future[Any]] = [asyncio.ensure_future(self._moved.wait())]
        tasks += [asyncio.ensure_future(tool.wait_for_change(tool.revision)) for tool in self._tools.values()]
        try:
            done, _ = await asyncio.wait(tasks, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
        return bool(done)

    async def move_clock(self, request: web.Request) -> web.Response:
        """Move the demo's clock forward: `{"advance": seconds}`. Answers the new time."""
        try:
            body = orjson.loads(await request.read())
        except orjson.JSONDecodeError:
            body = None
        seconds = body.get("advance") if isinstance(body, dict) else None
        if (
            request.content_type != "application/json"  # so that no form on another site can move it
            or isinstance(seconds, bool)
            or not isinstance(seconds, int | float)
            or not 0 < seconds <= FARTHEST
        ):
            wanted = 'Send {"advance": seconds} as JSON, more than 0 and at most 400 days.'
            return _json({"error": wanted}, 400)
        try:
            self._clock.advance(float(seconds))
        except OverflowError:
            return _json({"error": "The clock can't go any further."}, 400)
        self._moves += 1
        self._moved.set()
        self._moved = asyncio.Event()
        return _json({"now": self._clock.now().isoformat()})


def _key(account: tuple[str, str] | None) -> str | None:
    return ":".join(account) if account else None


def _whole(text: str) -> int:
    """The number in `text`, or one that no stream has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


def _json(body: Any, status: int = 200) -> web.Response:
    written = orjson.dumps(body)
    return web.Response(body=written, status=status, content_type="application/json", headers=_HEADERS)
