"""Task and finish groups: formed with a remit and an end, and ended with what they advise."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.commands import STEERING, Person
from core.db import new_ref
from core.errors import Refused
from core.outbox import announce, begin_subject, changed
from core.partners.actions import next_number
from core.partners.models import Member
from core.priorities.gates import check_may_move
from core.priorities.models import Priority, TaskGroup, TaskGroupMember
from core.priorities.params import ShowPriority
from core.register.actions import append


@dataclass(frozen=True, slots=True)
class Charge:
    """What a group is for, until when, and who belongs to it, by key."""

    name: str
    remit: str
    ends_on: datetime.date
    members: tuple[int, ...]


async def write_group(
    session: AsyncSession, board: int, priority: int, charge: Charge, now: datetime.datetime
) -> TaskGroup:
    """Write a group of the priority with this key, and nothing else."""
    group = TaskGroup(
        partnership_id=board,
        ref=new_ref("grp"),
        number=await next_number(session, board, "task group"),
        priority_id=priority,
        name=charge.name,
        remit=charge.remit,
        ends_on=charge.ends_on,
        created_at=now,
    )
    session.add(group)
    await session.flush()
    await begin_subject(session, board, group.ref)
    for member in charge.members:
        session.add(TaskGroupMember(partnership_id=board, group_id=group.id, member_id=member))
    await session.flush()
    return group


async def form(
    session: AsyncSession,
    priority: Priority,
    by: Person,
    *,
    name: str,
    remit: str,
    members: Sequence[Member],
    ends_on: datetime.date,
    now: datetime.datetime,
) -> TaskGroup:
    """A new group for this priority; its members hear of it."""
    check_may_move(priority, by)
    if priority.stage in ("complete", "dropped"):
        raise Refused(f"This priority is {priority.stage}, so there is nothing left for a group to do.")
    if not members:
        raise Refused("A group needs at least one member.", field="members")
    charge = Charge(name, remit, ends_on, tuple(member.id for member in members))
    group = await write_group(session, by.board, priority.id, charge, now)
    names = [member.name for member in members]
    await append(
        session, by.board, "task group formed", subject=priority.ref, title=name, now=now, by=by,
        detail={"note": remit, "members": names, "ends": ends_on.isoformat()},
    )  # fmt: skip
    await changed(session, priority.ref)
    told = tuple(member.id for member in members if member.id != by.member)
    say = f"{by.name} ({by.organisation_name}) asked you into the task and finish group “{name}”."
    await announce(
        session,
        by.board,
        ShowPriority(priority.ref, say[:1000]),
        key=f"group:{group.ref}",
        now=now,
        members=told,
        subject=priority.ref,
    )
    return group


async def end(session: AsyncSession, ref: str, by: Person, report: str, now: datetime.datetime) -> Priority:
    """The group has advised; its report stays with the priority, which is given back."""
    row = (
        await session.execute(
            select(TaskGroup, Priority)
            .join(Priority, Priority.id == TaskGroup.priority_id)
            .where(TaskGroup.partnership_id == by.board, TaskGroup.ref == ref)
            .with_for_update(of=TaskGroup)
            .execution_options(populate_existing=True)
        )
    ).one_or_none()
    if row is None:
        raise Refused("That group is not one of this board's. Type pipeline to find its priority.")
    group, priority = row
    if group.ended_at is not None:
        raise Refused("This group has ended already.")
    if by.role not in STEERING and not await _belongs(session, group, by):
        raise Refused("Only its members, the chair or the coordinator can end a group.")
    group.ended_at, group.report = now, report
    await session.flush()
    await append(
        session, by.board, "task group ended", subject=priority.ref, title=group.name, now=now, by=by,
        detail={"note": report},
    )  # fmt: skip
    await changed(session, priority.ref)
    found: Priority = priority
    return found


async def _belongs(session: AsyncSession, group: TaskGroup, by: Person) -> bool:
    return await session.get(TaskGroupMember, (group.id, by.member)) is not None
