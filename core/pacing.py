"""Keeping to the platforms' limits before a message is taken up, so that no lease runs out while it waits.

Two kinds of restraint: a `Pace` counts what was sent against the limits that the adapters declare; `Lanes` give each
workspace or tenant its own share of what is under way, and only a single try to one that does not answer.
A server counts for itself: several on one database may together go beyond a limit; the platform says so (429).
"""

import math
import random
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from core.requests import Address, Limit

SHARE = 16  # sends under way in one workspace or tenant
PATIENCE = 3  # failures in a row after which a workspace is only tried by one send at a time
LONGEST_REST = 30.0  # seconds between such tries, unless the platform asks for more
MARGIN = 0.02  # seconds that two sends may come closer together on their way than they were sent
_TIDY_AT = 10_000  # scopes


@dataclass(slots=True)
class _Window:
    sent: deque[float] = field(default_factory=deque)
    tokens: float = math.inf  # for limits with a burst
    counted_at: float = 0.0
    longest: float = 0.0


class Pace:
    """What has been sent lately, by scope. `now` gives seconds that nobody shifts, such as the loop's time."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._windows: dict[str, _Window] = {}

    def take(self, limits: Iterable[Limit]) -> tuple[float, bool]:
        """Count one send if all limits allow it: (0, False). Else how many seconds to wait, and whether the limit
        that says so holds for the whole workspace."""
        limits = tuple(limits)
        waits = [(self._wait(limit), limit.whole) for limit in limits]
        longest = max(waits, default=(0.0, False))
        if longest[0] > 0:
            return longest
        for scope in {limit.scope: None for limit in limits}:
            self._count(scope, [limit for limit in limits if limit.scope == scope])
        return 0.0, False

    def _wait(self, limit: Limit) -> float:
        window = self._windows.get(limit.scope)
        if window is None:
            return 0.0
        if limit.burst:
            tokens = self._tokens(window, limit)
            return 0.0 if tokens >= 1 else (1 - tokens) / _rate(limit) + 0.001
        if len(window.sent) < limit.times:
            return 0.0
        return max(0.0, window.sent[-limit.times] + limit.seconds + MARGIN - self._now())

    def _tokens(self, window: _Window, limit: Limit) -> float:
        since = self._now() - window.counted_at
        return min(float(limit.burst), window.tokens + since * _rate(limit))

    def _count(self, scope: str, limits: Sequence[Limit]) -> None:
        now, window = self._now(), self._windows.get(scope)
        if window is None:
            if len(self._windows) >= _TIDY_AT:
                self._tidy()
            window = self._windows[scope] = _Window()
        for limit in limits:
            window.longest = max(window.longest, limit.seconds)
            if limit.burst:
                window.tokens, window.counted_at = self._tokens(window, limit) - 1, now
        window.sent.append(now)
        while window.sent[0] < now - window.longest - 1:
            window.sent.popleft()

    def _tidy(self) -> None:
        now = self._now()
        for scope, window in list(self._windows.items()):
            last = max(window.counted_at, window.sent[-1] if window.sent else 0.0)
            if last < now - window.longest - 1:
                del self._windows[scope]


def _rate(limit: Limit) -> float:
    """Tokens a second, so that burst and refill together stay within the limit."""
    return (limit.times - limit.burst) / limit.seconds


def lane_of(address: Address | None) -> str:
    """The workspace or tenant that this goes through, as one word; empty for no address."""
    return f"{address.tool}:{address.workspace}" if address is not None else ""


class Lanes:
    """How many sends are under way in each workspace or tenant, and which of them are in trouble."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._under_way: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        self._rest_until: dict[str, float] = {}

    def places(self, lane: str) -> int:
        """How many more may be taken up now; a lane without a name has no platform behind it that could hang."""
        if self._rest_until.get(lane, 0.0) > self._now():
            return 0
        share = SHARE if self._failed[lane] < PATIENCE else 1
        return share - self._under_way[lane]

    def full(self) -> list[str]:
        """The lanes of which nothing can be taken up now."""
        known = set(self._under_way) | set(self._rest_until)
        return [lane for lane in known if lane and self.places(lane) <= 0]

    def next_place(self) -> float:
        """In how many seconds a resting lane may be tried again; infinite when none rests."""
        now = self._now()
        for lane in [lane for lane, until in self._rest_until.items() if until <= now]:
            del self._rest_until[lane]
        return min(self._rest_until.values(), default=math.inf) - now

    def rest(self, lane: str, seconds: float) -> None:
        """Take up nothing of this lane for a while."""
        self._rest_until[lane] = max(self._rest_until.get(lane, 0.0), self._now() + seconds)

    def begin(self, lane: str) -> None:
        """One more is under way."""
        self._under_way[lane] += 1

    def end(self, lane: str, *, well: bool | None, retry_after: float | None = None) -> None:
        """It has ended: well, badly, or (None) in a way that tells nothing about the platform."""
        self._under_way[lane] -= 1
        if self._under_way[lane] <= 0:
            del self._under_way[lane]
        if well:
            self._failed.pop(lane, None)
        elif well is False:
            self._failed[lane] += 1
            beyond = self._failed[lane] - PATIENCE
            if beyond >= 0:
                pause = random.uniform(0.5, min(LONGEST_REST, 2.0 ** min(beyond + 1, 10)))  # noqa: S311
                self.rest(lane, max(pause, retry_after or 0.0))
