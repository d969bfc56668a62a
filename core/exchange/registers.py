"""An export as a workbook for people: a sheet for each register, with the columns that somebody wants to read.

Unlike the JSON it leaves the house, to partners and papers. So it has no addresses and no accounts, of what was raised
for the chair alone and of restricted papers it says only that there is something, and of task and finish groups'
meetings nothing. Everything is in the JSON and the CSV.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from core.documents import Cell, Sheet, Workbook
from core.exchange.gatherings import agendas, attendance, board_meetings, interests, papers

Row: TypeAlias = Mapping[str, Any]
Column: TypeAlias = tuple[str, str] | tuple[str, str, Callable[[Any], Cell]]
"""A column's title, where its value stands in a row (`outcome.result`), and how it is read."""
CHAIR_ALONE = "(for the chair alone)"


def moment(value: Any) -> Cell:
    """A moment of an export as a moment."""
    return datetime.datetime.fromisoformat(value) if value else None


def day(value: Any) -> Cell:
    """A day of an export as a day."""
    return datetime.date.fromisoformat(value) if value else None


def words(value: Any) -> Cell:
    """A list as words."""
    return "; ".join(str(each) for each in value) if value else None


def word(value: Any) -> Cell:
    """A state as people write it."""
    return str(value).replace("_", " ") if value else None


@dataclass(frozen=True, slots=True)
class Register:
    """One sheet: its name, the rows of an export that stand in it, and its columns."""

    name: str
    rows: Callable[[Row], Iterable[Row]]
    columns: Sequence[Column]

    def sheet(self, exported: Row) -> Sheet:
        """The register of one export."""
        rows = (tuple(_value(row, column) for column in self.columns) for row in self.rows(exported))
        return Sheet(self.name, tuple(column[0] for column in self.columns), tuple(rows))


def _value(row: Row, column: Column) -> Cell:
    value: Any = row
    for key in column[1].split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    read = column[2] if len(column) == 3 else None
    found: Cell = read(value) if read else value
    return found


def workbook(exported: Row, now: datetime.datetime) -> Workbook:
    """All registers of what `export_board` gave, with a sheet in front that says what they are."""
    board = exported["partnership"]
    about = Sheet(
        "About",
        ("About", "Value"),
        (
            ("Partnership", board["name"]),
            ("Place", board["place"]),
            ("Purpose", board["purpose"]),
            ("Written down", now),
            ("Times are those of", board["timezone"]),
            *((register.name, sum(1 for _ in register.rows(exported))) for register in REGISTERS),
        ),
    )
    return Workbook(
        title=f"{board['name']}: registers",
        sheets=(about, *(register.sheet(exported) for register in REGISTERS)),
        made_at=now,
        zone=board["timezone"],
        subject="Decisions, actions and everything else that the board has on record",
        author=board["name"],
    )


def _of(name: str) -> Callable[[Row], Iterable[Row]]:
    return lambda exported: exported.get(name) or ()


def _within(name: str, inner: str, kind: str) -> Callable[[Row], Iterable[Row]]:
    """The rows of a list inside each row of another, each with the outer one under `kind`."""
    return lambda exported: ({**row, kind: each} for each in exported.get(name) or () for row in each[inner])


def _items(exported: Row) -> Iterable[Row]:
    for item in exported["items"]:
        if item["confidential"]:
            yield {key: item[key] for key in ("number", "state", "created_at")} | {"title": CHAIR_ALONE}
        else:
            yield item


def _choices(exported: Row) -> Iterable[Row]:
    for poll in exported["polls"]:
        for option in poll["options"]:
            yield {**option, "poll": poll}


