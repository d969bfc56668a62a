"""Sheets as an .xlsx file: dates are dates, numbers are numbers, and what people wrote is never a formula.

Limits of a sheet are Excel's: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
"""

import datetime
import io
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

import xlsxwriter

from adapters.documents.legible import legible
from core.documents import Cell, Sheet, Workbook

MOST_CHARACTERS: Final = 32_767
NARROWEST: Final = 8
WIDEST: Final = 60
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")
_OLDEST: Final = datetime.date(1900, 1, 1)


def spreadsheet(book: Workbook) -> bytes:
    """The workbook as the content of an .xlsx file; each sheet is a table with a header row that stays in sight."""
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False})
    made.set_properties(
        {
            "title": legible(book.title)[:255],
            "subject": legible(book.subject)[:255],
            "author": legible(book.author)[:255],
            "created": book.made_at.astimezone(datetime.UTC).replace(tzinfo=None),
        }
    )
    pen = _Pen.of(made, ZoneInfo(book.zone))
    for index, sheet in enumerate(book.sheets, start=1):
        _add(made, sheet, pen, index)
    made.close()
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class _Pen:
    """How each kind of cell looks, and on which clocks moments are read."""

    zone: ZoneInfo
    text: Any
    quoted: Any
    day: Any
    moment: Any
    number: Any
    head: Any

    @classmethod
    def of(cls, made: Any, zone: ZoneInfo) -> "_Pen":
        top = {"valign": "top"}
        return cls(
            zone,
            text=made.add_format({**top, "text_wrap": True}),
            quoted=made.add_format({**top, "text_wrap": True, "quote_prefix": True}),
            day=made.add_format({**top, "num_format": "d mmm yyyy", "align": "left"}),
            moment=made.add_format({**top, "num_format": "d mmm yyyy hh:mm", "align": "left"}),
            number=made.add_format(top),
            head=made.add_format({**top, "bold": True, "bottom": 1}),  # LibreOffice shows no table styles
        )


def _add(made: Any, sheet: Sheet, pen: _Pen, index: int) -> None:
    page = made.add_worksheet(legible(sheet.name)[:31])
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.set_footer(f"&L{legible(sheet.name).replace('&', '&&')}&RPage &P of &N")
    page.add_table(
        0,
        0,
        max(len(sheet.rows), 1),
        len(sheet.columns) - 1,
        {
            "name": f"Register{index}",
            "style": "Table Style Light 1",
            "columns": [{"header": legible(each), "header_format": pen.head} for each in sheet.columns],
        },
    )
    for number, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            _write(page, number, column, cell, pen)
    for column, title in enumerate(sheet.columns):
        longest = max([len(title) + 3, *(_wide(row[column]) for row in sheet.rows)])
        page.set_column(column, column, min(max(longest + 1, NARROWEST), WIDEST))


def _write(page: Any, row: int, column: int, cell: Cell, pen: _Pen) -> None:
    match cell:
        case None | "":
            pass
        case bool():
            page.write_string(row, column, "yes" if cell else "no", pen.text)
        case str():
            text = legible(cell)
            text = text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"
            page.write_string(row, column, text, pen.quoted if text.lstrip()[:1] in _FORMULAS else pen.text)
        case datetime.datetime():
            page.write_datetime(row, column, cell.astimezone(pen.zone).replace(tzinfo=None), pen.moment)
        case datetime.date() if cell >= _OLDEST:
            page.write_datetime(row, column, cell, pen.day)
        case datetime.date():
            page.write_string(row, column, cell.isoformat(), pen.text)  # Excel's calendar begins with 1900
        case _:
            page.write_number(row, column, cell, pen.number)


def _wide(cell: Cell) -> int:
    match cell:
        case None | bool():
            return 3
        case str():
            return max((len(line) for line in cell.split("\n")), default=0)
        case datetime.datetime():
            return 17
        case datetime.date():
            return 11
        case _:
            return len(str(cell))
