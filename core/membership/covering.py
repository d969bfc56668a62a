"""Deputies for a while: named by whoever steers or by the representative, beginning and ending by the clock."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.cards import Button, Buttons, Option
from core.commands import STEERING, Context, Role
from core.db import new_ref
from core.errors import Incomplete, Refused
from core.membership import lookup
from core.membership.effects import lock_open, voices_changed
from core.membership.models import Cover
from core.membership.params import EndDeputy, NameDeputy, ShowMember
from core.membership.records import noted, record, said
from core.partners.models import Member
from core.register.actions import CLOCK
from core.requests import Reply
from core.times import say_moment

LIVE = ("planned", "running")


async def covers_of(session: AsyncSession, board: int, member: int) -> Sequence[Cover]:
    """The member's deputyships that are planned or running."""
    found = await session.execute(
        select(Cover)
        .where(Cover.partnership_id == board, Cover.member_id == member, Cover.state.in_(LIVE))
        .order_by(Cover.starts_at)
    )
    return found.scalars().all()


def say_cover(cover: Cover, zone: ZoneInfo) -> str:
    """From when to when."""
    until = say_moment(cover.ends_at, zone)
    return f"until {until}" if cover.state == "running" else f"from {say_moment(cover.starts_at, zone)} until {until}"


async def deputy_choices(context: Context, _given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    """Observers of the board; for a representative those of the own organisation."""
    me = context.me
    people = await lookup.listed(context.session, me.board)
    may = [each for each in people if each.role is Role.OBSERVER]
    if me.role not in STEERING:
        may = [each for each in may if each.organisation == me.organisation_name]
    return {"member": tuple(Option(f"{each.name} ({each.organisation})", each.ref) for each in may)}


async def deputy_prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The member from whose card the form was opened."""
    return {"member": str(given.get("whom", ""))}


async def name_deputy(context: Context, params: NameDeputy) -> Reply:
    """Make an observer deputy from a moment until another."""
    session, me, now = context.session, context.me, context.now
    await lock_open(session, me.board)
    member = await lookup.member(session, me.board, params.member)
    if me.role not in STEERING and member.organisation_id != me.organisation:
        raise Refused("A representative names deputies of the own organisation. Ask the coordinator for any other.")
    if member.role != Role.OBSERVER:
        raise Refused(f"{member.name} is {member.role} already. Only an observer becomes deputy for a while.")
    start = params.start or now
    if params.until <= max(start, now):
        raise Incomplete({"until": "That ends before it begins; choose a later moment."})
    if await covers_of(session, me.board, member.id):
        raise Refused(f"{member.name} is to be deputy already. End that first, on the member's card.")
    cover = Cover(
        partnership_id=me.board,
        ref=new_ref("cov"),
        member_id=member.id,
        starts_at=start,
        ends_at=params.until,
        state="planned",
        created_at=now,
    )
    session.add(cover)
    await session.flush()
    span = {"starts": start.isoformat(), "ends": params.until.isoformat()}
    await noted(context, "A deputy was named for a while", member.ref, **span)
    if start <= now:
        await _begin(session, cover, member)
    words = f"{member.name} is deputy {say_cover(cover, me.zone)}."
    after = "After that, the observer's role comes back by itself."
    return said("Deputy", words, after, blocks=(Buttons((Button("See this member", ShowMember(member.ref)),)),))


async def end_deputy(context: Context, params: EndDeputy) -> Reply:
    """Call a deputyship off, or end it before its time."""
    session, me = context.session, context.me
    await lock_open(session, me.board)
    found = await session.execute(
        select(Cover).where(Cover.partnership_id == me.board, Cover.ref == params.cover).with_for_update()
    )
    cover = found.scalar_one_or_none()
    member = await session.get(Member, cover.member_id) if cover else None
    if cover is None or member is None or cover.state not in LIVE:
        raise Refused("That deputyship is over already.")
    if me.role not in STEERING and member.organisation_id != me.organisation:
        raise Refused("Only the chair, the coordinator or that organisation's representative can end this.")
    if cover.state == "running":
        await _end(session, cover, member)
    cover.state = "cancelled"
    await session.flush()
    await noted(context, "A deputyship was ended early", member.ref)
    words = f"{member.name} is observer."
    return said("Ended", words, blocks=(Buttons((Button("See this member", ShowMember(member.ref)),)),))


async def call_off(session: AsyncSession, board: int, member: int) -> None:
    """Forget the member's deputyships, because something else decides the role from now on."""
    await session.execute(
        update(Cover)
        .where(Cover.partnership_id == board, Cover.member_id == member, Cover.state.in_(LIVE))
        .values(state="cancelled")
    )


async def _begin(session: AsyncSession, cover: Cover, member: Member) -> None:
    cover.state, member.role = "running", Role.DEPUTY.value
    await session.flush()
    await voices_changed(session, cover.partnership_id, member.organisation_id)


async def _end(session: AsyncSession, cover: Cover, member: Member) -> None:
    cover.state = "over"
    if member.role == Role.DEPUTY:
        member.role = Role.OBSERVER.value
    await session.flush()
    await voices_changed(session, cover.partnership_id, member.organisation_id)


async def due(session: AsyncSession, now: datetime.datetime, limit: int = 50) -> list[tuple[int, str]]:
    """Partnership and reference of deputyships that are to begin or to end."""
    found = await session.execute(
        select(Cover.partnership_id, Cover.ref)
        .where(
            or_(
                (Cover.state == "planned") & (Cover.starts_at <= now),
                (Cover.state == "running") & (Cover.ends_at <= now),
            )
        )
        .order_by(Cover.id)
        .limit(limit)
    )
    return [(board, ref) for board, ref in found.tuples()]


async def turn(session: AsyncSession, board: int, ref: str, now: datetime.datetime) -> bool:
    """Begin or end one of them, on record; False when somebody else was quicker."""
    await lock_open(session, board)
    found = await session.execute(
        select(Cover).where(Cover.partnership_id == board, Cover.ref == ref).with_for_update()
    )
    cover = found.scalar_one_or_none()
    if cover is None or cover.state not in LIVE:
        return False
    member = await session.get(Member, cover.member_id, with_for_update=True)
    if member is None or (cover.state == "planned" and cover.starts_at > now):
        return False
    if cover.state == "planned" and cover.ends_at > now:
        await _begin(session, cover, member)
        await record(session, CLOCK, board, now, "A deputyship began", member.ref)
        return True
    if cover.ends_at > now:
        return False
    await _end(session, cover, member)
    await record(session, CLOCK, board, now, "A deputyship ended", member.ref)
    return True


async def next_turn(session: AsyncSession) -> datetime.datetime | None:
    """When the next one begins or ends, on any board."""
    starts = await session.execute(select(func.min(Cover.starts_at)).where(Cover.state == "planned"))
    ends = await session.execute(select(func.min(Cover.ends_at)).where(Cover.state == "running"))
    moments = [each for each in (starts.scalar_one_or_none(), ends.scalar_one_or_none()) if each is not None]
    return min(moments, default=None)
