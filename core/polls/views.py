"""What can be shown of polls: the parameters of each view, so that any part can point at them."""

from dataclasses import dataclass
from typing import ClassVar

from core.cards import Params
from core.commands import param


@dataclass(frozen=True)
class ShowPoll(Params):
    """The shared card, live wherever it stands."""

    command: ClassVar[str] = "polls.show"
    poll: str = param("ref", "Poll")


@dataclass(frozen=True)
class ShowResults(Params):
    """How a poll stands in full: every option, who chose it, comments, and how it was counted."""

    command: ClassVar[str] = "polls.results"
    poll: str = param("ref", "Poll")
    page: int = param("number", "Page", default=1, hidden=True)


@dataclass(frozen=True)
class ShowSilent(Params):
    """Who has not voted yet, in a named poll."""

    command: ClassVar[str] = "polls.silent"
    poll: str = param("ref", "Poll")


@dataclass(frozen=True)
class ShowPollOutcome(Params):
    """The announcement of how a poll ended."""

    command: ClassVar[str] = "polls.outcome"
    poll: str = param("ref", "Poll")


@dataclass(frozen=True)
class ListPolls(Params):
    """The polls of the board, those that are open first."""

    command: ClassVar[str] = "polls.list"
    search: str = param(
        "line", "Search", default="", free=True, help="A number, a state such as open, or words of the question."
    )
    page: int = param("number", "Page", default=1, hidden=True)
