"""Delivery to the bot: signed, timed, sent again where Teams does, and the answers of invokes judged."""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any, NamedTuple

import aiohttp
import orjson

from bot.sandbox.teams.invokes import Outcome, WrongShape
from bot.sandbox.teams.signing import Keyring

log = logging.getLogger(__name__)

SORRY = "Something went wrong. Please try again."
INVOKE_TIMEOUT = 15.0


class Delivery(NamedTuple):
    """What came of it: HTTP status (0: no answer, or nothing sent), body, elapsed milliseconds."""

    status: int
    body: Any
    elapsed: float


NOTHING = Delivery(0, None, 0.0)
"""The delivery of something that never leaves the client."""


class Wire:
    """Sends activities to the bot's endpoint.

    `errors` collects why an answer was of no use. `resend`: an invoke without an answer in `timeout`
    seconds is sent once more, as Teams does (`new_id`: under a new id, as it sometimes does).
    """

    def __init__(self, target: str, app_id: str, session: aiohttp.ClientSession, keys: Keyring) -> None:
        self.target = target
        self.timeout = INVOKE_TIMEOUT
        self.resend = False
        self.new_id = False
        self.errors: list[str] = []
        self._app_id = app_id
        self._session = session
        self._keys = keys

    async def deliver(self, activity: dict[str, Any], token: str | None = None) -> Delivery:
        """POST one activity; with `token` it carries that one instead of a right one, none when empty."""
        if token is None:
            token = self._keys.token(self._app_id, str(activity.get("serviceUrl", "")))
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        loop = asyncio.get_running_loop()
        started = loop.time()
        # Waiting for a free connection is our own delay, not the bot's, so only the answer is timed out.
        limit = aiohttp.ClientTimeout(total=None, sock_connect=self.timeout, sock_read=self.timeout)
        try:
            async with self._session.post(self.target, data=_raw(activity), headers=headers, timeout=limit) as response:
                raw = await response.read()
                body = _body(raw, response.content_type)
                return Delivery(response.status, body, (loop.time() - started) * 1000)
        except TimeoutError:
            return Delivery(0, "timeout", (loop.time() - started) * 1000)
        except aiohttp.ClientError as error:
            log.info("the bot could not be reached: %s", type(error).__name__)
            return Delivery(0, "unreachable", (loop.time() - started) * 1000)

    async def tell(self, activity: dict[str, Any]) -> Delivery:
        """Deliver an activity that wants no answer but a 2xx."""
        delivery = await self.deliver(activity)
        if not 200 <= delivery.status < 300:
            self._failed(activity["type"], f"status {delivery.status or delivery.body}")
        return delivery

    async def ask(
        self, activity: dict[str, Any], read: Callable[[Any], Outcome], new_id: Callable[[], str]
    ) -> tuple[Delivery, Outcome | None]:
        """Deliver an invoke and read its answer; None when the person sees "Something went wrong"."""
        name = str(activity.get("name"))
        delivery = await self.deliver(activity)
        if delivery.body == "timeout" and self.resend:
            again = {**activity, "id": new_id()} if self.new_id else activity
            delivery = await self.deliver(again)
        if delivery.status != 200:
            self._failed(name, f"status {delivery.status or delivery.body}")
            return delivery, None
        try:
            return delivery, read(delivery.body)
        except WrongShape as wrong:
            self._failed(name, str(wrong))
            return delivery, None

    def _failed(self, name: str, reason: str) -> None:
        self.errors.append(f"{name}: {reason}")
        log.info("an answer to %s was of no use", name)


def _raw(activity: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(activity)
    except orjson.JSONEncodeError:
        # People can type half a character (a lone surrogate), which only the standard library writes.
        return json.dumps(activity).encode()


def _body(raw: bytes, content_type: str) -> Any:
    if not raw:
        return None
    if content_type == "application/json":
        try:
            return orjson.loads(raw)
        except orjson.JSONDecodeError:
            pass
    return raw.decode(errors="replace")
