"""The registers of meetings in an export, row by row, for what leaves the house: workbook and document.

A task and finish group's meetings are its members' alone, and of a restricted paper only that there is one is said.
"""

from collections.abc import Iterable

from core.exchange.plain import Row

RESTRICTED = "(a restricted paper)"


def board_meetings(exported: Row) -> Iterable[Row]:
    """The board's own meetings, the first to begin first."""
    whole = (each for each in exported["meetings"] if not each["task_group"])
    return sorted(whole, key=lambda each: (each["starts_at"], each["number"]))


def agendas(exported: Row) -> Iterable[Row]:
    """Every entry of an agenda, with its meeting: of past ones, and of those to come, which are the forward plan."""
    return _inside(exported, "agenda")


def attendance(exported: Row) -> Iterable[Row]:
    """Who said what about coming and who was there, with the meeting."""
    return _inside(exported, "attendance")


def _inside(exported: Row, inner: str) -> Iterable[Row]:
    return ({**row, "meeting": each} for each in board_meetings(exported) for row in each[inner])


def papers(exported: Row) -> Iterable[Row]:
    """Every paper, with its meeting."""
    for meeting in board_meetings(exported):
        for paper in meeting["papers"]:
            veiled = {"number": paper["number"], "state": paper["state"], "title": RESTRICTED}
            yield {**(veiled if paper["restricted"] else paper), "meeting": meeting}


def interests(exported: Row) -> Iterable[Row]:
    """What was declared in entries of agendas and in agreements; `where` says in which."""
    for meeting in board_meetings(exported):
        for entry in meeting["agenda"]:
            where = f"Meeting {meeting['number']}, entry {entry['number']}: {entry['title']}"
            yield from ({**each, "where": where} for each in entry["interests"])
    for agreement in exported["agreements"]:
        where = f"Agreement {agreement['number']}: {agreement['title']}"
        yield from ({**each, "where": where} for each in agreement["interests"])
