import datetime
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refused
from core.times import at_wall, read_date, read_moment, reads_as_moment, say_date, say_left, say_moment
from tests.core.samples import LONDON, NOW, is_sentence

ZONES = [ZoneInfo(name) for name in ("Europe/London", "America/New_York", "Asia/Kolkata", "America/Sao_Paulo")]
PIECES = (
    "fri monday next last week in 3 12 31 30th nov february may 2026 2031 '27 5pm 17:30 25:00 noon midnight "
    "at on end of month year eod 4/12 12/25/2026 2026-11-30 2026-11-30T17:00 +05:30 gmt utc+14 days hours a "
    "and ago T Z “ ” . , - : 99999999 🎉 \x00"
)
DATEISH = st.lists(st.sampled_from(PIECES.split(" ")), max_size=7).map(" ".join)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Fri 5pm", "Fri 27 Nov 2026, 17:00 GMT"),
        ("fri  5 PM", "Fri 27 Nov 2026, 17:00 GMT"),
        ("“Fri 5pm”", "Fri 27 Nov 2026, 17:00 GMT"),
        ("Fri\u00a05 p.m.", "Fri 27 Nov 2026, 17:00 GMT"),
        ("Friday at 17.00", "Fri 27 Nov 2026, 17:00 GMT"),
        ("Thurs, 10:00.", "Thu 26 Nov 2026, 10:00 GMT"),
        ("noon on Friday", "Fri 27 Nov 2026, 12:00 GMT"),
        ("tomorrow noon", "Thu 26 Nov 2026, 12:00 GMT"),
        ("tmrw 2.30pm", "Thu 26 Nov 2026, 14:30 GMT"),
        ("tommorow noon", "Thu 26 Nov 2026, 12:00 GMT"),
        ("Tmrw 9am", "Thu 26 Nov 2026, 09:00 GMT"),
        ("5pm", "Wed 25 Nov 2026, 17:00 GMT"),
        ("9am", "Thu 26 Nov 2026, 09:00 GMT"),
        ("midday", "Wed 25 Nov 2026, 12:00 GMT"),
        ("12am", "Thu 26 Nov 2026, 00:00 GMT"),
        ("midnight", "Thu 26 Nov 2026, 00:00 GMT"),
        ("Friday midnight", "Sat 28 Nov 2026, 00:00 GMT"),
        ("today", "Wed 25 Nov 2026, 17:00 GMT"),
        ("30 Nov", "Mon 30 Nov 2026, 17:00 GMT"),
        ("30 Nov 2026 17:00", "Mon 30 Nov 2026, 17:00 GMT"),
        ("4th Dec at 5.30pm", "Fri 4 Dec 2026, 17:30 GMT"),
        ("the 4th of December", "Fri 4 Dec 2026, 17:00 GMT"),
        ("Dec 4th, 2026", "Fri 4 Dec 2026, 17:00 GMT"),
        ("Fri 4 Dec", "Fri 4 Dec 2026, 17:00 GMT"),
        ("30th", "Mon 30 Nov 2026, 17:00 GMT"),
        ("1 May", "Sat 1 May 2027, 17:00 BST"),
        ("29 Feb", "Tue 29 Feb 2028, 17:00 GMT"),
        ("4/12/2026", "Fri 4 Dec 2026, 17:00 GMT"),
        ("4/12", "Fri 4 Dec 2026, 17:00 GMT"),
        ("4.12.26", "Fri 4 Dec 2026, 17:00 GMT"),
        ("next Friday", "Fri 4 Dec 2026, 17:00 GMT"),
        ("this Friday", "Fri 27 Nov 2026, 17:00 GMT"),
        ("Monday week", "Mon 7 Dec 2026, 17:00 GMT"),
        ("a week on Monday", "Mon 7 Dec 2026, 17:00 GMT"),
        ("end of month", "Mon 30 Nov 2026, 17:00 GMT"),
        ("end of next month", "Thu 31 Dec 2026, 17:00 GMT"),
        ("end of Feb", "Sun 28 Feb 2027, 17:00 GMT"),
        ("EOD Friday", "Fri 27 Nov 2026, 17:00 GMT"),
        ("in 3 days", "Sat 28 Nov 2026, 17:00 GMT"),
        ("in 3 days’ time", "Sat 28 Nov 2026, 17:00 GMT"),
        ("in 3 days at 9am", "Sat 28 Nov 2026, 09:00 GMT"),
        ("in a fortnight", "Wed 9 Dec 2026, 17:00 GMT"),
        ("in 40 minutes", "Wed 25 Nov 2026, 10:40 GMT"),
        ("in half an hour", "Wed 25 Nov 2026, 10:30 GMT"),
        ("2h", "Wed 25 Nov 2026, 12:00 GMT"),
        ("2026-12-04", "Fri 4 Dec 2026, 17:00 GMT"),
        ("2026-12-04T17:00", "Fri 4 Dec 2026, 17:00 GMT"),
        ("2026-12-04T17:00:00-05:00", "Fri 4 Dec 2026, 22:00 GMT"),
        ("2026-12-04 17:00Z", "Fri 4 Dec 2026, 17:00 GMT"),
        ("Fri 5pm UTC+2", "Fri 27 Nov 2026, 15:00 GMT"),
        ("1 July 5pm BST", "Thu 1 Jul 2027, 17:00 BST"),
        ("1 July 5pm GMT", "Thu 1 Jul 2027, 18:00 BST"),
    ],
)
def test_reads_what_people_write(typed: str, said: str) -> None:
    assert say_moment(read_moment(typed, LONDON, NOW), LONDON) == said
    assert reads_as_moment(typed)


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("May", "“May” isn’t a date"),
        ("12", "isn’t a date"),
        ("x", "isn’t a date"),
        ("next week", "isn’t a date"),
        ("4.12", "isn’t a date"),
        ("5-6pm", "isn’t a date"),
        ("25:00", "isn’t a date"),
        ("13am", "isn’t a date"),
        ("in 2 hours at 5pm", "isn’t a date"),
        ("in 9999 years", "isn’t a date"),
        ("in 99999999 days", "isn’t a date"),
        ("Fri 5pm Five themes", "isn’t a date"),
        ("30 novembre", "isn’t a date"),
        ("🎉", "“🎉” isn’t a date"),
        ("", "Try “Fri 5pm”"),
        ("\x00", "That isn’t a date"),
        ("\ud800", "That isn’t a date"),
        ("5" * 5000, "too long to be a date"),
        ("31 June", "isn’t in the calendar"),
        ("12/25/2026", "write the day first"),
        ("2026-02-30", "isn’t in the calendar"),
        ("Monday 4 Dec", "4 December 2026 is a Friday, not a Monday"),
        ("Fri 13 Nov", "Friday 13 November 2026 is in the past; please choose a later date."),
        ("Fri 13 Nov 2027", "13 November 2027 is a Saturday, not a Friday"),
        ("Fri 5pm EST", "time zone EST"),
        ("yesterday", "is in the past"),
        ("today 9am", "is in the past"),
        ("1 Jan 2020", "is in the past"),
        ("2026-11-25T09:59:59Z", "is in the past"),
        ("0001-01-01", "too long ago"),
        ("1 Jan 2040", "more than five years ahead"),
        ("9999-12-31", "more than five years ahead"),
        ("9999-12-31T23:59:59.999999", "more than five years ahead"),
        ("9999-12-31 23:59 UTC-14", "isn’t a date"),
    ],
)
def test_refuses_with_one_sentence(typed: str, part: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_moment(typed, LONDON, NOW)
    assert part in refusal.value.sentence
    assert len(refusal.value.sentence) < 160


def test_prefers_what_is_still_to_come() -> None:
    friday_evening = datetime.datetime(2026, 11, 27, 18, tzinfo=UTC)
    assert read_moment("Fri 5pm", LONDON, friday_evening) == datetime.datetime(2026, 12, 4, 17, tzinfo=UTC)
    assert read_moment("Fri 7pm", LONDON, friday_evening) == datetime.datetime(2026, 11, 27, 19, tzinfo=UTC)
    december = datetime.datetime(2026, 12, 2, 9, tzinfo=UTC)
    assert read_moment("30 Nov", LONDON, december) == datetime.datetime(2027, 11, 30, 17, tzinfo=UTC)
    last = datetime.datetime(2026, 12, 31, 18, tzinfo=UTC)
    assert read_date("end of month", LONDON, last) == date(2026, 12, 31)
    assert read_moment("end of month", LONDON, last) == datetime.datetime(2027, 1, 31, 17, tzinfo=UTC)


def test_today_is_the_day_of_the_zone_and_not_of_the_server() -> None:
    night = datetime.datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
    assert read_date("today", ZoneInfo("Asia/Tokyo"), night) == date(2026, 11, 26)
    assert read_date("tomorrow", ZoneInfo("America/New_York"), night) == date(2026, 11, 26)


def test_past_only_where_it_is_allowed() -> None:
    assert read_moment("1 Nov 2026 09:00", LONDON, NOW, past=True) == datetime.datetime(2026, 11, 1, 9, tzinfo=UTC)
    assert read_date("yesterday", LONDON, NOW, past=True) == date(2026, 11, 24)
    with pytest.raises(Refused, match="past"):
        read_date("yesterday", LONDON, NOW)
    with pytest.raises(Refused, match="too long ago"):
        read_date("1 Jan 1066", LONDON, NOW, past=True)


def test_dates() -> None:
    assert read_date("Fri", LONDON, NOW) == date(2026, 11, 27)
    assert read_date("Wednesday", LONDON, NOW) == date(2026, 11, 25)
    assert read_date("Wednesday 9am", LONDON, NOW) == date(2026, 12, 2)
    assert read_date("in 2 weeks", LONDON, NOW) == date(2026, 12, 9)
    assert read_date("2026-12-04T23:30:00-05:00", LONDON, NOW) == date(2026, 12, 5)
    with pytest.raises(Refused):
        read_date("5pm", LONDON, NOW)


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        ("2027-03-28T00:59", "2027-03-28T00:59+00:00"),
        ("2027-03-28T01:00", "2027-03-28T01:00+00:00"),
        ("2027-03-28T01:30", "2027-03-28T01:00+00:00"),
        ("2027-03-28T01:59:59.999999", "2027-03-28T01:00+00:00"),
        ("2027-03-28T02:00", "2027-03-28T01:00+00:00"),
        ("2026-10-25T00:30", "2026-10-24T23:30+00:00"),
        ("2026-10-25T01:30", "2026-10-25T00:30+00:00"),
        ("2026-10-25T02:00", "2026-10-25T02:00+00:00"),
    ],
)
def test_both_nights_on_which_the_clocks_change(wall: str, utc: str) -> None:
    assert at_wall(datetime.datetime.fromisoformat(wall), LONDON) == datetime.datetime.fromisoformat(utc)


