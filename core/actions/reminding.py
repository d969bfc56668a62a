"""Who is reminded of an action, and when: its owner, then the owner's organisation, then the chair."""

import datetime
from collections.abc import Callable, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions import queries
from core.actions.cards import name_of, say_state
from core.actions.models import ALIVE, Action
from core.actions.params import (
    AcceptAction,
    DeclineAction,
    FinishAction,
    ListActions,
    MoveAction,
    ReportAction,
    ShowAction,
)
from core.calendar import working_day_after, working_day_before, working_day_from
from core.cards import Bold, Button, Line
from core.commands import Person, Role, Sight
from core.concerns import MORNING, Concern, Entry, Frame, News, Reminder
from core.partners.queries import reachable
from core.times import at_wall, say_date

SOON = timedelta(days=14)
"""What is due within this time waits for its owner on home."""
BEFORE, ON, AFTER, DEPUTY, CHAIR = "before", "on", "after", "deputy", "chair"
DAYS_BEFORE = 2
DAYS_AFTER = {AFTER: 1, DEPUTY: 3, CHAIR: 6}
"""Working days between the due date and each later step: the owner, then the deputy too, then the chair too."""
LONGEST = timedelta(days=45)
"""More than lies between any step and the due date, whatever holidays come between."""
WAY = Button("Actions", ListActions())
NAMED = 12  # of a digest's lines


def steps(due: datetime.date, frame: Frame) -> list[tuple[str, datetime.datetime]]:
    """Each step and its morning, on the board's clocks, on working days alone."""
    days = [(BEFORE, working_day_before(due, DAYS_BEFORE, frame.holidays)), (ON, working_day_from(due, frame.holidays))]
    days += [(name, working_day_after(due, count, frame.holidays)) for name, count in DAYS_AFTER.items()]
    return [(name, at_wall(datetime.datetime.combine(day, MORNING), frame.zone)) for name, day in days]


async def boards(session: AsyncSession, start: datetime.datetime, end: datetime.datetime) -> Sequence[int]:
    """The partnerships with an action that is alive and due near enough."""
    found = await session.execute(
        select(Action.partnership_id)
        .where(
            Action.state.in_(ALIVE),
            Action.due_on > (start - LONGEST).date(),
            Action.due_on < (end + LONGEST).date(),
        )
        .distinct()
    )
    return found.scalars().all()


async def due_reminders(
    session: AsyncSession, board: int, frame: Frame, start: datetime.datetime, end: datetime.datetime
) -> list[Reminder]:
    """The steps of all that is alive on a board that are wanted before `end`; one lasts until the next one's turn."""
    found = await session.execute(
        select(Action)
        .where(
            Action.partnership_id == board,
            Action.state.in_(ALIVE),
            Action.due_on > (start - LONGEST).date(),
            Action.due_on < (end + LONGEST).date(),
        )
        .order_by(Action.due_on, Action.id)
    )
    alive = found.scalars().all()
    if not alive:
        return []
    people = await reachable(session, board)
    reminders: list[Reminder] = []
    for action in alive:
        planned = steps(action.due_on, frame)
        ends = [when for _, when in planned[1:]] + [planned[-1][1] + timedelta(days=7)]
        for (name, when), until in zip(planned, ends, strict=True):
            if when >= end or until <= start or when < action.created_at:
                continue
            reminders += [
                Reminder(who, action.ref, step_of(action, name), when, until)
                for who in concerned(action, name, people, frame)
            ]
    return reminders


def step_of(action: Action, name: str) -> str:
    """Names a reminder's occasion; another date makes it another one."""
    return f"{action.due_on:%Y%m%d}.{name}"


def concerned(action: Action, step: str, people: Sequence[tuple[int, int, Role]], frame: Frame) -> list[int]:
    """The owner; from the deputy's turn on those who speak for the same organisation too, and at last the chair.

    Where the owner can't be reached (has left, is away, is nobody yet) the organisation is asked at once, and where
    it has nobody, those who steer the board.
    """
    here = [(member, organisation, role) for member, organisation, role in people if member not in frame.away]
    owner = [member for member, _, _ in here if member == action.owner_id]
    side = [
        member
        for member, organisation, role in here
        if organisation == action.organisation_id and role in (Role.REPRESENTATIVE, Role.DEPUTY)
    ]
    chair = [member for member, _, role in here if role is Role.CHAIR]
    steering = chair or [member for member, _, role in here if role is Role.COORDINATOR]
    told = owner or side or steering
    if step in (DEPUTY, CHAIR):
        told = [*told, *side]
    if step == CHAIR:
        told = [*told, *steering]
    return list(dict.fromkeys(told))


