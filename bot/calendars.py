"""The boards' calendars over HTTP: each member's own address, which nobody can guess."""

import re

from aiohttp import web

from core.meetings.calendar import subscribed
from core.requests import Clock
from core.transactions import Transactions, Unavailable

PATH = "/calendar/{token}.ics"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def routes(transactions: Transactions, clock: Clock) -> list[web.RouteDef]:
    """The route of all calendars; a token that leads nowhere is not found, whatever is wrong with it."""

    async def calendar(request: web.Request) -> web.Response:
        token = request.match_info["token"]
        if not _TOKEN.fullmatch(token):
            raise web.HTTPNotFound
        try:
            found = await transactions.read(lambda session: subscribed(session, token, clock.now()))
        except Unavailable:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "60"}) from None
        if found is None:
            raise web.HTTPNotFound
        headers = {"Cache-Control": "private, max-age=900", "X-Robots-Tag": "noindex"}
        return web.Response(body=found, content_type="text/calendar", charset="utf-8", headers=headers)

    return [web.get(PATH, calendar)]
