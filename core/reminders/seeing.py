"""Drawing reminders late, from the state as it then is: what is moot vanishes, what is unwelcome waits."""

import datetime
from datetime import timedelta

from core.calendar import bank_holidays, next_welcome_moment
from core.cards import Card
from core.commands import Person, Sight
from core.concerns import Entry
from core.errors import NotYet
from core.partners import queries as partners
from core.register.queries import decisions_between
from core.reminders import queries
from core.reminders.cards import Week, digest_card, reminder_card
from core.reminders.concerns import CONCERNS
from core.reminders.models import clock_time
from core.reminders.queries import BoardWays
from core.reminders.views import ShowDigest, ShowReminder, digest_key
from core.times import at_wall


async def draw_reminder(sight: Sight, params: ShowReminder) -> Card | None:
    """What waits for its member. None when that is nothing, or no longer wanted; raises NotYet at an unwelcome hour.

    Once it has been sent it stays, and shows what is left.
    """
    occurrences = await queries.on_card(sight.session, sight.board, params.card)
    if not occurrences:
        return None
    member = occurrences[0].member_id
    person = await partners.person(sight.session, member)
    if person is None:
        return None
    ways = await queries.ways(sight.session, sight.board)
    person = queries.by_own_clock(person, ways)
    entries, urgent, seen = list[Entry](), False, set[tuple[str, str]]()
    for each in occurrences:
        thing = (each.concern, each.what)
        entry = await queries.entry_of(sight, person, each) if thing not in seen else None
        if entry is not None:
            entries.append(entry)
            urgent = urgent or each.urgent
            seen.add(thing)
    total = len({(each.concern, each.what) for each in occurrences})
    if not await queries.is_out(sight.session, params.card, member):
        if not entries or not _wanted(ways, member, sight.now, urgent):
            return None
        if not urgent:
            wait_for_welcome(ways, member, sight.now)
    partnership = await partners.partnership(sight.session, sight.board)
    return reminder_card(entries, total - len(entries), partnership.name)


def _wanted(ways: BoardWays, member: int, now: datetime.datetime, urgent: bool) -> bool:
    preference = ways.of(member)
    return not preference.is_away(now) and (preference.digest == "daily" or (urgent and preference.digest == "weekly"))


def wait_for_welcome(ways: BoardWays, member: int, now: datetime.datetime) -> None:
    """Raise NotYet unless a message is welcome to this member now; 0 stands for the board's rooms."""
    quiet, zone = ways.of(member).quiet, ways.zone_for(member)
    welcome = next_welcome_moment(now, zone, bank_holidays(ways.rhythm.holidays), quiet)
    if welcome > now:
        raise NotYet(welcome)


async def draw_digest(sight: Sight, params: ShowDigest) -> Card | None:
    """The week before its day. None when nothing happened, or it is no longer wanted; raises NotYet as above."""
    ways = await queries.ways(sight.session, sight.board)
    try:
        day = datetime.date.fromisoformat(params.day)
    except ValueError:
        return None
    if ways.rhythm.weekday != day.weekday():
        return None
    person: Person | None = None
    if params.member:
        person = await partners.person(sight.session, params.member)
        preference = ways.of(params.member)
        if person is None or preference.digest == "off" or preference.is_away(sight.now):
            return None
        person = queries.by_own_clock(person, ways)
    if not await queries.is_out(sight.session, digest_key(sight.board, day), params.member):
        wait_for_welcome(ways, params.member, sight.now)
    at = clock_time(ways.rhythm.minute)
    start, end = (at_wall(datetime.datetime.combine(each, at), ways.zone) for each in (day - timedelta(7), day))
    zone = person.zone if person else ways.zone
    partnership = await partners.partnership(sight.session, sight.board)
    week = Week(
        board=partnership.name,
        begins=day - timedelta(7),
        ends=day,
        decided=await decisions_between(sight.session, sight.board, start, end),
        news=[await concern.news(sight, zone, start, end) for concern in CONCERNS],
    )
    entries = [each for concern in CONCERNS for each in await concern.waiting(sight, person)] if person else None
    return digest_card(week, entries, zone)
