"""What can be asked of the board as a whole."""

from dataclasses import dataclass
from typing import ClassVar

from core.cards import Option, Params
from core.commands import param

VIEWS = (Option("By organisation", "organisation"), Option("By theme", "theme"))


@dataclass(frozen=True)
class Find(Params):
    """Look for words everywhere."""

    command: ClassVar[str] = "overview.find"
    words: str = param("line", "Words", default="", required=True, free=True, max_length=100)


@dataclass(frozen=True)
class ShowAccounts(Params):
    """What was promised and kept, by organisation or by theme."""

    command: ClassVar[str] = "overview.accounts"
    by: str = param("choice", "Shown", default="organisation", free=True, choices=VIEWS)
    page: int = param("number", "Page", default=1, hidden=True)
