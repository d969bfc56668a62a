"""A person out of the polls: a named ballot stays as part of its count, that somebody voted in secret does not."""

from collections.abc import Collection

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.polls.models import PollVoter


async def forget(
    session: AsyncSession, board: int, member: int, organisation: int, names: Collection[str], pseudonym: str
) -> None:
    """Delete the member from anonymous polls, whose counts stay; put a pseudonym where he or she voted for others."""
    secret = delete(PollVoter).where(
        PollVoter.partnership_id == board, PollVoter.member_id == member, PollVoter.anonymous
    )
    said = (
        update(PollVoter)
        .where(
            PollVoter.partnership_id == board, PollVoter.organisation_id == organisation, PollVoter.said_by.in_(names)
        )
        .values(said_by=pseudonym)
    )
    for statement in (secret, said):
        await session.execute(statement.execution_options(synchronize_session=False))
