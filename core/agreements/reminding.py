"""Who is to be reminded of an open vote, and when: voters without a position, their representative first."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements import queries
from core.agreements import waiting as waits
from core.agreements.cards import stance_buttons
from core.agreements.models import Agreement, Elector, Wording
from core.agreements.news import news
from core.agreements.views import ShowAgreement
from core.calendar import is_working_day, next_welcome_moment, working_day_before, working_time_between
from core.cards import Bold, Button, Line
from core.commands import STEERING, Person, Role, Sight
from core.concerns import MORNING, Asked, Concern, Entry, Frame, Reminder
from core.partners.queries import reachable
from core.times import at_wall, say_left, say_moment

FIRST, LAST = "first", "last"
DAYS_BEFORE = {FIRST: 3, LAST: 1}
"""Working days between a reminder's morning and the day of the close."""
SHORT = timedelta(hours=4)
"""An agreement with no more working time than this between its opening and its close is urgent."""
FARTHEST = timedelta(days=14)
"""More than lies between the first reminder and the close, whatever holidays come between."""


@dataclass(frozen=True, slots=True)
class Step:
    """One round of reminders before a close: FIRST or LAST, wanted when, and whether at any hour."""

    name: str
    when: datetime.datetime
    urgent: bool = False


def plan(since: datetime.datetime, closes: datetime.datetime, frame: Frame) -> list[Step]:
    """The reminders of a vote that partners know of since then, on the board's clocks; there is always a LAST one.

    On the mornings three working days and one working day before the day of the close, unless the vote was opened
    that day or later; then on the morning of the close, and where even that is too early, half way through.
    """
    opened, closing = since.astimezone(frame.zone).date(), closes.astimezone(frame.zone).date()
    days = {name: working_day_before(closing, count, frame.holidays) for name, count in DAYS_BEFORE.items()}
    steps = [Step(name, _morning(day, frame.zone)) for name, day in days.items() if day > opened]
    if not any(step.name == LAST for step in steps):
        steps.append(_at_short_notice(since, closes, frame))
    return steps


def _at_short_notice(since: datetime.datetime, closes: datetime.datetime, frame: Frame) -> Step:
    opened, closing = since.astimezone(frame.zone).date(), closes.astimezone(frame.zone).date()
    morning = _morning(closing, frame.zone)
    if closing > opened and is_working_day(closing, frame.holidays) and closes - morning >= timedelta(hours=2):
        return Step(LAST, morning)
    half = since + (closes - since) / 2
    if working_time_between(since, closes, frame.zone, frame.holidays, frame.quiet) <= SHORT:
        return Step(LAST, max(half, closes - timedelta(hours=1)), urgent=True)
    welcome = next_welcome_moment(half, frame.zone, frame.holidays, frame.quiet)
    if welcome > closes - timedelta(hours=1):
        soon = since + timedelta(hours=1)
        welcome = next_welcome_moment(soon, frame.zone, frame.holidays, frame.quiet)
    return Step(LAST, welcome)


def _morning(day: datetime.date, zone: ZoneInfo) -> datetime.datetime:
    return at_wall(datetime.datetime.combine(day, MORNING), zone)


def _step(agreement: Agreement, name: str) -> str:
    """Names a reminder's occasion; a moved deadline and an amended text make it another one."""
    return f"{agreement.closes_at:%Y%m%dT%H%M%SZ}.{agreement.round}.{name}"


async def boards(session: AsyncSession, start: datetime.datetime, end: datetime.datetime) -> Sequence[int]:
    """The partnerships with an open vote that closes soon enough for a reminder in this span."""
    found = await session.execute(
        select(Agreement.partnership_id)
        .where(Agreement.state == "open", Agreement.closes_at > start, Agreement.closes_at < end + FARTHEST)
        .distinct()
    )
    return found.scalars().all()


async def due_reminders(
    session: AsyncSession, board: int, frame: Frame, start: datetime.datetime, end: datetime.datetime
) -> list[Reminder]:
    """The reminders of all open votes of a board that are wanted before `end` and have not become pointless."""
    found = await session.execute(
        select(Agreement, Wording.at)
        .outerjoin(Wording, (Wording.agreement_id == Agreement.id) & (Wording.round == Agreement.round))
        .where(
            Agreement.partnership_id == board,
            Agreement.state == "open",
            Agreement.closes_at > start,
            Agreement.closes_at < end + FARTHEST,
        )
        .order_by(Agreement.id)
    )
    wanted: list[tuple[Agreement, Step]] = []
    for agreement, worded in found.tuples():
        known = [each for each in (agreement.opened_at, worded) if each is not None]
        steps = plan(max(known, default=start), agreement.closes_at, frame)
        wanted += [(agreement, step) for step in _of_use(steps, start) if step.when < end]
    if not wanted:
        return []
    silent = await _silent(session, board, {agreement.id for agreement, _ in wanted})
    voices = await _voices(session, board, frame.away)
    return [
        Reminder(who, agreement.ref, name, step.when, agreement.closes_at, step.urgent)
        for agreement, step in wanted
        for name in (_step(agreement, step.name),)
        for organisation, member in silent.get(agreement.id, ())
        for who in voices.concerned(organisation, member, step.name == LAST)
    ]


