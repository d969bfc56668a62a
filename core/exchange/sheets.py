"""An export as tables for a spreadsheet: one CSV file for each list, and for each list inside agreements."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from defusedcsv import csv

from core.exchange.export import LISTS

INNER = ("electorate", "stances", "objections", "interests", "wordings")
OF_POLLS = {"options": "poll_options", "ballots": "poll_ballots", "words": "poll_words"}
"""The lists inside a poll, and the names of their tables."""
COMMON = ("id", "number", "title", "state", "created_at")


def sheets(exported: Mapping[str, Any]) -> dict[str, bytes]:
    """File name and content of each table of what `export_board` gave.

    UTF-8 with a mark, which Excel needs to know it by; what would be a formula there is written as text.
    """
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
    tables["changes"] = exported["changes"]
    return {f"{name}.csv": _csv(list(rows), name) for name, rows in tables.items()}


def _csv(rows: Sequence[Mapping[str, Any]], name: str) -> bytes:
    flat = [dict(_flat(row)) for row in rows]
    first: Sequence[str] = ("agreement", "agreement_title") if name in INNER else COMMON
    if name in OF_POLLS.values():
        first = ("poll", "poll_title")
    columns = list(dict.fromkeys([*first, *(key for row in flat for key in row)]))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(flat)
    return text.getvalue().encode("utf-8-sig")


def _flat(row: Mapping[str, Any], before: str = "") -> Iterable[tuple[str, Any]]:
    """Cells: tables within become columns such as `quorum.share`, lists of words one cell, other lists JSON.

    A change's detail differs with its kind, so it is JSON too.
    """
    for key, value in row.items():
        if isinstance(value, dict) and value and not before and key != "detail":
            yield from _flat(value, f"{key}.")
        elif isinstance(value, list) and all(isinstance(each, str) for each in value):
            yield before + key, _cell("; ".join(value))
        elif isinstance(value, list | dict):
            yield before + key, _cell(orjson.dumps(value).decode())
        elif isinstance(value, bool):
            yield before + key, "yes" if value else "no"
        else:
            yield before + key, _cell(value) if isinstance(value, str) else value


def _cell(text: str) -> str:
    # Spreadsheets skip leading blanks before they look for a formula, so the library must see what they see.
    return text.lstrip("\t\r\n ")
