"""A year of one board, day by day: nobody gets more than is due, nothing at a bad hour, none after it is moot.

The one thing that may come at a bad hour is the reminder of a vote that leaves its voters hardly any other: opened on
New Year's Day until the Sunday, say.
"""

import collections
import datetime
import random
from collections.abc import Callable, Mapping
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements import closing, voting
from core.calendar import bank_holidays
from core.commands import Person
from core.reminders.actions import Wish, prefer
from core.reminders.models import Occurrence
from tests.databases import SQLITE_FIRST
from tests.reminders.board import Desk, Sent, a_desk, changes, many, opens, people

LONDON = ZoneInfo("Europe/London")
START = datetime.datetime(2026, 10, 12, 10, tzinfo=UTC)
ADVENT = datetime.datetime(2026, 12, 14, 10, tzinfo=UTC)
STEP = timedelta(hours=12)
SHORT = timedelta(hours=4)  # of working time; a vote that has no more is urgent


class Year:
    """What happens on the board, and when each voter had no need to be reminded any more."""

    def __init__(self, desk: Desk, voices: list[Person]) -> None:
        self.desk = desk
        self.dice = random.Random(7)
        self.voices = voices
        self.by_name = collections.defaultdict[str, list[Person]](list)
        for each in voices:
            self.by_name[each.organisation_name].append(each)
        self.answered: dict[tuple[str, str], datetime.datetime] = {}  # organisation, title
        self.ended: dict[str, datetime.datetime] = {}
        self.opened: dict[str, str] = {}  # title, reference
        self.began: dict[str, datetime.datetime] = {}
        self.closes: dict[str, list[datetime.datetime]] = {}

    async def month(self, number: int) -> None:
        """Two or three agreements are opened, for two to nine days; one in four then moves or is withdrawn."""
        now = self.desk.clock.at
        for turn in range(self.dice.choice((2, 3))):
            closes = now + timedelta(days=self.dice.randint(2, 9), hours=self.dice.randint(0, 9))
            await self._open(f"Agreement {now:%Y-%m}.{turn}", closes)
        if number == 1:
            await self._open("Resolution of the new year", now + timedelta(days=2))

    async def _open(self, title: str, closes: datetime.datetime) -> None:
        self.opened[title] = await opens(self.desk, 1, title, closes)
        self.began[title], self.closes[title] = self.desk.clock.at, [closes]

    async def day(self) -> None:
        """Some answer, and the chair has second thoughts."""
        now = self.desk.clock.at
        for title, ref in self.opened.items():
            if title in self.ended or now >= self.closes[title][-1]:
                continue
            for organisation, voices in self.by_name.items():
                if (organisation, title) not in self.answered and self.dice.random() < 0.2:
                    await self._answer(ref, self.dice.choice(voices))
                    self.answered[organisation, title] = now
            fate = self.dice.random()
            if fate < 0.03:
                await changes(self.desk, ref, lambda s, a: closing.withdraw(s, a, self.voices[0], "Overtaken.", now))
                self.ended[title] = now
            elif fate < 0.08 and len(self.closes[title]) == 1:
                later = self.closes[title][-1] + timedelta(days=self.dice.randint(1, 8))
                await self._extend(ref, later)
                self.closes[title].append(later)

    async def _answer(self, ref: str, person: Person) -> None:
        now = self.desk.clock.at
        await changes(self.desk, ref, lambda s, a: voting.cast(s, a, person, "consent", "", now))

    async def _extend(self, ref: str, later: datetime.datetime) -> None:
        now = self.desk.clock.at
        await changes(self.desk, ref, lambda s, a: voting.extend(s, a, self.voices[0], later, "Away.", now))

    def is_urgent(self, card: Sent) -> bool:
        """Whether it tells of a vote that has, or before it was moved had, next to no working time."""
        return any(
            working_time(self.began[title], closes) <= SHORT
            for title in self.titles(card)
            for closes in self.closes[title]
        )

    def titles(self, card: Sent) -> list[str]:
        """What a reminder tells of."""
        return [title for title in self.opened if f"text='{title}'" in str(card.card.blocks)]

    def is_moot(self, organisation: str, title: str, at: datetime.datetime) -> bool:
        """Whether a reminder of it to this organisation would come too late."""
        ended = self.ended.get(title)
        answered = self.answered.get((organisation, title))
        return (
            at >= self.closes[title][-1]
            or (ended is not None and at > ended)
            or (answered is not None and at > answered)
        )


def working_time(start: datetime.datetime, end: datetime.datetime) -> timedelta:
    """Counted in quarters of an hour, by the London clocks and the usual quiet hours."""
    total, at = timedelta(), start
    while at < end:
        total += timedelta(minutes=15) * is_welcome(at)
        at += timedelta(minutes=15)
    return total


