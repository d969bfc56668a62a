"""Slack's Web API by plain HTTP on a shared session: half the SDK client's cost, and every failure named."""

import logging
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import aiohttp
import orjson

from adapters.slack.tokens import NoToken, Tokens
from core.errors import asked_to_wait
from core.requests import Installations

Json: TypeAlias = dict[str, Any]

TIMEOUT = aiohttp.ClientTimeout(total=10)
REFUSED_TOKEN = frozenset(("invalid_auth", "token_revoked", "token_expired", "account_inactive"))

log = logging.getLogger(__name__)


class CallFailed(Exception):
    """A call that did not succeed.

    code: Slack's error, `ratelimited`, or our own word for what happened to the connection. arrived: whether
    Slack may have done it all the same. retry_after: seconds, where Slack said so.
    """

    def __init__(
        self, method: str, code: str, arrived: Literal["no", "maybe"] = "no", retry_after: float | None = None
    ) -> None:
        super().__init__(f"{method}: {code}")
        self.code = code
        self.arrived: Literal["no", "maybe"] = arrived
        self.retry_after = retry_after


class SlackWeb:
    """The methods that we call, each with the token of the workspace that it is for."""

    def __init__(
        self, session: aiohttp.ClientSession, api_url: str, token: str, installations: Installations | None = None
    ) -> None:
        self._session = session
        self.base = api_url.rstrip("/") + "/"
        self._tokens = Tokens(token, installations, self._about)
        self._channels: dict[tuple[str, str], str] = {}

    async def call(self, workspace: str, method: str, payload: Mapping[str, Any]) -> Json:
        """A method with a JSON body; its answer when `ok`. Raises CallFailed and nothing else."""
        return await self._granted(workspace, method, orjson.dumps(payload), "application/json; charset=utf-8")

    async def read(self, workspace: str, method: str, fields: Mapping[str, str]) -> Json:
        """The same with a form body, which is all that some reading methods take."""
        return await self._granted(workspace, method, dict(fields), "")

    async def exchange(self, fields: Mapping[str, str]) -> Json:
        """What an installation's code is worth (oauth.v2.access), asked once and never again. Raises CallFailed."""
        method = "oauth.v2.access"
        return await self._post(method, self.base + method, data=dict(fields), headers={})

    async def respond(self, url: str, payload: Mapping[str, Any]) -> None:
        """Answers at a `response_url`, itself a secret: 5 times in 30 minutes. Raises CallFailed."""
        headers = {"Content-Type": "application/json; charset=utf-8"}
        await self._post("response_url", url, data=orjson.dumps(payload), headers=headers)

    async def direct_channel(self, workspace: str, user: str) -> str:
        """The channel of a person's direct messages with us, asked once. Raises CallFailed."""
        key = (workspace, user)
        if key not in self._channels:
            opened = await self.call(workspace, "conversations.open", {"users": user})
            channel = opened.get("channel")
            found = channel.get("id") if isinstance(channel, dict) else None
            if not isinstance(found, str) or not found:
                raise CallFailed("conversations.open", "no_channel_in_answer")
            if len(self._channels) > 50_000:
                self._channels.clear()
            self._channels[key] = found
        return self._channels[key]

    def forget_channel(self, workspace: str, user: str) -> None:
        """Asks anew next time, because the remembered channel is gone."""
        self._channels.pop((workspace, user), None)

    async def own_user(self, workspace: str) -> str:
        """Our own user id in that workspace; empty while nobody can tell."""
        return await self._tokens.account(workspace)

    async def _about(self, token: str) -> Json:
        try:
            return await self._post("auth.test", f"{self.base}auth.test", data={}, headers=_bearer(token))
        except CallFailed as failed:
            log.warning("own workspace unknown", extra={"code": failed.code})
            return {}

    async def _granted(self, workspace: str, method: str, data: bytes | dict[str, str], content_type: str) -> Json:
        """A call with the workspace's token; if Slack refuses that one and there is a newer one, once more with it."""
        url, kind = self.base + method, {"Content-Type": content_type} if content_type else {}
        token = await self._token(workspace, method)
        try:
            return await self._post(method, url, data=data, headers=_bearer(token) | kind)
        except CallFailed as failed:
            if failed.code not in REFUSED_TOKEN:
                raise
            newer = await self._token(workspace, method, refused=token)
            if newer == token:
                raise
        return await self._post(method, url, data=data, headers=_bearer(newer) | kind)

    async def _token(self, workspace: str, method: str, refused: str = "") -> str:
        try:
            return await self._tokens.of(workspace, refused)
        except NoToken as none:
            raise CallFailed(method, none.code) from None

    async def _post(self, method: str, url: str, *, data: bytes | dict[str, str], headers: Mapping[str, str]) -> Json:
        try:
            async with self._session.post(
                url, data=data, headers=headers, timeout=TIMEOUT, allow_redirects=False
            ) as response:
                raw = await response.read()
                status, waiting = response.status, response.headers.get("Retry-After", "")
        except aiohttp.ClientConnectorError:
            raise CallFailed(method, "unreachable") from None
        except TimeoutError:
            raise CallFailed(method, "timeout", "maybe") from None
        except (aiohttp.ClientError, OSError) as error:
            raise CallFailed(method, type(error).__name__, "maybe") from None
        except ValueError:  # a URL that is none
            raise CallFailed(method, "bad_url") from None
        return _answer(method, status, raw, asked_to_wait(waiting))


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _answer(method: str, status: int, raw: bytes, waiting: float | None) -> Json:
    if status == 429:
        raise CallFailed(method, "ratelimited", "no", waiting)
    if status >= 500:
        raise CallFailed(method, f"http_{status}", "maybe", waiting)
    if method == "response_url" and status == 200:
        return {}  # answers "ok", or JSON that says nothing more
    try:
        answer = orjson.loads(raw)
    except orjson.JSONDecodeError:
        answer = None
    if not isinstance(answer, dict) or not isinstance(answer.get("ok"), bool):
        raise CallFailed(method, f"http_{status}_without_json", "maybe" if status < 300 else "no", waiting)
    if not answer["ok"]:
        code = answer.get("error")
        code = code if isinstance(code, str) and code.replace("_", "").isalnum() else "unknown_error"
        unsure = code in ("fatal_error", "internal_error", "request_timeout", "service_unavailable")
        raise CallFailed(method, code[:80], "maybe" if unsure else "no", waiting)
    return answer
