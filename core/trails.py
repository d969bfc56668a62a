"""The ways from one thing to what it came from and what came of it; any card may offer them."""

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncSession

from core.cards import Line, Link, Params
from core.commands import param
from core.errors import Refused
from core.outbox import Subject


@dataclass(frozen=True)
class ShowTrace(Params):
    """Where something came from, and what came of it."""

    command: ClassVar[str] = "overview.trace"
    about: str = param("ref", "About")
    page: int = param("number", "Page", default=0, hidden=True)


@dataclass(frozen=True)
class ShowHistory(Params):
    """What the register says of one thing, oldest first."""

    command: ClassVar[str] = "register.history"
    about: str = param("ref", "About")
    page: int = param("number", "Page", default=1, hidden=True)


@dataclass(frozen=True)
class MeetThen(Params):
    """Plan the meeting for which a poll has found a time."""

    command: ClassVar[str] = "meetings.from_poll"
    poll: str = param("ref", "Poll")
    title: str = param("line", "What is it called", default="", required=True, max_length=200)
    minutes: int = param("number", "How many minutes", default=60, help="From 5 to 1440.")
    place: str = param("line", "Where", default="", help="Empty if it is online.")
    link: str = param("line", "Link to join online", default="", max_length=500)


def read_link(text: str) -> str:
    """A link to a message, as a tool gives it; whatever is no plain https link is left out."""
    parts = urlsplit(text)
    return text if parts.scheme == "https" and parts.hostname and "@" not in parts.netloc else ""


def link_line(url: str) -> Line:
    """The way back to a message, with the host for everyone to see where it leads."""
    return (Link(f"the message on {urlsplit(url).hostname}", url),)


async def known(session: AsyncSession, board: int, ref: str) -> str:
    """What something comes from, if that is this board's. Raises Refused for another board's and an unknown one alike.

    Nothing comes from nothing, so the empty reference is given back.
    """
    if not ref:
        return ""
    subject = await session.get(Subject, ref)
    if subject is None or subject.partnership_id != board:
        raise Refused("What this was to come from is not on this board. Open its card anew.")
    return ref