def is_welcome(at: datetime.datetime) -> bool:
    wall = at.astimezone(LONDON)
    return wall.weekday() < 5 and wall.date() not in bank_holidays() and 8 <= wall.hour < 18


@SQLITE_FIRST
async def test_five_weeks_over_christmas(migrated_url: str, report: Callable[[str], None]) -> None:
    year = await lived(migrated_url, 6, ADVENT, timedelta(days=35), report)
    assert any(year.is_urgent(each) for each in year.desk.reminders), "nothing was urgent, so the exception was not met"


@pytest.mark.slow
@pytest.mark.faults
async def test_a_year_of_a_board_of_forty_two_people(migrated_url: str, report: Callable[[str], None]) -> None:
    await lived(migrated_url, 14, START, timedelta(days=365), report)


async def lived(
    url: str, organisations: int, start: datetime.datetime, length: timedelta, report: Callable[[str], None]
) -> Year:
    """Let a board live so long, three people of each organisation, and look at all that was sent."""
    async with a_desk(url, start, many(organisations, slack_room="C0YEAR")) as desk:
        voices = await people(desk, 1)
        weekly, off, early = voices[0], voices[1], voices[2]

        async def wishes(session: AsyncSession) -> None:
            await prefer(session, weekly, Wish(digest="weekly"))
            await prefer(session, off, Wish(digest="off"))
            await prefer(session, early, Wish(quiet=(18 * 60, 11 * 60), zone=ZoneInfo("Europe/Lisbon")))

        await desk.transactions.write(wishes)
        year = Year(desk, voices)
        day = start
        while day < start + length:
            if day.day == 1 or day == start:
                await year.month(day.month)
            await desk.live(day + timedelta(hours=4), STEP)
            await year.day()
            day += timedelta(days=1)
            await desk.live(day, STEP)

        digests = [each for each in desk.sent if each.view == "reminders.digest"]
        assert not [each for each in (*desk.reminders, *digests) if each.member == off.member]
        urgent = check_hours(year, digests, weekly, early)
        check_things(year, off)
        weeks = collections.Counter(
            (each.member, each.room, each.at.astimezone(LONDON).isocalendar()[:2]) for each in digests
        )
        assert max(weeks.values()) == 1
        rows, cards = await desk.transactions.read(_rows), len(desk.reminders)
        report(
            f"{length.days} days: {len(year.opened)} agreements, {rows} occasions, {cards} cards ({urgent} urgent) and "
            f"{len(digests)} digests to {len(voices)} people; {desk.moot} messages moot; "
            f"0 others at night, on weekends or bank holidays; 0 after moot"
        )
        assert rows > cards > length.days / 2
        assert desk.moot > 0
        return year


def check_hours(year: Year, digests: list[Sent], weekly: Person, early: Person) -> int:
    """Everything at a welcome hour, and one card a day, but for what is urgent; how many cards were."""
    usual = [each for each in year.desk.reminders if not year.is_urgent(each)]
    for sent in (*usual, *digests):
        assert is_welcome(sent.at), sent
    days = collections.Counter((each.member, each.at.astimezone(LONDON).date()) for each in usual)
    assert max(days.values()) == 1  # however many things
    assert not [each for each in usual if each.member == weekly.member]
    assert all(each.at.astimezone(LONDON).hour >= 11 for each in usual if each.member == early.member)
    return len(year.desk.reminders) - len(usual)


def check_things(year: Year, off: Person) -> None:
    """Each card tells of something that still waits; nobody is told too often, and no silent voter never."""
    by_key = {each.member: each for each in year.voices}
    told = collections.Counter[tuple[int, str]]()
    for sent in year.desk.reminders:
        assert sent.member is not None
        person, titles = by_key[sent.member], year.titles(sent)
        assert titles, sent.card
        for title in titles:
            assert not year.is_moot(person.organisation_name, title, sent.at), (title, sent)
            told[sent.member, title] += 1
    for (member, title), times in told.items():
        most = 2 if by_key[member].role == "representative" else 1
        assert times <= most * len(year.closes[title]), (by_key[member].name, title)
    assert _silent_but_never_told(year, told, {off.member}) == []


def _silent_but_never_told(year: Year, told: Mapping[tuple[int, str], int], deaf: set[int]) -> list[tuple[str, str]]:
    """Organisations that stayed silent to the close, of which nobody at all was reminded."""
    missed = []
    for title in year.opened:
        if title in year.ended:
            continue
        for organisation, voices in year.by_name.items():
            if (organisation, title) in year.answered:
                continue
            if not any((each.member, title) in told for each in voices if each.member not in deaf):
                missed.append((organisation, title))
    return missed


async def _rows(session: AsyncSession) -> int:
    found = await session.execute(select(func.count()).select_from(Occurrence))
    return found.scalar_one()
