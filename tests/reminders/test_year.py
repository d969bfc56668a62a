"""A year of one board, day by day: nobody gets more than is due, nothing at a bad hour, none after it is moot."""

import collections
import datetime
import random
from collections.abc import Callable
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
from tests.reminders.board import Desk, a_desk, changes, many, opens, people

LONDON = ZoneInfo("Europe/London")
START = datetime.datetime(2026, 10, 12, 10, tzinfo=UTC)
STEP = timedelta(hours=12)
YEAR, QUARTER = timedelta(days=365), timedelta(days=92)  # the whole year with `make faults`


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
        self.closes: dict[str, list[datetime.datetime]] = {}

    async def month(self, number: int) -> None:
        """Two or three agreements are opened, for two to nine days; one in four then moves or is withdrawn."""
        now = self.desk.clock.at
        for turn in range(self.dice.choice((2, 3))):
            title = f"Agreement {number}.{turn}"
            closes = now + timedelta(days=self.dice.randint(2, 9), hours=self.dice.randint(0, 9))
            self.opened[title] = await opens(self.desk, 1, title, closes)
            self.closes[title] = [closes]

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

    def is_moot(self, organisation: str, title: str, at: datetime.datetime) -> bool:
        """Whether a reminder of it to this organisation would come too late."""
        ended = self.ended.get(title)
        answered = self.answered.get((organisation, title))
        return (
            at >= self.closes[title][-1]
            or (ended is not None and at > ended)
            or (answered is not None and at > answered)
        )


@pytest.fixture
def length(request: pytest.FixtureRequest) -> timedelta:
    """How long the board lives."""
    return YEAR if "faults" in str(request.config.getoption("markexpr", "")) else QUARTER


@pytest.mark.slow
@pytest.mark.faults
async def test_a_year_of_a_board_of_forty_two_people(
    migrated_url: str, length: timedelta, report: Callable[[str], None]
) -> None:
    async with a_desk(migrated_url, START, many(14, slack_room="C0YEAR")) as desk:
        voices = await people(desk, 1)
        by_key = {each.member: each for each in voices}
        weekly, off, early = voices[0], voices[1], voices[2]

        async def wishes(session: AsyncSession) -> None:
            await prefer(session, weekly, Wish(digest="weekly"))
            await prefer(session, off, Wish(digest="off"))
            await prefer(session, early, Wish(quiet=(18 * 60, 11 * 60), zone=ZoneInfo("Europe/Lisbon")))

        await desk.transactions.write(wishes)
        year = Year(desk, voices)
        day = START
        while day < START + length:
            if day.day == 1 or day == START:
                await year.month(day.month)
            await desk.live(day + timedelta(hours=4), STEP)
            await year.day()
            day += timedelta(days=1)
            await desk.live(day, STEP)

        holidays = bank_holidays()
        cards = [each for each in desk.sent if each.view == "reminders.card"]
        digests = [each for each in desk.sent if each.view == "reminders.digest"]
        for sent in (*cards, *digests):
            wall = sent.at.astimezone(LONDON)
            assert wall.weekday() < 5, sent
            assert wall.date() not in holidays, sent
            assert 8 <= wall.hour < 18, sent
        days = collections.Counter((each.member, each.at.astimezone(LONDON).date()) for each in cards)
        assert max(days.values()) == 1  # one card a day, however many things

        told = collections.Counter[tuple[int, str]]()
        for sent in cards:
            assert sent.member is not None
            person = by_key[sent.member]
            lines = str(sent.card.blocks)
            titles = [title for title in year.opened if f"text='{title}'" in lines]
            assert titles, sent.card
            for title in titles:
                assert not year.is_moot(person.organisation_name, title, sent.at), (title, sent)
                told[sent.member, title] += 1
        for (member, title), times in told.items():
            most = 2 if by_key[member].role == "representative" else 1
            assert times <= most * len(year.closes[title]), (by_key[member].name, title)
        assert not [each for each in (*cards, *digests) if each.member == off.member]
        assert not [each for each in cards if each.member == weekly.member]
        assert all(each.at.astimezone(LONDON).hour >= 11 for each in cards if each.member == early.member)
        weeks = collections.Counter(
            (each.member, each.room, each.at.astimezone(LONDON).isocalendar()[:2]) for each in digests
        )
        assert max(weeks.values()) == 1
        missed = _silent_but_never_told(year, {key: count for key, count in told.items() if count}, {off.member})
        assert missed == []

        rows = await desk.transactions.read(_rows)
        report(
            f"{length.days} days: {len(year.opened)} agreements, {rows} occasions, {len(cards)} cards and "
            f"{len(digests)} digests to {len(voices)} people; {desk.moot} messages moot; 0 at night, on weekends or bank holidays; 0 after moot"  # noqa: E501
        )
        assert rows > len(cards) > 50
        assert desk.moot > 0


def _silent_but_never_told(year: Year, told: dict[tuple[int, str], int], deaf: set[int]) -> list[tuple[str, str]]:
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
