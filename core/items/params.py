"""What can be asked of items: the parameters of each command, which buttons carry and forms ask for."""

import datetime
from dataclasses import dataclass
from typing import ClassVar

from core.cards import Option, Params
from core.commands import param
from core.trails import read_link

WANTS = (
    Option("A decision", "decision"),
    Option("A discussion", "discussion"),
    Option("To be noted", "noting"),
)


@dataclass(frozen=True)
class RaiseItem(Params):
    """Raise something with the board."""

    command: ClassVar[str] = "items.raise"
    title: str = param("line", "What you raise", default="", required=True, free=True, help="In one line.")
    theme: str = param("choice", "Theme", default="", mark="#")
    wants: str = param("choice", "Input requested", default="discussion", choices=WANTS)
    detail: str = param("text", "More about it", default="", max_length=3000)
    confidential: bool = param(
        "toggle", "For the chair alone", default=False, help="Then nobody else on the board sees it."
    )
    link: str = param("line", "Message", default="", hidden=True, max_length=500, check=read_link)


@dataclass(frozen=True)
class ShowItem(Params):
    """One item. say: what whoever is told of it hears first."""

    command: ClassVar[str] = "items.show"
    item: str = param("ref", "Item")
    say: str = param("text", "Said", default="", hidden=True, max_length=1000)


@dataclass(frozen=True)
class TriageItem(Params):
    """One item with every way on, for those who steer the board."""

    command: ClassVar[str] = "items.triage"
    item: str = param("ref", "Item")


@dataclass(frozen=True)
class ShowQueue(Params):
    """What waits for its way on, one after the other."""

    command: ClassVar[str] = "items.queue"
    after: int = param("number", "After", default=0, hidden=True)


@dataclass(frozen=True)
class ListItems(Params):
    """Items, the newest first."""

    command: ClassVar[str] = "items.list"
    search: str = param(
        "line",
        "Which",
        default="",
        free=True,
        help="waiting, mine, agenda, parked, answered or declined; a number, or words of them.",
    )
    theme: str = param("choice", "Theme", default="", mark="#")
    at: str = param("line", "From", default="", hidden=True, max_length=60)


@dataclass(frozen=True)
class SupportItem(Params):
    """We have this too."""

    command: ClassVar[str] = "items.support"
    item: str = param("ref", "Item")


@dataclass(frozen=True)
class UnsupportItem(Params):
    """We don't have this after all."""

    command: ClassVar[str] = "items.unsupport"
    item: str = param("ref", "Item")


@dataclass(frozen=True)
class WithdrawItem(Params):
    """Take back what one has raised."""

    command: ClassVar[str] = "items.withdraw"
    item: str = param("ref", "Item")
    why: str = param("text", "Why", default="", max_length=1000)


@dataclass(frozen=True)
class ToAgenda(Params):
    """Put it on the agenda of the next meeting."""

    command: ClassVar[str] = "items.to_agenda"
    item: str = param("ref", "Item")
    why: str = param("text", "A word to who raised it", default="", max_length=1000)


@dataclass(frozen=True)
class ToPipeline(Params):
    """Make it a priority."""

    command: ClassVar[str] = "items.to_pipeline"
    item: str = param("ref", "Item")
    title: str = param("line", "The priority", default="", required=True)
    theme: str = param("choice", "Theme", default="")
    sponsor: str = param("choice", "Sponsor organisation", default="", help="Which partner answers for it.")
    why: str = param("text", "A word to who raised it", default="", max_length=1000)


@dataclass(frozen=True)
class ToAction(Params):
    """Make it an action."""

    command: ClassVar[str] = "items.to_action"
    item: str = param("ref", "Item")
    title: str = param("line", "What is to be done", default="", required=True)
    owner: str = param("choice", "Who does it", default="", required=True)
    due: datetime.date | None = param("date", "By when", default=None, required=True)
    why: str = param("text", "A word to who raised it", default="", max_length=1000)


@dataclass(frozen=True)
class AnswerItem(Params):
    """Answer it."""

    command: ClassVar[str] = "items.answer"
    item: str = param("ref", "Item")
    answer: str = param("text", "The answer", default="", required=True, max_length=3000)


@dataclass(frozen=True)
class ParkItem(Params):
    """Let it rest until a day."""

    command: ClassVar[str] = "items.park"
    item: str = param("ref", "Item")
    until: datetime.date | None = param("date", "Until", default=None, required=True)
    why: str = param("text", "Why", default="", required=True, max_length=1000)


@dataclass(frozen=True)
class DeclineItem(Params):
    """Say that the board does not take it up."""

    command: ClassVar[str] = "items.decline"
    item: str = param("ref", "Item")
    why: str = param("text", "Why", default="", required=True, max_length=1000)


@dataclass(frozen=True)
class MergeItem(Params):
    """It is the same as another one."""

    command: ClassVar[str] = "items.merge"
    item: str = param("ref", "Item")
    into: str = param("line", "Number of the item that it belongs to", default="", required=True, max_length=12)
    why: str = param("text", "A word to who raised it", default="", max_length=1000)


@dataclass(frozen=True)
class ReopenItem(Params):
    """Put it back among those that wait."""

    command: ClassVar[str] = "items.reopen"
    item: str = param("ref", "Item")
    why: str = param("text", "Why", default="", required=True, max_length=1000)
