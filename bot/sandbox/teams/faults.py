"""Trouble on demand: wrong statuses, hanging and dropped connections, and Teams' rate limits."""

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

STATUSES = {
    "401": ("BotNotRegistered", "No registration found for this bot."),
    "403": ("ForbiddenOperationException", "The bot is not part of the conversation roster."),
    "404": ("ConversationNotFound", "Conversation not found."),
    "412": ("PreconditionFailed", "Precondition failed, please try again."),
    "413": ("MessageSizeTooBig", "Message size too large."),
    "429": ("Throttled", "Too many requests."),
    "500": ("ServiceError", "Internal server error."),
    "502": ("ServiceError", "Bad gateway."),
    "503": ("ServiceError", "Service unavailable."),
    "504": ("ServiceError", "Gateway timeout."),
}
KINDS = frozenset({*STATUSES, "429-bare", "429-garbage", "blocked", "html", "hang", "drop", "refuse"})
"""429 carries Retry-After: 1, 429-bare none, 429-garbage nonsense; blocked is the 403 of one who blocked the
bot; html is a page with status 200; hang never answers; drop does the work and closes the connection; refuse
closes it before the work."""

PER_THREAD = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))
"""Sends to one thread: how many in how many seconds (Teams: rate limiting for bots)."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class _Fault:
    kind: str
    times: int
    area: str
    path: str


class Faults:
    """The faults that wait to happen, oldest first."""

    def __init__(self) -> None:
        self._waiting: list[_Fault] = []

    def add(self, kind: str, times: int, area: str, path: str) -> None:
        """Make the next `times` requests of an area, whose path holds `path`, fail in this way."""
        if kind not in KINDS:
            raise ValueError(f"{kind} is no fault; there are {', '.join(sorted(KINDS))}")
        self._waiting.append(_Fault(kind, times, area, path))

    def clear(self) -> None:
        """Forget every fault that has not happened yet."""
        self._waiting.clear()

    def take(self, area: str, path: str) -> str | None:
        """The fault that this request meets, if any; it counts as used."""
        for fault in self._waiting:
            if fault.area == area and fault.path in path:
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault.kind
        return None

    def around(self, area: str, handler: Handler) -> Handler:
        """The handler, with this area's faults in front of it."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            kind = self.take(area, f"{request.method} {request.path}")
            if kind is None:
                return await handler(request)
            if kind == "hang":
                return await _hang(request)
            if kind == "drop":
                await handler(request)
            if kind in ("drop", "refuse"):
                return _close(request)
            return answer(kind)

        return guarded


def answer(kind: str) -> web.Response:
    """The response of a fault that is an answer."""
    if kind == "html":
        return web.Response(text="<html><body>We'll be right back.</body></html>", content_type="text/html")
    if kind == "blocked":
        return refusal(403, "MessageWritesBlocked", "The user has blocked the bot.")
    status = int(kind[:3])
    response = refusal(status, *STATUSES[kind[:3]])
    if kind == "429":
        response.headers["Retry-After"] = "1"
    if kind == "429-garbage":
        response.headers["Retry-After"] = "in a little while"
    return response


def refusal(status: int, code: str, message: str) -> web.Response:
    """An error as the connector writes it."""
    return web.json_response({"error": {"code": code, "message": message}}, status=status)


async def _hang(request: web.Request) -> web.Response:
    # aiohttp raises no event when a client goes away, so we look.
    while request.transport is not None and not request.transport.is_closing():  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    return web.Response()


def _close(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.close()
    return web.Response()


class RateLimits:
    """Counts sends for each thread in the event loop's time. Off until `on` is set."""

    def __init__(self) -> None:
        self.on = False
        self._sent: dict[str, deque[float]] = {}

    def wait(self, thread: str) -> int:
        """Whole seconds to wait before this send is allowed; 0 allows it and counts it."""
        if not self.on:
            return 0
        now = asyncio.get_running_loop().time()
        sent = self._sent.setdefault(thread, deque(maxlen=PER_THREAD[-1][0]))
        for most, seconds in PER_THREAD:
            if len(sent) >= most and now - sent[-most] < seconds:
                return max(1, math.ceil(seconds - (now - sent[-most])))
        sent.append(now)
        return 0
