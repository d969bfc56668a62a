"""Who is calling: every request's token, checked by ourselves before anything in it is believed.

The Bot Framework's own checks leave gaps (no expiry demanded, fields skipped when absent, keys fetched by a
blocking call); the rules here are those of its authentication reference, all of them required.
https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
"""

import asyncio
import datetime
import logging
import math
from collections.abc import Mapping
from typing import Any, Final

import aiohttp
import jwt
import orjson
from aiohttp import web
from jwt.types import Options
from jwt.utils import base64url_decode

from adapters.teams.reading import text
from adapters.teams.settings import ServiceHosts, TeamsSettings, is_loopback
from core.requests import Clock, Tenants

_log = logging.getLogger(__name__)

ISSUER: Final = "https://api.botframework.com"
CHANNEL: Final = "msteams"
LEEWAY: Final = 300.0  # seconds of clock difference that Microsoft's reference allows
KEYS_LAST: Final = 24 * 3600.0
KEYS_PATIENCE: Final = 60.0  # at most one refetch for an unknown key in so many seconds
KEYS_RETRY: Final = 5.0  # the same while there are no fresh keys at all
KEYS_TIMEOUT: Final = 3.0  # Teams gives up on an invoke after some 10 s; a hanging key server must not use it up
LONGEST_TOKEN: Final = 6_000
MOST_SEEN: Final = 500  # verified tokens remembered
_DECODING: Final[Options] = {
    "require": ["exp", "aud", "iss"],
    "verify_exp": False,  # checked against our own clock
    "verify_nbf": False,
    "verify_iat": False,
    "verify_sub": False,
    "verify_jti": False,
    "enforce_minimum_key_length": True,
}


