"""The bot's own token for writing to Teams: asked for once, shared by everyone, renewed before it ends."""

import asyncio
import datetime
from typing import Any, Final

import aiohttp
import orjson

from adapters.teams.settings import TeamsSettings
from core.errors import SendFailed
from core.requests import Clock

SCOPE: Final = "https://api.botframework.com/.default"
RESOURCE: Final = "https://api.botframework.com"
MANAGED_IDENTITY: Final = "http://169.254.169.254/metadata/identity/oauth2/token"
"""Azure's instance metadata service, where a machine with a managed identity gets its tokens."""
EARLY: Final = 300.0  # seconds before its end at which a token is renewed
TIMEOUT: Final = aiohttp.ClientTimeout(total=8)


class Tokens:
    """Hands out the current token. With an emulator and no password there is none, and calls go unsigned."""

    def __init__(self, settings: TeamsSettings, session: aiohttp.ClientSession, clock: Clock) -> None:
        self._settings, self._session, self._clock = settings, session, clock
        self._token = ""
        self._asked = self._ends = datetime.datetime.min.replace(tzinfo=datetime.UTC)
        self._lock = asyncio.Lock()

    async def get(self, refused: str = "") -> str:
        """A token; `refused` is one that Teams would not take, so that a new one is asked for.

        Raises SendFailed: `paused` when we are told that our credentials are wrong, else `later`.
        """
        if self._settings.local_emulator and not self._settings.app_password:
            return ""
        if self._good(refused):
            return self._token
        async with self._lock:
            if not self._good(refused):
                await self._renew()
        return self._token

    def _good(self, refused: str) -> bool:
        # A clock set back must not keep an old token alive, hence both ends.
        return bool(self._token) and self._token != refused and self._asked <= self._clock.now() < self._ends

    async def _renew(self) -> None:
        status, body = await self._ask()
        token, lasts = body.get("access_token"), _seconds(body.get("expires_in"))
        if status in (400, 401, 403):
            code = str(body.get("error", ""))[:60]
            raise SendFailed("paused", f"Microsoft refused the bot's credentials ({status} {code})".rstrip())
        if status != 200 or not isinstance(token, str) or not token:
            raise SendFailed("later", f"no token from Microsoft (status {status})")
        self._asked = self._clock.now()
        early = min(EARLY, lasts / 2)
        self._token, self._ends = token, self._asked + datetime.timedelta(seconds=lasts - early)

    async def _ask(self) -> tuple[int, dict[str, Any]]:
        settings = self._settings
        try:
            if settings.app_type == "UserAssignedMSI":
                query = {"api-version": "2018-02-01", "resource": RESOURCE, "client_id": settings.app_id}
                call = self._session.get(
                    MANAGED_IDENTITY,
                    params=query,
                    headers={"Metadata": "true"},
                    timeout=TIMEOUT,
                    allow_redirects=False,
                )
            else:
                form = {
                    "grant_type": "client_credentials",
                    "client_id": settings.app_id,
                    "client_secret": settings.app_password,
                    "scope": SCOPE,
                }
                url = f"{settings.login_url.rstrip('/')}/{settings.token_tenant}/oauth2/v2.0/token"
                call = self._session.post(url, data=form, timeout=TIMEOUT, allow_redirects=False)
            async with call as response:
                body = orjson.loads(await response.read() or b"{}")
                return response.status, body if isinstance(body, dict) else {}
        except orjson.JSONDecodeError:
            return response.status, {}
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise SendFailed("later", f"Microsoft's sign-in was not reached ({type(error).__name__})") from None


def _seconds(value: Any) -> float:
    """How long a token lasts; an hour where that is not said in a form we know."""
    try:
        return min(max(float(value), 60.0), 86_400.0)
    except (TypeError, ValueError):
        return 3_600.0
