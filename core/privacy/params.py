"""What can be asked about what is kept of people."""

import datetime
from dataclasses import dataclass
from typing import ClassVar

from core.cards import Params
from core.commands import param
from core.errors import Refused

NEVER = datetime.datetime.min.replace(tzinfo=datetime.UTC)


def _agreed(text: str) -> str:
    if text.strip().strip(".!").casefold() != "erase":
        raise Refused("Write the word erase here to go on, or close this to leave everything as it is.")
    return "erase"


@dataclass(frozen=True)
class ShowPrivacy(Params):
    """What is kept, why, for how long, and what one can do about it."""

    command: ClassVar[str] = "privacy.show"


@dataclass(frozen=True)
class MyData(Params):
    """Everything that the board keeps about oneself."""

    command: ClassVar[str] = "privacy.my_data"
    page: int = param("number", "Page", default=1, hidden=True)


@dataclass(frozen=True)
class EraseMe(Params):
    """Ask to be erased; it is asked once more."""

    command: ClassVar[str] = "privacy.erase_me"
    sure: str = param(
        "line",
        "Write the word erase",
        default="",
        required=True,
        free=True,
        max_length=20,
        check=_agreed,
        help="Your name, address and accounts are deleted. What you said for your organisation stays, without you.",
    )


@dataclass(frozen=True)
class EraseMember(Params):
    """Erase somebody who has asked the coordinator for it; it is asked once more."""

    command: ClassVar[str] = "privacy.erase_member"
    member: str = param("choice", "Who is to be erased", help="Somebody who has asked for it.")
    sure: str = param("line", "Write the word erase", max_length=20, check=_agreed)


@dataclass(frozen=True)
class EraseNow(Params):
    """Erase, having been asked twice. asked: when it was asked the second time."""

    command: ClassVar[str] = "privacy.erase_now"
    member: str = param("ref", "Member")
    asked: datetime.datetime = param("moment", "Asked", default=NEVER, hidden=True)


@dataclass(frozen=True)
class SetKeeping(Params):
    """How long the board keeps what it needs only for a while."""

    command: ClassVar[str] = "privacy.keeping"
    days: int = param(
        "number",
        "Days to keep sent messages, old reminders and codes",
        default=0,
        required=True,
        free=True,
        help="90 is usual.",
    )
    left: int = param(
        "number",
        "Days after which people who have left are erased",
        default=0,
        help="0 for never, until they ask.",
    )
