"""Reading and saying quiet hours and times of day as people type them."""

import datetime
import re
import zoneinfo

from core.errors import Refused
from core.texts import squashed
from core.times import read_moment

_TIME = r"(\d{1,2})(?:[:.]?(\d{2}))? ?(am|pm)?"
_SPAN = re.compile(rf"{_TIME} ?(?:-|–|—|to|until|till) ?{_TIME}")
_CLOCK = re.compile(_TIME)
_QUIET = "Give quiet hours as two times, such as 18-08 or 20:30-07:00."
_ENDED = frozenset({"no", "none", "off", "end", "stop", "over", "back"})


def _minutes(hour: str, minute: str | None, half: str | None) -> int | None:
    hours, minutes = int(hour), int(minute or 0)
    if half and not 1 <= hours <= 12:
        return None
    if half:
        hours = hours % 12 + (12 if half == "pm" else 0)
    if hours == 24 and minutes == 0:
        hours = 0
    return hours * 60 + minutes if hours < 24 and minutes < 60 else None


def parse_quiet(text: str) -> tuple[int, int]:
    """Quiet hours from and to, in minutes since midnight. Raises Refused."""
    found = _SPAN.fullmatch(text.strip().casefold())
    begins, ends = (_minutes(*found.groups()[:3]), _minutes(*found.groups()[3:])) if found else (None, None)
    if begins is None or ends is None:
        raise Refused(_QUIET)
    if begins == ends:
        raise Refused("Quiet hours that last all day leave no hour for you. To get nothing, use digest:off.")
    return begins, ends


def read_quiet(text: str) -> str:
    """Check typed quiet hours and keep them as they were typed."""
    parse_quiet(text)
    return text.strip()


def say_quiet(begins: int, ends: int) -> str:
    """Quiet hours as `parse_quiet` reads them, such as `18:00-08:00`."""
    return f"{begins // 60:02}:{begins % 60:02}-{ends // 60:02}:{ends % 60:02}"


def parse_clock(text: str) -> int:
    """A time of a working day, in minutes since midnight. Raises Refused outside 08:00 to 18:00."""
    found = _CLOCK.fullmatch(text.strip().casefold())
    minutes = _minutes(*found.groups()) if found else None
    if minutes is None:
        raise Refused("Give a time of day, such as 9:00 or 2pm.")
    if not 8 * 60 <= minutes < 18 * 60:
        raise Refused("The digest comes in working hours; please give a time from 8:00 up to 18:00.")
    return minutes


def read_clock(text: str) -> str:
    """Check a typed time and keep it as it was typed."""
    parse_clock(text)
    return text.strip()


def parse_pause(text: str, zone: zoneinfo.ZoneInfo, now: datetime.datetime) -> datetime.datetime | None:
    """Until when reminders are paused; None for a word that ends a pause. Raises Refused."""
    if squashed(text) in _ENDED:
        return None
    return read_moment(text, zone, now)
