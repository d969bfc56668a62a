"""What is measured, for Prometheus: `GET /metrics`.

Paths that people wait on only count in this process; whatever lies in the database is asked when it is scraped.
"""

import datetime
from collections.abc import Iterator

from aiohttp import web
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.meter import Meter
from core.outbox import Outgoing, Pause, Posting, Subject
from core.requests import Clock
from core.transactions import Transactions, Unavailable

TOOLS = {"/slack/events": "slack", "/api/messages": "teams"}
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)  # Slack waits for three seconds
_COUNTERS = {
    "sends": ("Sends to a tool, by what was done and what came of it.", ("tool", "doing", "outcome")),
    "refused": ("Requests turned away at the door, by reason.", ("tool", "reason")),
    "deduped": ("Deliveries that came again and had no second effect.", ("tool",)),
    "commands": ("Commands, by what came of them.", ("outcome",)),
}
_STATES = ("waiting", "claimed", "sent", "moot", "parked", "dead")


class Metrics:
    """One server's measurements, in a registry of its own."""

    def __init__(self, transactions: Transactions, meter: Meter, clock: Clock) -> None:
        self._transactions = transactions
        self._meter = meter
        self._clock = clock
        self._registry = CollectorRegistry()
        self._outbox = _Outbox()
        self._registry.register(_Counted(meter))
        self._registry.register(self._outbox)
        acks = Histogram(
            "folkmoot_ack_seconds",
            "From a request's arrival to its answer.",
            ("tool",),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._acks = {path: acks.labels(tool) for path, tool in TOOLS.items()}

    def answered(self, request: web.Request, seconds: float) -> None:
        """A request has been answered; what is not a tool's is not measured."""
        acks = self._acks.get(request.path)
        if acks is not None:
            acks.observe(seconds)

    async def page(self) -> bytes:
        """All of it in Prometheus' text format; while the database is away, without what lies in it."""
        try:
            self._outbox.seen = await self._transactions.read(self._look)
        except Unavailable:
            self._outbox.seen = None
        return generate_latest(self._registry)

    async def _look(self, session: AsyncSession) -> "_Seen":
        now = self._clock.now()
        states = await session.execute(select(Outgoing.state, func.count()).group_by(Outgoing.state))
        oldest = select(func.min(Outgoing.due_at)).where(
            Outgoing.state.in_(("waiting", "claimed")), Outgoing.due_at <= now
        )
        due = (await session.execute(oldest)).scalar_one_or_none()
        stale = (
            select(func.count())
            .select_from(Posting)
            .join(Subject, Subject.ref == Posting.subject)
            .where(Posting.state == "live", Posting.shown < Subject.version)
        )
        paused = (await session.execute(select(Pause.lane).order_by(Pause.lane))).scalars().all()
        age = (now - due).total_seconds() if due is not None else 0.0
        return _Seen(dict(states.tuples().all()), age, (await session.execute(stale)).scalar_one(), tuple(paused), now)


class _Seen:
    """What the database held when it was last asked."""

    def __init__(
        self, states: dict[str, int], oldest: float, stale: int, paused: tuple[str, ...], at: datetime.datetime
    ) -> None:
        self.states, self.oldest, self.stale, self.paused, self.at = states, oldest, stale, paused, at


class _Outbox(Collector):
    """The outbox as it was last seen."""

    def __init__(self) -> None:
        self.seen: _Seen | None = None

    def collect(self) -> Iterator[Metric]:
        """The gauges, but for those that nobody knows now."""
        reached = GaugeMetricFamily("folkmoot_database_up", "Whether the database answered.")
        reached.add_metric([], float(self.seen is not None))
        yield reached
        if self.seen is None:
            return
        states = GaugeMetricFamily("folkmoot_outbox_messages", "Messages by state.", labels=["state"])
        for state in _STATES:
            states.add_metric([state], self.seen.states.get(state, 0))
        yield states
        yield GaugeMetricFamily(
            "folkmoot_oldest_due_seconds", "For how long the oldest message has been due.", value=self.seen.oldest
        )
        yield GaugeMetricFamily("folkmoot_stale_cards", "Live cards that wait to be redrawn.", value=self.seen.stale)
        paused = GaugeMetricFamily("folkmoot_paused", "Workspaces that nothing is sent to.", labels=["workspace"])
        for lane in self.seen.paused:
            paused.add_metric([lane], 1)
        yield paused


class _Counted(Collector):
    """What core and the middleware have counted."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter

    def collect(self) -> Iterator[Metric]:
        """A counter for each name that is known, whether it has happened or not."""
        counted = dict(self._meter.counted)
        for name, (words, labels) in _COUNTERS.items():
            family = CounterMetricFamily(f"folkmoot_{name}", words, labels=labels)
            for (each, *values), times in counted.items():
                if each == name:
                    family.add_metric(values, times)
            yield family
