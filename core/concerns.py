"""What a feature offers so that people are reminded of its things; `core.reminders.concerns` lists who does."""

import datetime
from collections.abc import Awaitable, Callable, Container, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from core.calendar import Quiet
from core.cards import Button, Line, Params
from core.commands import Person, Sight

MORNING = datetime.time(9)
"""When reminders and digests come, on the clocks of whoever gets them."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a feature plans by: the board's zone and holidays, and the members who are away (paused) just now."""

    zone: ZoneInfo
    holidays: Container[datetime.date]
    quiet: Quiet = field(default_factory=Quiet)
    away: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Reminder:
    """One occasion on which one member is to be reminded of one thing.

    who: the member's key. what: the thing's reference. step: names the occasion, so that it comes once; it
    changes when the deadline moves. when: the moment wanted, on the board's clocks (each person gets it when
    his or her own clocks show the same). until: from then on there is nothing to say. urgent: at any hour.
    """

    who: int
    what: str
    step: str
    when: datetime.datetime
    until: datetime.datetime
    urgent: bool = False


@dataclass(frozen=True)
class Home(Params):
    """What waits for me, of all features; asked for from any of their reminders."""

    command: ClassVar[str] = "home.show"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that waits for a person: a line, and buttons by which it can be done at once."""

    line: Line
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class News:
    """What a week's digest tells of a feature: what waits for partners, what is late, and what was kept.

    more: the feature's list, which shows all of it.
    """

    waits: tuple[Line, ...] = ()
    late: tuple[Line, ...] = ()
    kept: tuple[Line, ...] = ()
    more: Button | None = None


Asked: TypeAlias = tuple[Person, str, str]
"""Whom a reminder is for, and its `what` and `step`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One feature's reminders.

    boards: which partnerships may have any in this span, found cheaply. due_reminders: of one partnership, those
    wanted before the span's end and still of use at its start; the same ones may be offered again and again.
    entry: what to say of it to this person now; None when it is moot (done, ended, moved). entries: the same for many
    people of one board at once, where reading one by one would cost too much. waiting: all that waits
    for this person now. news: for the digest of this span.
    """

    name: str
    boards: Callable[[AsyncSession, datetime.datetime, datetime.datetime], Awaitable[Sequence[int]]]
    due_reminders: Callable[
        [AsyncSession, int, Frame, datetime.datetime, datetime.datetime], Awaitable[Sequence[Reminder]]
    ]
    entry: Callable[[Sight, Person, str, str], Awaitable[Entry | None]]
    entries: Callable[[Sight, Sequence[Asked]], Awaitable[Sequence[Entry | None]]] | None = None
    waiting: Callable[[Sight, Person], Awaitable[Sequence[Entry]]]
    news: Callable[[Sight, ZoneInfo, datetime.datetime, datetime.datetime], Awaitable[News]]
