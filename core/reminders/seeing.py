"""Drawing reminders late, from the state as it then is: what is moot vanishes, what is unwelcome waits."""

import datetime
from collections.abc import Mapping, Sequence
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
from core.reminders.models import Occurrence, clock_time
from core.reminders.queries import BoardWays
from core.reminders.views import ShowDigest, ShowReminder, digest_key
from core.times import at_wall


async def draw_reminder(sight: Sight, params: ShowReminder) -> Card | None:
    """What waits for its member. None when that is nothing, or no longer wanted; raises NotYet at an unwelcome hour.

    Once it has been sent it stays, and shows what is left.
    """
    (card,) = await draw_reminders(sight, [params])
    if isinstance(card, NotYet):
        raise card
    return card


async def draw_reminders(sight: Sight, wanted: Sequence[ShowReminder]) -> list[Card | NotYet | None]:
    """The same for many of one board, with as many statements as for one."""
    by_card = await queries.on_cards(sight.session, sight.board, {each.card for each in wanted})
    people = await partners.persons(sight.session, {each[0].member_id for each in by_card.values()})
    ways = await queries.ways(sight.session, sight.board)
    people = {member: queries.by_own_clock(person, ways) for member, person in people.items()}
    asked = [each for on_it in by_card.values() for each in on_it if each.member_id in people]
    said = await queries.entries_of(sight, [(people[each.member_id], each) for each in asked])
    entries = {each.id: entry for each, entry in zip(asked, said, strict=True)}
    out = await queries.out(sight.session, sight.board, {(card, on_it[0].member_id) for card, on_it in by_card.items()})
    name = (await partners.partnership(sight.session, sight.board)).name

    def drawn(card: str) -> Card | NotYet | None:
        on_it = by_card.get(card)
        if not on_it or on_it[0].member_id not in people:
            return None
        return _drawn(on_it, entries, name, None if (card, on_it[0].member_id) in out else (ways, sight.now))

    return [drawn(each.card) for each in wanted]


def _drawn(
    on_it: Sequence[Occurrence],
    said: Mapping[int, Entry | None],
    board: str,
    unless_unwelcome: tuple[BoardWays, datetime.datetime] | None,
) -> Card | NotYet | None:
    entries, urgent, seen = list[Entry](), False, set[tuple[str, str]]()
    for each in on_it:
        entry = said[each.id] if (each.concern, each.what) not in seen else None
        if entry is not None:
            entries.append(entry)
            urgent = urgent or each.urgent
            seen.add((each.concern, each.what))
    if unless_unwelcome is not None:
        ways, now = unless_unwelcome
        member = on_it[0].member_id
        if not entries or not _wanted(ways, member, now, urgent):
            return None
        welcome = now if urgent else _welcome(ways, member, now)
        if welcome > now:
            return NotYet(welcome)
    total = len({(each.concern, each.what) for each in on_it})
    return reminder_card(entries, total - len(entries), board)


def _wanted(ways: BoardWays, member: int, now: datetime.datetime, urgent: bool) -> bool:
    preference = ways.of(member)
    return not preference.is_away(now) and (preference.digest == "daily" or (urgent and preference.digest == "weekly"))


def wait_for_welcome(ways: BoardWays, member: int, now: datetime.datetime) -> None:
    """Raise NotYet unless a message is welcome to this member now; 0 stands for the board's rooms."""
    welcome = _welcome(ways, member, now)
    if welcome > now:
        raise NotYet(welcome)


def _welcome(ways: BoardWays, member: int, now: datetime.datetime) -> datetime.datetime:
    quiet, zone = ways.of(member).quiet, ways.zone_for(member)
    return next_welcome_moment(now, zone, bank_holidays(ways.rhythm.holidays), quiet)


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
    if not await queries.out(sight.session, sight.board, [(digest_key(sight.board, day), params.member)]):
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
