"""The time, and what makes it pass: APScheduler ticks, and everything that is due is found in the database."""

import asyncio
import datetime
import logging
from collections.abc import Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from core.timekeeper import Timekeeper
from core.transactions import Unavailable

log = logging.getLogger(__name__)

TICK_SECONDS = 5
SWEEP_SECONDS = 60


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime.datetime:
        """The present moment in UTC."""
        return datetime.datetime.now(datetime.UTC)


class ShiftingClock:
    """A clock that can be moved forward, for the demo and for tests that must not wait for a deadline."""

    def __init__(self) -> None:
        self._ahead = datetime.timedelta()
        self.moved: Callable[[], None] = lambda: None  # called after each move

    def now(self) -> datetime.datetime:
        """The present moment, as far ahead as the clock has been moved."""
        return datetime.datetime.now(datetime.UTC) + self._ahead

    def advance(self, seconds: float) -> None:
        """Move forward; time never goes back."""
        self._ahead += datetime.timedelta(seconds=max(0.0, seconds))
        self.moved()


class Ticker:
    """Ticks every five seconds, and sooner when something is due sooner; sweeps every minute. It holds no other job."""

    def __init__(self, timekeeper: Timekeeper, clock: SystemClock | ShiftingClock) -> None:
        self._timekeeper = timekeeper
        self._clock = clock
        # Late is better than never for a tick, and one after a stall is enough.
        self._scheduler = AsyncIOScheduler(
            timezone=datetime.UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._busy = asyncio.Lock()
        self._stopped = False

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.add_job(self.tick, "interval", seconds=TICK_SECONDS, id="tick")
        self._scheduler.add_job(self.tick, id="first tick")
        self._scheduler.add_job(self.sweep, "interval", seconds=SWEEP_SECONDS, id="sweep")
        self._scheduler.start()

    async def tick(self) -> None:
        """Do what is due now, and be back in time for what is due next."""
        async with self._busy:
            try:
                upcoming = await self._timekeeper.tick()
            except Unavailable:
                log.warning("the clock cannot reach the database")
                return
            except asyncio.CancelledError:
                if not self._stopped:
                    raise
                return  # by `stop`; what is due is done by the next server, and nothing has gone wrong
            except Exception:
                log.exception("the tick stumbled")
                return
        if upcoming is None:
            return
        wait = (upcoming - self._clock.now()).total_seconds()
        if wait < TICK_SECONDS and self._scheduler.running:
            when = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=max(0.01, wait))
            self._scheduler.add_job(self.tick, "date", run_date=when, id="due soon", replace_existing=True)

    async def sweep(self) -> None:
        """Clear away what is over."""
        try:
            await self._timekeeper.sweep()
        except Unavailable:
            log.warning("the sweep cannot reach the database")
        except asyncio.CancelledError:
            if not self._stopped:
                raise
        except Exception:
            log.exception("the sweep stumbled")

    def stop(self) -> None:
        """Tick no more."""
        self._stopped = True
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