async def entry(sight: Sight, person: Person, what: str, step: str) -> Entry | None:
    """What this person is told of an action; None once it is done, dropped or has another date."""
    shown = await queries.shown(sight.session, sight.board, what)
    if shown is None or shown.action.state not in ALIVE or not step.startswith(f"{shown.action.due_on:%Y%m%d}."):
        return None
    return _entry(shown.action, shown.owner, person, sight.now.astimezone(person.zone).date())


def _entry(action: Action, owner: str, person: Person, today: datetime.date) -> Entry:
    look = Button("Look at it", ShowAction(action.ref))
    name, due = Bold(name_of(action)), say_date(action.due_on)
    if action.offered_to_id == person.member:
        return Entry((name, f" — you were asked to take it over; due {due}."), (*_answers(action), look))
    if action.owner_id == person.member:
        if action.accepted_at is None:
            return Entry((name, f" — you were asked to do this by {due}."), (*_answers(action), look))
        when = f"was due {due}; {say_state(action, today)}" if action.is_late(today) else f"yours, due {due}"
        return Entry((name, f" — {when}."), (*_deeds(action), look))
    if not owner:
        return Entry((name, f" — needs an owner; due {due}."), (Button("I take it", AcceptAction(action.ref)), look))
    verb = "was due" if action.is_late(today) else "is due"
    return Entry((name, f" — {owner} promised it; it {verb} {due}. Perhaps you can help."), (look,))


def _answers(action: Action) -> tuple[Button, ...]:
    return (
        Button("Accept", AcceptAction(action.ref), style="primary"),
        Button("Decline", DeclineAction(action.ref), asks=True),
    )


def _deeds(action: Action) -> tuple[Button, ...]:
    return (
        Button("Done", FinishAction(action.ref), style="primary", asks=True),
        Button("How it goes", ReportAction(action.ref), asks=True),
        Button("Move the date", MoveAction(action.ref), asks=True),
    )


async def waiting(sight: Sight, person: Person) -> list[Entry]:
    """What this person has to answer or to do soon, the soonest first."""
    today = sight.now.astimezone(person.zone).date()
    found = await queries.waiting_for(sight.session, person, today + SOON)
    names = await queries.names_of(sight.session, person.board, found)
    return [_entry(each, names.member(each.owner_id), person, today) for each in found]


async def news(sight: Sight, zone: ZoneInfo, start: datetime.datetime, end: datetime.datetime) -> News:
    """What is due in the week to come, and what is over its date."""
    today = end.astimezone(zone).date()
    found = await sight.session.execute(
        select(Action)
        .where(
            Action.partnership_id == sight.board,
            Action.state.in_(ALIVE),
            Action.due_on <= today + timedelta(days=7),
        )
        .order_by(Action.due_on, Action.id)
        .limit(500)
    )
    actions = found.scalars().all()
    names = await queries.names_of(sight.session, sight.board, actions)

    def told(action: Action) -> Line:
        owner = names.member(action.owner_id) or "nobody yet"
        return (Bold(name_of(action)), f" — {owner}, {say_date(action.due_on)}; {say_state(action, today)}.")

    late = [each for each in actions if each.is_late(today)]
    due = [each for each in actions if not each.is_late(today)]
    return News(_some(due, told), _some(late, told), await _kept(sight, start.astimezone(zone).date(), today), WAY)


async def _kept(sight: Sight, start: datetime.date, today: datetime.date) -> tuple[Line, ...]:
    """What was done in the week, by whom and with what outcome; and how all promises are kept so far."""
    found = await sight.session.execute(
        select(Action)
        .where(
            Action.partnership_id == sight.board,
            Action.state == "done",
            Action.closed_on >= start,
            Action.closed_on < today,
        )
        .order_by(Action.closed_on, Action.id)
        .limit(500)
    )
    done = found.scalars().all()
    if not done:
        return ()
    names = await queries.names_of(sight.session, sight.board, done)

    def told(action: Action) -> Line:
        return (Bold(name_of(action)), f" — {names.member(action.owner_id)}: {action.outcome}")

    every = await queries.kept_by(sight.session, sight.board, today)
    promised, kept = sum(each.promised for each in every), sum(each.kept + each.kept_late for each in every)
    return (*_some(done, told), (f"{kept} of {promised} promises kept so far.",))


def _some(actions: Sequence[Action], told: Callable[[Action], Line]) -> tuple[Line, ...]:
    lines = tuple(told(each) for each in actions[:NAMED])
    more = len(actions) - len(lines)
    rest: Line = (f"… and {more} more {'action' if more == 1 else 'actions'}.",)
    return (*lines, rest) if more else lines


CONCERN = Concern(name="actions", boards=boards, due_reminders=due_reminders, entry=entry, waiting=waiting, news=news)
