"""From what features want to rows: each occasion once, at a welcome moment, and all of one moment on one card."""

import datetime
import itertools
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.calendar import bank_holidays, next_welcome_moment, wall_occurrences, working_day_from
from core.concerns import Concern, Reminder
from core.db import insert_or, table_of
from core.outbox import Announcement, Outgoing, announce_once
from core.partners import queries as partners
from core.partners.models import Identity
from core.reminders import queries
from core.reminders.concerns import CONCERNS
from core.reminders.models import Digest, Occurrence, Rhythm, clock_time
from core.reminders.queries import BoardWays
from core.reminders.views import ShowDigest, ShowReminder, digest_key
from core.times import at_wall

AHEAD = timedelta(hours=48)
"""How far ahead rows are written; further, and more of them would be moot by the time."""
AT_ONCE = 500  # rows in one transaction, so that clicks don't wait behind them
REMINDERS, DIGEST = "reminders", "digest"
_OCCURRENCE = table_of(Occurrence)


async def boards_to_plan(session: AsyncSession, now: datetime.datetime) -> list[tuple[int, str]]:
    """Boards, and of what, for which rows are missing. Reads only, so that an idle server writes nothing."""
    boards = {board for concern in CONCERNS for board in await concern.boards(session, now, now + AHEAD)}
    found = [
        (board, REMINDERS)
        for board in sorted(boards)
        if await _missing(session, await queries.ways(session, board), now, most=1)
    ]
    days = await queries.digest_days(session, (now - timedelta(days=7)).date())
    for board, zone, rhythm in await queries.rhythms(session):
        for day, _ in _digests(rhythm, zone, now):
            if (board, day) not in days:
                found.append((board, DIGEST))
    return found


async def plan(session: AsyncSession, board: int, what: str, now: datetime.datetime) -> bool:
    """Write the missing rows of one board; whether there were any."""
    ways = await queries.ways(session, board)
    return await (_plan_digest(session, ways, now) if what == DIGEST else _plan_reminders(session, ways, now))


async def _plan_reminders(session: AsyncSession, ways: BoardWays, now: datetime.datetime) -> bool:
    missing = await _missing(session, ways, now, most=AT_ONCE)
    if not missing:
        return False
    begun = await _begun(session, {f"{_card(each, due_at)}:m{each.who}" for _, each, due_at in missing})
    rows = []
    for concern, reminder, wanted in missing:
        due_at = wanted
        if f"{_card(reminder, wanted)}:m{reminder.who}" in begun:
            # That card is on its way, and nobody would see what is added to it now.
            due_at = due(reminder, ways, now, late=True) or now
        rows.append(_row(ways.board, concern, reminder, due_at, now))
    wanted_rows = insert_or(session, _OCCURRENCE).on_conflict_do_nothing().returning(_OCCURRENCE.c.key)
    new = set((await session.execute(wanted_rows, rows)).scalars())  # where another server was not quicker
    # The card is live: once a thing on it is done, it shows what is left.
    cards = {row["card"]: (row["member_id"], row["due_at"]) for row in rows if row["key"] in new}
    await announce_once(
        session,
        ways.board,
        [Announcement(ShowReminder(card), card, at, member=who, subject=card) for card, (who, at) in cards.items()],
        now,
    )
    return True


def _row(
    board: int, concern: Concern, reminder: Reminder, due_at: datetime.datetime, now: datetime.datetime
) -> dict[str, Any]:
    return {
        "partnership_id": board,
        "key": _key(concern, reminder),
        "member_id": reminder.who,
        "concern": concern.name,
        "what": reminder.what,
        "step": reminder.step,
        "card": _card(reminder, due_at),
        "due_at": due_at,
        "until": reminder.until,
        "urgent": reminder.urgent,
        "created_at": now,
    }


async def _begun(session: AsyncSession, keys: Collection[str]) -> set[str]:
    """Of these cards' messages, those that somebody has begun to send. It stays so until the commit."""
    query = select(Outgoing.key, Outgoing.state).where(Outgoing.key.in_(keys)).order_by(Outgoing.key).with_for_update()
    return {key for key, state in (await session.execute(query)).tuples() if state != "waiting"}


def _key(concern: Concern, reminder: Reminder) -> str:
    return f"{concern.name}:{reminder.what}:{reminder.step}:{reminder.who}"


def _card(reminder: Reminder, due_at: datetime.datetime) -> str:
    return f"rem_{reminder.who}_{due_at:%Y%m%dT%H%M%S}"


