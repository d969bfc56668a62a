"""Files that people fetch by a link: what a feature offers, and how a link comes about.

Neither tool lets a bot hand out a file to one person everywhere, and both show a link. So a link leads to the file,
for a while, and for the person to whom it was given: who has left by then, or may no longer see it, gets nothing.
"""

import datetime
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeAlias, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from core.cards import Params
from core.commands import Person, Sight
from core.documents import Document, Picture, Sheet, Workbook
from core.errors import Refused

LASTS: Final = datetime.timedelta(hours=1)
"""How long a link leads anywhere."""
NO_ADDRESS: Final = (
    "Folkmoot does not know its own address yet, so it can't link to files. "
    "Ask whoever runs it to set PUBLIC_URL, or for folkmoot export."
)


@dataclass(frozen=True, slots=True)
class PlainText:
    """A document as Markdown, for whatever takes plain text."""

    document: Document


Content: TypeAlias = Document | PlainText | Workbook | Sheet | Picture
"""What stands in a file; what kind of file it becomes follows from that."""
P = TypeVar("P", bound=Params)


@dataclass(frozen=True, slots=True)
class Made:
    """A file's content, and what it is called, without the ending."""

    name: str
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class File(Generic[P]):
    """One file that a feature offers; `make` raises Refused where this person may not have it (any more)."""

    params: type[P]
    make: Callable[[Sight, Person, P], Awaitable[Made]]


class Links(Protocol):
    """Who gives out links, for the server's session to carry."""

    def link(self, person: Person, wants: Params, now: datetime.datetime) -> str:
        """A link to this file for this person, good for `LASTS`; empty where the server's address is not known."""
        ...


def said_of_links(again: str) -> str:
    """What is said beside links. again: what makes new ones, such as "Press Export"."""
    minutes = int(LASTS.total_seconds() // 60)
    return f"The links are yours alone, and good for {minutes} minutes. {again} again for new ones."


def link_to(session: AsyncSession, person: Person, wants: Params, now: datetime.datetime) -> str:
    """A link to a file for this person. Raises Refused where there can be none."""
    links: Any = session.info.get("links")
    url: str = links.link(person, wants, now) if links is not None else ""
    if not url:
        raise Refused(NO_ADDRESS)
    return url
