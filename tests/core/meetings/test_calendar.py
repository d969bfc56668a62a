"""The calendar as a reader of another make understands it: a year of a series over both nights of the clocks."""

import datetime
from collections import Counter
from collections.abc import Callable
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import vobject  # type: ignore[import-untyped]
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.commands import Person
from core.exchange.export import export_board
from core.meetings import changing, planning
from core.meetings.calendar import calendar_of_export, feed_of, subscribed
from core.meetings.models import Meeting
from core.meetings.planning import Plan
from tests.reminders.board import Desk, a_desk, many, people

LONDON = ZoneInfo("Europe/London")
START = datetime.datetime(2026, 10, 12, 10, tzinfo=UTC)
LAST_SUNDAYS = "FREQ=MONTHLY;BYDAY=-1SU"


async def test_a_year_of_a_monthly_series_one_moved_one_cancelled(
    migrated_url: str, report: Callable[[str], None]
) -> None:
    async with a_desk(migrated_url, START, many(1)) as desk:
        me = (await people(desk, 1))[0]
        before = await planned(desk, me)
        token = await desk.transactions.write(lambda session: feed_of(session, me, START))
        first = events(await feed(desk, token))
        assert len(first) == len(before) == len({uid for uid, *_ in first})
        assert {sequence for _, sequence, *_ in first} == {0}
        desk.clock.at += timedelta(days=1)
        moved, cancelled = before[3], before[5]
        await desk.transactions.write(lambda session: change(session, me, moved, cancelled, desk.clock.at))
        second = events(await feed(desk, token))

    # Who they are stays the same; what was moved or cancelled has a higher number.
    assert [uid for uid, *_ in first] == [uid for uid, *_ in second]
    changed = [(place, new) for place, (old, new) in enumerate(zip(first, second, strict=True)) if old != new]
    assert [place for place, _ in changed] == [3, 5]
    assert {new[1] for _, new in changed} == {1}
    assert changed[0][1][2:] == ("CONFIRMED", datetime.datetime.fromisoformat("2027-02-03T10:00"))
    assert changed[1][1][2] == "CANCELLED"
    walls = [wall for *_, wall in first]
    # The night of October has 01:30 twice, that of March has none: the first one, and the first after the gap.
    assert walls[0] == datetime.datetime.fromisoformat("2026-10-25T01:30")
    assert walls[5] == datetime.datetime.fromisoformat("2027-03-28T02:00")
    assert {wall.time() for place, wall in enumerate(walls) if place != 5} == {datetime.time(1, 30)}
    report(
        f"{len(second)} events read by vobject, {len({uid for uid, *_ in second})} UIDs, "
        f"{Counter(status for _, _, status, _ in second)}, first {walls[0]}, in March {walls[5]}"
    )


async def test_another_address_ends_the_first_and_who_left_has_none(migrated_url: str) -> None:
    async with a_desk(migrated_url, START, many(1)) as desk:
        me = (await people(desk, 1))[0]
        await planned(desk, me)
        old = await desk.transactions.write(lambda session: feed_of(session, me, START))
        assert old == await desk.transactions.write(lambda session: feed_of(session, me, START))
        new = await desk.transactions.write(lambda session: feed_of(session, me, START, renew=True))
        assert await desk.transactions.read(lambda session: subscribed(session, old, START)) is None
        assert len(events(await feed(desk, new))) == len(events(await desk.transactions.read(whole)))

        async def leave(session: AsyncSession) -> None:
            from core.partners.models import Member

            (await session.get_one(Member, me.member)).left_at = START

        await desk.transactions.write(leave)
        assert await desk.transactions.read(lambda session: subscribed(session, new, START)) is None


async def whole(session: AsyncSession) -> bytes:
    return calendar_of_export(await export_board(session, 1))


async def planned(desk: Desk, me: Person) -> list[str]:
    """A year of last Sundays of the month at half past one at night; the meetings' references, in order."""
    first = datetime.datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 01:30 of the summer, which comes again an hour later
    plan = Plan(title="Night watch", starts_at=first, rule=f"{LAST_SUNDAYS};UNTIL=20271001T000000", papers_days=3)
    made = await desk.transactions.write(lambda session: planning.plan_meetings(session, plan, me, desk.clock.now()))
    return [each.ref for each in made]


async def change(session: AsyncSession, me: Person, moved: str, cancelled: str, now: datetime.datetime) -> None:
    found = {each.ref: each for each in (await session.execute(select(Meeting))).scalars()}
    later = datetime.datetime(2027, 2, 3, 10, tzinfo=UTC)
    await changing.move(session, found[moved], Plan(title="", starts_at=later), "The hall is taken.", me, now)
    await changing.cancel(session, found[cancelled], "Nothing to decide.", me, now)


async def feed(desk: Desk, token: str) -> bytes:
    found = await desk.transactions.read(lambda session: subscribed(session, token, desk.clock.now()))
    assert found is not None
    return found


def events(calendar: bytes) -> list[tuple[str, int, str, datetime.datetime]]:
    """UID, sequence, status and London's clocks of each event, as vobject reads them."""
    read = vobject.readOne(calendar.decode())
    return [
        (
            event.uid.value,
            int(event.sequence.value),
            event.status.value,
            event.dtstart.value.astimezone(LONDON).replace(tzinfo=None),
        )
        for event in read.vevent_list
    ]
