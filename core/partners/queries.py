"""Who is acting, who belongs, where the rooms are. Every query stays inside one partnership or one account."""

import zoneinfo
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from core.cards import Option
from core.commands import Person, Role
from core.db import table_of
from core.partners.models import Identity, Member, Organisation, Partnership, Practice, Room
from core.requests import Actor, Address, Place


@lru_cache(maxsize=64)
def zone_of(name: str) -> zoneinfo.ZoneInfo:
    """The time zone of this IANA name; checked when a partnership is made."""
    return zoneinfo.ZoneInfo(name)


_MEMBER, _ORGANISATION = table_of(Member), table_of(Organisation)
_PARTNERSHIP, _IDENTITY = table_of(Partnership), table_of(Identity)
_PERSONS = (
    select(
        _MEMBER.c.partnership_id,
        _MEMBER.c.id,
        _MEMBER.c.organisation_id,
        _MEMBER.c.role,
        _MEMBER.c.name,
        _ORGANISATION.c.name.label("organisation_name"),
        _ORGANISATION.c.voting,
        _PARTNERSHIP.c.timezone,
        _MEMBER.c.ref,
    )
    .join(_ORGANISATION, _ORGANISATION.c.id == _MEMBER.c.organisation_id)
    .join(_PARTNERSHIP, _PARTNERSHIP.c.id == _MEMBER.c.partnership_id)
    .where(_MEMBER.c.left_at.is_(None))
)
_PERSONS_OF = (
    _PERSONS.add_columns(_IDENTITY.c.account)
    .join(_IDENTITY, _IDENTITY.c.member_id == _MEMBER.c.id)
    .where(
        _IDENTITY.c.tool == bindparam("tool"),
        _IDENTITY.c.workspace == bindparam("workspace"),
        _IDENTITY.c.account.in_(bindparam("accounts", expanding=True)),
    )
    .order_by(_IDENTITY.c.chosen_at.desc().nulls_last(), _MEMBER.c.partnership_id)
)
_ROOM_AT = select(Room).where(
    Room.tool == bindparam("tool"),
    Room.workspace == bindparam("workspace"),
    Room.conversation == bindparam("conversation"),
    Room.state != "left",
)


def _person(row: Sequence[Any]) -> Person:
    board, member, organisation, role, name, organisation_name, votes, timezone, ref = row[:9]
    return Person(board, member, organisation, Role(role), name, organisation_name, votes, zone_of(timezone), ref)


async def persons_of(session: AsyncSession, actor: Actor) -> list[Person]:
    """Everyone that this account is, one in each partnership, the board chosen last first; nobody who has left."""
    return (await persons_of_all(session, actor.tool, actor.workspace, [actor.user])).get(actor.user, [])


async def persons_of_all(
    session: AsyncSession, tool: str, workspace: str, accounts: Iterable[str]
) -> dict[str, list[Person]]:
    """The same for several accounts of one workspace, by account; one that is nobody is missing."""
    given = {"tool": tool, "workspace": workspace, "accounts": sorted(set(accounts))}
    found: dict[str, list[Person]] = {}
    for row in await session.execute(_PERSONS_OF, given):
        found.setdefault(row.account, []).append(_person(row))
    return found


async def has_chosen(session: AsyncSession, actor: Actor) -> bool:
    """Whether this account has said which of its boards it means when nothing else tells."""
    found = await session.execute(
        select(Identity.id)
        .where(
            Identity.tool == actor.tool,
            Identity.workspace == actor.workspace,
            Identity.account == actor.user,
            Identity.chosen_at.is_not(None),
        )
        .limit(1)
    )
    return found.scalar_one_or_none() is not None


async def person(session: AsyncSession, member: int) -> Person | None:
    """This member as a person who could act, or None for one who has left."""
    row = (await session.execute(_PERSONS.where(_MEMBER.c.id == member))).one_or_none()
    return _person(row) if row else None


async def persons(session: AsyncSession, members: Collection[int]) -> dict[int, Person]:
    """Those of these members who have not left, by key."""
    rows = await session.execute(_PERSONS.where(_MEMBER.c.id.in_(members)))
    found = [_person(row) for row in rows]
    return {each.member: each for each in found}


async def partnership(session: AsyncSession, board: int) -> Partnership:
    """The partnership with this key."""
    return (await session.execute(select(Partnership).where(Partnership.id == board))).scalar_one()


async def practice(session: AsyncSession, board: int) -> Practice:
    """How this board usually decides; the default for one that has never said."""
    found = await session.execute(select(Practice).where(Practice.partnership_id == board))
    return found.scalar_one_or_none() or Practice(partnership_id=board, rule="consent", quorum="", guided=False)


