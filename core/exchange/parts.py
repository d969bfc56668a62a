"""What a partnership file says of the board's work: items, priorities, task groups, actions and meetings."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPart:
    """One of `[[items]]`; people by their place among `members`. answer: of one that has been answered."""

    line: int
    title: str
    detail: str
    wants: str
    theme: str
    raiser: int | None
    confidential: bool
    answer: str


@dataclass(frozen=True, slots=True)
class StepPart:
    """One of a priority's `steps`: on through a gate, with its evidence, by whom and when."""

    begins: str
    evidence: Mapping[str, str]
    links: tuple[str, ...]
    by: str
    on: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityPart:
    """One of `[[priorities]]`. It stands where its steps have led it; `source` is an item's title."""

    line: int
    title: str
    detail: str
    theme: str
    sponsor: str
    lead: int | None
    places: tuple[str, ...]
    source: str
    steps: tuple[StepPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPart:
    """One of `[[actions]]`, which its owner has accepted; `source` is a priority's or an item's title."""

    line: int
    title: str
    detail: str
    owner: int
    theme: str
    due_on: datetime.date
    level: str
    place: str
    repeats: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPart:
    """One of `[[task_groups]]`; `priority` is a priority's title, members are places among `members`."""

    line: int
    name: str
    remit: str
    priority: str
    members: tuple[int, ...]
    ends_on: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaPart:
    """One entry of a meeting's `agenda`; minutes: the time that it is given."""

    title: str
    detail: str
    wants: str
    minutes: int
    theme: str
    lead: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingPart:
    """One of `[[meetings]]`: one meeting, or with a rule a series of which `starts_at` is the first.

    minutes: its length. papers: working days before it by which papers are due. group: a task group's name, or empty
    for the whole board. agenda: of a series, that of its first meeting.
    """

    line: int
    title: str
    starts_at: datetime.datetime
    day: datetime.date
    minutes: int
    way: str
    place: str
    link: str
    chair: int | None
    deputy: int | None
    group: str
    papers: int
    rule: str
    skips_holidays: bool
    agenda: tuple[AgendaPart, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """All of them."""

    items: tuple[ItemPart, ...] = ()
    priorities: tuple[PriorityPart, ...] = ()
    groups: tuple[GroupPart, ...] = ()
    actions: tuple[ActionPart, ...] = ()
    meetings: tuple[MeetingPart, ...] = ()
