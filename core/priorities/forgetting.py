"""A person out of the pipeline: the steps stay on record under a pseudonym, and a live priority needs another lead."""

from collections.abc import Collection

from sqlalchemy import exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.partners.models import Member
from core.priorities.models import Priority, PriorityScore, PriorityStep, TaskGroup, TaskGroupMember


async def forget(
    session: AsyncSession, board: int, member: int, organisation: str, names: Collection[str], pseudonym: str
) -> set[str]:
    """Put the pseudonym into the steps and end the lead; references of the priorities whose cards say it otherwise."""
    named = PriorityStep.by.in_([f"{name} ({organisation})" for name in names])
    # The organisation may have been called otherwise then; a namesake's steps are left alone.
    alone = ~exists().where(Member.partnership_id == board, Member.id != member, Member.name.in_(names))
    wrote = named | alone & or_(*(PriorityStep.by.startswith(f"{name} (", autoescape=True) for name in names))
    steps = select(PriorityStep.priority_id).where(PriorityStep.partnership_id == board, wrote)
    groups = (
        select(TaskGroup.priority_id)
        .join(TaskGroupMember, TaskGroupMember.group_id == TaskGroup.id)
        .where(TaskGroup.partnership_id == board, TaskGroupMember.member_id == member)
    )
    scored = select(PriorityScore.priority_id).where(
        PriorityScore.partnership_id == board, PriorityScore.member_id == member
    )
    found = await session.execute(
        select(Priority.ref).where(
            Priority.partnership_id == board,
            Priority.id.in_(steps) | Priority.id.in_(groups) | Priority.id.in_(scored),
        )
    )
    shown = set(found.scalars())
    for statement in (
        update(PriorityStep).where(PriorityStep.partnership_id == board, wrote).values(by=pseudonym),
        update(Priority)
        .where(Priority.partnership_id == board, Priority.lead_id == member, Priority.stage != "complete")
        .values(lead_id=None),
    ):
        await session.execute(statement.execution_options(synchronize_session=False))
    return shown