async def _missing(
    session: AsyncSession, ways: BoardWays, now: datetime.datetime, *, most: int
) -> list[tuple[Concern, Reminder, datetime.datetime]]:
    """The first reminders of the next two days that have no row yet, with the moments at which they are welcome."""
    without: list[tuple[str, Concern, Reminder]] = []
    for concern in CONCERNS:
        wanted = await concern.due_reminders(session, ways.board, ways.frame(now), now, now + AHEAD)
        if not wanted:
            continue
        known = await queries.known_keys(session, ways.board, concern.name, sorted({each.what for each in wanted}))
        keyed = ((_key(concern, reminder), concern, reminder) for reminder in wanted)
        without += [each for each in keyed if each[0] not in known]
    without.sort(key=lambda each: each[0])  # servers that race lock in the same order
    dated = ((concern, reminder, due(reminder, ways, now)) for _, concern, reminder in without)
    welcome = ((concern, reminder, due_at) for concern, reminder, due_at in dated if due_at is not None)
    return list(itertools.islice(welcome, most))


def due(reminder: Reminder, ways: BoardWays, now: datetime.datetime, *, late: bool = False) -> datetime.datetime | None:
    """When this person gets this reminder; None if never, by choice or because no welcome hour is left.

    At the wanted time of the person's own clocks, or the next welcome moment. A late one waits for the next
    quarter of an hour, so that several come together, if there is time for that.
    """
    preference = ways.of(reminder.who)
    if preference.is_away(now) or preference.digest == "off":
        return None
    if reminder.urgent:
        return max(reminder.when, now)
    if preference.digest == "weekly":
        return None
    zone, holidays = ways.zone_for(reminder.who), bank_holidays(ways.rhythm.holidays)
    wanted = at_wall(reminder.when.astimezone(ways.zone).replace(tzinfo=None), zone)
    if wanted < now or late:
        wanted = _soon(now)
    for moment in (wanted, max(now, reminder.when)):
        due_at = next_welcome_moment(moment, zone, holidays, preference.quiet)
        if due_at < reminder.until:
            return due_at
    return None


def _soon(now: datetime.datetime) -> datetime.datetime:
    return now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0) + timedelta(minutes=15)


def _digests(rhythm: Rhythm, zone: str, now: datetime.datetime) -> Sequence[tuple[datetime.date, datetime.datetime]]:
    """Day and moment of a board's digests within the next two days; on a bank holiday, the next working day."""
    if rhythm.weekday is None:
        return ()
    at, where, holidays = clock_time(rhythm.minute), partners.zone_of(zone), bank_holidays(rhythm.holidays)
    found = []
    # A digest that holidays push into this span was to be a few days before.
    for day, _ in wall_occurrences(at, {rhythm.weekday}, where, now - timedelta(days=6), now + AHEAD):
        goes = at_wall(datetime.datetime.combine(working_day_from(day, holidays), at), where)
        if now - timedelta(hours=12) < goes < now + AHEAD:
            found.append((day, goes))
    return found


async def _plan_digest(session: AsyncSession, ways: BoardWays, now: datetime.datetime) -> bool:
    made = False
    for day, due_at in _digests(ways.rhythm, ways.zone.key, now):
        found = await session.execute(
            insert_or(session, Digest)
            .values(partnership_id=ways.board, day=day, due_at=due_at, created_at=now)
            .on_conflict_do_nothing()
            .returning(Digest.id)
        )
        if found.scalar_one_or_none() is not None:
            await _announce_digest(session, ways, day, due_at, now)
            made = True
    return made


async def _announce_digest(
    session: AsyncSession, ways: BoardWays, day: datetime.date, due_at: datetime.datetime, now: datetime.datetime
) -> None:
    """To every room; by direct message to whoever wants it weekly, or has no room in a tool of his or hers."""
    rooms = await partners.rooms(session, ways.board)
    shown = {(room.tool, room.workspace) for room in rooms}
    accounts: dict[int, set[tuple[str, str]]] = {}
    for member, tool, workspace in await _accounts(session, ways.board):
        accounts.setdefault(member, set()).add((tool, workspace))
    members = {
        member: next_welcome_moment(
            at_wall(due_at.astimezone(ways.zone).replace(tzinfo=None), ways.zone_for(member)),
            ways.zone_for(member),
            bank_holidays(ways.rhythm.holidays),
            ways.of(member).quiet,
        )
        for member, places in accounts.items()
        if ways.of(member).digest == "weekly" or (ways.of(member).digest == "daily" and not places & shown)
    }
    key, name = digest_key(ways.board, day), day.isoformat()
    wanted = [Announcement(ShowDigest(name), key, due_at, room=room.id) for room in rooms]
    wanted += [
        Announcement(ShowDigest(name, member), key, moment, member=member, subject=f"dig_{member}_{day:%Y%m%d}")
        for member, moment in members.items()
    ]
    await announce_once(session, ways.board, wanted, now)


async def _accounts(session: AsyncSession, board: int) -> Sequence[tuple[int, str, str]]:
    present = {member for member, _, _ in await partners.reachable(session, board)}
    rows = await session.execute(
        select(Identity.member_id, Identity.tool, Identity.workspace)
        .where(Identity.partnership_id == board)
        .order_by(Identity.member_id)
    )
    return [row for row in rows.tuples() if row[0] in present]
