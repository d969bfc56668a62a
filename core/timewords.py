"""How people write dates and times: the shapes alone. What day it is, only `core.times` knows.

Every rule is anchored, so that only text that is wholly a date is one: "May", "12" or "x" are not.
"""

import calendar
import datetime
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WORKING_DAY_ENDS = datetime.time(17)
LONGEST = 80  # characters; no date is longer, so nothing longer is looked at

Days = Callable[[date], Sequence[date]]
"""The days that may be meant, seen from today, the likeliest first. May raise ValueError or OverflowError."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was written: a day (None: only a time), a time of day, a zone, or a span such as "in 3 days".

    ends_day: "midnight" is the end of its day. weekday: 0 for Monday, where one was written beside a date.
    instant: a whole ISO 8601 time, after which nothing is left to find out.
    """

    days: Days | None = None
    time: datetime.time | None = None
    ends_day: bool = False
    zone: str = ""
    span: str = ""
    weekday: int | None = None
    instant: datetime.datetime | None = None

    @property
    def exact(self) -> bool:
        """Whether the span counts hours or minutes, so that its end is a moment and no bare day."""
        return bool(_HOURS.search(self.span))


_ISO = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,6})?)?( ?Z| ?[+-]\d\d:?\d\d(:\d\d(\.\d{1,6})?)?)?", re.ASCII
)
_CLOCK = re.compile(
    r"(?<![\w./:+-])(?:(?P<hour>\d{1,2})(?:(?P<mark>[:.h])(?P<minute>\d\d))? ?(?P<half>[ap]m)"
    r"|(?P<hour24>\d{1,2})(?P<mark24>[:.h])(?P<minute24>\d\d) ?(?:hrs?|hours)?"
    r"|(?P<army>\d{4}) ?(?:hrs|hours)"
    r"|(?:12 ?)?(?P<word>noon|midday|midnight)"
    r"|(?P<close>(?:the )?end of (?:the )?(?:working )?day|eod|cob|close of (?:business|play)))(?![\w./:-])",
    re.ASCII,
)
_ZONE = re.compile(
    r" (?P<zone>(?:utc|gmt)(?:[+-]\d{1,2}(?::?\d\d)?)?|bst|ist|wes?t|ces?t|ees?t|msk|[ecmpa][sd]t|a[ecw][sd]t"
    r"|nz[sd]t|sast|hkt|jst|sgt|ak[sd]t|hst|n[sd]t)$",
    re.ASCII,
)
_NUMBERS = (
    "a", "an", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"
)  # fmt: skip
_COUNTS = {word: max(1, place - 1) for place, word in enumerate(_NUMBERS)}
_LENGTH = (
    rf"(?P<count>\d{{1,4}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))}) ?"
    r"(?P<unit>min(?:ute)?|h(?:ou)?r|day|week|fortnight|month|year)s?"
)
_LENGTHS = re.compile(_LENGTH, re.ASCII)
_SPAN = re.compile(
    rf"(?:in )?(?P<span>(?:{re.sub(r'[?]P<[a-z]+>', '?:', _LENGTH)}(?: and)? ?)+?)"
    r"(?:'?s?'? time|from now|from today)?",
    re.ASCII,
)
_HOURS = re.compile("hour|hr|min")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_FILLERS = frozenset({"on", "at", "by", "the", "of", "until", "till", "before", "@"})
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|" + "|".join(m.lower() for m in MONTHS) + ")"
_WEEKDAY = r"(?P<weekday>mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun|" + "|".join(d.lower() for d in WEEKDAYS) + ")"
_DAY = r"(?P<day>\d{1,2})"
_YEAR = r"(?: (?P<year>\d{4})| '(?P<short>\d\d))?"