def _of_use(steps: Sequence[Step], now: datetime.datetime) -> list[Step]:
    """The last reminder comes late rather than never; an earlier one only on its day, and not beside the last."""
    last = next(step for step in steps if step.name == LAST)
    return [step for step in steps if step is last or (step.when > now - timedelta(hours=12) and last.when > now)]


async def _silent(
    session: AsyncSession, board: int, agreements: Collection[int]
) -> Mapping[int, list[tuple[int, int | None]]]:
    """The organisation, and of a voting member the member, of each who has not answered, by agreement."""
    found = await session.execute(
        select(Elector.agreement_id, Elector.organisation_id, Elector.member_id)
        .where(
            Elector.partnership_id == board,
            Elector.agreement_id.in_(agreements),
            Elector.position.is_(None),
            Elector.recused_at.is_(None),
        )
        .order_by(Elector.id)
    )
    silent = defaultdict[int, list[tuple[int, int | None]]](list)
    for agreement, organisation, member in found.tuples():
        silent[agreement].append((organisation, member))
    return silent


class Voices:
    """Who may speak for each organisation, can be reached and is not away."""

    def __init__(self, people: Iterable[tuple[int, int, Role]]) -> None:
        """`people`: member, organisation and role of each."""
        self._of = defaultdict[int, list[tuple[int, Role]]](list)
        self._here = set[tuple[int, int]]()
        for member, organisation, role in people:
            self._of[organisation].append((member, role))
            self._here.add((organisation, member))

    def concerned(self, organisation: int, member: int | None, last: bool) -> list[int]:
        """The voting member; or the representatives, and the deputies too at the last reminder or without any.

        The chair speaks for his or her organisation only where it has nobody else.
        """
        if member is not None:
            return [member] if (organisation, member) in self._here else []
        here = self._of.get(organisation, ())
        first = [who for who, role in here if role is Role.REPRESENTATIVE]
        deputies = [who for who, role in here if role is Role.DEPUTY]
        if not first or last:
            first += deputies
        return first or [who for who, role in here if role is Role.CHAIR]


async def _voices(session: AsyncSession, board: int, away: Collection[int]) -> Voices:
    return Voices(each for each in await reachable(session, board) if each[0] not in away)


async def entry(sight: Sight, person: Person, what: str, step: str) -> Entry | None:
    """What this person is told of an open vote; None once it has closed, moved, been amended or been answered."""
    return (await entries(sight, [(person, what, step)]))[0]


async def entries(sight: Sight, asked: Sequence[Asked]) -> list[Entry | None]:
    """The same for many, each with a person, an agreement and a step."""
    refs = {what for _, what, _ in asked}
    found = await sight.session.execute(
        select(Agreement).where(
            Agreement.partnership_id == sight.board,
            Agreement.ref.in_(refs),
            Agreement.state == "open",
            Agreement.closes_at > sight.now,
        )
    )
    still_open = {each.ref: each for each in found.scalars()}
    voters = await queries.electors_of(sight.session, list(still_open.values()), [person for person, _, _ in asked])

    def said(person: Person, what: str, step: str) -> Entry | None:
        agreement = still_open.get(what)
        if agreement is None or step not in (_step(agreement, FIRST), _step(agreement, LAST)):
            return None
        elector = voters.get((agreement.id, person.member))
        if elector is None or elector.position is not None or elector.recused_at is not None:
            return None
        return _entry(agreement, elector.name, person, sight.now)

    return [said(*each) for each in asked]


def _entry(agreement: Agreement, voter: str, person: Person, now: datetime.datetime) -> Entry:
    who = "You have" if agreement.unit == "member" else f"{voter} has"
    left, moment = say_left(agreement.closes_at, now), say_moment(agreement.closes_at, person.zone)
    line: Line = (Bold(agreement.title), f" — {who} not answered yet. It closes {left}, {moment}.")
    return Entry(line, (*stance_buttons(agreement).buttons, Button("Look at it", ShowAgreement(agreement.ref))))


async def waiting(sight: Sight, person: Person) -> list[Entry]:
    """Everything that waits for this person: answers, the soonest first, then decisions, then drafts to open."""
    asked, drafts = await waits.waiting_for(sight.session, person), list[Agreement]()
    advised = await waits.waiting_for_decision(sight.session, person)
    if person.role in STEERING:
        drafts += await waits.waiting_for_opening(sight.session, person.board)
    return [
        *(_entry(agreement, person.organisation_name, person, sight.now) for agreement in asked),
        *(_chore(agreement, "the advice is in, and you decide", "Decide") for agreement in advised),
        *(_chore(agreement, "proposed, waits to be opened", "Look at it") for agreement in drafts),
    ]


def _chore(agreement: Agreement, what: str, label: str) -> Entry:
    return Entry((Bold(agreement.title), f" — {what}."), (Button(label, ShowAgreement(agreement.ref)),))


CONCERN = Concern(
    name="agreements",
    boards=boards,
    due_reminders=due_reminders,
    entry=entry,
    entries=entries,
    waiting=waiting,
    news=news,
)
