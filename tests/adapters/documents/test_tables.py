"""Sheets as .csv and .xlsx, read back by others: the standard library and openpyxl."""

import csv
import datetime
import io

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from adapters.documents.commas import commas
from adapters.documents.workbook import spreadsheet
from core.documents import Sheet, Workbook

NIGHT = datetime.datetime(2026, 7, 1, 23, 30, tzinfo=datetime.UTC)
HARMFUL = ("=1+1", '=HYPERLINK("https://evil")', "+1+1", "-1+1", "@SUM(A1)", "\t=1", " \r\n=1", "＝1+1", "\x00=1")
SHEET = Sheet(
    "Actions & more",
    ("Number", "Title", "Due", "At", "Good"),
    (
        (1, "Café ☕\nsecond line", datetime.date(2026, 12, 4), NIGHT, True),
        (2.5, "x" * 40_000, datetime.date(1066, 10, 14), None, False),
        *((index, text, None, None, None) for index, text in enumerate(HARMFUL, start=3)),
    ),
)
BOOK = Workbook("Registers", (SHEET, Sheet("Empty", ("Number", "Title"), ())), NIGHT, author="Board")


@pytest.fixture(scope="module")
def page() -> Worksheet:
    book = openpyxl.load_workbook(io.BytesIO(spreadsheet(BOOK)))
    assert (book.properties.title, book.properties.creator, book.sheetnames) == (
        "Registers",
        "Board",
        ["Actions & more", "Empty"],
    )
    assert [cell.value for cell in book["Empty"][1]] == ["Number", "Title"]
    found = book["Actions & more"]
    assert isinstance(found, Worksheet)
    return found


def test_dates_and_numbers_are_what_they_are(page: Worksheet) -> None:
    number, title, due, at, good = (cell.value for cell in page[2])
    assert (number, title, good) == (1, "Café ☕\nsecond line", "yes")
    assert due == datetime.datetime(2026, 12, 4)  # noqa: DTZ001 - spreadsheets know no zones
    assert at == datetime.datetime(2026, 7, 2, 0, 30)  # noqa: DTZ001 - on London's clocks it is the next day
    assert (page["A3"].value, page["C3"].value, page["E3"].value) == (2.5, "1066-10-14", "no")
    assert len(str(page["B3"].value)) == 32_767 and str(page["B3"].value).endswith("…")


def test_nothing_that_people_wrote_is_a_formula(page: Worksheet) -> None:
    assert {cell.data_type for row in page.iter_rows(min_row=2, min_col=2, max_col=2) for cell in row} == {"s"}
    assert [page.cell(row=row, column=2).value for row in range(4, 9)] == list(HARMFUL[:5])
    made = commas(SHEET).decode("utf-8-sig")
    for row in list(csv.reader(io.StringIO(made, newline="")))[3:]:
        assert row[1].startswith("'"), row


def test_the_header_stays_in_sight(page: Worksheet) -> None:
    (table,) = page.tables.values()
    assert (page.freeze_panes, page.print_title_rows, table.ref) == ("A2", "$1:$1", "A1:E12")
    assert [column.name for column in table.tableColumns] == list(SHEET.columns)
    assert page.column_dimensions["B"].width == pytest.approx(60, abs=1)


def test_csv_says_moments_in_utc() -> None:
    content = commas(SHEET)
    assert content.startswith(b"\xef\xbb\xbf")  # Excel takes it for UTF-8 by this mark alone
    first = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1]
    assert first == ["1", "Café ☕\nsecond line", "2026-12-04", "2026-07-01T23:30:00Z", "yes"]