def understood(text: str) -> Spoken | None:
    """What the text says, or None if it is not wholly a date, a time, or both. Never raises."""
    if len(text) > LONGEST:
        return None
    said = _plain(text)
    if _ISO.fullmatch(said.upper()):
        try:
            return Spoken(instant=datetime.datetime.fromisoformat(said.upper().replace(" ", "T", 1).replace(" ", "")))
        except ValueError:
            return None
    zone = _ZONE.search(said)
    if zone:
        said = said[: zone.start()]
    clocks = list(_CLOCK.finditer(said))
    if len(clocks) > 1 or (zone and not clocks):
        return None
    time, ends_day = None, False
    if clocks:
        time = _time(clocks[0])
        if time is None:
            return None
        ends_day = clocks[0]["word"] == "midnight"
        said = said[: clocks[0].start()] + " " + said[clocks[0].end() :]
    day = " ".join(word for word in said.split() if word not in _FILLERS)
    if clocks and not day and _like_a_date(clocks[0]):
        return None
    return _with_day(day, Spoken(time=time, ends_day=ends_day, zone=zone["zone"] if zone else ""))


def length_of(span: str) -> relativedelta:
    """How long a span of `understood` is. A month later is the same day of the next month, or its last."""
    total = relativedelta()
    for found in _LENGTHS.finditer(span):
        count = _COUNTS.get(found["count"]) or int(found["count"])
        unit = {"min": "minutes", "hr": "hours"}.get(found["unit"], f"{found['unit']}s")
        if unit == "fortnights":
            count, unit = 2 * count, "weeks"
        total += relativedelta(**{unit: count})
    return total


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub("[\u2018\u2019\u02bc`´]", "'", text)
    text = re.sub("[\u2010-\u2015\u2212]", "-", text)
    text = "".join(char for char in text if char not in '"“”„«»' and unicodedata.category(char) != "Cf")
    text = re.sub(r"\b([ap])\. ?m\b\.?", r"\1m", text).replace(",", " ")
    text = re.sub(r"\bhalf an hour\b", "30 minutes", text)
    text = re.sub(r"\b(?:a )?couple of\b", "2", text)
    text = re.sub(r"^(?:in )?(\d{1,3}) ?([hdw])$", lambda found: f"{found[1]} {_UNITS[found[2]]}", text.strip())
    return " ".join(text.split()).strip(" .;!?()")


def _time(found: re.Match[str]) -> datetime.time | None:
    if found["close"]:
        return WORKING_DAY_ENDS
    if found["word"]:
        return datetime.time(0) if found["word"] == "midnight" else datetime.time(12)
    if found["army"]:
        hour, minute = int(found["army"][:2]), int(found["army"][2:])
    else:
        hour, minute = int(found["hour"] or found["hour24"]), int(found["minute"] or found["minute24"] or 0)
    half = found["half"]
    if (half and hour == 0) or (half == "am" and hour > 12) or hour > 23 or minute > 59:
        return None
    if half == "am" and hour == 12:
        hour = 0
    if half == "pm" and hour < 12:
        hour += 12
    return datetime.time(hour, minute)


def _like_a_date(found: re.Match[str]) -> bool:
    """Whether a lone "4.12" might as well be the fourth of December."""
    return found["mark24"] == "." and 1 <= int(found["minute24"]) <= 12 and int(found["hour24"]) >= 1


def _with_day(day: str, spoken: Spoken) -> Spoken | None:
    weekday = None
    if not day:
        return spoken if spoken.time is not None else None
    days = _named_day(day) or _end(day)
    if days is None:
        lead = re.fullmatch(rf"{_WEEKDAY} (?P<rest>.+)", day, re.ASCII)
        weekday = _weekday(lead["weekday"]) if lead else None
        days = _written(lead["rest"] if lead else day)
    span = ""
    if days is None:
        found = _SPAN.fullmatch(day)
        if not found or (spoken.time is not None and _HOURS.search(day)):
            return None
        span = found["span"].strip()
    return Spoken(days, spoken.time, spoken.ends_day, spoken.zone, span, weekday)


def _weekday(word: str) -> int:
    return next(index for index, name in enumerate(WEEKDAYS) if name.lower().startswith(word[:3]))


