"""New actions; and how every change of one goes on record and is told to whom it concerns."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.models import ALIVE, Action
from core.actions.params import ShowAction
from core.commands import Person
from core.db import new_ref
from core.lists import folded
from core.outbox import SHOWN_LATE, announce, begin_subject, changed
from core.partners import queries as partners
from core.partners.actions import next_number
from core.partners.models import Member
from core.register.actions import append


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What is to be done; see `Action` for the meaning of each."""

    title: str
    due_on: datetime.date
    owner: Member | None
    organisation_id: int
    detail: str = ""
    theme_id: int | None = None
    level: str = "system"
    place: str = ""
    repeats: str = ""
    source: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """Who changes what, and when."""

    session: AsyncSession
    action: Action
    by: Person
    now: datetime.datetime

    @property
    def today(self) -> datetime.date:
        """The day that it is on the board's clocks."""
        return self.now.astimezone(self.by.zone).date()

    async def done(self, kind: str, note: str = "", *, tell: Collection[int | None] = (), say: str = "") -> int:
        """Put it on record (its place there is given back), redraw its cards, and tell these members what happened."""
        action = self.action
        await self.session.flush()
        entry = await append(
            self.session,
            action.partnership_id,
            kind,
            subject=action.ref,
            title=action.title,
            now=self.now,
            by=self.by,
            detail={"note": note, "due": action.due_on.isoformat()},
        )
        await changed(self.session, action.ref, *([action.source] if action.source else []))
        told = tuple(sorted({each for each in tell if each and each != self.by.member}))
        if say and told:
            await announce(
                self.session,
                action.partnership_id,
                ShowAction(action.ref, say[:1000]),
                key=f"{action.ref}:{entry.position}",
                now=self.now,
                members=told,
                subject=action.ref,
            )
        return entry.position


async def promise(
    session: AsyncSession, board: int, wanted: Promise, by: Person | None, now: datetime.datetime
) -> Action:
    """Write a new action; whoever promises for himself has accepted it."""
    own = by is not None and wanted.owner is not None and wanted.owner.id == by.member
    action = Action(
        partnership_id=board,
        ref=new_ref("act"),
        number=await next_number(session, board, "action"),
        title=wanted.title,
        detail=wanted.detail,
        owner_id=wanted.owner.id if wanted.owner else None,
        organisation_id=wanted.organisation_id,
        theme_id=wanted.theme_id,
        level=wanted.level,
        place=wanted.place,
        due_on=wanted.due_on,
        promised_on=wanted.due_on,
        accepted_at=now if own else None,
        repeats=wanted.repeats,
        source=wanted.source,
        link=wanted.link,
        created_by_id=by.member if by else None,
        created_at=now,
        folded=folded(wanted.title, wanted.detail, wanted.place),
    )
    session.add(action)
    await session.flush()
    await begin_subject(session, board, action.ref)
    return action


async def show_what_is_open(session: AsyncSession, board: int, now: datetime.datetime, room: int) -> None:
    """Give a room that came later the live cards of the actions that are due soonest; the list shows more."""
    found = await session.execute(
        select(Action.ref)
        .where(Action.partnership_id == board, Action.state.in_(ALIVE))
        .order_by(Action.due_on, Action.id)
        .limit(SHOWN_LATE)
    )
    for ref in found.scalars().all():
        key = f"card:{ref}:late:{now.isoformat()}"
        await announce(session, board, ShowAction(ref), key=key, now=now, rooms=(room,), subject=ref)


async def add(session: AsyncSession, wanted: Promise, by: Person, now: datetime.datetime) -> Action:
    """A new action of this person's board: on record, in every room, and with whom it asks."""
    action = await promise(session, by.board, wanted, by, now)
    say = f"{by.name} ({by.organisation_name}) asked you to do this."
    await Deed(session, action, by, now).done("action added", wanted.detail, tell=[action.owner_id], say=say)
    rooms = tuple(room.id for room in await partners.rooms(session, by.board))
    await announce(
        session, by.board, ShowAction(action.ref), key=f"card:{action.ref}", now=now, rooms=rooms, subject=action.ref
    )
    return action
