"""Reading priorities: one with all that its card shows, the pipeline, and who has scored what."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions import queries as actions
from core.actions.models import Action
from core.actions.queries import Names
from core.agreements import queries as agreements
from core.agreements.models import Agreement
from core.commands import VOICES
from core.errors import Refused
from core.lists import holds
from core.partners.models import Member, Organisation, Partnership
from core.priorities.models import RESTING, STAGES, Priority, PriorityScore, PriorityStep, TaskGroup, TaskGroupMember
from core.themes.models import Theme

NOT_YOURS = "That priority is not one of this board's. Type pipeline to see those that are."
DEFAULT_CRITERIA: tuple[tuple[str, float], ...] = (("How much it matters", 1.0),)
MOST_CRITERIA = 8
ORDER = (*STAGES, *RESTING)


async def find(session: AsyncSession, board: int, ref: str, *, to_change: bool = False) -> Priority:
    """The partnership's priority of this reference. Raises Refused for a foreign or unknown one alike."""
    query = select(Priority).where(Priority.partnership_id == board, Priority.ref == ref)
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    priority = (await session.execute(query)).scalar_one_or_none()
    if priority is None:
        raise Refused(NOT_YOURS)
    return priority


async def criteria(session: AsyncSession, board: int) -> list[tuple[str, float]]:
    """The board's decision criteria with their weights; one plain question for a board that has set none."""
    found = await session.execute(select(Partnership.criteria).where(Partnership.id == board))
    listed = [
        (str(each["name"]), float(each.get("weight") or 1))
        for each in found.scalar_one()
        if isinstance(each, dict) and each.get("name")
    ]
    return listed[:MOST_CRITERIA] or list(DEFAULT_CRITERIA)


async def scores(session: AsyncSession, priority: Priority) -> Sequence[PriorityScore]:
    """What members have said so far."""
    found = await session.execute(
        select(PriorityScore)
        .where(PriorityScore.partnership_id == priority.partnership_id, PriorityScore.priority_id == priority.id)
        .order_by(PriorityScore.member_id)
    )
    return found.scalars().all()


async def scorers(session: AsyncSession, board: int) -> dict[int, str]:
    """The voting organisations that have somebody who may score, by key."""
    rows = await session.execute(
        select(Organisation.id, Organisation.name)
        .join(Member, Member.organisation_id == Organisation.id)
        .where(
            Organisation.partnership_id == board,
            Organisation.voting.is_(True),
            Member.left_at.is_(None),
            Member.role.in_([role.value for role in VOICES]),
        )
        .distinct()
        .order_by(Organisation.name)
    )
    return dict(rows.tuples().all())


