"""When a series meets: an RRULE (RFC 5545, 3.3.10) by the board's clocks, whatever they do in spring and autumn."""

import datetime
from collections.abc import Container, Iterator
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from core.calendar import working_day_before
from core.errors import Refused
from core.times import at_wall

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
AHEAD = datetime.timedelta(days=400)
"""How far ahead a series has its meetings written down, and so how far calendars show it."""
MOST = 130
"""More meetings of a series than these are not written down at once; the clock adds them as time goes on."""
PAPERS_AT = datetime.time(17)
_UNREADABLE = "I can't read that rhythm. Give an RRULE such as FREQ=MONTHLY;BYDAY=2TU, weekly or rarer."
_ALLOWED = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "UNTIL", "WKST"}


def rule_of(repeats: str, day: datetime.date, until: datetime.date | None = None) -> str:
    """The rule of a rhythm of the form that begins on this day; the fifth weekday of a month means its last."""
    nth = (day.day - 1) // 7 + 1
    weekday = f"BYDAY={nth if nth < 5 else -1}{DAYS[day.weekday()]}"
    date = f"BYMONTHDAY={day.day}" if day.day <= 28 else "BYMONTHDAY=-1"
    rules = {
        "weekly": "FREQ=WEEKLY",
        "fortnightly": "FREQ=WEEKLY;INTERVAL=2",
        "monthly": f"FREQ=MONTHLY;{weekday}",
        "monthly by date": f"FREQ=MONTHLY;{date}",
        "quarterly": f"FREQ=MONTHLY;INTERVAL=3;{weekday}",
        "yearly": f"FREQ=YEARLY;BYMONTH={day.month};{weekday}",
    }
    return rules[repeats] + (f";UNTIL={until:%Y%m%d}T235959" if until else "")


def rule_for(repeats: str, written: str, day: datetime.date, until: datetime.date | None = None) -> str:
    """What somebody asked for who could choose a rhythm or write a rule, from this day on; empty for one meeting.

    Raises Refused for a rule that is none.
    """
    if written:
        return check_rule(written, until)
    return rule_of(repeats, day, until) if repeats != "once" else ""


def check_rule(text: str, until: datetime.date | None = None) -> str:
    """A rule as somebody typed it, weekly or rarer. Raises Refused."""
    parts = dict(part.partition("=")[::2] for part in text.upper().removeprefix("RRULE:").split(";") if part)
    if not set(parts) <= _ALLOWED or parts.get("FREQ") not in ("WEEKLY", "MONTHLY", "YEARLY"):
        raise Refused(_UNREADABLE, field="rule")
    if until:
        parts["UNTIL"] = f"{until:%Y%m%d}T235959"
    rule = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        some_year = datetime.datetime.combine(datetime.date(2026, 1, 1), datetime.time())
        _parsed(rule, some_year, some_year + AHEAD)
    except (ValueError, TypeError, OverflowError):
        raise Refused(_UNREADABLE, field="rule") from None
    return rule


def _parsed(rule: str, start: datetime.datetime, end: datetime.datetime) -> rrule:
    found = rrulestr(rule, dtstart=start)
    if not isinstance(found, rrule):
        raise ValueError(rule)
    # A rule that never comes true would be looked for until the year 9999.
    until = found._until  # dateutil tells it in no other way
    return found.replace(until=min(until.replace(tzinfo=None), end) if until else end)


def occurrences(
    rule: str, first: datetime.datetime, until: datetime.date, zone: ZoneInfo, holidays: Container[datetime.date]
) -> Iterator[tuple[datetime.date, datetime.datetime]]:
    """Each day up to and with `until` and the moment at which the zone's clocks show the time of `first`, a wall time.

    Days in `holidays` are left out. A time that the clocks skip is the first after the gap, one that comes twice is
    its first occurrence.
    """
    end = datetime.datetime.combine(until, datetime.time.max).replace(microsecond=0)
    for wall in _parsed(rule, first, end):
        if wall.date() not in holidays:
            yield wall.date(), at_wall(wall, zone)


def papers_due(
    starts_at: datetime.datetime,
    days: int,
    zone: ZoneInfo,
    holidays: Container[datetime.date],
    now: datetime.datetime,
) -> datetime.datetime:
    """When papers have to be in: at the end of the working day that lies so many working days before the meeting.

    At shorter notice than that it is the first such moment that is still to come, at last the meeting itself.
    """
    for each in range(days, -1, -1):
        day = working_day_before(starts_at.astimezone(zone).date(), each, holidays)
        due = at_wall(datetime.datetime.combine(day, PAPERS_AT), zone)
        if now < due < starts_at:
            return due
    return starts_at