def test_a_day_that_never_was_and_a_change_of_half_an_hour() -> None:
    apia = at_wall(datetime.datetime.fromisoformat("2011-12-30T12:00"), ZoneInfo("Pacific/Apia"))
    assert apia == datetime.datetime(2011, 12, 30, 10, tzinfo=UTC)  # midnight of the 31st at +14
    howe = at_wall(datetime.datetime.fromisoformat("2026-10-04T02:15"), ZoneInfo("Australia/Lord_Howe"))
    assert howe == datetime.datetime(2026, 10, 3, 15, 30, tzinfo=UTC)


def test_a_typed_time_in_the_skipped_hour_is_the_first_that_exists() -> None:
    assert read_moment("28 Mar 2027 01:30", LONDON, NOW) == datetime.datetime(2027, 3, 28, 1, tzinfo=UTC)
    before = datetime.datetime(2026, 10, 20, tzinfo=UTC)
    assert read_moment("25 Oct 01:30", LONDON, before) == datetime.datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert read_moment("25 Oct 01:30 GMT", LONDON, before) == datetime.datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert read_moment("in 2 hours", LONDON, datetime.datetime(2026, 10, 25, 0, 30, tzinfo=UTC)) == (
        datetime.datetime(2026, 10, 25, 2, 30, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(days=3), "in 3 days"),
        (timedelta(minutes=40), "in 40 minutes"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(hours=1, minutes=59), "in 1 hour"),
        (timedelta(hours=47), "in 47 hours"),
        (timedelta(seconds=20), "in less than a minute"),
        (timedelta(0), "just now"),
        (timedelta(hours=-2), "2 hours ago"),
        (timedelta(days=-2), "2 days ago"),
    ],
)
def test_says_how_long_is_left(ahead: timedelta, said: str) -> None:
    assert say_left(NOW + ahead, NOW) == said


