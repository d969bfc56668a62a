"""Which tenants a board has allowed, and which have knocked."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.commands import Person
from core.db import insert_or
from core.errors import Refused
from core.outbox import Posting
from core.partners.models import Identity, Room
from core.workspaces.models import AllowedTenant, Knock

KNOCKS_KEPT = 500
KNOCKS_SHOWN = datetime.timedelta(days=14)
MOST_ALLOWED = 200  # for one board
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def read_tenant(typed: str) -> str:
    """A tenant's id as it is kept. Raises Refused for anything else."""
    tenant = typed.strip().strip("{}").lower()
    if not _GUID.fullmatch(tenant):
        raise Refused(
            "A tenant's id looks like 8a1f3c52-9d0e-4b6f-8c2a-0f5d7e9b1a34. "
            "The partner's IT finds it in Microsoft Entra, on the Overview page, as Tenant ID."
        )
    return tenant


async def everyone(session: AsyncSession) -> frozenset[str]:
    """Every tenant that any board has allowed."""
    return frozenset((await session.execute(select(AllowedTenant.tenant).distinct())).scalars())


async def of_board(session: AsyncSession, board: int) -> Sequence[AllowedTenant]:
    """The tenants that this board has allowed, by name."""
    found = await session.execute(
        select(AllowedTenant)
        .where(AllowedTenant.partnership_id == board)
        .order_by(AllowedTenant.name, AllowedTenant.tenant)
    )
    return found.scalars().all()


async def knocking(session: AsyncSession, now: datetime.datetime, most: int = 5) -> Sequence[Knock]:
    """The tenants that have knocked lately and that no board has allowed since, the last first."""
    found = await session.execute(
        select(Knock)
        .where(Knock.last_at > now - KNOCKS_SHOWN, Knock.tenant.not_in(select(AllowedTenant.tenant)))
        .order_by(Knock.last_at.desc(), Knock.tenant)
        .limit(most)
    )
    return found.scalars().all()


async def allow(session: AsyncSession, by: Person, tenant: str, name: str, now: datetime.datetime) -> bool:
    """Let this tenant's people be heard; False when this board has allowed it before (it then has the new name)."""
    count = select(func.count()).select_from(AllowedTenant).where(AllowedTenant.partnership_id == by.board)
    if (await session.execute(count)).scalar_one() >= MOST_ALLOWED:
        raise Refused(f"A board allows at most {MOST_ALLOWED} tenants. Take one off the list first.")
    known = await session.execute(_one(by.board, tenant).with_for_update())
    row = known.scalar_one_or_none()
    if row is not None:
        row.name = name or row.name
        await session.flush()
        return False
    values = {"partnership_id": by.board, "tenant": tenant, "name": name, "member_id": by.member, "created_at": now}
    await session.execute(insert_or(session, AllowedTenant).values(**values).on_conflict_do_nothing())
    return True


@dataclass(frozen=True, slots=True)
class Disallowed:
    """What was taken off the list, and what of the board's was there: rooms that were disconnected, and people."""

    name: str
    rooms: int
    people: int


async def disallow(session: AsyncSession, board: int, tenant: str) -> Disallowed:
    """Take a tenant off this board's list and disconnect the board's rooms there. Raises Refused if it is not on it."""
    row = (await session.execute(_one(board, tenant).with_for_update())).scalar_one_or_none()
    if row is None:
        raise Refused("That tenant is not on this board's list any more. Type tenants to see those that are.")
    name = row.name
    await session.execute(
        delete(AllowedTenant).where(AllowedTenant.partnership_id == board, AllowedTenant.tenant == tenant)
    )
    gone = await session.execute(
        update(Room)
        .where(Room.partnership_id == board, Room.tool == "teams", Room.workspace == tenant, Room.state != "left")
        .values(state="left")
        .returning(Room.conversation)
        .execution_options(synchronize_session=False)
    )
    rooms = gone.scalars().all()
    await session.execute(
        update(Posting)
        .where(Posting.partnership_id == board, Posting.tool == "teams", Posting.conversation.in_(rooms))
        .values(state="gone")
        .execution_options(synchronize_session=False)
    )
    people = await session.execute(
        select(func.count(Identity.member_id.distinct())).where(
            Identity.partnership_id == board, Identity.tool == "teams", Identity.workspace == tenant
        )
    )
    return Disallowed(name, len(rooms), people.scalar_one())


def _one(board: int, tenant: str) -> Select[tuple[AllowedTenant]]:
    return select(AllowedTenant).where(AllowedTenant.partnership_id == board, AllowedTenant.tenant == tenant)


async def note_knock(session: AsyncSession, tenant: str, now: datetime.datetime) -> None:
    """Remember who knocked: a tenant's id and when, and of all only the latest few hundred."""
    wanted = insert_or(session, Knock).values(tenant=tenant[:100], first_at=now, last_at=now, times=1)
    await session.execute(
        wanted.on_conflict_do_update(index_elements=["tenant"], set_={"last_at": now, "times": Knock.times + 1})
    )
    kept = select(Knock.tenant).order_by(Knock.last_at.desc()).limit(KNOCKS_KEPT)
    await session.execute(delete(Knock).where(Knock.tenant.not_in(kept)).execution_options(synchronize_session=False))
