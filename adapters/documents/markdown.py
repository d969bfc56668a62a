"""A document as Markdown (CommonMark with GitHub's tables), for whatever takes plain text."""

import re
from collections.abc import Iterator
from typing import Final, assert_never

from adapters.documents.legible import legible
from core.cards import Bold, Inline, Italic, Line, Link
from core.documents import (
    Block,
    Document,
    Facts,
    Heading,
    Listing,
    NumberedParagraph,
    PageBreak,
    Paragraph,
    Table,
    numbers,
)

_MARKS: Final = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
_STARTS: Final = re.compile(r"^(\s*\d{0,9})([-+=.)])", re.MULTILINE)


def markdown(document: Document) -> str:
    """The document as text, one block after the other with an empty line between them."""
    parts = [f"# {_words(document.title)}"]
    if document.subtitle:
        parts.append(_words(document.subtitle))
    parts += [_block(block, number) for block, number in numbers(document.blocks)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _block(block: Block, number: str) -> str:
    match block:
        case Heading(text=text, level=level):
            return f"{'#' * (min(max(level, 1), 4) + 1)} {number + ' ' if number else ''}{_words(text)}"
        case Paragraph(line=line):
            return _lines(line)
        case NumberedParagraph(line=line):
            return f"{number} {_lines(line)}"  # without a point behind it, so that no list numbers it anew
        case Listing(items=items):
            return "\n".join(f"- {_lines(item, indent='  ')}" for item in items)
        case Facts(pairs=pairs):
            return "\n".join(f"- **{_words(label)}:** {_lines(line, indent='  ')}" for label, line in pairs)
        case Table():
            return "\n".join(_table(block))
        case PageBreak():
            return "---"
        case _:
            assert_never(block)


def _table(table: Table) -> Iterator[str]:
    yield f"**{_words(table.caption)}**\n"
    yield _row([_words(each) for each in table.columns])
    yield _row(["---"] * len(table.columns))
    for row in table.rows:
        yield _row([_lines(cell).replace("\\\n", "<br>").replace("\n", " ") for cell in row])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _lines(line: Line, indent: str = "") -> str:
    """A line, its breaks as hard ones; an empty line within it would end the block."""
    text = "".join(_part(part) for part in line)
    return f"\\\n{indent}".join(each.strip() for each in text.split("\n") if each.strip())


def _part(part: Inline) -> str:
    match part:
        case str():
            return _escaped(part)
        case Bold(text=text):
            return f"**{_words(text)}**" if text.strip() else ""
        case Italic(text=text):
            return f"*{_words(text)}*" if text.strip() else ""
        case Link(text=text, url=url):
            return f"[{_words(text)}](<{url}>)"
        case _:
            assert_never(part)


def _words(text: str) -> str:
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    return _STARTS.sub(r"\1\\\2", _MARKS.sub(r"\\\1", legible(text).replace("\r", "")))
