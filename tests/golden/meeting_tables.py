"""Meetings of the written boards: one of each state for Barnet, and for the other one with forty long entries."""

import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from core.db import Model
from core.meetings.agenda_models import AgendaEntry, Attendance, EntryInterest, Paper, PaperReader
from core.meetings.models import Meeting
from core.minutes.models import MinuteCorrection, MinuteSection, SessionNote
from core.outbox import Subject
from core.partners.models import Counter
from tests.golden.case import NOW, at
from tests.golden.doing_tables import CHAIR, DORA, LONG, MARKUP, NADIA, NHS, PETER, RAVI, RTL

COORDINATOR = 101
TODAY = at(25, 9, 11)
LETTER = "The lighting in the park is to be seen to before the clocks change again. " * 40


def meeting(key: int, ref: str, starts_at: datetime.datetime, state: str = "planned", **changes: Any) -> Meeting:
    """A meeting of the board at the town hall, chaired by the chair, but for these changes."""
    facts: dict[str, Any] = {
        "id": key,
        "partnership_id": 1,
        "ref": ref,
        "number": key,
        "title": "Board meeting",
        "starts_at": starts_at,
        "minutes": 120,
        "way": "both",
        "place": "Hendon Town Hall",
        "link": "https://meet.example/barnet",
        "chair_id": CHAIR,
        "deputy_id": PETER,
        "state": state,
        "sequence": 0,
        "changed_at": NOW,
        "papers_days": 7,
        "papers_due_at": starts_at - datetime.timedelta(days=9),
        "cancelled_why": "",
        "record": "",
        "created_at": at(1, 9, 11),
    }
    return Meeting(**(facts | changes))


def entry(key: int, of: int, place: int, title: str, **changes: Any) -> AgendaEntry:
    """An entry of a meeting's agenda, a discussion of ten minutes led by Peter, but for these changes."""
    facts: dict[str, Any] = {
        "id": key,
        "partnership_id": 1,
        "ref": f"ent_{key}",
        "meeting_id": of,
        "position": place,
        "kind": "other",
        "title": title,
        "detail": "",
        "wants": "discussion",
        "minutes": 10,
        "lead_id": PETER,
        "about": "",
        "state": "waiting",
        "created_at": at(20, 9, 11),
    }
    return AgendaEntry(**(facts | changes))


def paper(key: int, of: int, title: str, author: int, **changes: Any) -> Paper:
    """A paper that is in, with its front sheet, but for these changes."""
    facts: dict[str, Any] = {
        "id": key,
        "partnership_id": 1,
        "ref": f"pap_{key}",
        "number": key,
        "meeting_id": of,
        "author_id": author,
        "title": title,
        "report_of": "Nadia Nurse, NHS North Central London",
        "dated": datetime.date(2026, 11, 20),
        "summary": "To seek the board's agreement to a trial.",
        "wants": "decision",
        "contact": "Strategy Officer, Barnet Council",
        "implications": "£4,000 from the pooled budget.",
        "recommendations": "To agree the trial.\nTo hear of it in May.",
        "body": "Sensors tell where there is room.\nA trial takes twelve weeks.",
        "link": "",
        "restricted": False,
        "state": "in",
        "created_at": at(20, 9, 11),
    }
    return Paper(**(facts | changes))


def _section(key: int, of: int, place: int, title: str, text: str, board: int = 1) -> MinuteSection:
    return MinuteSection(
        id=key, partnership_id=board, ref=f"sec_{key}", meeting_id=of, position=place, title=title, text=text
    )


def _attendance(of: int, member: int, reply: str, **changes: Any) -> Attendance:
    facts = {"substitute": "", **changes}
    return Attendance(partnership_id=1, meeting_id=of, member_id=member, reply=reply, replied_at=NOW, **facts)


def _note(key: int, of: int, below: int | None, kind: str, text: str, **changes: Any) -> SessionNote:
    facts = {"reason": "", "about": "", "number": "", **changes}
    return SessionNote(
        id=key, partnership_id=1, ref=f"nte_{key}", meeting_id=of, entry_id=below, kind=kind, text=text, at=NOW, **facts
    )


async def _add(session: AsyncSession, *rows: Model) -> None:
    for row in rows:
        session.add(row)
        if isinstance(row, Meeting | AgendaEntry | Paper):
            session.add(Subject(ref=row.ref, partnership_id=row.partnership_id))
    await session.flush()