def test_says_moments_and_dates() -> None:
    moment = datetime.datetime(2026, 7, 4, 16, 5, tzinfo=UTC)
    assert say_moment(moment, LONDON) == "Sat 4 Jul 2026, 17:05 BST"
    assert say_moment(moment, ZoneInfo("America/Sao_Paulo")) == "Sat 4 Jul 2026, 13:05 UTC-03"
    assert say_date(date(2026, 12, 4)) == "4 December 2026"


@given(st.integers(1, 5 * 365 * 24 * 60), st.sampled_from(ZONES))
def test_what_is_said_is_read_back(minutes: int, zone: ZoneInfo) -> None:
    moment = NOW + timedelta(minutes=minutes)
    assert read_moment(say_moment(moment, zone), zone, NOW) == moment
    assert read_moment(moment.astimezone(zone).isoformat(), zone, NOW) == moment


WALLS = st.datetimes(*map(datetime.datetime.fromisoformat, ("2000-01-01", "2037-01-01")))


@given(WALLS, st.sampled_from(ZONES))
def test_wall_time_never_comes_early_and_exists(wall: datetime.datetime, zone: ZoneInfo) -> None:
    moment = at_wall(wall, zone)
    shown = moment.astimezone(zone).replace(tzinfo=None, fold=0)
    assert moment.tzinfo is UTC
    assert timedelta(0) <= shown - wall <= timedelta(hours=1)


@given(st.text(max_size=60) | DATEISH, st.sampled_from(ZONES), st.booleans())
def test_any_text_is_read_or_refused_in_a_sentence(text: str, zone: ZoneInfo, past: bool) -> None:
    for reader in (read_moment, read_date):
        try:
            found = reader(text, zone, NOW, past=past)
        except Refused as refusal:
            assert is_sentence(refusal.sentence)
        else:
            if isinstance(found, datetime.datetime):
                assert found.utcoffset() == timedelta(0)
                assert past or found > NOW
            assert found.year <= 2031
            assert reads_as_moment(text)