def _named_day(day: str) -> Days | None:
    """Today, tomorrow, Friday, next Friday (that of next week), Monday week."""
    word = re.sub(r"^(?:this )?coming |^this ", "", day)
    word = re.sub(r"\b(?:tmrw|tmr|2mor+ow|2moro|tom+or+ow)\b", "tomorrow", word)
    ahead = {"yesterday": -1, "today": 0, "tomorrow": 1, "day after tomorrow": 2}
    if word in ahead:
        return lambda today: [today + timedelta(ahead[word])]
    found = re.fullmatch(r"(?:a )?week (today|tomorrow)|(today|tomorrow) week", word)
    if found:
        week = 7 + ahead[found[1] or found[2]]
        return lambda today: [today + timedelta(week)]
    found = re.fullmatch(rf"(?P<how>next |last |(?:a )?week )?{_WEEKDAY}(?P<after> week| next week| this week)?", word)
    if not found or (found["how"] and found["after"]):
        return None
    index, how = _weekday(found["weekday"]), f"{found['how'] or ''}{found['after'] or ''}".strip()

    def days(today: date) -> list[date]:
        monday, coming = today - timedelta(today.weekday()), today + timedelta((index - today.weekday()) % 7)
        if how.startswith("next"):
            return [monday + timedelta(7 + index)]
        if how == "this week":
            return [monday + timedelta(index)]
        if how == "last":
            return [today - timedelta((today.weekday() - index - 1) % 7 + 1)]
        return [coming + timedelta(7)] if how else [coming, coming + timedelta(7)]

    return days


def _end(day: str) -> Days | None:
    """The end of a week (its Friday), a month or a year."""
    day = {"eom": "end month", "month end": "end month", "eow": "end week"}.get(day, day)
    found = re.fullmatch(rf"end (?P<which>this |next )?(?:(?P<unit>week|month|year)|{_MONTH}{_YEAR})", day, re.ASCII)
    if not found:
        return None
    unit, later = found["unit"], found["which"] == "next "
    if not unit:
        month, year = _month(found["month"]), _year(found)
        return lambda today: [_last_of(each, month) for each in ([year] if year else _years(today))]

    def days(today: date) -> list[date]:
        if unit == "week":
            ends = [today + timedelta(4 - today.weekday() + 7 * weeks) for weeks in (0, 1, 2)]
        elif unit == "month":
            ahead = [today.month - 1 + each for each in (0, 1, 2)]
            ends = [_last_of(today.year + each // 12, each % 12 + 1) for each in ahead]
        else:
            ends = [_last_of(today.year + each, 12) for each in (0, 1, 2)]
        return ends[1:2] if later else ends[:2]

    return days


def _written(day: str) -> Days | None:
    """A date of the calendar: 30 Nov, Nov 30th 2026, 4/12, 4.12.2026, 2026-12-04, the 30th."""
    suffix = "(?:st|nd|rd|th)"
    for shape in (
        rf"{_DAY}{suffix}? ?{_MONTH}{_YEAR}",
        rf"{_MONTH} {_DAY}{suffix}?{_YEAR}",
        r"(?P<day>\d{1,2})([/.-])(?P<number>\d{1,2})\2(?:(?P<year>\d{4})|(?P<short>\d\d))",
        r"(?P<day>\d{1,2})/(?P<number>\d{1,2})",
        r"(?P<year>\d{4})([/-])(?P<number>\d{1,2})\2(?P<day>\d{1,2})",
        rf"{_DAY}{suffix}",
    ):
        found = re.fullmatch(shape, day, re.ASCII)
        if found:
            return _dated(found)
    return None


def _dated(found: re.Match[str]) -> Days:
    parts = found.groupdict()
    day, year = int(found["day"]), _year(found)
    month = _month(parts["month"]) if parts.get("month") else int(parts.get("number") or 0)
    if year:
        return lambda today: [date(year, month, day)]
    if month:
        return lambda today: _existing((each, month, day) for each in _years(today))
    return lambda today: _existing(
        (today.year + (today.month - 1 + ahead) // 12, (today.month - 1 + ahead) % 12 + 1, day) for ahead in range(3)
    )


def _existing(wanted: Iterable[tuple[int, int, int]]) -> list[date]:
    days = []
    for year, month, day in wanted:
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    return days


def _years(today: date) -> range:
    return range(today.year, today.year + 5)  # far enough for the next 29 February


def _year(found: re.Match[str]) -> int:
    parts = found.groupdict()
    return int(parts["year"]) if parts.get("year") else 2000 + int(parts["short"]) if parts.get("short") else 0


def _month(word: str) -> int:
    return next(index for index, name in enumerate(MONTHS, 1) if name.lower().startswith(word[:3]))


def _last_of(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
