"""Slack's Web API by plain HTTP on a shared session: half the SDK client's cost, and every failure named."""

import logging
import math
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import aiohttp
import orjson

Json: TypeAlias = dict[str, Any]

TIMEOUT = aiohttp.ClientTimeout(total=10)
LONGEST_WAIT = 900.0  # seconds; a Retry-After beyond that is taken as this

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
    """The methods that we call, with one bot token."""

    def __init__(self, session: aiohttp.ClientSession, api_url: str, token: str) -> None:
        self._session = session
        self.base = api_url.rstrip("/") + "/"
        self._token = token
        self._channels: dict[str, str] = {}
        self._me: str | None = None

    async def call(self, method: str, payload: Mapping[str, Any]) -> Json:
        """A method with a JSON body; its answer when `ok`. Raises CallFailed and nothing else."""
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/json; charset=utf-8",
        }
        return await self._post(method, self.base + method, data=orjson.dumps(payload), headers=headers)

    async def read(self, method: str, fields: Mapping[str, str]) -> Json:
        """The same with a form body, which is all that some reading methods take."""
        headers = {"Authorization": f"Bearer {self._token}"}
        return await self._post(method, self.base + method, data=dict(fields), headers=headers)

    async def respond(self, url: str, payload: Mapping[str, Any]) -> None:
        """Answers at a `response_url`, itself a secret: 5 times in 30 minutes. Raises CallFailed."""
        headers = {"Content-Type": "application/json; charset=utf-8"}
        await self._post("response_url", url, data=orjson.dumps(payload), headers=headers)

    async def direct_channel(self, user: str) -> str:
        """The channel of a person's direct messages with us, asked once. Raises CallFailed."""
        if user not in self._channels:
            opened = await self.call("conversations.open", {"users": user})
            channel = opened.get("channel")
            found = channel.get("id") if isinstance(channel, dict) else None
            if not isinstance(found, str) or not found:
                raise CallFailed("conversations.open", "no_channel_in_answer")
            if len(self._channels) > 50_000:
                self._channels.clear()
            self._channels[user] = found
        return self._channels[user]

    def forget_channel(self, user: str) -> None:
        """Asks anew next time, because the remembered channel is gone."""
        self._channels.pop(user, None)

    async def own_user(self) -> str:
        """Our own user id, asked once; empty while Slack cannot be asked."""
        if self._me is None:
            try:
                told = (await self.read("auth.test", {})).get("user_id")
            except CallFailed as failed:
                log.warning("own user unknown", extra={"code": failed.code})
                return ""
            self._me = told if isinstance(told, str) else ""
        return self._me

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
        return _answer(method, status, raw, retry_after(waiting))


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


def retry_after(header: str) -> float | None:
    """Seconds from a Retry-After header, None when missing or garbage (docs.slack.dev, "Rate limits")."""
    try:
        seconds = float(header)
    except ValueError:
        return None
    return min(seconds, LONGEST_WAIT) if math.isfinite(seconds) and seconds >= 0 else None