async def barnet(session: AsyncSession) -> None:
    """One of each state."""
    over = {"opened_at": at(4, 10, 11), "ended_at": at(4, 12, 11)}
    await _add(
        session,
        meeting(1, "mtg_planned", at(10, 10)),
        meeting(2, "mtg_empty", at(14, 10, 12), way="online", place="", chair_id=None, deputy_id=None),
        meeting(3, "mtg_open", TODAY, "open", opened_at=TODAY),
        meeting(4, "mtg_draft", at(4, 10, 11), "ended", record="draft", **over),
        meeting(5, "mtg_round", at(3, 10, 11), "ended", record="circulated", circulated_at=at(9, 9, 11), **over),
        meeting(6, "mtg_approved", at(2, 10, 11), "ended", record="approved", approved_at=NOW, **over),
        meeting(7, "mtg_cancelled", at(16, 10), "cancelled", cancelled_why="Nothing to decide before the new year."),
        meeting(8, "mtg_group", at(11, 14), title="Levy group", group_id=1, link="", way="in person"),
    )
    await _add(
        session,
        entry(1, 1, 1, "Apologies for absence", kind="standing", about="apologies", wants="noting", lead_id=None),
        entry(2, 1, 2, "Meet in the evening", kind="item", about="itm_agenda", wants="decision", minutes=45,
              theme_id=104, detail=f"{MARKUP}\nMore of it."),
        entry(3, 1, 3, RTL, minutes=90, lead_id=RAVI),
        entry(4, 3, 1, "Apologies for absence", kind="standing", about="apologies", state="done", lead_id=None),
        entry(5, 3, 2, "To ratify BPB-2026-001: Open the Copthall plan", kind="agreement", about="agr_closed",
              wants="decision", minutes=20, state="current"),
        entry(6, 3, 3, "Economic recovery", minutes=30),
    )  # fmt: skip
    current = await session.get_one(Meeting, 3)
    current.current_id, current.current_at = 5, TODAY
    await _add(
        session,
        paper(1, 1, "Parking sensors", NADIA, entry_id=2),
        paper(2, 1, "The gym at night", PETER, state="asked", report_of="", body="", summary=""),
        paper(3, 1, "A matter of staff", NADIA, restricted=True),
        paper(4, 1, "The market in Finchley", PETER, body="", link="https://barnet.example/market"),
    )
    await _add(
        session,
        PaperReader(partnership_id=1, paper_id=3, member_id=DORA),
        _attendance(1, CHAIR, "yes"),
        _attendance(1, PETER, "substitute", substitute="Dora Deputy", substitute_id=DORA),
        _attendance(1, NADIA, "apologies"),
        _attendance(3, CHAIR, "yes", present=True),
        _attendance(3, NADIA, "yes", present=False),
        EntryInterest(
            partnership_id=1, entry_id=2, organisation_id=NHS, member_id=NADIA, nature="We own the land.",
            declared_at=NOW,
        ),
        _note(1, 3, 4, "note", f"Welcome {MARKUP}"),
        _note(2, 3, 5, "decision", "That a trial begins in May.", number="BPB-2026-002"),
        _section(1, 4, 1, "Attendance and apologies", "Present: Cleo Chair.\nThere were no apologies."),
        _section(2, 4, 2, "Parking sensors", f"DECIDED (BPB-2026-001): That a trial begins.\n{MARKUP}"),
        _section(3, 5, 1, "Attendance and apologies", "Present: Cleo Chair (Barnet Council)."),
        _section(4, 6, 1, "Attendance and apologies", "Present: Cleo Chair (Barnet Council)."),
        MinuteCorrection(id=1, partnership_id=1, ref="cor_asked", meeting_id=5, member_id=NADIA, at=NOW,
                         text="I was there too."),
        MinuteCorrection(id=2, partnership_id=1, ref="cor_made", meeting_id=5, member_id=PETER, at=NOW,
                         text="It was May.", state="made"),
        Counter(partnership_id=1, name="meeting", value=8),
        Counter(partnership_id=1, name="paper", value=4),
    )  # fmt: skip


async def many(session: AsyncSession, board: int = 3) -> None:
    """One meeting with as much as a meeting has."""
    facts: dict[str, Any] = {"partnership_id": board, "chair_id": None, "deputy_id": None}
    late = {"opened_at": at(4, 10, 11), "ended_at": at(4, 12, 11)}
    await _add(
        session,
        meeting(101, "mtg_many", at(10, 10), **facts),
        meeting(102, "mtg_many_over", at(4, 10, 11), "ended", record="circulated", circulated_at=NOW, **late, **facts),
        *(meeting(110 + each, f"mtg_many{each}", at(1, 10), title=LONG[:200], **facts) for each in range(30)),
    )
    await _add(
        session,
        *(
            entry(200 + each, 101, each, f"{LONG} {each}"[:300], partnership_id=board, lead_id=None, detail=LETTER)
            for each in range(1, 41)
        ),
        *(_section(100 + each, 102, each, LONG[:300], LETTER, board) for each in range(1, 21)),
    )
