"""What waits for a meeting: parked matters, groups' reports, items, agreements to ratify, priorities, late actions."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.models import ALIVE, Action
from core.agreements.models import Agreement
from core.commands import Person
from core.items.models import Item
from core.meetings import queries
from core.meetings.agenda_models import AgendaEntry
from core.meetings.models import AHEAD, Meeting
from core.priorities.models import ALIVE as ALIVE_STAGES
from core.priorities.models import Priority, TaskGroup

MOST = 60
GATE_AFTER = datetime.timedelta(days=60)
"""A priority that has stood at one stage for so long comes before the meeting, which decides how it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An entry to be; see `AgendaEntry` for the meaning of each."""

    title: str
    kind: str = "other"
    wants: str = "discussion"
    minutes: int = 10
    lead_id: int | None = None
    theme_id: int | None = None
    about: str = ""
    detail: str = ""


APOLOGIES, INTERESTS, MINUTES, MATTERS, FORWARD = "apologies", "interests", "minutes", "matters", "forward"
OPENING = (
    Wanted(kind="standing", title="Apologies for absence", wants="noting", minutes=5, about=APOLOGIES),
    Wanted(kind="standing", title="Declarations of interest", wants="noting", minutes=5, about=INTERESTS),
    Wanted(kind="standing", title="Minutes of the last meeting", wants="decision", minutes=5, about=MINUTES),
    Wanted(kind="standing", title="Matters arising", wants="noting", minutes=10, about=MATTERS),
)
CLOSING = Wanted(kind="standing", title="Items for the forward plan", wants="discussion", minutes=5, about=FORWARD)


async def waiting(session: AsyncSession, meeting: Meeting, by: Person, now: datetime.datetime) -> list[Wanted]:
    """What waits for a meeting of the board and is on no agenda to come, in the order in which it is dealt with."""
    board, today = meeting.partnership_id, now.astimezone(by.zone).date()
    placed = await _placed(session, board, now)
    since = await queries.last_before(session, meeting)
    found = [
        *(_matter(each) for each in await _parked(session, since, placed)),
        *(_report(each) for each in await _ended_groups(session, board, since)),
        *(_item(each) for each in await _all(session, Item, board, Item.state == "agenda", ~Item.confidential)),
        *(_ratify(each) for each in await _all(session, Agreement, board, *_TO_RATIFY)),
        *(_gate(each) for each in await _all(session, Priority, board, *_at_gate(now))),
    ]
    late = await session.execute(
        select(func.count())
        .select_from(Action)
        .where(Action.partnership_id == board, Action.state.in_(ALIVE), Action.due_on < today)
    )
    if (count := late.scalar_one()) > 0:
        title = f"Actions over their date ({count})"
        found.append(Wanted(kind="actions", title=title, wants="noting", minutes=10, about="overdue"))
    return [each for each in found if each.about == "overdue" or each.about not in placed]


_TO_RATIFY = (
    Agreement.state == "closed",
    Agreement.result == "passed",
    Agreement.effect == "ratify",
    Agreement.confirmed.is_(None),
)


def _at_gate(now: datetime.datetime) -> tuple[ColumnElement[bool], ...]:
    return (Priority.stage.in_(ALIVE_STAGES), Priority.stage_at < now - GATE_AFTER)


async def _all(session: AsyncSession, model: Any, board: int, *where: ColumnElement[bool]) -> Sequence[Any]:
    order = model.theme_id if model is Item else model.id
    query = select(model).where(model.partnership_id == board, *where).order_by(order, model.id).limit(MOST)
    found = await session.execute(query)
    listed: Sequence[Any] = found.scalars().all()
    return listed


async def _placed(session: AsyncSession, board: int, now: datetime.datetime) -> set[str]:
    """What an agenda to come deals with already, or one has dealt with; what was parked or cancelled waits again.

    So does what stands on the agenda of a meeting that nobody has ever begun.
    """
    found = await session.execute(
        select(AgendaEntry.about)
        .join(Meeting, Meeting.id == AgendaEntry.meeting_id)
        .where(
            AgendaEntry.partnership_id == board,
            AgendaEntry.about != "",
            AgendaEntry.state != "parked",
            Meeting.state != "cancelled",
            or_(Meeting.state.not_in(AHEAD), Meeting.starts_at >= now - queries.LATE),
            # What a meeting has dealt with and still waits, such as an agreement not ratified, comes again.
            or_(Meeting.state != "ended", AgendaEntry.kind.in_(("item", "matter", "report"))),
        )
    )
    return set(found.scalars())


async def _parked(session: AsyncSession, last: Meeting | None, placed: set[str]) -> list[AgendaEntry]:
    if last is None:
        return []
    return [each for each in await queries.entries(session, last) if each.state == "parked" and each.ref not in placed]


async def _ended_groups(session: AsyncSession, board: int, last: Meeting | None) -> Sequence[TaskGroup]:
    found = await session.execute(
        select(TaskGroup)
        .where(
            TaskGroup.partnership_id == board,
            TaskGroup.ended_at.is_not(None),
            *([TaskGroup.ended_at > last.starts_at] if last else []),
        )
        .order_by(TaskGroup.ended_at)
    )
    return found.scalars().all()


def _matter(entry: AgendaEntry) -> Wanted:
    return Wanted(
        kind="matter", title=entry.title, wants=entry.wants, minutes=entry.minutes or 10, lead_id=entry.lead_id,
        theme_id=entry.theme_id, about=entry.ref, detail=entry.detail,
    )  # fmt: skip


def _report(group: TaskGroup) -> Wanted:
    title = f"Report of the task and finish group {group.name}"[:300]
    return Wanted(kind="report", title=title, minutes=15, about=group.ref, detail=group.report)


def _item(item: Item) -> Wanted:
    minutes = {"decision": 15, "discussion": 15, "noting": 5}[item.wants]
    return Wanted(
        kind="item", title=item.title, wants=item.wants, minutes=minutes, lead_id=item.raiser_id,
        theme_id=item.theme_id, about=item.ref, detail=item.detail,
    )  # fmt: skip


def _ratify(agreement: Agreement) -> Wanted:
    title = f"To ratify {agreement.decision or f'agreement {agreement.number}'}: {agreement.title}"[:300]
    return Wanted(
        kind="agreement", title=title, wants="decision", minutes=10, lead_id=agreement.proposer_id, about=agreement.ref
    )


def _gate(priority: Priority) -> Wanted:
    title = f"Priority {priority.number}, {priority.title}: how it goes on from {priority.stage}"[:300]
    return Wanted(
        kind="priority", title=title, wants="decision", minutes=10, lead_id=priority.lead_id,
        theme_id=priority.theme_id, about=priority.ref,
    )  # fmt: skip
