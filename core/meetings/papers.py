"""Papers: asked of their authors, handed in with a front sheet, and seen by those whom they are for."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from core.commands import STEERING, Person, Role
from core.db import new_ref
from core.errors import Refused
from core.meetings.agenda_models import AgendaEntry, Paper, PaperReader
from core.meetings.agenda_params import ShowPaper
from core.meetings.models import Meeting
from core.meetings.planning import put_on_record
from core.meetings.queries import may_see
from core.outbox import announce, begin_subject, changed
from core.partners.actions import next_number
from core.partners.models import Member

NOT_YOURS = "That paper is not there, or it is not for you. Open the meeting's papers anew."
VEILED = "A restricted paper"


def seen_by(person: Person) -> ColumnElement[bool]:
    """The papers that this person may see: open ones, one's own, those for him or her, and all for who steers.

    An open one of a group's meeting is for whom that meeting is for.
    """
    if person.role in STEERING:
        return true()
    readers = select(PaperReader.paper_id).where(
        PaperReader.partnership_id == person.board, PaperReader.member_id == person.member
    )
    meetings = select(Meeting.id).where(may_see(person))
    open_ = Paper.restricted.is_(False) & Paper.meeting_id.in_(meetings)
    return or_(open_, Paper.author_id == person.member, Paper.id.in_(readers))


async def find(session: AsyncSession, person: Person, ref: str, *, to_change: bool = False) -> Paper:
    """The paper of this reference, as far as this person may see it. Raises Refused for any other alike."""
    query = select(Paper).where(Paper.partnership_id == person.board, Paper.ref == ref, seen_by(person))
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    paper = (await session.execute(query)).scalar_one_or_none()
    if paper is None:
        raise Refused(NOT_YOURS)
    return paper


async def of_meeting(session: AsyncSession, person: Person, meeting: Meeting) -> Sequence[Paper]:
    """The papers of a meeting that this person may see, in the order of their numbers."""
    found = await session.execute(
        select(Paper)
        .where(Paper.partnership_id == person.board, Paper.meeting_id == meeting.id, seen_by(person))
        .order_by(Paper.number)
    )
    return found.scalars().all()


async def owed_by(session: AsyncSession, board: int, member: int) -> list[tuple[Paper, Meeting]]:
    """The papers that a member still owes to meetings to come, the soonest first."""
    rows = await session.execute(
        select(Paper, Meeting)
        .join(Meeting, Meeting.id == Paper.meeting_id)
        .where(
            Paper.partnership_id == board,
            Paper.author_id == member,
            Paper.state == "asked",
            Meeting.state.in_(("planned", "published")),
        )
        .order_by(Meeting.papers_due_at, Paper.number)
    )
    return [(paper, meeting) for paper, meeting in rows.tuples()]


async def ask(
    session: AsyncSession,
    meeting: Meeting,
    by: Person,
    now: datetime.datetime,
    *,
    title: str,
    author: Member,
    entry: AgendaEntry | None,
    restricted: bool,
    readers: Sequence[int],
) -> Paper:
    """Ask a member for a paper; he or she is told. Raises Refused."""
    meeting.check_ahead()
    if readers and not restricted:
        raise Refused("Say that it is only for those whom it is for, or leave the readers empty.", field="readers")
    if author.role == Role.OBSERVER:
        raise Refused("An observer reads and writes no papers. Choose somebody else.", field="author")
    paper = Paper(
        partnership_id=by.board,
        ref=new_ref("pap"),
        number=await next_number(session, by.board, "paper"),
        meeting_id=meeting.id,
        entry_id=entry.id if entry else None,
        author_id=author.id,
        title=title,
        wants=entry.wants if entry else "discussion",
        restricted=restricted,
        created_at=now,
    )
    session.add(paper)
    await session.flush()
    await begin_subject(session, by.board, paper.ref)
    session.add_all(PaperReader(partnership_id=by.board, paper_id=paper.id, member_id=each) for each in readers)
    await session.flush()
    name = VEILED if restricted else f"Paper {paper.number}, {title}"
    await put_on_record(session, meeting, "paper asked", name, by, now)
    if author.id != by.member:
        say = f"{by.name} ({by.organisation_name}) asked you for this paper."
        await announce(
            session, by.board, ShowPaper(paper.ref, say=say), key=f"ask:{paper.ref}", now=now, members=(author.id,),
            subject=paper.ref,
        )  # fmt: skip
    return paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A paper's text or link, and its front sheet; see `Paper` for the meaning of each."""

    report_of: str
    dated: datetime.date
    summary: str
    wants: str
    contact: str
    implications: str
    recommendations: str
    body: str
    link: str


async def hand_in(
    session: AsyncSession, paper: Paper, meeting: Meeting, sheet: Sheet, by: Person, now: datetime.datetime
) -> None:
    """The paper is in, or another wording of it. Raises Refused for somebody else's, and without text or link."""
    meeting.check_not_over()
    if paper.author_id != by.member and by.role not in STEERING:
        raise Refused("Only who was asked for this paper, the chair or the coordinator can hand it in.")
    if not sheet.body and not sheet.link:
        raise Refused("Write the paper, or give a link to it.", field="body")
    first = paper.state == "asked"
    for name in Sheet.__dataclass_fields__:
        setattr(paper, name, getattr(sheet, name))
    paper.state, paper.handed_in_at = "in", now
    name = VEILED if paper.restricted else f"Paper {paper.number}, {paper.title}"
    await put_on_record(session, meeting, "paper handed in" if first else "paper changed", name, by, now)
    await changed(session, paper.ref)


async def drop(session: AsyncSession, paper: Paper, meeting: Meeting, by: Person, now: datetime.datetime) -> None:
    """A paper that is not in yet is not wanted any more."""
    meeting.check_not_over()
    if paper.state == "in":
        raise Refused("This paper is in already and belongs to the meeting. Its author can still change it.")
    name = VEILED if paper.restricted else f"Paper {paper.number}, {paper.title}"
    await session.execute(delete(PaperReader).where(PaperReader.paper_id == paper.id))
    await session.execute(delete(Paper).where(Paper.id == paper.id))
    await put_on_record(session, meeting, "paper not wanted", name, by, now)
    await changed(session, paper.ref)
