"""Reading reminders: how people and boards want them, and what is planned."""

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.calendar import bank_holidays
from core.commands import Person, Sight
from core.concerns import Entry, Frame
from core.outbox import Outgoing
from core.partners import queries as partners
from core.partners.models import Partnership
from core.reminders.concerns import CONCERNS
from core.reminders.models import Digest, Occurrence, Preference, Rhythm


@dataclass(frozen=True, slots=True)
class BoardWays:
    """How one board keeps time: its zone and holidays, its digest's rhythm, and its members' preferences."""

    board: int
    zone: ZoneInfo
    rhythm: Rhythm
    preferences: Mapping[int, Preference] = field(default_factory=dict)
    usual: Preference = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "usual", default_preference(self.board, 0))  # one for all, of thousands perhaps

    def of(self, member: int) -> Preference:
        """What this member prefers, or the defaults, to be read only."""
        return self.preferences.get(member) or self.usual

    def zone_for(self, member: int) -> ZoneInfo:
        """The member's own zone, or the board's."""
        own = self.of(member).zone
        return partners.zone_of(own) if own else self.zone

    def frame(self, now: datetime.datetime) -> Frame:
        """What features plan by."""
        away = frozenset(each.member_id for each in self.preferences.values() if each.is_away(now))
        return Frame(self.zone, bank_holidays(self.rhythm.holidays), away=away)


def default_preference(board: int, member: int) -> Preference:
    """What holds for a member who has said nothing."""
    return Preference(
        partnership_id=board, member_id=member, quiet_from=18 * 60, quiet_to=8 * 60, digest="daily", zone=""
    )


def default_rhythm(board: int) -> Rhythm:
    """What holds for a board that has said nothing."""
    return Rhythm(partnership_id=board, weekday=0, minute=9 * 60, holidays="ENG")


async def ways(session: AsyncSession, board: int) -> BoardWays:
    """How this board and its members want to be reminded."""
    partnership = await partners.partnership(session, board)
    rhythm = (await session.execute(select(Rhythm).where(Rhythm.partnership_id == board))).scalar_one_or_none()
    found = await session.execute(select(Preference).where(Preference.partnership_id == board))
    preferences = {each.member_id: each for each in found.scalars()}
    return BoardWays(board, partners.zone_of(partnership.timezone), rhythm or default_rhythm(board), preferences)


async def rhythms(session: AsyncSession) -> Sequence[tuple[int, str, Rhythm]]:
    """Key, zone and digest rhythm of every board."""
    rows = await session.execute(
        select(Partnership.id, Partnership.timezone, Rhythm)
        .outerjoin(Rhythm, Rhythm.partnership_id == Partnership.id)
        .order_by(Partnership.id)
    )
    found: list[tuple[int, str, Rhythm | None]] = [(board, zone, rhythm) for board, zone, rhythm in rows]
    return [(board, zone, rhythm or default_rhythm(board)) for board, zone, rhythm in found]


async def digest_days(session: AsyncSession, since: datetime.date) -> set[tuple[int, datetime.date]]:
    """Board and day of the digests from a day on that are planned already."""
    rows = await session.execute(select(Digest.partnership_id, Digest.day).where(Digest.day >= since))
    return set(rows.tuples())


async def known_keys(session: AsyncSession, board: int, concern: str, whats: Sequence[str]) -> set[str]:
    """The keys of the reminders about these things that are planned already."""
    rows = await session.execute(
        select(Occurrence.key).where(
            Occurrence.partnership_id == board, Occurrence.concern == concern, Occurrence.what.in_(whats)
        )
    )
    return set(rows.scalars())


async def on_cards(session: AsyncSession, board: int, cards: Collection[str]) -> Mapping[str, Sequence[Occurrence]]:
    """The reminders on each of these cards, those that run out first at the top; none for a card that is not there."""
    found = await session.execute(
        select(Occurrence)
        .where(Occurrence.partnership_id == board, Occurrence.card.in_(cards))
        .order_by(Occurrence.until, Occurrence.id)
    )
    by_card = defaultdict[str, list[Occurrence]](list)
    for each in found.scalars():
        by_card[each.card].append(each)
    return by_card


async def out(session: AsyncSession, board: int, announced: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
    """Of these cards, each with the key that it was announced by and its member, those that have been sent."""
    keys = {f"{key}:m{member}": (key, member) for key, member in announced}
    found = await session.execute(
        select(Outgoing.key).where(Outgoing.partnership_id == board, Outgoing.key.in_(keys), Outgoing.state == "sent")
    )
    return {keys[key] for key in found.scalars()}


async def planned(session: AsyncSession, person: Person, now: datetime.datetime) -> Sequence[Occurrence]:
    """This person's reminders that are still to come, the next first."""
    found = await session.execute(
        select(Occurrence)
        .where(
            Occurrence.partnership_id == person.board,
            Occurrence.member_id == person.member,
            Occurrence.due_at > now,
            Occurrence.until > now,
        )
        .order_by(Occurrence.due_at, Occurrence.id)
    )
    return found.scalars().all()


async def entry_of(sight: Sight, person: Person, occurrence: Occurrence) -> Entry | None:
    """What this reminder says now; None when it is moot or its feature is gone."""
    return (await entries_of(sight, [(person, occurrence)]))[0]


async def entries_of(sight: Sight, asked: Sequence[tuple[Person, Occurrence]]) -> list[Entry | None]:
    """The same for many, with as few statements as their features can."""
    found: list[Entry | None] = [None] * len(asked)
    for concern in CONCERNS:
        places = [place for place, (_, occurrence) in enumerate(asked) if occurrence.concern == concern.name]
        of_it = [(asked[at][0], asked[at][1].what, asked[at][1].step) for at in places]
        if concern.entries is not None and of_it:
            said = await concern.entries(sight, of_it)
        else:
            said = [await concern.entry(sight, *each) for each in of_it]
        for place, entry in zip(places, said, strict=True):
            found[place] = entry
    return found


def by_own_clock(person: Person, ways: BoardWays) -> Person:
    """The person with his or her own zone, so that times are told in it."""
    return dataclasses.replace(person, zone=ways.zone_for(person.member))
