"""What a partnership file says of the board's work: items, priorities and actions."""

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


@dataclass(frozen=True, slots=True)
class Work:
    """All three."""

    items: tuple[ItemPart, ...] = ()
    priorities: tuple[PriorityPart, ...] = ()
    actions: tuple[ActionPart, ...] = ()
