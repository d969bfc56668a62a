"""A document as .docx, for Word, LibreOffice and whatever else opens it; a screen reader finds its way in it.

The tables' markup that python-docx has no words for is from ECMA-376 part 1, 17.4 (tables) and 17.16 (fields).
"""

import datetime
import io
from typing import Final, assert_never

import docx
from docx.document import Document as Word
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm
from docx.table import Table as WordTable
from docx.table import _Row
from docx.text.paragraph import Paragraph as WordParagraph

from adapters.documents.legible import legible
from adapters.documents.looks import PAGE_WIDTH, dress
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

HANGING: Final = Cm(1.25)


def word(document: Document) -> bytes:
    """The document as the content of a .docx file."""
    made = docx.Document()
    dress(made, document.language)
    _tell(made, document)
    made.add_heading(legible(document.title), 0)
    if document.subtitle:
        made.add_paragraph(legible(document.subtitle), "Subtitle")
    breaks = False
    for block, number in numbers(document.blocks):
        begins = len(made.element.body) - 1  # the section's properties stay last
        _add(made, block, number)
        if breaks and begins < len(made.element.body) - 1:
            # An empty paragraph that only breaks the page would be read out as one.
            WordParagraph(made.element.body[begins], made).paragraph_format.page_break_before = True
        breaks = isinstance(block, PageBreak)
    _number_pages(made, document.title)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _tell(made: Word, document: Document) -> None:
    """The properties that file lists show and screen readers say first."""
    properties = made.core_properties
    properties.title = legible(document.title)[:255]
    properties.subject = legible(document.subject)[:255]
    properties.author = properties.last_modified_by = legible(document.author)[:255]
    properties.language = document.language
    properties.comments = properties.keywords = ""
    properties.created = properties.modified = document.made_at.astimezone(datetime.UTC)


def _add(made: Word, block: Block, number: str) -> None:
    match block:
        case Heading():
            made.add_heading(legible(f"{number} {block.text}".lstrip()), min(max(block.level, 1), 4))
        case Paragraph():
            _write(made.add_paragraph(), block.line)
        case NumberedParagraph():
            paragraph = made.add_paragraph()
            shape = paragraph.paragraph_format
            shape.left_indent, shape.first_line_indent = HANGING, -HANGING
            shape.tab_stops.add_tab_stop(HANGING)
            _write(paragraph, (f"{number}\t", *block.line))
        case Listing():
            for item in block.items:
                _write(made.add_paragraph(style="List Bullet"), item)
        case Facts():
            for label, line in block.pairs:
                _write(made.add_paragraph(style="Facts"), (Bold(f"{label}:"), " ", *line))
        case Table():
            _add_table(made, block)
        case PageBreak():
            pass  # what follows says that it begins a page
        case _:
            assert_never(block)


def _write(paragraph: WordParagraph, line: Line) -> None:
    for part in line:
        _write_part(paragraph, part)


def _write_part(paragraph: WordParagraph, part: Inline) -> None:
    match part:
        case str():
            paragraph.add_run(legible(part))
        case Bold(text=text):
            paragraph.add_run(legible(text)).bold = True
        case Italic(text=text):
            paragraph.add_run(legible(text)).italic = True
        case Link():
            link = _element(
                "w:hyperlink", {"r:id": paragraph.part.relate_to(part.url, RELATIONSHIP_TYPE.HYPERLINK, True)}
            )
            run = paragraph.add_run(legible(part.text), "Link")
            link.append(run._r)
            paragraph._p.append(link)
        case _:
            assert_never(part)


def _add_table(made: Word, block: Table) -> None:
    caption = made.add_paragraph(legible(block.caption), "Caption")
    caption.paragraph_format.keep_with_next = True
    table = made.add_table(rows=1, cols=len(block.columns), style="Table Grid")
    properties = table._tbl.tblPr
    properties.append(_element("w:tblCaption", {"w:val": legible(block.caption)[:255]}))
    for cell, name in zip(table.rows[0].cells, block.columns, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.style = "Table Text"
        _write(paragraph, (Bold(name),))
    _heads(table.rows[0])
    for line in block.rows:
        row = table.add_row()
        _keep_whole(row)
        for cell, words in zip(row.cells, line, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.style = "Table Text"
            _write(paragraph, words)
    _widen(table, block.widths or (1,) * len(block.columns))
    made.add_paragraph(style="Facts")  # two tables without a paragraph between them are one


def _heads(row: _Row) -> None:
    """Marks the header row, by which screen readers name each cell and each page repeats it."""
    row._tr.get_or_add_trPr().append(_element("w:tblHeader"))
    _keep_whole(row)
    for cell in row.cells:
        shade = _element("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": "E7ECEF"})
        cell._tc.get_or_add_tcPr().append(shade)


def _keep_whole(row: _Row) -> None:
    """Marks a row that is not divided between two pages."""
    row._tr.get_or_add_trPr().insert(0, _element("w:cantSplit"))


def _widen(table: WordTable, shares: tuple[int, ...]) -> None:
    table.autofit = False
    for index, share in enumerate(shares):
        width = int(PAGE_WIDTH * share / sum(shares))
        table.columns[index].width = width
        for cell in table.columns[index].cells:
            cell.width = width


def _number_pages(made: Word, title: str) -> None:
    paragraph = made.sections[0].footer.paragraphs[0]
    paragraph.add_run(f"{legible(title)}\tPage ")
    _field(paragraph, "PAGE")
    paragraph.add_run(" of ")
    _field(paragraph, "NUMPAGES")


def _field(paragraph: WordParagraph, name: str) -> None:
    field = _element("w:fldSimple", {"w:instr": f" {name} "})
    field.append(paragraph.add_run("1")._r)
    paragraph._p.append(field)


def _element(name: str, attributes: dict[str, str] | None = None) -> BaseOxmlElement:
    made = OxmlElement(name)
    for key, value in (attributes or {}).items():
        made.set(qn(key), value)
    return made
