"""What can be shown of reminders: the parameters of each view."""

import datetime
from dataclasses import dataclass
from typing import ClassVar

from core.cards import Params
from core.commands import param


@dataclass(frozen=True)
class ShowReminder(Params):
    """All reminders of one member that fall due together."""

    command: ClassVar[str] = "reminders.card"
    card: str = param("ref", "Card")


@dataclass(frozen=True)
class ShowDigest(Params):
    """A week's digest for the board's rooms or, with a member, for that person."""

    command: ClassVar[str] = "reminders.digest"
    day: str = param("line", "Day", hidden=True, max_length=10)
    member: int = param("ref", "Member", default=0)


def digest_key(board: int, day: datetime.date) -> str:
    """What the messages of one digest are announced by."""
    return f"digest:{board}:{day.isoformat()}"
