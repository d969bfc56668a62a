"""An export as a workbook for people: a sheet for each register, with the columns that somebody wants to read.

Unlike the JSON it leaves the house, to partners and papers. So it has no addresses and no accounts, of what was raised
for the chair alone and of restricted papers it says only that there is something, and of task and finish groups'
meetings nothing. Everything is in the JSON and the CSV.
"""

import datetime
from collections.abc import Callable, Iterable, Sequence

from core.documents import Sheet, Workbook
from core.exchange.columns import Register, day, moment, word, words
from core.exchange.meeting_sheets import MEETING_REGISTERS
from core.exchange.plain import Row

CHAIR_ALONE = "(for the chair alone)"


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
        _within("polls", "options", "poll"),
        (
            ("Poll", "poll.number"),
            ("Title", "poll.title"),
            ("Question", "question"),
            ("Option", "text"),
            ("Votes", "votes"),
            ("Won", "won"),
        ),
    ),
    *MEETING_REGISTERS,
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
