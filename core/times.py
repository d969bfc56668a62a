"""Moments and dates, said and read: in the partnership's zone for people, aware UTC for ourselves.

A bare date means the end of that working day (17:00), "midnight" the end of its day, "next Friday" the
Friday of next week, and a day without a year or a week is the next one that is still to come.
"""

import datetime
from collections.abc import Callable, Sequence
from datetime import UTC, date, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from core.errors import Refused
from core.texts import quoted
from core.timewords import LONGEST, MONTHS, WEEKDAYS, WORKING_DAY_ENDS, Spoken, length_of, understood

FARTHEST_YEARS = 5
_OLDEST = 1900
T = TypeVar("T")
_EXAMPLE = "Try “Fri 5pm”, “tomorrow noon” or “30 Nov 17:00”."


def say_moment(moment: datetime.datetime, zone: ZoneInfo) -> str:
    """An aware moment on the zone's clocks, as "Fri 4 Dec 2026, 17:00 GMT"; `read_moment` reads it back."""
    wall = moment.astimezone(zone)
    day = f"{WEEKDAYS[wall.weekday()][:3]} {wall.day} {MONTHS[wall.month - 1][:3]} {wall.year}"
    name = wall.tzname() or ""
    return f"{day}, {wall:%H:%M} {f'UTC{name}' if name[:1] in '+-' else name}"


