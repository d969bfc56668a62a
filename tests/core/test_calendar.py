"""Working time: when people may be written to, whatever the clocks, weekends and holidays do."""

import datetime
from datetime import UTC, date, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from core.calendar import (
    Quiet,
    bank_holidays,
    is_working_day,
    next_welcome_moment,
    wall_occurrences,
    working_day_before,
    working_day_from,
    working_time_between,
)

LONDON = ZoneInfo("Europe/London")
ZONES = st.sampled_from(
    ["Europe/London", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "Australia/Lord_Howe", "America/Sao_Paulo"]
).map(ZoneInfo)
START, END = datetime.datetime(2025, 1, 1), datetime.datetime(2029, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone
MOMENTS = st.datetimes(START, END, timezones=st.just(UTC))
TIMES = st.times().map(lambda each: each.replace(second=0, microsecond=0, tzinfo=None))
QUIETS = st.builds(Quiet, TIMES, TIMES) | st.just(Quiet())
HOLIDAYS = bank_holidays()


def wall(moment: datetime.datetime, zone: ZoneInfo) -> datetime.datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def is_plain(moment: datetime.datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks are not changed within a day of it, so that walls and moments run alike."""
    offsets = {(moment + timedelta(hours=hours)).astimezone(zone).utcoffset() for hours in range(-24, 25)}
    return len(offsets) == 1


def welcome(moment: datetime.datetime, zone: ZoneInfo, quiet: Quiet) -> bool:
    """Told a second time, minute by minute."""
    here = wall(moment, zone)
    return here.weekday() < 5 and here.date() not in HOLIDAYS and not quiet.covers(here.time())


@given(MOMENTS, ZONES, QUIETS)
@example(datetime.datetime(2026, 12, 24, 18, 0, tzinfo=UTC), LONDON, Quiet())
def test_a_message_comes_at_a_welcome_hour_and_never_early(
    wanted: datetime.datetime, zone: ZoneInfo, quiet: Quiet
) -> None:
    found = next_welcome_moment(wanted, zone, HOLIDAYS, quiet)
    assert found >= wanted
    assert is_working_day(wall(found, zone).date(), HOLIDAYS)
    if is_plain(found, zone):
        assert welcome(found, zone, quiet)
    assert next_welcome_moment(found, zone, HOLIDAYS, quiet) == found


@given(MOMENTS, ZONES, QUIETS, st.integers(1, 7 * 24 * 60))
def test_no_welcome_hour_is_passed_over(wanted: datetime.datetime, zone: ZoneInfo, quiet: Quiet, minutes: int) -> None:
    found = next_welcome_moment(wanted, zone, HOLIDAYS, quiet)
    between = found - timedelta(minutes=minutes)
    assume(wanted <= between and is_plain(between, zone))
    assert not welcome(between, zone, quiet)


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=9)), ZONES, QUIETS)
def test_who_asks_later_is_not_served_earlier(
    wanted: datetime.datetime, later: timedelta, zone: ZoneInfo, quiet: Quiet
) -> None:
    first = next_welcome_moment(wanted, zone, HOLIDAYS, quiet)
    assert first <= next_welcome_moment(wanted + later, zone, HOLIDAYS, quiet)


@pytest.mark.parametrize(
    ("wanted", "comes"),
    [
        ("2026-11-25 10:00", "2026-11-25 10:00"),  # a Wednesday morning
        ("2026-11-25 07:59", "2026-11-25 08:00"),
        ("2026-11-25 18:00", "2026-11-26 08:00"),
        ("2026-11-27 19:00", "2026-11-30 08:00"),  # over the weekend
        ("2026-12-24 18:30", "2026-12-29 08:00"),  # Christmas Day, a weekend, and Boxing Day's substitute
        ("2027-03-25 20:00", "2027-03-30 08:00"),  # Good Friday to Easter Monday, and the clocks go forward
    ],
)
def test_nights_weekends_and_bank_holidays_are_left_alone(wanted: str, comes: str) -> None:
    moment = datetime.datetime.fromisoformat(wanted).replace(tzinfo=LONDON)
    found = next_welcome_moment(moment, LONDON, HOLIDAYS, Quiet())
    assert f"{wall(found, LONDON):%Y-%m-%d %H:%M}" == comes


def test_scotland_keeps_other_holidays() -> None:
    easter_monday, saint_andrew = date(2026, 4, 6), date(2026, 11, 30)
    assert easter_monday in bank_holidays("ENG")
    assert easter_monday in bank_holidays("WLS")
    assert easter_monday not in bank_holidays("SCT")
    assert saint_andrew in bank_holidays("SCT")
    assert saint_andrew not in bank_holidays("ENG")


@pytest.mark.parametrize("part", ["ENG", "WLS", "SCT", "NIR"])
def test_bank_holidays_are_the_librarys(part: str) -> None:
    """Ours are read from the country's own file; through the library's front door they must be the same."""
    days = [date(2020, 1, 1) + timedelta(each) for each in range(366 * 20)]
    theirs = holidays.country_holidays("GB", subdiv=part)
    assert [day for day in days if day in bank_holidays(part)] == [day for day in days if day in theirs]


def test_a_calendar_without_working_days_is_refused_and_not_searched_for_ever() -> None:
    class Always:
        def __contains__(self, _day: object) -> bool:
            return True

    with pytest.raises(ValueError, match="no working day"):
        next_welcome_moment(datetime.datetime(2026, 1, 1, tzinfo=UTC), LONDON, Always(), Quiet())


@given(st.dates(date(2025, 1, 1), date(2029, 1, 1)), st.integers(1, 9))
def test_working_days_are_counted_back(day: date, count: int) -> None:
    found = working_day_before(day, count, HOLIDAYS)
    between = [day - timedelta(back) for back in range(1, (day - found).days + 1)]
    assert sum(is_working_day(each, HOLIDAYS) for each in between) == count
    assert is_working_day(found, HOLIDAYS)
    assert working_day_from(found, HOLIDAYS) == found


@given(MOMENTS, MOMENTS, MOMENTS, ZONES, QUIETS)
def test_working_time_adds_up(
    one: datetime.datetime, two: datetime.datetime, three: datetime.datetime, zone: ZoneInfo, quiet: Quiet
) -> None:
    first, second = sorted((one, two))
    third = second + abs(three - one) / 40  # near, or there is much to count
    second = first + (second - first) / 40

    def between(start: datetime.datetime, end: datetime.datetime) -> timedelta:
        return working_time_between(start, end, zone, HOLIDAYS, quiet)

    assert timedelta() <= between(first, second) <= second - first
    middle = second + (third - second) / 20
    assert between(first, second) + between(second, middle) == between(first, middle)
    assert between(second, first) == timedelta()


def test_a_working_day_has_ten_hours() -> None:
    start = datetime.datetime(2026, 11, 27, 16, tzinfo=LONDON)  # Friday
    end = datetime.datetime(2026, 11, 30, 10, tzinfo=LONDON)
    assert working_time_between(start, end, LONDON, HOLIDAYS, Quiet()) == timedelta(hours=4)


@pytest.mark.parametrize(
    ("night", "comes"),
    [
        (date(2027, 3, 28), "2027-03-28T01:00:00+00:00"),  # 01:30 does not exist: the first that does, 02:00 BST
        (date(2026, 10, 25), "2026-10-25T00:30:00+00:00"),  # 01:30 comes twice: once, the first
    ],
)
def test_both_nights_on_which_the_clocks_change(night: date, comes: str) -> None:
    start = datetime.datetime.combine(night - timedelta(2), time(0), UTC)
    found = dict(wall_occurrences(time(1, 30), range(7), LONDON, start, start + timedelta(5)))
    assert found[night].isoformat() == comes
    assert len(found) == 5


@given(TIMES, st.sets(st.integers(0, 6), min_size=1), ZONES, MOMENTS, st.lists(st.integers(1, 72), min_size=1))
def test_however_often_it_is_looked_each_day_has_its_one_occurrence(
    at: time, weekdays: set[int], zone: ZoneInfo, start: datetime.datetime, hours: list[int]
) -> None:
    """Windows that follow each other find what one long window finds: nothing twice, nothing lost."""
    end = start + timedelta(hours=sum(hours))
    pieces: list[tuple[date, datetime.datetime]] = []
    begins = start
    for length in hours:
        ends = begins + timedelta(hours=length)
        pieces += wall_occurrences(at, weekdays, zone, begins, ends)
        begins = ends
    whole = list(wall_occurrences(at, weekdays, zone, start, end))
    assert pieces == whole
    assert len({day for day, _ in whole}) == len(whole)
    for day, moment in whole:
        assert day.weekday() in weekdays
        if is_plain(moment, zone):
            assert wall(moment, zone) == datetime.datetime.combine(day, at)
