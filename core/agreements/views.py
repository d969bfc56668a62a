"""What can be shown of agreements: the parameters of each view, so that any part can point at them."""

from dataclasses import dataclass
from typing import ClassVar

from core.cards import Params
from core.commands import param


@dataclass(frozen=True)
class ShowAgreement(Params):
    """The shared card, live in every room."""

    command: ClassVar[str] = "agreements.show"
    agreement: str = param("ref", "Agreement")


@dataclass(frozen=True)
class ShowRoll(Params):
    """Who said what, page by page, with reasons."""

    command: ClassVar[str] = "agreements.roll"
    agreement: str = param("ref", "Agreement")
    page: int = param("number", "Page", default=1, hidden=True)


@dataclass(frozen=True)
class ShowPaper(Params):
    """The paper: its front sheet and the whole text, page by page."""

    command: ClassVar[str] = "agreements.paper"
    agreement: str = param("ref", "Agreement")
    page: int = param("number", "Page", default=1, hidden=True)


@dataclass(frozen=True)
class ShowOutcome(Params):
    """The announcement of an outcome, by the decision's number; without one, of a withdrawal."""

    command: ClassVar[str] = "agreements.outcome"
    agreement: str = param("ref", "Agreement")
    decision: str = param("line", "Decision", default="", hidden=True)


@dataclass(frozen=True)
class ListAgreements(Params):
    """The agreements of the board, those that wait first."""

    command: ClassVar[str] = "agreements.list"
    search: str = param(
        "line", "Search", default="", free=True, help="A number, a state such as open, or words of the title."
    )
    page: int = param("number", "Page", default=1, hidden=True)
