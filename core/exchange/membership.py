"""The members of a partnership file, and their accounts, into the database."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from core.db import new_ref
from core.exchange.rows import Writing
from core.exchange.shapes import MemberPart, Mistake, same
from core.partners.models import Identity, Member


async def write_members(writing: Writing, parts: Sequence[MemberPart], organisations: Mapping[str, int]) -> list[int]:
    """Write the members; their keys in the order of the file. Raises Mistake for an account that is another's."""
    rows = await writing.session.execute(
        select(Member).where(Member.partnership_id == writing.board).order_by(Member.id)
    )
    present = rows.scalars().all()
    known = _recognised(parts, organisations, present)
    members: list[Member] = []
    for place, part in enumerate(parts):
        values: dict[str, Any] = {
            "name": part.name,
            "organisation_id": organisations[same(part.organisation)],
            "role": part.role.value,
        }
        if part.email:  # one that the file leaves out is kept
            values["email"] = part.email
        member = known.get(place)
        if member is None:
            member = Member(partnership_id=writing.board, ref=new_ref("mem"), created_at=writing.now, **values)
            writing.add("members", member)
        elif member.left_at is None:
            writing.update("members", member, values)
        members.append(member)
    await writing.session.flush()
    names = {member.id: member.name for member in (*present, *members)}
    await _connect(writing, parts, members, names)
    return [member.id for member in members]


def _recognised(
    parts: Sequence[MemberPart], organisations: Mapping[str, int], members: Sequence[Member]
) -> dict[int, Member]:
    """Which member each part of the file is, by its place: by email, and who is left by name and organisation.

    So someone with a new address is still the same person, unless the file names both addresses.
    """
    by_email = {same(member.email): member for member in members if member.email}
    found = {place: by_email[same(part.email)] for place, part in enumerate(parts) if same(part.email) in by_email}
    taken = {member.id for member in found.values()}
    for place, part in enumerate(parts):
        if place in found:
            continue
        key = (same(part.name), organisations[same(part.organisation)])
        for member in members:
            if member.id not in taken and (same(member.name), member.organisation_id) == key:
                found[place] = member
                taken.add(member.id)
                break
    return found


async def _connect(
    writing: Writing, parts: Sequence[MemberPart], members: Sequence[Member], names: Mapping[int, str]
) -> None:
    """Connect the accounts. How Teams reaches a person is known from a room of the tenant, or when they write."""
    rows = await writing.session.execute(select(Identity).where(Identity.partnership_id == writing.board))
    owners = {(each.tool, each.workspace, each.account): each.member_id for each in rows.scalars()}
    for part, member in zip(parts, members, strict=True):
        if member.left_at is not None:
            continue
        for account in part.accounts:
            owner = owners.get((account.tool, account.workspace, account.account))
            if owner is None:
                identity = Identity(
                    partnership_id=writing.board,
                    member_id=member.id,
                    tool=account.tool,
                    workspace=account.workspace,
                    account=account.account,
                    created_at=writing.now,
                )
                writing.add("accounts", identity)
            elif owner != member.id:
                raise Mistake(
                    account.line,
                    f"this account belongs to {names[owner]} on this board already; an account is one member's.",
                )
    await writing.session.flush()