@dataclass(frozen=True, slots=True)
class Group:
    """A task and finish group with its members' names."""

    group: TaskGroup
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A priority with everything that its card shows. scored: of how many organisations, and which are silent."""

    priority: Priority
    theme: str = ""
    sponsor: str = ""
    lead: str = ""
    steps: Sequence[PriorityStep] = ()
    actions: Sequence[Action] = ()
    names: Names = field(default_factory=Names)
    agreements: Sequence[Agreement] = ()
    groups: Sequence[Group] = ()
    scored: int = 0
    silent: tuple[str, ...] = ()
    rank: tuple[int, int] | None = None


async def shown(session: AsyncSession, board: int, ref: str) -> Shown | None:
    """Everything a card shows of this priority, or None when the board has no such one."""
    row = (
        await session.execute(
            select(Priority, Theme.name, Organisation.name, Member.name)
            .outerjoin(Theme, Theme.id == Priority.theme_id)
            .outerjoin(Organisation, Organisation.id == Priority.sponsor_id)
            .outerjoin(Member, Member.id == Priority.lead_id)
            .where(Priority.partnership_id == board, Priority.ref == ref)
        )
    ).one_or_none()
    if row is None:
        return None
    priority, theme, sponsor, lead = row
    promised = await actions.from_source(session, board, ref)
    may, have = await scorers(session, board), {each.organisation_id for each in await scores(session, priority)}
    return Shown(
        priority=priority,
        theme=theme or "",
        sponsor=sponsor or "",
        lead=lead or "",
        steps=await steps(session, priority),
        actions=promised,
        names=await actions.names_of(session, board, promised),
        agreements=await agreements.about(session, board, ref),
        groups=await groups(session, priority),
        scored=len(have & may.keys()),
        silent=tuple(name for key, name in may.items() if key not in have),
        rank=await rank(session, priority),
    )


async def steps(session: AsyncSession, priority: Priority) -> Sequence[PriorityStep]:
    """Every step so far, the first first."""
    found = await session.execute(
        select(PriorityStep)
        .where(PriorityStep.partnership_id == priority.partnership_id, PriorityStep.priority_id == priority.id)
        .order_by(PriorityStep.id)
    )
    return found.scalars().all()


async def groups(session: AsyncSession, priority: Priority) -> list[Group]:
    """Its task and finish groups, the newest first."""
    found = await session.execute(
        select(TaskGroup)
        .where(TaskGroup.partnership_id == priority.partnership_id, TaskGroup.priority_id == priority.id)
        .order_by(TaskGroup.id.desc())
    )
    listed = found.scalars().all()
    if not listed:
        return []
    rows = await session.execute(
        select(TaskGroupMember.group_id, Member.name, Organisation.name)
        .join(Member, Member.id == TaskGroupMember.member_id)
        .join(Organisation, Organisation.id == Member.organisation_id)
        .where(TaskGroupMember.group_id.in_([each.id for each in listed]))
        .order_by(Member.name)
    )
    names: dict[int, list[str]] = {}
    for group, name, organisation in rows.tuples():
        names.setdefault(group, []).append(f"{name} ({organisation})")
    return [Group(each, tuple(names.get(each.id, ()))) for each in listed]


async def rank(session: AsyncSession, priority: Priority) -> tuple[int, int] | None:
    """Its place among the scored ones that are still proposed, and how many these are; None before it is scored."""
    if priority.score is None or priority.stage != "proposed":
        return None
    among = (
        Priority.partnership_id == priority.partnership_id,
        Priority.stage == "proposed",
        Priority.score.is_not(None),
    )
    better = await session.execute(
        select(func.count()).select_from(Priority).where(*among, Priority.score > priority.score)
    )
    every = await session.execute(select(func.count()).select_from(Priority).where(*among))
    return better.scalar_one() + 1, every.scalar_one()


@dataclass(frozen=True, slots=True)
class PipelineLine:
    """A priority as the pipeline shows it. alive, late: how many of its actions are under way, and over their date."""

    ref: str
    number: int
    title: str
    stage: str
    score: float | None
    sponsor: str


@dataclass(frozen=True, slots=True)
class Pipeline:
    """One page of the pipeline, how many are at each stage, and how many there are in all."""

    lines: Sequence[PipelineLine]
    counts: dict[str, int]
    total: int


async def pipeline(
    session: AsyncSession,
    board: int,
    *,
    stage: str = "",
    words: str = "",
    theme: int | None = None,
    number: int | None = None,
    offset: int = 0,
    limit: int = 20,
) -> Pipeline:
    """The pipeline by stage; those proposed by their score, the others by how long they have stood there."""
    where: list[Any] = [Priority.partnership_id == board]
    if theme is not None:
        where.append(Priority.theme_id == theme)
    if number is not None:
        where.append(Priority.number == number)
    if words:
        where.append(holds(Priority.folded, words))
    rows = await session.execute(select(Priority.stage, func.count()).where(*where).group_by(Priority.stage))
    counts = dict(rows.tuples().all())
    if stage:
        where.append(Priority.stage == stage)
    place = case({name: at for at, name in enumerate(ORDER)}, value=Priority.stage)
    found = await session.execute(
        select(Priority.ref, Priority.number, Priority.title, Priority.stage, Priority.score, Organisation.name)
        .outerjoin(Organisation, Organisation.id == Priority.sponsor_id)
        .where(*where)
        .order_by(place, Priority.score.desc().nulls_last(), Priority.stage_at, Priority.id)
        .offset(offset)
        .limit(limit)
    )
    lines = [PipelineLine(*row[:5], row[5] or "") for row in found.tuples()]
    return Pipeline(lines, counts, counts.get(stage, 0) if stage else sum(counts.values()))


async def to_score(session: AsyncSession, board: int, member: int) -> Sequence[Priority]:
    """The proposed priorities that this member could still score, the oldest first."""
    mine = select(PriorityScore.priority_id).where(PriorityScore.member_id == member)
    found = await session.execute(
        select(Priority)
        .where(
            Priority.partnership_id == board,
            Priority.stage == "proposed",
            Priority.scoring.is_(True),
            Priority.id.not_in(mine),
        )
        .order_by(Priority.id)
        .limit(20)
    )
    return found.scalars().all()


async def open_groups(session: AsyncSession, board: int) -> Sequence[TaskGroup]:
    """The task and finish groups that have not ended, by name."""
    query = select(TaskGroup).where(TaskGroup.partnership_id == board, TaskGroup.ended_at.is_(None))
    return (await session.execute(query.order_by(TaskGroup.name, TaskGroup.id))).scalars().all()
