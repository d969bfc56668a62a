"""What Folkmoot writes down as files, before anybody decides in which format: documents to read, sheets to count in.

The vocabulary is plain, as that of cards is, and no library stands behind it; `adapters.documents` draws it. Strings
are literal text as people wrote it. What is a heading, a header row or a number is said as such and not by its looks,
so that a screen reader finds its way in whatever format it comes out.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from core.cards import Bold, Chart, Line


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the title: level 1 for a part, 2 and 3 within it; numbered, it takes its level's next number."""

    text: str
    level: int = 1
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; line breaks in it stay."""

    line: Line


@dataclass(frozen=True, slots=True)
class NumberedParagraph:
    """A paragraph with a number, as councils number theirs: level 1 is "1", level 2 "1.1"; there are three levels."""

    line: Line
    level: int = 2


@dataclass(frozen=True, slots=True)
class Listing:
    """Entries with bullets."""

    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Labelled values, as on a report's front sheet."""

    pairs: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a header row that comes again on each page.

    caption: what the table holds, for everyone and above all for whoever cannot see it. widths: the columns' shares of
    the page, in whatever unit; without them all are the same. Every row has as many cells as there are columns.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    caption: str
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page, as each paper of a meeting does."""


Block: TypeAlias = Heading | Paragraph | NumberedParagraph | Listing | Facts | Table | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A document: its title and blocks, and what readers' software is told about it.

    subtitle stands below the title; subject and author are properties of the file alone, and language is that of its
    words (BCP 47), by which a screen reader chooses its voice.
    """

    title: str
    blocks: tuple[Block, ...]
    made_at: datetime.datetime
    subtitle: str = ""
    subject: str = ""
    author: str = "Folkmoot"
    language: str = "en-GB"


def numbers(blocks: Iterable[Block]) -> Iterator[tuple[Block, str]]:
    """Each block with its number, empty for those that have none; every renderer writes the same ones.

    A level that was left out counts as one: a paragraph of level 2 before any of level 1 is 1.1.
    """
    counts = [0, 0, 0]
    for block in blocks:
        numbered = isinstance(block, NumberedParagraph) or (isinstance(block, Heading) and block.numbered)
        if not numbered or not isinstance(block, NumberedParagraph | Heading):
            yield block, ""
            continue
        level = min(max(block.level, 1), len(counts))
        counts[: level - 1] = [each or 1 for each in counts[: level - 1]]
        counts[level - 1] += 1
        counts[level:] = [0] * (len(counts) - level)
        yield block, ".".join(str(each) for each in counts[:level])


def prose(text: str) -> tuple[Paragraph, ...]:
    """What a person wrote, as paragraphs: an empty line begins another, a single break stays one."""
    parts = ("\n".join(lines) for lines in _parted(text.split("\n")))
    return tuple(Paragraph((part,)) for part in parts)


def _parted(lines: Iterable[str]) -> Iterator[list[str]]:
    held: list[str] = []
    for line in lines:
        if line.strip():
            held.append(line.strip())
        elif held:
            yield held
            held = []
    if held:
        yield held


def labelled(label: str, *line: str) -> Paragraph:
    """A paragraph that begins with a stressed label, such as "Reason:"."""
    return Paragraph((Bold(label), " ", *line))


Cell: TypeAlias = str | int | float | bool | datetime.date | datetime.datetime | None
"""What stands in a sheet: text, a number, yes or no, a day, an aware moment, or nothing."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of values under its name: columns by their titles, and rows with a cell for each column."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Workbook:
    """Sheets that belong together; moments in it are read on the clocks of `zone` (an IANA name)."""

    title: str
    sheets: tuple[Sheet, ...]
    made_at: datetime.datetime
    zone: str = "Europe/London"
    subject: str = ""
    author: str = "Folkmoot"


@dataclass(frozen=True, slots=True)
class Picture:
    """Bars to look at: a title, charts each with the sentence below it, and where it all comes from.

    words: everything that it shows, for whoever cannot see it.
    """

    title: str
    charts: tuple[tuple[Chart, str], ...]
    source: str
    words: str
    language: str = "en-GB"
