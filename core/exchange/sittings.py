"""Meetings as plain data, for the export: agenda, papers, attendance, interests, what happened, and minutes."""

from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.exchange.plain import utc
from core.meetings.agenda_models import AgendaEntry, Attendance, EntryInterest, Paper
from core.meetings.models import Meeting
from core.minutes.models import MinuteCorrection, MinuteSection, SessionNote
from core.partners.models import Member, Organisation
from core.priorities.models import TaskGroup
from core.themes.models import Theme


async def export_meetings(session: AsyncSession, board: int) -> list[dict[str, Any]]:
    """Every meeting with all that belongs to it. Restricted papers are there, too, and say so."""
    names = _Names(await _by_key(session, board, Member), await _by_key(session, board, Organisation))
    themes, groups = await _by_key(session, board, Theme), await _by_key(session, board, TaskGroup)
    parts = {
        model: await _grouped(session, board, model)
        for model in (AgendaEntry, Paper, Attendance, SessionNote, MinuteSection, MinuteCorrection)
    }
    interests = defaultdict[int, list[dict[str, Any]]](list)
    found = await session.execute(select(EntryInterest).where(EntryInterest.partnership_id == board))
    for each in sorted(found.scalars(), key=lambda each: each.id):
        interests[each.entry_id].append(names.interest(each))
    meetings = await session.execute(select(Meeting).where(Meeting.partnership_id == board).order_by(Meeting.number))
    return [
        {
            **_meeting(meeting, names),
            "task_group": groups.get(meeting.group_id),
            "agenda": [
                _entry(each, names, themes, interests[each.id])
                for each in sorted(parts[AgendaEntry][meeting.id], key=lambda each: each.position)
            ],
            "papers": [_paper(each, names) for each in parts[Paper][meeting.id]],
            "attendance": [names.attendance(each) for each in parts[Attendance][meeting.id]],
            "notes": [_note(each) for each in parts[SessionNote][meeting.id]],
            "minutes": [
                {"number": each.position, "title": each.title, "text": each.text}
                for each in sorted(parts[MinuteSection][meeting.id], key=lambda each: each.position)
            ],
            "corrections": [
                {"member": names.members.get(each.member_id), "text": each.text, "state": each.state,
                 "answer": each.answer, "at": utc(each.at)}
                for each in parts[MinuteCorrection][meeting.id]
            ],
        }
        for meeting in meetings.scalars()
    ]  # fmt: skip


async def _by_key(session: AsyncSession, board: int, model: Any) -> dict[int | None, str]:
    rows = await session.execute(select(model.id, model.name).where(model.partnership_id == board))
    return dict(rows.tuples().all())


async def _grouped(session: AsyncSession, board: int, model: Any) -> dict[int, list[Any]]:
    found = await session.execute(select(model).where(model.partnership_id == board))
    grouped = defaultdict[int, list[Any]](list)
    for each in sorted(found.scalars(), key=lambda each: getattr(each, "id", 0) or each.member_id):
        grouped[each.meeting_id].append(each)
    return grouped


class _Names:
    """What people and organisations are called, and what is said of them."""

    def __init__(self, members: dict[int | None, str], organisations: dict[int | None, str]) -> None:
        self.members, self.organisations = members, organisations

    def interest(self, each: EntryInterest) -> dict[str, Any]:
        """A declared interest."""
        return {
            "organisation": self.organisations[each.organisation_id],
            "member": self.members.get(each.member_id),
            "nature": each.nature,
            "declared_at": utc(each.declared_at),
            "withdrawn_at": utc(each.withdrawn_at),
        }

    def attendance(self, each: Attendance) -> dict[str, Any]:
        """What somebody said about coming, and whether he or she was there."""
        return {
            "member": self.members.get(each.member_id),
            "reply": each.reply,
            "substitute": each.substitute,
            "present": each.present,
            "replied_at": utc(each.replied_at),
        }


def _meeting(meeting: Meeting, names: _Names) -> dict[str, Any]:
    return {
        "id": meeting.ref,
        "number": meeting.number,
        "title": meeting.title,
        "state": meeting.state,
        "sequence": meeting.sequence,
        "changed_at": utc(meeting.changed_at),
        "record": meeting.record,
        "starts_at": utc(meeting.starts_at),
        "minutes_planned": meeting.minutes,
        "way": meeting.way,
        "place": meeting.place,
        "link": meeting.link,
        "chair": names.members.get(meeting.chair_id),
        "deputy_chair": names.members.get(meeting.deputy_id),
        "papers_due_at": utc(meeting.papers_due_at),
        "published_at": utc(meeting.published_at),
        "opened_at": utc(meeting.opened_at),
        "ended_at": utc(meeting.ended_at),
        "approved_at": utc(meeting.approved_at),
        "cancelled_why": meeting.cancelled_why,
        "created_at": utc(meeting.created_at),
    }


def _entry(
    entry: AgendaEntry, names: _Names, themes: dict[int | None, str], interests: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "id": entry.ref,
        "number": entry.position,
        "title": entry.title,
        "kind": entry.kind,
        "state": entry.state,
        "input_requested": entry.wants,
        "minutes": entry.minutes,
        "lead": names.members.get(entry.lead_id),
        "theme": themes.get(entry.theme_id),
        "about": entry.about,
        "detail": entry.detail,
        "interests": interests,
    }


def _paper(paper: Paper, names: _Names) -> dict[str, Any]:
    return {
        "id": paper.ref,
        "number": paper.number,
        "title": paper.title,
        "state": paper.state,
        "restricted": paper.restricted,
        "author": names.members.get(paper.author_id),
        "report_of": paper.report_of,
        "date": paper.dated.isoformat() if paper.dated else None,
        "summary": paper.summary,
        "input_requested": paper.wants,
        "contact": paper.contact,
        "implications": paper.implications,
        "recommendations": paper.recommendations,
        "text": paper.body,
        "link": paper.link,
        "created_at": utc(paper.created_at),
    }


def _note(note: SessionNote) -> dict[str, Any]:
    return {
        "id": note.ref,
        "kind": note.kind,
        "text": note.text,
        "reason": note.reason,
        "about": note.about,
        "number": note.number,
        "at": utc(note.at),
    }