def say_date(day: date) -> str:
    """A date in full, such as "4 December 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def say_left(moment: datetime.datetime, now: datetime.datetime) -> str:
    """How far a moment is from now, rounded down so that nobody comes late: "in 3 days", "2 hours ago"."""
    seconds = int(abs((moment - now).total_seconds()))
    if seconds < 60:
        return "in less than a minute" if moment > now else "just now"
    if seconds < 3600:
        count, unit = seconds // 60, "minute"
    elif seconds < 48 * 3600:
        count, unit = seconds // 3600, "hour"
    else:
        count, unit = seconds // 86400, "day"
    said = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"in {said}" if moment > now else f"{said} ago"


def at_wall(naive: datetime.datetime, zone: ZoneInfo) -> datetime.datetime:
    """The UTC moment at which the zone's clocks show this.

    A time that the clocks skip becomes the first one after the gap; one that comes twice is its first
    occurrence. Raises OverflowError within a day of the calendar's ends.
    """
    before = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if before.astimezone(zone).replace(tzinfo=None) == naive.replace(fold=0):
        return before
    low, high = naive.replace(tzinfo=zone, fold=1).astimezone(UTC), before  # the clocks change between these
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle <= low:
            break
        if middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset():
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def reads_as_moment(text: str) -> bool:
    """Whether the text has the shape of a date or time, whatever day it is today."""
    return understood(text) is not None


def read_moment(text: str, zone: ZoneInfo, now: datetime.datetime, *, past: bool = False) -> datetime.datetime:
    """The moment, in UTC, that a person means in this zone, or that a form or button says in ISO 8601.

    Raises `Refused` with a sentence when it is unreadable, more than five years ahead, or (unless
    `past`) not in the future.
    """
    spoken = _spoken(text)
    try:
        if spoken.instant:
            moment = spoken.instant
            moment = moment.astimezone(UTC) if moment.tzinfo else at_wall(moment, zone)
        elif spoken.exact:
            moment = _after(spoken.span, now.astimezone(UTC))
        else:
            days = _days(spoken, text, now.astimezone(zone))
            moment = _first([_moment(spoken, day, zone) for day in days], lambda each: each > now)
    except (ValueError, OverflowError):
        raise _unreadable(text) from None
    _limit(text, moment.year, moment > now + timedelta(366 * FARTHEST_YEARS))
    if moment <= now and not past:
        raise Refused(f"{quoted(text)} is in the past; please choose a later time.")
    return moment


def read_date(text: str, zone: ZoneInfo, now: datetime.datetime, *, past: bool = False) -> date:
    """The date that a person means, from today on; refuses as `read_moment` does. A time may stand by it."""
    spoken, wall = _spoken(text), now.astimezone(zone)
    try:
        if spoken.instant:
            instant = spoken.instant
            day = (instant.astimezone(zone) if instant.tzinfo else instant).date()
        elif spoken.days is None and not spoken.span:
            raise _unreadable(text)
        else:
            days = _days(spoken, text, wall)
            if spoken.time is None:
                day = _first(days, lambda each: each >= wall.date())
            else:
                day = _first(days, lambda each: _moment(spoken, each, zone) > now)
    except (ValueError, OverflowError):
        raise _unreadable(text) from None
    _limit(text, day.year, day > wall.date() + timedelta(366 * FARTHEST_YEARS))
    if day < wall.date() and not past:
        raise Refused(f"{quoted(text)} is in the past; please choose a later date.")
    return day


def _spoken(text: str) -> Spoken:
    spoken = understood(text)
    if spoken is None:
        raise _unreadable(text)
    return spoken


def _unreadable(text: str) -> Refused:
    if len(text) > LONGEST:
        return Refused(f"That is too long to be a date. {_EXAMPLE}")
    return Refused(f"{quoted(text)} isn’t a date or time that I can read. {_EXAMPLE}" if text.strip() else _EXAMPLE)


def _limit(text: str, year: int, far: bool) -> None:
    if far:
        raise Refused(f"{quoted(text)} is more than five years ahead; please choose an earlier date.")
    if year < _OLDEST:
        raise Refused(f"{quoted(text)} is too long ago; please check the year.")


def _days(spoken: Spoken, text: str, wall: datetime.datetime) -> Sequence[date]:
    """The days that may be meant, the likeliest first; never none."""
    today = wall.date()
    if spoken.span:
        return [_after(spoken.span, wall).date()]
    if spoken.days is None:
        return [today, today + timedelta(1)]
    try:
        days = spoken.days(today)
    except (ValueError, OverflowError):
        days = []
    if not days:
        raise Refused(f"{quoted(text)} isn’t in the calendar. Please write the day first, as in “4/12/2026”.")
    if spoken.weekday is not None:
        _agree(spoken.weekday, _first(days, lambda each: each >= today), year_said=len(days) == 1)
    return days


def _agree(weekday: int, day: date, *, year_said: bool) -> None:
    if day.weekday() != weekday:
        if not year_said and (day.month, day.day) != (2, 29):
            before = day.replace(year=day.year - 1)
            if before.weekday() == weekday:  # a week too late, and not a year too early
                raise Refused(f"{WEEKDAYS[weekday]} {say_date(before)} is in the past; please choose a later date.")
        right = WEEKDAYS[day.weekday()]
        raise Refused(f"{say_date(day)} is a {right}, not a {WEEKDAYS[weekday]}. Which one do you mean?")


def _first(found: Sequence[T], good: Callable[[T], bool]) -> T:
    return next((each for each in found if good(each)), found[-1])


def _moment(spoken: Spoken, day: date, zone: ZoneInfo) -> datetime.datetime:
    time = WORKING_DAY_ENDS if spoken.time is None else spoken.time
    wall = datetime.datetime.combine(day + timedelta(spoken.ends_day), time)
    if not spoken.zone:
        return at_wall(wall, zone)
    return (wall - _offset(spoken.zone, wall, zone)).replace(tzinfo=UTC)


def _offset(name: str, wall: datetime.datetime, zone: ZoneInfo) -> timedelta:
    """What an abbreviation means: the zone's own summer or winter time, or UTC with an offset."""
    for month in (wall.month, 1, 7):
        for fold in (0, 1):
            local = (
                wall.replace(tzinfo=zone, fold=fold)
                if month == wall.month
                else datetime.datetime(wall.year, month, 1, tzinfo=zone)
            )
            offset = local.utcoffset()
            if offset is not None and (local.tzname() or "").lower() == name:
                return offset
    if name[:3] not in ("utc", "gmt"):
        raise Refused(f"I don’t know the time zone {name.upper()} here; without one, times are those of {zone.key}.")
    if not name[3:]:
        return timedelta(0)
    hours, minutes = name[4:].replace(":", "")[:2], name[4:].replace(":", "")[2:]
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return -offset if name[3] == "-" else offset


def _after(span: str, base: datetime.datetime) -> datetime.datetime:
    """The time that lies a span such as "2 weeks and 3 days" after `base`, on the clocks of its zone."""
    wall: datetime.datetime = base.replace(tzinfo=None, fold=0) + length_of(span)
    return wall.replace(tzinfo=base.tzinfo)
