"""Faults to switch on, and Slack's rate limits, for seeing what a caller does about them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["ratelimited", "http_500", "html", "hang", "drop", "error", "slow"]


@dataclass(slots=True)
class Fault:
    """One fault and how often it still strikes (None: until cleared).

    ratelimited: HTTP 429 with `retry_after` as the header (None: without it). http_500, html (HTML with 200).
    hang: no answer for `seconds`, nothing done. drop: done, and then the connection is closed without an
    answer. error: JSON `{"ok": false, "error": …}`. slow: done and answered after `seconds`.
    """

    method: str | None
    kind: Kind
    left: int | None
    retry_after: str | None
    seconds: float
    error: str


class Faults:
    """The faults that wait to strike; the first that fits a call strikes."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let a fault wait for its call."""
        self._waiting.append(fault)

    def clear(self) -> None:
        """Back to good weather."""
        self._waiting.clear()

    def strike(self, method: str) -> Fault | None:
        """The fault that strikes this call, if any, counted off."""
        for fault in self._waiting:
            if fault.method in (None, method):
                if fault.left is not None:
                    fault.left -= 1
                    if fault.left <= 0:
                        self._waiting.remove(fault)
                return fault
        return None


# calls a minute and how many may come at once, by method
# https://docs.slack.dev/apis/web-api/rate-limits
_TIERS = {"chat.update": 50, "chat.delete": 50, "conversations.history": 50, "conversations.info": 50}
_TIERS |= {"conversations.open": 50, "users.info": 100, "chat.postEphemeral": 100, "auth.test": 600}
_TIERS |= {f"views.{verb}": 100 for verb in ("open", "push", "update", "publish")}
_POST_BURST = 3


class RateLimits:
    """Token buckets for each method, and for posting one a second in each channel; `now` is loop time."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def wait(self, method: str, team: str, channel: str) -> float:
        """Take one call out of its bucket: 0 where it may run, else the seconds until it may."""
        if method == "chat.postMessage":
            return self._take((method, f"{team}/{channel}"), 1.0, _POST_BURST)
        if method in _TIERS:
            return self._take((method, team), _TIERS[method] / 60, _TIERS[method])
        return 0.0

    def _take(self, key: tuple[str, str], rate: float, most: float) -> float:
        left, since = self._buckets.get(key, (most, self._now()))
        left = min(most, left + (self._now() - since) * rate)
        if left < 1:
            self._buckets[key] = (left, self._now())
            return (1 - left) / rate
        self._buckets[key] = (left - 1, self._now())
        return 0.0
