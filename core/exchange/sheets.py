"""An export as tables, everything in it: one for each list, and for each list inside agreements, polls
and meetings."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from core.documents import Cell, Sheet
from core.exchange.export import LISTS

INNER = ("electorate", "stances", "objections", "interests", "wordings")
OF_POLLS = {"options": "poll_options", "ballots": "poll_ballots", "words": "poll_words"}
"""The lists inside a poll, and the names of their tables."""
OF_MEETINGS = {
    "agenda": "agenda", "papers": "papers", "attendance": "attendance", "notes": "meeting_notes", "minutes": "minutes",
    "corrections": "minute_corrections",
}  # fmt: skip
"""The lists inside a meeting, and the names of their tables."""
ENTRY_INTERESTS = "entry_interests"
COMMON = ("id", "number", "title", "state", "created_at")


def sheets(exported: Mapping[str, Any]) -> tuple[Sheet, ...]:
    """Each table of what `export_board` gave; moments stay text as they are in the export."""
    agreements: Sequence[Mapping[str, Any]] = exported["agreements"]
    tables: dict[str, Iterable[Mapping[str, Any]]] = {"partnership": [exported["partnership"]]}
    for name in LISTS:
        tables[name] = exported[name]
    tables["agreements"] = [{key: each[key] for key in each if key not in INNER} for each in agreements]
    for name in INNER:
        tables[name] = [
            {"agreement": each["number"], "agreement_title": each["title"], **row}
            for each in agreements
            for row in each[name]
        ]
    polls: Sequence[Mapping[str, Any]] = exported["polls"]
    tables["polls"] = [{key: each[key] for key in each if key not in OF_POLLS} for each in polls]
    for inner, name in OF_POLLS.items():
        tables[name] = [
            {"poll": each["number"], "poll_title": each["title"], **row} for each in polls for row in each[inner]
        ]
    tables |= _of_meetings(exported["meetings"])
    tables["changes"] = exported["changes"]
    return tuple(_sheet(list(rows), name) for name, rows in tables.items())


def _of_meetings(meetings: Sequence[Mapping[str, Any]]) -> dict[str, Iterable[Mapping[str, Any]]]:
    tables: dict[str, Iterable[Mapping[str, Any]]] = {
        "meetings": [{key: each[key] for key in each if key not in OF_MEETINGS} for each in meetings]
    }
    for inner, name in OF_MEETINGS.items():
        tables[name] = [
            {**_of(each), **{key: row[key] for key in row if key != "interests"}}
            for each in meetings
            for row in each[inner]
        ]
    tables[ENTRY_INTERESTS] = [
        {**_of(each), "entry": entry["number"], "entry_title": entry["title"], **row}
        for each in meetings
        for entry in each["agenda"]
        for row in entry["interests"]
    ]
    return tables


def _of(meeting: Mapping[str, Any]) -> dict[str, Any]:
    return {"meeting": meeting["number"], "meeting_title": meeting["title"], "meeting_starts_at": meeting["starts_at"]}


def _sheet(rows: Sequence[Mapping[str, Any]], name: str) -> Sheet:
    flat = [dict(_flat(row)) for row in rows]
    first: Sequence[str] = ("agreement", "agreement_title") if name in INNER else COMMON
    if name in OF_POLLS.values():
        first = ("poll", "poll_title")
    if name in OF_MEETINGS.values() or name == ENTRY_INTERESTS:
        first = ("meeting", "meeting_title", "meeting_starts_at")
    columns = tuple(dict.fromkeys([*first, *(key for row in flat for key in row)]))
    return Sheet(name, columns, tuple(tuple(row.get(each) for each in columns) for row in flat))


def _flat(row: Mapping[str, Any], before: str = "") -> Iterable[tuple[str, Cell]]:
    """Cells: tables within become columns such as `quorum.share`, lists of words one cell, other lists JSON.

    A change's detail differs with its kind, so it is JSON too.
    """
    for key, value in row.items():
        if isinstance(value, dict) and value and not before and key != "detail":
            yield from _flat(value, f"{key}.")
        elif isinstance(value, list) and all(isinstance(each, str) for each in value):
            yield before + key, "; ".join(value)
        elif isinstance(value, list | dict):
            yield before + key, orjson.dumps(value).decode()
        else:
            yield before + key, value
