"""The members of a partnership file, and their accounts, into the database."""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.db import new_ref
from core.exchange.rows import update
from core.exchange.shapes import MemberPart, Mistake, same
from core.partners.models import Identity, Member


async def import_members(
    session: AsyncSession,
    board: int,
    parts: Sequence[MemberPart],
    organisations: Mapping[str, int],
    now: datetime.datetime,
    added: Counter[str],
    altered: Counter[str],
) -> list[int]:
    """Write the members; their keys in the order of the file. Raises Mistake for an account that is another's."""
    rows = await session.execute(select(Member).where(Member.partnership_id == board).order_by(Member.id))
    known = _recognised(parts, organisations, rows.scalars().all())
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
            member = Member(partnership_id=board, ref=new_ref("mem"), created_at=now, **values)
            session.add(member)
            added["members"] += 1
        elif member.left_at is None and update(member, values):
            altered["members"] += 1
        members.append(member)
    await session.flush()
    await _accounts(session, board, parts, members, now, added)
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


async def _accounts(
    session: AsyncSession,
    board: int,
    parts: Sequence[MemberPart],
    members: Sequence[Member],
    now: datetime.datetime,
    added: Counter[str],
) -> None:
    """Connect the accounts. How Teams reaches a person is learnt from the room of the tenant, and when they write."""
    rows = await session.execute(select(Identity).where(Identity.partnership_id == board))
    owners = {(each.tool, each.workspace, each.account): each.member_id for each in rows.scalars()}
    for part, member in zip(parts, members, strict=True):
        if member.left_at is not None:
            continue
        for account in part.accounts:
            key = (account.tool, account.workspace, account.account)
            owner = owners.setdefault(key, member.id)
            if owner != member.id:
                raise Mistake(account.line, f"this account is {await _name(session, owner)}'s on this board already.")
            if key not in {(each.tool, each.workspace, each.account) for each in await _of(session, member, key)}:
                session.add(
                    Identity(
                        partnership_id=board,
                        member_id=member.id,
                        tool=account.tool,
                        workspace=account.workspace,
                        account=account.account,
                        created_at=now,
                    )
                )
                added["accounts"] += 1
    await session.flush()