DECISIONS = Register(
    "Decisions",
    _of("register"),
    (
        ("Number", "number"),
        ("Decided", "created_at", moment),
        ("Decision", "title"),
        ("Result", "state"),
        ("Outcome", "statement"),
        ("Rule", "rule", word),
        ("Takes effect", "effect", word),
        ("Waits for", "effect_detail"),
        ("Entitled", "entitled"),
        ("Took part", "took_part"),
        ("Quorum", "quorum"),
        ("Review on", "review_on", day),
        ("Text", "text"),
    ),
)
ACTIONS = Register(
    "Actions",
    _of("actions"),
    (
        ("Number", "number"),
        ("Action", "title"),
        ("State", "state", word),
        ("Owner", "owner"),
        ("Organisation", "organisation"),
        ("Due", "due", day),
        ("First promised for", "promised", day),
        ("Ended", "closed", day),
        ("Theme", "theme"),
        ("Level", "level"),
        ("Place", "place"),
        ("Blocked because", "blocked"),
        ("Waits for", "blocked_by"),
        ("Last note", "note"),
        ("Outcome", "outcome"),
        ("Repeats", "repeats", word),
    ),
)
REGISTERS: Sequence[Register] = (
    DECISIONS,
    ACTIONS,
    Register(
        "Items",
        _items,
        (
            ("Number", "number"),
            ("Item", "title"),
            ("State", "state", word),
            ("Detail", "detail"),
            ("Input requested", "input_requested"),
            ("Theme", "theme"),
            ("Raised by", "raised_by"),
            ("Organisation", "organisation"),
            ("Raised", "created_at", moment),
            ("Supported by", "supported_by", words),
            ("Answer", "answer"),
            ("Parked until", "parked_until", day),
        ),
    ),
    Register(
        "Priorities",
        _of("priorities"),
        (
            ("Number", "number"),
            ("Priority", "title"),
            ("Stage", "state", word),
            ("Since", "stage_at", moment),
            ("Score", "score"),
            ("Theme", "theme"),
            ("Sponsor", "sponsor"),
            ("Lead", "lead"),
            ("Places", "places", words),
            ("Detail", "detail"),
            ("Outcome", "outcome"),
        ),
    ),
    Register(
        "Agreements",
        _of("agreements"),
        (
            ("Number", "number"),
            ("Agreement", "title"),
            ("State", "state", word),
            ("Rule", "rule", word),
            ("Opened", "opened_at", moment),
            ("Closes", "closes_at", moment),
            ("Closed", "closed_at", moment),
            ("Result", "outcome.result"),
            ("Decision", "outcome.decision"),
            ("Outcome", "outcome.statement"),
            ("Entitled", "tally.entitled"),
            ("Took part", "tally.took_part"),
            ("Quorum", "tally.quorum"),
            ("Quorate", "tally.quorate"),
            ("Themes", "themes", words),
            ("Proposed by", "proposer"),
            ("Text", "text"),
        ),
    ),
    Register(
        "Roll calls",
        _within("agreements", "electorate", "of"),
        (
            ("Agreement", "of.number"),
            ("Title", "of.title"),
            ("Organisation", "organisation"),
            ("Voter", "member"),
            ("Position", "position", word),
            ("Reason", "reason"),
            ("Said by", "by"),
            ("Stands aside", "recused"),
            ("Has to take part", "required"),
        ),
    ),
    Register(
        "Polls",
        _of("polls"),
        (
            ("Number", "number"),
            ("Question", "title"),
            ("State", "state", word),
            ("Kind", "shape", word),
            ("Asked by", "asked_by"),
            ("Opened", "opened_at", moment),
            ("Closed", "closed_at", moment),
            ("Anonymous", "anonymous"),
            ("Voters", "voters"),
            ("Entitled", "entitled"),
            ("Result", "result"),
        ),
    ),
    Register(
        "Poll results",
        _choices,
        (
            ("Poll", "poll.number"),
            ("Title", "poll.title"),
            ("Question", "question"),
            ("Option", "text"),
            ("Votes", "votes"),
            ("Won", "won"),
        ),
    ),
    Register(
        "Meetings",
        board_meetings,
        (
            ("Number", "number"),
            ("Meeting", "title"),
            ("State", "state"),
            ("Begins", "starts_at", moment),
            ("Minutes planned", "minutes_planned"),
            ("Way", "way"),
            ("Place", "place"),
            ("Chair", "chair"),
            ("Deputy chair", "deputy_chair"),
            ("Papers due", "papers_due_at", moment),
            ("Began", "opened_at", moment),
            ("Ended", "ended_at", moment),
            ("Minutes", "record", word),
            ("Approved", "approved_at", moment),
            ("Cancelled because", "cancelled_why"),
        ),
    ),
    Register(
        "Agendas",
        agendas,
        (
            ("Meeting", "meeting.number"),
            ("Title", "meeting.title"),
            ("Begins", "meeting.starts_at", moment),
            ("Entry", "number"),
            ("About", "title"),
            ("Input requested", "input_requested"),
            ("State", "state", word),
            ("Minutes", "minutes"),
            ("Lead", "lead"),
            ("Theme", "theme"),
        ),
    ),
    Register(
        "Attendance",
        attendance,
        (
            ("Meeting", "meeting.number"),
            ("Title", "meeting.title"),
            ("Began", "meeting.starts_at", moment),
            ("Member", "member"),
            ("Said", "reply", word),
            ("Substitute", "substitute"),
            ("Was there", "present"),
        ),
    ),
    Register(
        "Interests",
        interests,
        (
            ("Organisation", "organisation"),
            ("Declared by", "member"),
            ("In", "where"),
            ("Nature", "nature"),
            ("Declared", "declared_at", moment),
            ("Withdrawn", "withdrawn_at", moment),
        ),
    ),
    Register(
        "Papers",
        papers,
        (
            ("Number", "number"),
            ("Paper", "title"),
            ("State", "state"),
            ("Meeting", "meeting.number"),
            ("Author", "author"),
            ("Report of", "report_of"),
            ("Date", "date", day),
            ("Summary", "summary"),
            ("Recommendations", "recommendations"),
        ),
    ),
    Register(
        "Themes",
        _of("themes"),
        (
            ("Number", "number"),
            ("Theme", "title"),
            ("State", "state"),
            ("Lead", "lead"),
            ("Scope", "scope"),
            ("Objectives", "objectives", words),
            ("Existing work", "projects", words),
        ),
    ),
    Register(
        "Organisations",
        _of("organisations"),
        (("Organisation", "title"), ("Sector", "sector"), ("Votes", "voting"), ("Since", "created_at", moment)),
    ),
    Register(
        "Members",
        _of("members"),
        (
            ("Name", "title"),
            ("Organisation", "organisation"),
            ("Role", "role"),
            ("State", "state"),
            ("Since", "created_at", moment),
            ("Left", "left_at", moment),
        ),
    ),
)
"""The sheets, in their order."""