async def board_names(session: AsyncSession, boards: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Reference and name of these partnerships, by key."""
    rows = await session.execute(
        select(Partnership.id, Partnership.ref, Partnership.name).where(Partnership.id.in_(boards))
    )
    return {key: (ref, name) for key, ref, name in rows.tuples()}


async def room_at(session: AsyncSession, place: Place) -> Room | None:
    """The connected room in this conversation, if it is one."""
    where = {"tool": place.tool, "workspace": place.workspace, "conversation": place.conversation}
    return (await session.execute(_ROOM_AT, where)).scalar_one_or_none()


class Rooms:
    """Rooms by conversation, each read once however many requests come from there. For one session."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._known: dict[tuple[str, str, str], Room | None] = {}

    async def at(self, place: Place) -> Room | None:
        """The same as `room_at`."""
        where = place.tool, place.workspace, place.conversation
        if where not in self._known:
            self._known[where] = await room_at(self._session, place)
        return self._known[where]


async def rooms(session: AsyncSession, board: int) -> Sequence[Room]:
    """The partnership's rooms that take cards."""
    found = await session.execute(
        select(Room).where(Room.partnership_id == board, Room.state == "connected").order_by(Room.id)
    )
    return found.scalars().all()


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation as lists and electorates need it."""

    id: int
    ref: str
    name: str
    sector: str
    voting: bool


async def organisations(session: AsyncSession, board: int) -> list[Partner]:
    """All organisations of the partnership, by name."""
    rows = await session.execute(
        select(Organisation.id, Organisation.ref, Organisation.name, Organisation.sector, Organisation.voting)
        .where(Organisation.partnership_id == board)
        .order_by(Organisation.name)
    )
    return [Partner(*row) for row in rows.tuples()]


async def members(session: AsyncSession, board: int, *roles: Role) -> Sequence[Member]:
    """The present members, by name; with roles, only those."""
    query = select(Member).where(Member.partnership_id == board, Member.left_at.is_(None)).order_by(Member.name)
    if roles:
        query = query.where(Member.role.in_([role.value for role in roles]))
    return (await session.execute(query)).scalars().all()


async def organisation_options(session: AsyncSession, board: int) -> tuple[Option, ...]:
    """The organisations to choose from in a form."""
    return tuple(Option(partner.name, partner.ref) for partner in await organisations(session, board))


async def member_options(session: AsyncSession, board: int) -> tuple[Option, ...]:
    """The members to choose from in a form, told apart by their organisation."""
    rows = await session.execute(
        select(Member.name, Organisation.name, Member.ref)
        .join(Organisation, Organisation.id == Member.organisation_id)
        .where(Member.partnership_id == board, Member.left_at.is_(None))
        .order_by(Member.name)
    )
    return tuple(Option(f"{name} ({organisation})", ref) for name, organisation, ref in rows.tuples())


async def room_addresses(session: AsyncSession, rooms: Collection[int]) -> dict[int, Address]:
    """Where these rooms' cards go, by the room's key; none for a room that no longer takes any."""
    if not rooms:
        return {}
    found = await session.execute(select(Room).where(Room.id.in_(rooms), Room.state == "connected"))
    return {
        room.id: Address(
            tool="slack" if room.tool == "slack" else "teams",
            workspace=room.workspace,
            conversation=room.conversation,
            service_url=room.service_url,
            bot=room.bot,
        )
        for room in found.scalars()
    }


async def member_addresses(
    session: AsyncSession, members: Collection[int], paused: Collection[str] = ()
) -> dict[int, Address]:
    """Where these members' direct messages go, by the member's key: the account used last, none after leaving.

    paused: workspaces ("slack:T1") that take nothing now; another account of the same person is preferred to them.
    A person known to Teams from a file alone is reached through a room of the same tenant, which knows the service URL.
    """
    if not members:
        return {}
    rows = await session.execute(
        select(Identity, Room.service_url, Room.bot)
        .join(Member, Member.id == Identity.member_id)
        .outerjoin(
            Room,
            (Room.partnership_id == Identity.partnership_id)
            & (Room.tool == Identity.tool)
            & (Room.workspace == Identity.workspace)
            & (Room.state == "connected"),
        )
        .where(Identity.member_id.in_(members), Member.left_at.is_(None))
        .order_by(Identity.seen_at.desc().nulls_last(), Identity.id)
    )
    chosen: dict[int, Address] = {}
    second: dict[int, Address] = {}
    for identity, room_url, room_bot in rows.tuples():
        service_url = identity.service_url or room_url or ""
        if identity.tool == "teams" and not service_url:
            continue
        slack = identity.tool == "slack"
        address = Address(
            tool="slack" if slack else "teams",
            workspace=identity.workspace,
            conversation=identity.conversation,
            user=identity.account,
            service_url="" if slack else service_url,
            bot="" if slack else identity.bot or room_bot or "",
        )
        shut = f"{identity.tool}:{identity.workspace}" in paused
        (second if shut else chosen).setdefault(identity.member_id, address)
    return second | chosen


async def board_by_ref(session: AsyncSession, refs: Sequence[str]) -> int | None:
    """The key of the partnership that one of these references names, or to which what one names belongs."""
    named = select(Partnership.id).where(Partnership.ref.in_(refs))
    belonging = (select(each.partnership_id).where(each.ref.in_(refs)) for each in (Organisation, Member, Room))
    found = await session.execute(union_all(named, *belonging).limit(1))
    return found.scalar_one_or_none()


async def people_version(session: AsyncSession, board: int) -> int:
    """How often people of this board have come, gone or changed roles."""
    found = await session.execute(select(Partnership.people_version).where(Partnership.id == board))
    return found.scalar_one()


async def reachable(session: AsyncSession, board: int) -> Sequence[tuple[int, int, Role]]:
    """Key, organisation and role of each present member with an account in a tool, by name."""
    rows = await session.execute(
        select(Member.id, Member.organisation_id, Member.role)
        .where(
            Member.partnership_id == board,
            Member.left_at.is_(None),
            select(Identity.id).where(Identity.member_id == Member.id).exists(),
        )
        .order_by(Member.name, Member.id)
    )
    return [(member, organisation, Role(role)) for member, organisation, role in rows.tuples()]