class Unauthorised(Exception):
    """A request that is not from Teams, or not for us. The reason is for the log and never holds a token.

    tenant: the foreign tenant, where Teams itself says that it is one.
    """

    def __init__(self, reason: str, tenant: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.tenant = tenant


class Keys:
    """The Bot Framework's public keys: fetched when first needed, kept a day, refetched for an unknown id."""

    def __init__(self, session: aiohttp.ClientSession, metadata_url: str, clock: Clock) -> None:
        self._session, self._metadata_url, self._clock = session, metadata_url, clock
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched: datetime.datetime | None = None
        self._tried: datetime.datetime | None = None
        self._lock = asyncio.Lock()
        self.generation = 0

    async def find(self, kid: str) -> Any:
        """The public key of this id, endorsed for Teams. Raises Unauthorised, also when keys can't be had."""
        key = self._known(kid)
        if key is None:
            async with self._lock:  # everyone who waits here is served by one fetch
                key = self._known(kid)
                if key is None and self._may_try():
                    await self._fetch()
                    key = self._known(kid)
        if key is None:
            raise Unauthorised("unknown key")
        return key.key

    async def fetch_early(self) -> None:
        """Have the keys before anybody asks for one. When they can't be had, the first who asks tries again at once."""
        async with self._lock:
            if not self.fresh():
                await self._fetch()

    def _known(self, kid: str) -> jwt.PyJWK | None:
        return self._keys.get(kid) if self.fresh() else None

    def fresh(self) -> bool:
        """Whether there are keys, not older than a day."""
        return self._fetched is not None and _apart(self._clock.now(), self._fetched) <= KEYS_LAST

    def _may_try(self) -> bool:
        now = self._clock.now()
        patience = KEYS_PATIENCE if self.fresh() else KEYS_RETRY
        if self._tried is not None and _apart(now, self._tried) < patience:
            return False
        self._tried = now
        return True

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(KEYS_TIMEOUT):
                metadata = await self._get(self._metadata_url)
                found = await self._get(str(metadata["jwks_uri"]))
                keys = {str(raw["kid"]): jwt.PyJWK(raw, "RS256") for raw in found["keys"] if _usable(raw)}
        except (TimeoutError, aiohttp.ClientError, ValueError, KeyError, TypeError, jwt.PyJWTError) as error:
            _log.warning("The keys of the Bot Framework could not be fetched: %s", type(error).__name__)
            return
        self._keys, self._fetched = keys, self._clock.now()
        self.generation += 1

    async def _get(self, url: str) -> Any:
        async with self._session.get(url, headers={"Accept": "application/json"}) as response:
            if response.status != 200:
                raise ValueError(f"status {response.status}")
            return orjson.loads(await response.read())


def _usable(raw: Any) -> bool:
    """Only RSA keys that may sign for the Teams channel are kept at all."""
    return (
        isinstance(raw, dict)
        and raw.get("kty") == "RSA"
        and isinstance(raw.get("kid"), str)
        and isinstance(raw.get("endorsements"), list)
        and CHANNEL in raw["endorsements"]
    )


def _apart(one: datetime.datetime, other: datetime.datetime) -> float:
    """Seconds between two moments, whichever way the clock was moved."""
    return abs((one - other).total_seconds())


class Gate:
    """Lets a request through with its claims, or raises Unauthorised."""

    def __init__(
        self,
        settings: TeamsSettings,
        hosts: ServiceHosts,
        session: aiohttp.ClientSession,
        clock: Clock,
        allowed: Tenants | None = None,
    ) -> None:
        self._settings, self._hosts, self._clock = settings, hosts, clock
        self._allowed = allowed
        self._keys = Keys(session, settings.openid_metadata, clock)
        self._tenants = settings.tenants
        self._seen: dict[str, dict[str, Any]] = {}
        self._seen_by = 0

    async def warm_up(self) -> None:
        """Have the keys at hand before the first request; without an app there is nobody whose keys are needed."""
        if self._settings.app_id:
            await self._keys.fetch_early()

    def knock(self, request: web.Request) -> str:
        """The token, before the body is even read; empty for an emulator's request from this machine."""
        headers = request.headers.getall("Authorization", [])
        if headers and self._settings.app_id:
            scheme, _, token = headers[0].partition(" ")
            if (
                len(headers) > 1
                or scheme.lower() != "bearer"
                or not 0 < len(token) <= LONGEST_TOKEN
                or not token.isascii()
            ):
                raise Unauthorised("no usable token")
            return token
        if not self._settings.local_emulator:
            raise Unauthorised("no token")
        self._insist_on_this_machine(request)
        return ""

    @staticmethod
    def _insist_on_this_machine(request: web.Request) -> None:
        """Unsigned: the peer is this machine itself, no proxy's caller, no web page in a browser."""
        proxied = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"))
        host = (
            request.host.rpartition(":")[0] if not request.host.endswith("]") and ":" in request.host else request.host
        )
        if proxied or not is_loopback(request.remote or "") or not is_loopback(host):
            raise Unauthorised("unsigned, and not from this machine")
        if request.content_type != "application/json" or "Origin" in request.headers:
            raise Unauthorised("unsigned, and perhaps from a web page")

    async def admit(self, token: str, activity: Mapping[str, Any]) -> dict[str, Any]:
        """The claims of this token, when everything in it and in the activity agrees. Raises Unauthorised."""
        if not token:
            if not self._hosts.allows(text(activity.get("serviceUrl"))):
                raise Unauthorised("unsigned, and its service URL is not on this machine")
            return {"aud": self._settings.app_id, "iss": "local emulator"}
        claims = await self._verified(token)
        self._check_times(claims)
        self._check_activity(claims, activity)
        await self._check_tenant(activity)
        return claims

    async def _verified(self, token: str) -> dict[str, Any]:
        """The claims of a token whose signature is good.

        Teams sends the same token with many requests; what was verified stays so while the keys are the
        same. Its times and all else are checked each time.
        """
        if not self._keys.fresh() or self._keys.generation != self._seen_by:
            self._seen.clear()
        claims = self._seen.get(token)
        if claims is None:
            claims = await self._decoded(token)
            if len(self._seen) >= MOST_SEEN:
                self._seen.clear()
            self._seen[token], self._seen_by = claims, self._keys.generation
        return claims

    async def _decoded(self, token: str) -> dict[str, Any]:
        try:
            header = orjson.loads(base64url_decode(token.partition(".")[0]))
            kid = text(header, "kid")
            if text(header, "alg") != "RS256" or not kid or "crit" in header:
                raise Unauthorised("unusable token header")
            key = await self._keys.find(kid)
            return jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                audience=self._settings.app_id,
                issuer=ISSUER,
                options=_DECODING,
            )
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
            raise Unauthorised(f"token refused: {type(error).__name__}") from None

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now = self._clock.now().timestamp()
        expires, starts = _moment(claims["exp"]), _moment(claims.get("nbf", 0))
        if now >= expires + LEEWAY:
            raise Unauthorised("token expired")
        if now < starts - LEEWAY:
            raise Unauthorised("token not yet good")

    def _check_activity(self, claims: Mapping[str, Any], activity: Mapping[str, Any]) -> None:
        if activity.get("channelId") != CHANNEL:
            raise Unauthorised("not from the Teams channel")
        claimed, told = text(claims.get("serviceurl")), text(activity.get("serviceUrl"))
        if not claimed or claimed.rstrip("/") != told.rstrip("/"):
            raise Unauthorised("service URL is not the token's")
        if not self._hosts.allows(told):
            raise Unauthorised("service URL is not on the list")

    async def _check_tenant(self, activity: Mapping[str, Any]) -> None:
        """Every tenant that the activity names is on the operator's list or a board's, and it names at least one."""
        named = tenants_of(activity)
        if not named:
            raise Unauthorised("foreign tenant")
        for name in dict.fromkeys(each.lower() for each in named):
            if name not in self._tenants and not await self._is_allowed(name):
                raise Unauthorised("foreign tenant", name[:100])

    async def _is_allowed(self, tenant: str) -> bool:
        if self._allowed is None:
            return False
        try:
            return await self._allowed.allows(tenant)
        except Exception:
            _log.warning("Whether a tenant is allowed can't be looked up now.")
            raise Unauthorised("tenants unknown") from None


def tenants_of(activity: Mapping[str, Any]) -> list[str]:
    """The tenants that an activity names, the acting person's first, then the channel's, then the conversation's.

    In a channel that is shared between organisations they may differ.
    """
    found = (
        text(activity, "from", "tenantId"),
        text(activity, "channelData", "tenant", "id"),
        text(activity, "conversation", "tenantId"),
    )
    return [name for name in found if name]


def host_tenant(activity: Mapping[str, Any]) -> str:
    """The tenant in which the conversation lives, whoever acts in it."""
    return text(activity, "conversation", "tenantId") or text(activity, "channelData", "tenant", "id")


def _moment(value: Any) -> float:
    """Seconds since 1970 of a numeric claim. Raises Unauthorised for anything that is no such number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unauthorised("unusable time in the token")
    try:
        seconds = float(value)
    except OverflowError:
        seconds = math.nan
    if not math.isfinite(seconds):
        raise Unauthorised("unusable time in the token")
    return seconds
