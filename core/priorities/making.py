"""Proposing a priority, and changing what it is."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from core.commands import Person
from core.db import new_ref
from core.lists import folded
from core.outbox import announce, begin_subject, changed
from core.partners import queries as partners
from core.partners.actions import next_number
from core.priorities.models import Priority
from core.priorities.params import ShowPriority
from core.register.actions import append


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a priority is to be; see `Priority` for the meaning of each."""

    title: str
    detail: str = ""
    theme_id: int | None = None
    sponsor_id: int | None = None
    lead_id: int | None = None
    places: Sequence[str] = ()
    source: str = ""


async def write(
    session: AsyncSession, board: int, wish: Wish, proposer: int | None, now: datetime.datetime, stage: str = "proposed"
) -> Priority:
    """Write a new priority, and nothing else."""
    priority = Priority(
        partnership_id=board,
        ref=new_ref("pri"),
        number=await next_number(session, board, "priority"),
        title=wish.title,
        detail=wish.detail,
        theme_id=wish.theme_id,
        sponsor_id=wish.sponsor_id,
        lead_id=wish.lead_id,
        proposer_id=proposer,
        places=list(wish.places),
        stage=stage,
        stage_at=now,
        scoring=stage == "proposed",
        source=wish.source,
        created_at=now,
        folded=folded(wish.title, wish.detail, *wish.places),
    )
    session.add(priority)
    await session.flush()
    await begin_subject(session, board, priority.ref)
    return priority


async def propose(session: AsyncSession, wish: Wish, by: Person, now: datetime.datetime) -> Priority:
    """A new priority of this person's board: on record, and in every room."""
    priority = await write(session, by.board, wish, by.member, now)
    await append(
        session, by.board, "priority proposed", subject=priority.ref, title=priority.title, now=now, by=by,
        detail={"note": wish.detail},
    )  # fmt: skip
    rooms = tuple(room.id for room in await partners.rooms(session, by.board))
    await announce(
        session,
        by.board,
        ShowPriority(priority.ref),
        key=f"card:{priority.ref}",
        now=now,
        rooms=rooms,
        subject=priority.ref,
    )
    return priority


async def edit(session: AsyncSession, priority: Priority, wish: Wish, by: Person, now: datetime.datetime) -> None:
    """Make it what is wished now; who is newly asked to lead hears of it."""
    former = priority.lead_id
    priority.title, priority.detail, priority.theme_id = wish.title, wish.detail, wish.theme_id
    priority.sponsor_id, priority.lead_id, priority.places = wish.sponsor_id, wish.lead_id, list(wish.places)
    priority.folded = folded(wish.title, wish.detail, *wish.places)
    await session.flush()
    entry = await append(
        session, priority.partnership_id, "priority changed", subject=priority.ref, title=priority.title, now=now, by=by
    )
    await changed(session, priority.ref)
    if wish.lead_id is not None and wish.lead_id not in (former, by.member):
        say = f"{by.name} ({by.organisation_name}) asked you to lead this."
        await announce(
            session,
            priority.partnership_id,
            ShowPriority(priority.ref, say),
            key=f"{priority.ref}:{entry.position}",
            now=now,
            members=(wish.lead_id,),
            subject=priority.ref,
        )
