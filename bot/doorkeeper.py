"""Who is turned away, and how often: a line in the log, a count for the metrics, and 429 for whoever does not stop.

A request is always checked first and refused for what is wrong with it. How many were refused from an address decides
only whether it hears 401 or 429, so nobody who sends good requests can be shut out by somebody who sends bad ones from
behind the same proxy. Installing is counted by address beforehand, because there everybody is a stranger.
"""

import ipaddress
import logging
import time
from collections.abc import Callable

from aiohttp import web

from core.meter import Meter
from core.throttle import Buckets

TOOLS = {
    "/slack/events": "slack",
    "/slack/install": "slack",
    "/slack/oauth_redirect": "slack",
    "/api/messages": "teams",
}
_COUNTED = ("/slack/install", "/slack/oauth_redirect")
REFUSALS = 120  # a minute from one address, before it hears 429
INSTALLS = 60  # pages a minute for one address
LINES = 60  # lines a minute for one address and reason; what is beyond is only counted
LONGEST = 100

log = logging.getLogger(__name__)


class Doorkeeper:
    """One server's memory of those whom it turned away."""

    def __init__(self, meter: Meter, now: Callable[[], float] = time.monotonic) -> None:
        self._meter = meter
        self._refusals = Buckets(REFUSALS, now)
        self._installs = Buckets(INSTALLS, now)
        self._lines = Buckets(LINES, now)

    def before(self, request: web.Request) -> web.Response | None:
        """An answer to who asks too often for what anybody may ask; None to go on."""
        if request.path not in _COUNTED or self._installs.take(address_of(request)):
            return None
        request["refused"] = "too many installs"
        words = "Too many tries from your address. Please wait a minute.\n"
        return web.Response(status=429, text=words, headers={"Retry-After": "60"})

    def after(self, request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
        """Note a request that was turned away; the answer may become 429."""
        reason = request.get("refused")
        tool = TOOLS.get(request.path)
        if reason is None or tool is None:
            return response
        reason, address = str(reason)[:LONGEST], address_of(request)
        self._meter.count("refused", tool, reason[:60])
        if self._lines.take((address, reason)):
            claimed = str(request.get("claimed") or "")[:LONGEST]
            told = {"tool": tool, "reason": reason, "remote": address, "status": response.status}
            log.warning("turned away", extra=told | ({"claimed": claimed} if claimed else {}))
        if response.status != 401 or self._refusals.take(address):
            return response
        floods = web.Response(status=429, headers={"Retry-After": "60"})
        floods.force_close()
        return floods


def address_of(request: web.Request) -> str:
    """Who asks, for counting and for the log alone: the peer, or what a proxy on our own network says of its peer."""
    peer = request.remote or ""
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        if told and ipaddress.ip_address(peer).is_private:
            return str(ipaddress.ip_address(told))
    except ValueError:
        return peer
    return peer
