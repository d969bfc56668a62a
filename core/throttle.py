"""How many requests one person and one workspace may make: far more than anybody presses, far less than a flood.

Token buckets in this server's memory: each holds a minute's worth, so that many may come at once, and refills evenly.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

from core.errors import Refused
from core.requests import Actor

PERSON = 300  # requests a minute
WORKSPACE = 30_000
REMEMBERED = 50_000  # buckets; the one used longest ago is forgotten, which is as good as full
TOO_FAST = "That is more at once than Folkmoot can follow, so this was not done. Please wait a minute and try again."


class Buckets:
    """One bucket for each key. `now` gives seconds that nobody shifts. A `minutely` of 0 is no limit."""

    def __init__(self, minutely: int, now: Callable[[], float] = time.monotonic) -> None:
        self._size = float(minutely)
        self._now = now
        self._left: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def take(self, key: Hashable) -> bool:
        """Take one out of this key's bucket; False when it is empty."""
        if not self._size:
            return True
        now = self._now()
        left, since = self._left.get(key, (self._size, now))
        left = min(self._size, left + (now - since) * self._size / 60)
        taken = left >= 1
        self._left[key] = (left - 1 if taken else left, now)
        self._left.move_to_end(key)
        if len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
        return taken


class Throttle:
    """The limits for those who act: each person, and each workspace or tenant, so that none starves the others."""

    def __init__(
        self, person: int = PERSON, workspace: int = WORKSPACE, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._persons = Buckets(person, now)
        self._workspaces = Buckets(workspace, now)

    def check(self, actor: Actor) -> None:
        """Count one request. Raises Refused with the sentence to show when it is one too many."""
        where = (actor.tool, actor.workspace)
        if not self._persons.take((*where, actor.user)) or not self._workspaces.take(where):
            raise Refused(TOO_FAST)
