"""Long lists in pages by key: the next page begins behind the last entry seen, however many came before it."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from core.cards import Block, Button, Buttons, Params, Text

T = TypeVar("T")
FORWARD, BACK = ">", "<"
Key = tuple[str, int]
"""What a list is ordered by, as text, and the row's key, which tells twins apart."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """From where, and which way, a list is read; the empty one reads it from its beginning."""

    way: str = FORWARD
    key: Key | None = None

    def __str__(self) -> str:
        return f"{self.way}{self.key[1]}:{self.key[0]}" if self.key else ""


def cursor_of(text: str) -> Cursor:
    """The cursor that a button carries; one that is not ours reads from the beginning."""
    way, (number, _, value) = text[:1], text[1:].partition(":")
    if way not in (FORWARD, BACK) or not (number.isascii() and number.isdigit() and len(number) < 19):
        return Cursor()
    return Cursor(way, (value, int(number)))


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some entries of a list of `total`, and the cursors before and behind them, empty at the list's ends."""

    rows: Sequence[T]
    total: int
    back: str = ""
    on: str = ""


async def read_page(
    session: AsyncSession,
    query: Select[Any],
    order: InstrumentedAttribute[Any],
    key: InstrumentedAttribute[int],
    at: str,
    *,
    size: int,
    total: int,
    read: Callable[[str], Any],
    falling: bool = False,
) -> Page[Any]:
    """One page of a query's rows, each a model whose `order` and `key` columns the list goes by.

    read: the order's value from a cursor's text; ValueError begins anew. falling: from the greatest to the least.
    """
    cursor = cursor_of(at)
    backwards = cursor.way == BACK and cursor.key is not None
    down = falling != backwards
    if cursor.key is not None:
        try:
            query = query.where(_beyond(order, key, read(cursor.key[0]), cursor.key[1], down=down))
        except ValueError:
            cursor, backwards, down = Cursor(), False, falling
    query = query.order_by(order.desc(), key.desc()) if down else query.order_by(order, key)
    found = list((await session.execute(query.limit(size + 1))).scalars().all())
    more, rows = len(found) > size, found[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Page(rows, total)

    def mark(way: str, row: Any) -> str:
        return str(Cursor(way, (str(getattr(row, order.key)), getattr(row, key.key))))

    return Page(
        rows,
        total,
        back=mark(BACK, rows[0]) if (more if backwards else cursor.key is not None) else "",
        on=mark(FORWARD, rows[-1]) if (more or backwards) else "",
    )


def _beyond(order: Any, key: Any, value: Any, number: int, *, down: bool) -> ColumnElement[bool]:
    if down:
        return or_(order < value, and_(order == value, key < number))
    return or_(order > value, and_(order == value, key > number))


def turning(page: Page[Any], to: Callable[[str], Params]) -> list[Block]:
    """How many there are in all, and the buttons to the pages before and behind this one."""
    if not (page.back or page.on):
        return []
    turn = [Button("Back", to(page.back))] if page.back else []
    turn += [Button("More", to(page.on))] if page.on else []
    return [Text((f"{page.total} in all.",), "subtle"), Buttons(tuple(turn))]


def folded(*texts: str) -> str:
    """Words as they are searched: whatever their case, accents composed, twins of width and style as one."""
    return unicodedata.normalize("NFKC", " ".join(" ".join(texts).split())).casefold()


def holds(column: InstrumentedAttribute[str], words: str) -> ColumnElement[bool]:
    """Whether a folded column holds every one of these words."""
    found = [column.contains(word, autoescape=True) for word in folded(words).split()[:8]]
    return and_(*found) if found else column.is_not(None)
