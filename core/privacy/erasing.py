"""Forgetting a person: what was said for an organisation stays its own, under a pseudonym; all else is deleted."""

import datetime
import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Text, cast, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.forgetting import release
from core.agreements import forgetting
from core.commands import Person, Role
from core.errors import Refused
from core.outbox import Posting, Subject, changed
from core.partners.models import Identity, Member, Organisation
from core.polls import forgetting as polls
from core.priorities import forgetting as priorities
from core.privacy.traces import (
    ACCOUNT,
    FATES,
    account_tables,
    member_columns,
    message_tables,
    text_columns,
    things_of,
)
from core.register.actions import append
from core.register.resealing import without_names

NEEDED = {Role.CHAIR: "chair", Role.COORDINATOR: "coordinator"}
LONGEST = 200


def pseudonym_of(organisation: str) -> str:
    """What an erased member is called from then on."""
    return f"A former member of {organisation}"[:LONGEST]


async def check_erasable(session: AsyncSession, member: Member) -> None:
    """Refuse what would leave a board without a chair or coordinator, or a decision without its decider."""
    if member.erased_at is not None:
        raise Refused("This person has been erased already.")
    role = Role(member.role)
    if member.left_at is None and role in NEEDED:
        others = await session.execute(
            select(func.count())
            .select_from(Member)
            .where(
                Member.partnership_id == member.partnership_id,
                Member.role == role.value,
                Member.left_at.is_(None),
                Member.id != member.id,
            )
        )
        if not others.scalar_one():
            raise Refused(
                f"This is the board's only {NEEDED[role]}. Make somebody else {NEEDED[role]} first, then ask again."
            )
    await forgetting.check_free(session, member.partnership_id, member.id)


async def erase(session: AsyncSession, board: int, ref: str, by: Person | str, now: datetime.datetime) -> str:
    """Erase a member of this board; the pseudonym that stays. Raises Refused, and then nothing is changed."""
    found = await session.execute(
        select(Member).where(Member.partnership_id == board, Member.ref == ref).with_for_update()
    )
    member = found.scalar_one_or_none()
    if member is None:
        raise Refused("That person is no member of this board. Type privacy to begin again.")
    await check_erasable(session, member)
    organisation = await session.execute(
        select(Organisation.name).where(Organisation.partnership_id == board, Organisation.id == member.organisation_id)
    )
    organisation_name = organisation.scalar_one()
    pseudonym = pseudonym_of(organisation_name)
    names = {member.name} | await forgetting.names_used(session, board, member.id)
    head = await without_names(session, board, dict.fromkeys(names, ref))
    shown = await _things(session, board, member.id)
    await forgetting.forget(session, board, member.id, names, pseudonym)
    await polls.forget(session, board, member.id, member.organisation_id, names, pseudonym)
    shown |= await priorities.forget(session, board, member.id, organisation_name, names, pseudonym)
    await release(session, board, member.id, pseudonym, by, now)
    await _forget_copies(session, board, member, names, pseudonym)
    await _forget_accounts(session, board, member.id)
    await _forget_rows(session, board, member.id)
    member.name, member.email, member.erased_at = pseudonym, None, now
    member.left_at = member.left_at or now
    await session.flush()
    detail = {"seal until then": head} if head else None
    title = "A member was erased"
    await append(session, board, "erased", subject=ref, title=title, now=now, by=by, detail=detail)
    if shown:
        await changed(session, *sorted(shown))
    return pseudonym


async def _things(session: AsyncSession, board: int, member: int) -> set[str]:
    """References of all things on whose cards this member's name may stand."""
    found: set[str] = set()
    for table, column in member_columns():
        if FATES.get(table.name) == "forgotten":
            continue
        mine = (table.c.partnership_id == board) & (column == member)
        if "ref" in table.c:
            found |= set((await session.execute(select(table.c.ref).where(mine))).scalars())
        for own, other, key in things_of(table):
            refs = select(other.c.ref).where(other.c.partnership_id == board, key.in_(select(own).where(mine)))
            found |= set((await session.execute(refs)).scalars())
    return found


async def _forget_copies(
    session: AsyncSession, board: int, member: Member, names: Collection[str], pseudonym: str
) -> None:
    """Whatever other text is just the name, unless somebody else of this board bears it."""
    namesakes = await session.execute(
        select(Member.id).where(Member.partnership_id == board, Member.name.in_(names), Member.id != member.id).limit(1)
    )
    if namesakes.first() is not None:
        return
    await _forget_messages(session, board, names, pseudonym)
    for table, column in text_columns():
        statement = update(table).where(table.c.partnership_id == board, column.in_(names))
        await session.execute(
            statement.values({column.name: pseudonym[: getattr(column.type, "length", None) or LONGEST]})
        )


async def _forget_messages(session: AsyncSession, board: int, names: Collection[str], pseudonym: str) -> None:
    """The names in the sentences of messages to others, waiting or sent; where nobody is left to read, they just go."""
    for table in message_tables():
        args = cast(table.c.args, Text)
        # As the database keeps it: JSON, in which letters beyond ASCII are escaped.
        holds = or_(*(args.contains(json.dumps(name)[1:-1], autoescape=True) for name in names))
        rows = await session.execute(select(table.c.id, table.c.args).where(table.c.partnership_id == board, holds))
        for key, said in rows.tuples().all():
            await session.execute(update(table).where(table.c.id == key).values(args=_without(said, names, pseudonym)))


def _without(value: Any, names: Collection[str], pseudonym: str) -> Any:
    """The same with the pseudonym for these names, within sentences too."""
    if isinstance(value, str):
        for name in sorted(names, key=len, reverse=True):
            value = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", lambda _: pseudonym, value)
        return value
    if isinstance(value, Mapping):
        return {key: _without(each, names, pseudonym) for key, each in value.items()}
    return [_without(each, names, pseudonym) for each in value] if isinstance(value, list) else value


async def _forget_accounts(session: AsyncSession, board: int, member: int) -> None:
    """The accounts, their direct messages, and what else is known of them."""
    rows = await session.execute(select(Identity).where(Identity.partnership_id == board, Identity.member_id == member))
    for identity in rows.scalars().all():
        if identity.conversation:
            await session.execute(
                delete(Posting).where(
                    Posting.partnership_id == board,
                    Posting.tool == identity.tool,
                    Posting.workspace == identity.workspace,
                    Posting.conversation == identity.conversation,
                )
            )
        for table in account_tables():
            same = [table.c[name] == getattr(identity, name) for name in ACCOUNT]
            if "partnership_id" in table.c:
                same.append(or_(table.c.partnership_id == board, table.c.partnership_id.is_(None)))
            await session.execute(delete(table).where(*same))
        session.expunge(identity)


async def _forget_rows(session: AsyncSession, board: int, member: int) -> None:
    """Rows that are about this member alone."""
    for table, column in member_columns():
        if FATES.get(table.name) == "forgotten":
            await session.execute(delete(table).where(table.c.partnership_id == board, column == member))
    cards = [Subject.ref.startswith(f"{kind}_{member}_", autoescape=True) for kind in ("rem", "dig")]
    await session.execute(delete(Subject).where(Subject.partnership_id == board, or_(*cards)))
