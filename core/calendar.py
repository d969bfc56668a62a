"""Working time as people keep it: by the clocks of a zone, never as a span of UTC.

Nobody is written to at night, on a weekend or on a bank holiday unless it is urgent. Who has other hours says so.
"""

import datetime
import functools
import importlib.util
from collections.abc import Callable, Collection, Container, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from core.times import at_wall

LONGEST_BREAK = 60  # days; a calendar with a longer one is a mistake
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours in which a person is left alone, from `begins` to `ends` on the zone's clocks, mostly over night."""

    begins: time = time(18)
    ends: time = time(8)

    def covers(self, wall: time) -> bool:
        """Whether these hours hold this time of day. The same time twice means no quiet hours at all."""
        if self.begins <= self.ends:
            return self.begins <= wall < self.ends
        return wall >= self.begins or wall < self.ends

    def welcome(self) -> tuple[tuple[time, time | None], ...]:
        """The rest of the day in spans from a time up to another; None is the day's end."""
        begins, ends = self.begins, self.ends
        if begins == ends:
            return ((time(0), None),)
        if begins > ends:
            return ((ends, begins),)
        morning = ((time(0), begins),) if begins > time(0) else ()
        return (*morning, (ends, None))


@functools.lru_cache(maxsize=8)
def bank_holidays(part: str = "ENG") -> Container[date]:
    """The bank holidays of a part of the United Kingdom: ENG, WLS, SCT or NIR, with their substitute days.

    England and Wales share theirs. Any year may be asked.
    """
    found: Container[date] = _united_kingdom()(subdiv=part)
    return found


def _united_kingdom() -> Callable[..., Any]:
    """The library's class for this country, from its own file: with its package come 250 others, 6 MB and 0.2 s.

    A tenth of a second all the same, and a server can answer before it plans reminders; so bot/ calls it in a thread.
    """
    import holidays  # noqa: PLC0415

    file = Path(holidays.__file__).with_name("countries") / "united_kingdom.py"
    spec = importlib.util.spec_from_file_location("_bank_holidays", file)
    if spec is None or spec.loader is None or not file.exists():  # a later version that is laid out otherwise
        return functools.partial(holidays.country_holidays, "GB")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.GB  # type: ignore[no-any-return]


def is_working_day(day: date, holidays: Container[date]) -> bool:
    """Whether people work on this day."""
    return day.weekday() < _SATURDAY and day not in holidays


def working_day_before(day: date, count: int, holidays: Container[date]) -> date:
    """The working day that lies `count` working days before this day, which need not be one itself."""
    for _ in range(count):
        day = next(each for each in _days(day - timedelta(1), -1) if is_working_day(each, holidays))
    return day


def working_day_after(day: date, count: int, holidays: Container[date]) -> date:
    """The working day that lies `count` working days after this day, which need not be one itself."""
    for _ in range(count):
        day = next(each for each in _days(day + timedelta(1), 1) if is_working_day(each, holidays))
    return day


def working_day_from(day: date, holidays: Container[date]) -> date:
    """This day if it is a working day, else the next one."""
    return next(each for each in _days(day, 1) if is_working_day(each, holidays))


def _days(day: date, step: int) -> Iterator[date]:
    for count in range(LONGEST_BREAK + 1):
        yield day + timedelta(count * step)
    raise ValueError(f"there is no working day within {LONGEST_BREAK} days of {day}")


def next_welcome_moment(
    wanted: datetime.datetime, zone: ZoneInfo, holidays: Container[date], quiet: Quiet
) -> datetime.datetime:
    """The first moment from `wanted` on, in UTC, at which a message is welcome to somebody in this zone.

    Raises ValueError for a calendar with no working day in 60 days.
    """
    wanted = wanted.astimezone(datetime.UTC)
    for day in _days(wanted.astimezone(zone).date(), 1):
        if is_working_day(day, holidays):
            for opens, closes in _spans(day, zone, quiet):
                found = max(wanted, opens)
                if found < closes:
                    return found
    raise AssertionError("unreachable")


def _spans(day: date, zone: ZoneInfo, quiet: Quiet) -> Iterator[tuple[datetime.datetime, datetime.datetime]]:
    """The welcome spans of a day as moments; the clocks may skip one wholly, which then is empty."""
    for begins, ends in quiet.welcome():
        after = datetime.datetime.combine(day + timedelta(ends is None), ends or time(0))
        yield at_wall(datetime.datetime.combine(day, begins), zone), at_wall(after, zone)


def working_time_between(
    start: datetime.datetime, end: datetime.datetime, zone: ZoneInfo, holidays: Container[date], quiet: Quiet
) -> timedelta:
    """How much time in which messages are welcome lies between two moments; none if the second comes first."""
    total, day, last = timedelta(), start.astimezone(zone).date(), end.astimezone(zone).date()
    while day <= last:
        if is_working_day(day, holidays):
            for opens, closes in _spans(day, zone, quiet):
                total += max(timedelta(), min(closes, end) - max(opens, start))
        day += timedelta(1)
    return total


def wall_occurrences(
    at: time, weekdays: Collection[int], zone: ZoneInfo, start: datetime.datetime, end: datetime.datetime
) -> Iterator[tuple[date, datetime.datetime]]:
    """Each day (0 is Monday) and moment, from `start` up to `end`, at which the zone's clocks show this time.

    A time that the clocks skip is the first one after the gap; one that comes twice counts once. The day names
    the occurrence, so that it stays one whatever the clocks do.
    """
    day = start.astimezone(zone).date() - timedelta(1)  # a gap can push a time over midnight
    while day <= end.astimezone(zone).date():
        if day.weekday() in weekdays:
            moment = at_wall(datetime.datetime.combine(day, at), zone)
            if start <= moment < end:
                yield day, moment
        day += timedelta(1)
