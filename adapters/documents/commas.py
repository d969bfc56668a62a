"""A sheet as CSV, safe to open in a spreadsheet."""

import datetime
import io

from defusedcsv import csv

from adapters.documents.legible import legible
from core.documents import Cell, Sheet

_WIDE = ("＝", "＋", "－", "＠")  # Excel takes these for the narrow ones where wide characters are written


def commas(sheet: Sheet) -> bytes:
    """The sheet as the content of a .csv file: a line of titles, then its rows; moments in UTC, as ISO 8601.

    UTF-8 with a mark, which Excel needs to know it by; what would be a formula there is written as text.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_cell(each) for each in sheet.columns])
    writer.writerows([_cell(each) for each in row] for row in sheet.rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Cell) -> str | int | float:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            # Spreadsheets skip leading blanks before they look for a formula, so the library must see what they see.
            text = legible(value).lstrip("\t\r\n ")
            return f"'{text}" if text[:1] in _WIDE else text
        case datetime.datetime():
            return value.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
        case datetime.date():
            return value.isoformat()
        case _:
            return value
