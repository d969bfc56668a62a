"""Long cards and long lists in pages: as much to a page as both tools show whole, with the way back and on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from core.cards import Block, Button, Buttons, Facts, Heading, Line, Listing, Params, Prose, Text, plain

T = TypeVar("T")
MOST = 10
ROOM = 12_000
"""UTF-16 units of a page. A long reason fits, and so do the blocks around it in either tool."""
_A_LINE = 120  # what a line costs beside its words


def paged(parts: Sequence[Sequence[Block]], *, most: int = MOST) -> list[list[Block]]:
    """The parts in pages: whole where they fit, at most `most` of them and ROOM to a page; at least one page.

    A part that is longer than a page is divided within its prose, at a line's or a word's end.
    """
    pages: list[list[Block]] = [[]]
    held, used = 0, 0
    for part in parts:
        for piece in _pieces(part):
            weight = sum(map(_weigh, piece))
            if held and (held >= most or used + weight > ROOM):
                pages.append([])
                held, used = 0, 0
            pages[-1] += piece
            held, used = held + 1, used + weight
    return pages


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reader is in a list of `total` entries, `size` of them to a page; a page beyond its ends is the end."""

    asked: int
    total: int
    size: int

    @property
    def last(self) -> int:
        """The number of pages, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def page(self) -> int:
        """The page that is shown."""
        return min(max(1, self.asked), self.last)

    @property
    def start(self) -> int:
        """How many entries come before this page."""
        return (self.page - 1) * self.size

    def here(self, entries: Sequence[T]) -> Sequence[T]:
        """Of all entries, those of this page."""
        return entries[self.start : self.start + self.size]

    def turning(
        self,
        to: Callable[[int], Params],
        *,
        hint: str = "",
        beside: Sequence[Button] = (),
        back: str = "Back",
        on: str = "More",
    ) -> list[Block]:
        """Which page this is, when there are several, and the buttons to its neighbours, with others beside them."""
        turn = _turn(self.page, self.last, to, back, on)
        said = f"Page {self.page} of {self.last}, {self.total} in all.{' ' if hint else ''}{hint}"
        blocks: list[Block] = [Text((said,), "subtle")] if turn else []
        return [*blocks, Buttons((*turn, *beside))] if turn or beside else []


def turning(page: int, last: int, to: Callable[[int], Params]) -> list[Block]:
    """The buttons to the page before and the page after, where there are such."""
    turn = _turn(page, last, to, "Back", "More")
    return [Buttons(tuple(turn))] if turn else []


def _turn(page: int, last: int, to: Callable[[int], Params], back: str, on: str) -> list[Button]:
    before = [Button(back, to(page - 1))] if page > 1 else []
    return before + ([Button(on, to(page + 1))] if page < last else [])


def _pieces(part: Sequence[Block]) -> Iterator[list[Block]]:
    if sum(map(_weigh, part)) <= ROOM:
        yield list(part)
        return
    begun: list[Block] = []
    for block in part:
        pieces = [Prose(text) for text in _divided(block.text)] if isinstance(block, Prose) else [block]
        for piece in pieces:
            if any(isinstance(each, Prose) for each in begun):
                yield begun
                begun = []
            begun.append(piece)
    yield begun


def _divided(text: str) -> Iterator[str]:
    """A long text in pieces of at most ROOM."""
    while _cost(text) > ROOM:
        end = len(text)
        while _cost(text[:end]) > ROOM:
            end = max(1, end * 9 // 10)
        for mark in ("\n", " "):
            if (found := text.rfind(mark, end * 2 // 3, end)) > 0:
                end = found
                break
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    if text:
        yield text


def _cost(text: str) -> int:
    units = len(text) if text.isascii() else len(text.encode("utf-16-le", "replace")) // 2
    return units + _A_LINE * (text.count("\n") + 1)


def _weigh(block: Block) -> int:
    lines: Sequence[Line | str] = ()
    match block:
        case Prose(text=text) | Heading(text=text):
            lines = (text,)
        case Text(line=line):
            lines = (line,)
        case Facts(pairs=pairs):
            lines = [(label, *value) for label, value in pairs]
        case Listing(items=items):
            lines = items
    return sum(_cost(line if isinstance(line, str) else plain(line)) for line in lines)
