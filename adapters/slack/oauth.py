"""Installing into a workspace by the browser: out to Slack with a state, back with a code, and the code into a token.

https://docs.slack.dev/authentication/installing-with-oauth. The state is encrypted, good for ten minutes and once, and
bound to a cookie, so that nobody can be made to finish an installation that somebody else began.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin

from aiohttp import web

from adapters.slack.pages import page
from adapters.slack.scopes import INSTALL, REDIRECT, SCOPES
from adapters.slack.shapes import part, text
from adapters.slack.text import clean
from adapters.slack.web import CallFailed, SlackWeb
from core.requests import Installation, Installations

COOKIE = "__Host-folkmoot-install"
COOKIE_LASTS = 600  # seconds, as long as the state
_AGAIN = (INSTALL, "Start again")
_ID = re.compile(r"[TE][A-Z0-9]{2,30}")
_APP = re.compile(r"A[A-Z0-9]{2,30}")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Client:
    """The app's own id and secret, and the public address of this server (empty: as the app's settings say)."""

    id: str
    secret: str
    public_url: str = ""

    def __repr__(self) -> str:
        return f"Client(id={self.id!r}, public_url={self.public_url!r})"

    @property
    def redirect(self) -> dict[str, str]:
        """Where Slack sends the browser back to, which has to be said alike on both ways."""
        return {"redirect_uri": self.public_url.rstrip("/") + REDIRECT} if self.public_url else {}


class OAuth:
    """The two pages of an installation."""

    def __init__(self, client: Client, web_api: SlackWeb, installations: Installations) -> None:
        self._client = client
        self._web = web_api
        self._installations = installations

    def routes(self) -> list[web.RouteDef]:
        """Where one begins, and where Slack sends one back to."""
        return [web.get(INSTALL, self._begin, allow_head=False), web.get(REDIRECT, self._back, allow_head=False)]

    async def _begin(self, request: web.Request) -> web.StreamResponse:
        state, kept = await self._installations.begin()
        asked = {"client_id": self._client.id, "scope": ",".join(SCOPES), "user_scope": "", "state": state}
        where = urljoin(self._web.base, "../oauth/v2/authorize")
        away = web.Response(status=302, headers={"Location": f"{where}?{urlencode(asked | self._client.redirect)}"})
        away.headers["Cache-Control"] = "no-store"
        _set_cookie(away, kept, COOKIE_LASTS)
        return away

    async def _back(self, request: web.Request) -> web.StreamResponse:
        answer = await self._finish(request)
        _set_cookie(answer, "", 0)
        return answer

    async def _finish(self, request: web.Request) -> web.Response:
        query = request.query
        if any(len(query.getall(name)) != 1 or len(query[name]) > 2_000 for name in query):
            return self._refused(request, "odd query")
        try:
            wrong = await self._installations.redeem(query.get("state", ""), request.cookies.get(COOKIE, ""))
        except Exception:
            log.warning("an installation came back while the records are away")
            return page("Please try again", (_RECORDS,), status=503, link=_AGAIN)
        if wrong:
            return self._refused(request, wrong)
        if query.get("error"):
            denied = query["error"] == "access_denied"
            words = "Nothing was installed, because it was not allowed in Slack." if denied else _REFUSED
            return page("Nothing was installed", (words, _ADMIN), link=_AGAIN)
        if not query.get("code"):
            return self._refused(request, "no code")
        return await self._exchange(request, query["code"])

    async def _exchange(self, request: web.Request, code: str) -> web.Response:
        fields = {"client_id": self._client.id, "client_secret": self._client.secret, "code": code}
        try:
            told = await self._web.exchange(fields | self._client.redirect)
        except CallFailed as failed:
            log.warning("a code was not taken", extra={"code": failed.code})
            request["refused"] = f"code: {failed.code}"
            theirs = failed.code.startswith(("http_", "timeout", "unreachable")) or failed.arrived == "maybe"
            hint = (_MISSET,) if failed.code in _OURS else ()
            said = (_AWAY if theirs else _REFUSED, *hint)
            return page("Nothing was installed", said, status=502 if theirs else 400, link=_AGAIN)
        installation = _installation(told)
        if installation is None:
            request["refused"] = "code: odd answer"
            log.warning("an odd answer to a code", extra={"keys": sorted(map(str, told))[:20]})
            return page("Nothing was installed", (_AWAY,), status=502, link=_AGAIN)
        return await self._keep(installation, told)

    async def _keep(self, installation: Installation, told: Mapping[str, Any]) -> web.Response:
        try:
            await self._installations.install(installation)
        except Exception:
            log.exception("an installation could not be kept")
            return page("Please try again", (_RECORDS,), status=503, link=_AGAIN)
        log.info("installed", extra={"workspace": installation.workspace, "whole": installation.whole})
        app, named = text(told, "app_id"), installation.name or "your workspace"
        where = f"https://slack.com/app_redirect?app={app}&team={installation.workspace}"
        next_steps = (
            f"Folkmoot is now in {named}" + (", in all workspaces of the organisation." if installation.whole else "."),
            "Next, in the channel where the board is to meet: type /invite @Folkmoot, then /board join and your code. "
            "To join without a channel, write join and your code to Folkmoot directly.",
        )
        return page("Folkmoot is installed", next_steps, link=(where, "Open Slack") if _APP.fullmatch(app) else None)

    def _refused(self, request: web.Request, reason: str) -> web.Response:
        request["refused"] = reason  # for the log and the metrics
        words = "This page was opened too late, twice, or in another browser than the one in which it began."
        return page("Nothing was installed", (words,), status=400, link=_AGAIN)


_OURS = frozenset(("invalid_client_id", "bad_client_secret", "bad_redirect_uri", "redirect_uri_mismatch"))
_MISSET = "Please tell whoever runs Folkmoot: the app's client id, secret or redirect address is wrong."
_RECORDS = "Folkmoot can't reach its records just now, so nothing was kept. Please begin again in a minute."
_REFUSED = "Slack did not accept it, so nothing was installed."
_AWAY = "Slack did not answer as it should, so nothing was installed. Please try again in a minute."
_ADMIN = "If your workspace wants an administrator's approval, ask for it, and begin again once you have it."


def _installation(told: Mapping[str, Any]) -> Installation | None:
    """What Slack granted; None for anything that is no bot's token of a workspace or organisation."""
    whole = told.get("is_enterprise_install") is True
    home = part(told, "enterprise" if whole else "team")
    workspace, token = text(home, "id"), text(told, "access_token")
    if text(told, "token_type") != "bot" or not token or not _ID.fullmatch(workspace) or len(token) > 1_000:
        return None
    name = clean(text(home, "name"))[:200]
    return Installation(workspace, name, text(told, "bot_user_id")[:100], text(told, "scope")[:2_000], token, whole)


def _set_cookie(answer: web.StreamResponse, value: str, seconds: int) -> None:
    """`__Host-`: browsers take it over https alone, and from no other host of the domain."""
    answer.set_cookie(COOKIE, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="Lax")
