"""Counting what happens, for whoever measures: plain numbers in this process, read by bot/metrics.py."""

from collections import Counter
from contextvars import ContextVar

CAUSE: ContextVar[str] = ContextVar("cause", default="")
"""The log's id of the request that is being served; it goes with what is written and on to what is sent."""


class Meter:
    """Counts by name and labels. Adding costs well under a microsecond, so it may stand on any path."""

    def __init__(self) -> None:
        self.counted: Counter[tuple[str, ...]] = Counter()

    def count(self, name: str, *labels: str) -> None:
        """One more of `name` with these labels, always as many of them and in the same order."""
        self.counted[(name, *labels)] += 1
