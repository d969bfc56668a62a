"""The local Teams as a whole: routes to mount, people to play, faults to switch on."""

from collections.abc import Iterable
from typing import Any, Literal

import aiohttp
from aiohttp import web

from bot.sandbox.teams import page
from bot.sandbox.teams.connector import Connector
from bot.sandbox.teams.faults import Faults, RateLimits
from bot.sandbox.teams.people import People
from bot.sandbox.teams.reading import text_of
from bot.sandbox.teams.signing import ISSUER, Keyring, Logins
from bot.sandbox.teams.store import Store
from bot.sandbox.teams.wire import Delivery, Wire
from core.requests import Clock

ROOT = "/sandbox/teams"
LARGEST_FORM = 64 * 1024


class TeamsSandbox(People):
    """A local Microsoft Teams for tests and the demo: the vendor's side of the wire, and its users.

    `target` is the bot's messaging endpoint, `base_url` where these routes are; both may change later.
    Time comes from `clock` (tokens, ids, timestamps) and from the event loop (rate limits, update stamps).
    """

    text_of = staticmethod(text_of)

    def __init__(
        self,
        *,
        target: str,
        app_id: str,
        app_password: str,
        session: aiohttp.ClientSession,
        clock: Clock,
        base_url: str,
    ) -> None:
        self.keys = Keyring(clock)
        self.logins = Logins(clock, app_id, app_password)
        self.limits = RateLimits()
        self.faults = Faults()
        super().__init__(Store(clock, app_id), Wire(target, app_id, session, self.keys), base_url)
        self.connector = Connector(self.store, self.logins, self.limits)

    @property
    def target(self) -> str:
        """The bot's messaging endpoint, such as `http://127.0.0.1:8000/api/messages`."""
        return self.wire.target

    @target.setter
    def target(self, value: str) -> None:
        self.wire.target = value

    @property
    def openid_url(self) -> str:
        """What the bot's TEAMS_OPENID_METADATA must be."""
        return f"{self.base_url.rstrip('/')}{ROOT}/openid"

    @property
    def login_url(self) -> str:
        """What the bot's TEAMS_LOGIN_URL must be."""
        return f"{self.base_url.rstrip('/')}{ROOT}/login"

    @property
    def errors(self) -> list[str]:
        """Why answers of the bot were of no use to the client, oldest first."""
        return self.wire.errors

    @property
    def revision(self) -> int:
        """A number that grows with everything that can be seen."""
        return self.store.revision

    async def wait_for_change(self, revision: int) -> int:
        """Wait until `revision` is no longer the present one; gives the new one."""
        return await self.store.wait_for_change(revision)

    def add_tenant(self, tenant: str, name: str) -> None:
        """Add an organisation's Teams by its tenant id."""
        self.store.add_tenant(tenant, name)

    def add_user(self, tenant: str, oid: str, name: str) -> None:
        """Add a person by AAD object id; they have the app."""
        self.store.add_user(tenant, oid, name)

    def add_channel(
        self,
        tenant: str,
        conversation: str,
        name: str,
        members: Iterable[str],
        team_name: str = "Partnership",
        installed: bool = True,
    ) -> None:
        """Add a channel (`19:…`) with these members, with or without the app in its team."""
        self.store.add_channel(tenant, conversation, name, members, team_name, installed)

    def install(self, tenant: str, oid: str, installed: bool = True) -> None:
        """Give a person the app, or take it away, without the bot hearing of it."""
        self.store.user(tenant, oid).installed = installed
        self.store.changed()

    async def happens(self, conversation: str, event: str, **more: Any) -> Delivery:
        """Something happens to a channel or its team, such as channelRenamed; `more` goes into channelData."""
        return await self.tell_of(conversation, event, more)

    async def rename_channel(self, conversation: str, name: str) -> Delivery:
        """Rename a channel: channelRenamed."""
        self.store.conversation(conversation).name = name
        self.store.changed()
        return await self.happens(conversation, "channelRenamed", channel={"id": conversation, "name": name})

    def updates(self, conversation: str, activity: str) -> list[float]:
        """The event loop's times at which a message was updated."""
        return list(self.store.message(conversation, activity).stamps)

    def rotate_keys(self, *, keep_old: bool = False) -> None:
        """Sign with a new key from now on; the old one leaves the key set at once unless `keep_old`."""
        self.keys.rotate(keep_old=keep_old)

    def fault(
        self,
        kind: str,
        times: int = 1,
        path: str = "",
        area: Literal["connector", "token", "keys"] = "connector",
    ) -> None:
        """Make the next `times` requests of an area fail; `path`: a part of "METHOD /path" they must hold.

        Kinds are listed in `faults.KINDS`; `keys` are the OpenID document and the key set.
        """
        self.faults.add(kind, times, area, path)

    def snapshot(self, tenant: str, oid: str) -> dict[str, Any]:
        """Everything that this person sees, as JSON (the shape is in `page`)."""
        return page.snapshot(self, tenant, oid)

    def page_routes(self) -> list[web.RouteDef]:
        """The demo page's doors: POST /sandbox/teams/do/{what}."""
        return page.routes(self)

    def routes(self) -> list[web.RouteDef]:
        """The vendor's routes: OpenID document, key set, login service and connector."""
        around = self.faults.around
        vendor = [
            web.get(f"{ROOT}/openid", around("keys", self._openid)),
            web.get(f"{ROOT}/keys", around("keys", self._keys_document)),
            web.post(f"{ROOT}/login/{{tenant}}/oauth2/v2.0/token", around("token", self._login)),
        ]
        connector = [
            web.route(method, path, around("connector", handler)) for method, path, handler in self.connector.table()
        ]
        return [*vendor, *connector]

    async def _openid(self, request: web.Request) -> web.Response:
        document = {
            "issuer": ISSUER,
            "authorization_endpoint": "https://invalid.botframework.com",
            "jwks_uri": f"{self.base_url.rstrip('/')}{ROOT}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        }
        return web.json_response(document)

    async def _keys_document(self, request: web.Request) -> web.Response:
        return web.json_response({"keys": self.keys.published})

    async def _login(self, request: web.Request) -> web.Response:
        if (request.content_length or 0) > LARGEST_FORM:
            return web.json_response({"error": "invalid_request"}, status=400)
        tenant = request.match_info["tenant"]
        known = tenant in self.store.tenants or tenant == "botframework.com"
        status, body = self.logins.issue(known, await request.post())
        return web.json_response(body, status=status)
