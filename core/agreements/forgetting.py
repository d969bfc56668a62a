"""A person's name out of what was said in agreements; what was said stays, as the organisation's."""

from collections.abc import Collection

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements.models import Agreement, Elector, Objection, Stance
from core.errors import Refused


async def names_used(session: AsyncSession, board: int, member: int) -> set[str]:
    """The names under which this member has spoken or voted; they differ if the name was put right since."""
    said = select(Stance.member_name).where(Stance.partnership_id == board, Stance.member_id == member)
    voted = select(Elector.name).where(Elector.partnership_id == board, Elector.member_id == member)
    return set((await session.execute(said.union(voted))).scalars())


async def forget(session: AsyncSession, board: int, member: int, names: Collection[str], pseudonym: str) -> None:
    """Put a pseudonym in this member's place wherever the name was copied."""
    stances = select(Stance.id).where(Stance.partnership_id == board, Stance.member_id == member)
    voters = select(Stance.elector_id).where(Stance.partnership_id == board, Stance.member_id == member)
    for statement in (
        update(Elector).where(Elector.partnership_id == board, Elector.member_id == member).values(name=pseudonym),
        update(Elector)
        .where(Elector.partnership_id == board, Elector.stance_id.in_(stances))
        .values(said_by=pseudonym),
        update(Stance).where(Stance.partnership_id == board, Stance.member_id == member).values(member_name=pseudonym),
        update(Objection)
        .where(Objection.partnership_id == board, Objection.elector_id.in_(voters), Objection.said_by.in_(names))
        .values(said_by=pseudonym),
        *(
            update(Objection)
            .where(Objection.partnership_id == board, Objection.elector_id.in_(voters))
            .values(note=func.replace(Objection.note, name, pseudonym))
            for name in names
        ),
    ):
        await session.execute(statement.execution_options(synchronize_session=False))


async def check_free(session: AsyncSession, board: int, member: int) -> None:
    """Refuse while a decision still waits for this member, because nobody else could take it."""
    found = await session.execute(
        select(Agreement.number, Agreement.title)
        .where(
            Agreement.partnership_id == board,
            Agreement.decider_id == member,
            Agreement.state.in_(("draft", "open", "deciding")),
        )
        .limit(1)
    )
    waiting = found.tuples().first()
    if waiting is not None:
        number, title = waiting
        raise Refused(
            f"Agreement {number} ({title}) waits for this person's decision. "
            "Decide or withdraw it first, then ask again."
        )
