"""When reminders of a vote are wanted: always a last one, on working mornings, and in time."""

import datetime
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.agreements.reminding import LAST, SHORT, plan
from core.calendar import (
    Quiet,
    bank_holidays,
    is_working_day,
    next_welcome_moment,
    working_day_before,
    working_time_between,
)
from core.concerns import Frame

LONDON = ZoneInfo("Europe/London")
FRAME = Frame(LONDON, bank_holidays())
START, END = datetime.datetime(2025, 1, 1), datetime.datetime(2028, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone
MOMENTS = st.datetimes(START, END, timezones=st.just(UTC))


@given(MOMENTS, st.timedeltas(timedelta(minutes=5), timedelta(days=40)))
def test_a_vote_of_any_length_is_reminded_of_in_time(opened: datetime.datetime, length: timedelta) -> None:
    closes = opened + length
    steps = plan(opened, closes, FRAME)
    assert [step.name for step in steps].count(LAST) == 1
    assert len(steps) == len({step.name for step in steps}) <= 2
    for step in steps:
        assert opened <= step.when < closes
        if not step.urgent:
            assert next_welcome_moment(step.when, LONDON, FRAME.holidays, Quiet()) == step.when
    urgent = any(step.urgent for step in steps)
    short = working_time_between(opened, closes, LONDON, FRAME.holidays, Quiet()) <= SHORT
    assert not urgent or short
    if len(steps) == 2:
        first, last = sorted(steps, key=lambda step: step.when)
        assert last.name == LAST
        assert last.when - first.when >= timedelta(days=2)


@given(MOMENTS, st.timedeltas(timedelta(days=15), timedelta(days=60)))
def test_a_long_vote_is_reminded_of_three_and_one_working_days_before(
    opened: datetime.datetime, length: timedelta
) -> None:
    closes = opened + length
    closing = closes.astimezone(LONDON).date()
    for step, days in zip(sorted(plan(opened, closes, FRAME), key=lambda each: each.when), (3, 1), strict=True):
        wall = step.when.astimezone(LONDON)
        assert (wall.hour, wall.minute) == (9, 0)
        assert is_working_day(wall.date(), FRAME.holidays)
        assert wall.date() == working_day_before(closing, days, FRAME.holidays)


@pytest.mark.parametrize(
    ("opened", "closes", "reminders"),
    [
        ("2026-11-23 10:00", "2026-11-27 17:00", ["Tue 24 09:00", "Thu 26 09:00"]),
        ("2026-11-23 10:00", "2026-11-29 17:00", ["Wed 25 09:00", "Fri 27 09:00"]),  # a Sunday
        ("2026-11-25 10:00", "2026-11-27 17:00", ["Thu 26 09:00"]),
        ("2026-11-26 10:00", "2026-11-27 17:00", ["Fri 27 09:00"]),  # on the morning of the close
        ("2026-12-18 10:00", "2026-12-29 17:00", ["Tue 22 09:00", "Thu 24 09:00"]),  # Christmas lies between
        ("2026-11-25 09:00", "2026-11-25 17:00", ["Wed 25 13:00"]),  # within one day
        ("2026-11-25 12:00", "2026-11-25 14:00", ["Wed 25 13:00!"]),
        ("2026-11-28 19:00", "2026-11-28 22:00", ["Sat 28 21:00!"]),  # a Saturday evening
        ("2026-11-27 17:00", "2026-11-29 12:00", ["Sun 29 11:00!"]),  # one working hour before the weekend
        ("2026-11-25 12:00", "2026-11-25 12:30", ["Wed 25 12:15!"]),
    ],
)
def test_some_votes(opened: str, closes: str, reminders: list[str]) -> None:
    start, end = (datetime.datetime.fromisoformat(each).replace(tzinfo=LONDON) for each in (opened, closes))
    steps = sorted(plan(start, end, FRAME), key=lambda step: step.when)
    assert [f"{step.when.astimezone(LONDON):%a %d %H:%M}{'!' * step.urgent}" for step in steps] == reminders
