"""The sheets of meetings in the workbook: what they deal with, who comes, what was declared, and papers."""

from collections.abc import Sequence

from core.exchange.columns import Register, day, moment, word
from core.exchange.gatherings import agendas, attendance, board_meetings, interests, papers

MEETING_REGISTERS: Sequence[Register] = (
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
)
"""The sheets, in their order."""
