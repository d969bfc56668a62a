"""Finding people and organisations of one board, by reference and by words; those of other boards are not there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.commands import Role
from core.errors import Refused
from core.partners.models import Identity, Invitation, Member, Organisation, Partnership
from core.texts import squashed

NOBODY = "That person is not on this board. Type members to see who is."
NO_ORGANISATION = "That organisation is not on this board. Type organisations to see those that are."
TOOLS = {"slack": "Slack", "teams": "Teams"}


async def organisation(session: AsyncSession, board: int, ref: str) -> Organisation:
    """The board's organisation of this reference, locked until the commit. Raises Refused."""
    found = await session.execute(
        select(Organisation).where(Organisation.partnership_id == board, Organisation.ref == ref).with_for_update()
    )
    row = found.scalar_one_or_none()
    if row is None:
        raise Refused(NO_ORGANISATION)
    return row


async def member(session: AsyncSession, board: int, ref: str) -> Member:
    """The board's present member of this reference, locked until the commit. Raises Refused."""
    found = await session.execute(
        select(Member)
        .where(Member.partnership_id == board, Member.ref == ref, Member.left_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = found.scalar_one_or_none()
    if row is None:
        raise Refused(NOBODY)
    return row


@dataclass(frozen=True, slots=True)
class Listed:
    """A member as lists show one. tools: where the person has joined, empty for nobody yet."""

    key: int
    ref: str
    name: str
    organisation: str
    organisation_ref: str
    role: Role
    tools: tuple[str, ...]


async def listed(session: AsyncSession, board: int, search: str = "", organisation: str = "") -> list[Listed]:
    """The present members, by name; only those that the search names, or of the organisation of this reference."""
    rows = await session.execute(
        select(Member.id, Member.ref, Member.name, Organisation.name, Organisation.ref, Member.role)
        .join(Organisation, Organisation.id == Member.organisation_id)
        .where(Member.partnership_id == board, Member.left_at.is_(None))
    )
    tools = await _tools(session, board)
    found = [
        Listed(key, ref, name, partner, partner_ref, Role(role), tools.get(key, ()))
        for key, ref, name, partner, partner_ref, role in rows.tuples()
        if not organisation or partner_ref == organisation
    ]
    if search:
        found = [each for each in found if says(search, each.name, each.organisation, each.role.value)]
    return sorted(found, key=lambda each: (each.name.casefold(), each.key))


def says(search: str, *texts: str) -> bool:
    """Whether these texts hold every word that is looked for, without regard to case and accents' encoding."""
    words = [squashed(word) for word in search.split()]
    said = squashed(" ".join(texts))
    return all(word in said for word in words if word)


async def _tools(session: AsyncSession, board: int) -> Mapping[int, tuple[str, ...]]:
    rows = await session.execute(
        select(Identity.member_id, Identity.tool).where(Identity.partnership_id == board).order_by(Identity.tool)
    )
    found: dict[int, tuple[str, ...]] = {}
    for key, tool in rows.tuples():
        named = TOOLS.get(tool, tool)
        if named not in found.get(key, ()):
            found[key] = (*found.get(key, ()), named)
    return found


async def live_invitation(session: AsyncSession, person: Member, now: object) -> Invitation | None:
    """The member's code that still works, or None."""
    found = await session.execute(
        select(Invitation)
        .where(
            Invitation.partnership_id == person.partnership_id,
            Invitation.member_id == person.id,
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
        )
        .order_by(Invitation.id.desc())
        .limit(1)
    )
    return found.scalar_one_or_none()


async def joined(session: AsyncSession, person: Member) -> bool:
    """Whether this member has an account in any tool."""
    found = await session.execute(select(Identity.id).where(Identity.member_id == person.id).limit(1))
    return found.scalar_one_or_none() is not None


async def steerers_here(session: AsyncSession, board: int, roles: Collection[Role]) -> int:
    """How many present members of these roles have an account, and so can act.

    The partnership's row stays locked until the commit, so that the last two can't go at the same moment.
    """
    await session.execute(select(Partnership.id).where(Partnership.id == board).with_for_update())
    found = await session.execute(
        select(func.count())
        .select_from(Member)
        .where(
            Member.partnership_id == board,
            Member.left_at.is_(None),
            Member.role.in_([role.value for role in roles]),
            select(Identity.id).where(Identity.member_id == Member.id).exists(),
        )
    )
    return found.scalar_one()


async def representatives(session: AsyncSession, board: int, organisation_key: int) -> list[Member]:
    """The representatives of an organisation, locked until the commit."""
    found = await session.execute(
        select(Member)
        .where(
            Member.partnership_id == board,
            Member.organisation_id == organisation_key,
            Member.role == Role.REPRESENTATIVE.value,
            Member.left_at.is_(None),
        )
        .order_by(Member.id)
        .with_for_update()
    )
    return list(found.scalars())
