"""What can be asked of actions: the parameters of each command, which buttons carry and forms ask for."""

import datetime
from dataclasses import dataclass
from typing import ClassVar

from core.cards import Option, Params
from core.commands import param
from core.trails import read_link

LEVELS = (
    Option("For the whole place", "system"),
    Option("Local, in one of its places", "local"),
)
RHYTHMS = (
    Option("Once", "once"),
    Option("Every week", "weekly"),
    Option("Every two weeks", "fortnightly"),
    Option("Every month", "monthly"),
    Option("Every three months", "quarterly"),
)


@dataclass(frozen=True)
class AddAction(Params):
    """Promise something, or ask somebody to."""

    command: ClassVar[str] = "actions.add"
    title: str = param(
        "line", "What is to be done", default="", required=True, free=True, help="Such as: map youth offers by 30 Nov"
    )
    due: datetime.date | None = param("date", "By when", default=None, help="Such as 30 Nov; needed to keep it.")
    owner: str = param("choice", "Who does it", default="", mark="@", help="Yourself, unless you name somebody.")
    theme: str = param("choice", "Theme", default="", mark="#")
    level: str = param("choice", "Level", default="system", choices=LEVELS)
    place: str = param("line", "Place", default="", max_length=200, help="Where, if it is local.")
    repeats: str = param("choice", "It comes", default="once", choices=RHYTHMS)
    detail: str = param("text", "More about it", default="", max_length=3000)
    source: str = param("line", "From", default="", hidden=True, max_length=40)
    link: str = param("line", "Message", default="", hidden=True, max_length=500, check=read_link)


@dataclass(frozen=True)
class ShowAction(Params):
    """One action. say: what whoever is told of it hears first."""

    command: ClassVar[str] = "actions.show"
    action: str = param("ref", "Action")
    say: str = param("text", "Said", default="", hidden=True, max_length=1000)


@dataclass(frozen=True)
class ListActions(Params):
    """Actions, the soonest first."""

    command: ClassVar[str] = "actions.list"
    search: str = param(
        "line",
        "Which",
        default="",
        free=True,
        help="mine, ours, overdue, blocked, done or all; a number, or words of them.",
    )
    theme: str = param("choice", "Theme", default="", mark="#")
    owner: str = param("choice", "Owner", default="", mark="@")
    at: str = param("line", "From", default="", hidden=True, max_length=60)


@dataclass(frozen=True)
class AcceptAction(Params):
    """Take on what one was asked to do."""

    command: ClassVar[str] = "actions.accept"
    action: str = param("ref", "Action")


@dataclass(frozen=True)
class DeclineAction(Params):
    """Say that one can't do it, and why."""

    command: ClassVar[str] = "actions.decline"
    action: str = param("ref", "Action")
    why: str = param("text", "Why not", default="", required=True, max_length=1000)


@dataclass(frozen=True)
class HandOver(Params):
    """Ask somebody to take it over."""

    command: ClassVar[str] = "actions.hand_over"
    action: str = param("ref", "Action")
    to: str = param("choice", "Who is to do it", default="", required=True)
    why: str = param("text", "Why", default="", max_length=1000)


@dataclass(frozen=True)
class StartAction(Params):
    """Say that one has begun."""

    command: ClassVar[str] = "actions.start"
    action: str = param("ref", "Action")


@dataclass(frozen=True)
class ReportAction(Params):
    """Say how it goes."""

    command: ClassVar[str] = "actions.report"
    action: str = param("ref", "Action")
    note: str = param("text", "How it goes", default="", required=True, max_length=2000)


@dataclass(frozen=True)
class BlockAction(Params):
    """Say what it waits for, and on whom."""

    command: ClassVar[str] = "actions.block"
    action: str = param("ref", "Action")
    why: str = param("text", "What it waits for", default="", required=True, max_length=1000)
    by: str = param("choice", "On whom", default="", help="The organisation that can help; it is told.")


@dataclass(frozen=True)
class UnblockAction(Params):
    """Say that it can go on."""

    command: ClassVar[str] = "actions.unblock"
    action: str = param("ref", "Action")


@dataclass(frozen=True)
class FinishAction(Params):
    """Say that it is done, and what came of it."""

    command: ClassVar[str] = "actions.finish"
    action: str = param("ref", "Action")
    outcome: str = param("text", "What came of it", default="", required=True, max_length=2000)


@dataclass(frozen=True)
class DropAction(Params):
    """Give it up, with the reason."""

    command: ClassVar[str] = "actions.drop"
    action: str = param("ref", "Action")
    why: str = param("text", "Why", default="", required=True, max_length=1000)


@dataclass(frozen=True)
class ReopenAction(Params):
    """Take up again what was done or dropped."""

    command: ClassVar[str] = "actions.reopen"
    action: str = param("ref", "Action")
    due: datetime.date | None = param("date", "By when", default=None, required=True)
    why: str = param("text", "Why", default="", required=True, max_length=1000)


@dataclass(frozen=True)
class MoveAction(Params):
    """Promise another date."""

    command: ClassVar[str] = "actions.move"
    action: str = param("ref", "Action")
    due: datetime.date | None = param("date", "By when", default=None, required=True)
    why: str = param("text", "Why", default="", required=True, max_length=1000)


@dataclass(frozen=True)
class AwaitAction(Params):
    """Say which other action has to be done first."""

    command: ClassVar[str] = "actions.await"
    action: str = param("ref", "Action")
    other: str = param("line", "Number of the action to be done first", default="", required=True, max_length=12)
