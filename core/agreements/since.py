"""What has changed among the voters since voting opened, one sentence each: the electorate itself is frozen."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements.models import Agreement, Elector, Stance
from core.commands import VOICES
from core.partners.models import Member, Organisation

NAMED = 5


@dataclass(frozen=True, slots=True)
class _Board:
    """Voting organisations by key, present voices by key of the member, and those of each organisation."""

    voting: dict[int, str]
    voices: dict[int, Member]

    def speaks_for(self, organisation: int) -> bool:
        """Whether anybody of this organisation may answer."""
        return any(each.organisation_id == organisation for each in self.voices.values())


async def since_opened(session: AsyncSession, agreement: Agreement, electors: Sequence[Elector]) -> tuple[str, ...]:
    """What cards of an open vote say of changes among the people; nothing once it has closed."""
    if agreement.state != "open" or agreement.opened_at is None:
        return ()
    board = await _board(session, agreement.partnership_id)
    sentences = [_newcomers(agreement, electors, board), _silenced(agreement, electors, board)]
    if agreement.hidden == "no":
        sentences.append(await _answered_by_former(session, agreement, electors, board))
    return tuple(each for each in sentences if each)


async def _board(session: AsyncSession, board: int) -> _Board:
    organisations = await session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.partnership_id == board, Organisation.voting.is_(True))
        .order_by(Organisation.name)
    )
    voices = await session.execute(
        select(Member)
        .where(
            Member.partnership_id == board,
            Member.left_at.is_(None),
            Member.role.in_([role.value for role in VOICES]),
        )
        .order_by(Member.name)
    )
    return _Board(dict(organisations.tuples().all()), {each.id: each for each in voices.scalars()})


def _newcomers(agreement: Agreement, electors: Sequence[Elector], board: _Board) -> str:
    if agreement.unit == "organisation":
        known = {each.organisation_id for each in electors}
        names = [name for key, name in board.voting.items() if key not in known]
    else:
        members = {each.member_id for each in electors}
        present = [each for each in board.voices.values() if each.organisation_id in board.voting]
        names = [each.name for each in present if each.id not in members]
    if not names:
        return ""
    has = "has" if len(names) == 1 else "have"
    return f"{_listed(names)} came after voting opened and {has} no vote on this."


def _silenced(agreement: Agreement, electors: Sequence[Elector], board: _Board) -> str:
    silent = [each for each in electors if each.position is None and each.recused_at is None]
    if agreement.unit == "organisation":
        names = [each.name for each in silent if not board.speaks_for(each.organisation_id)]
        return f"Nobody can answer for {_listed(names)} just now; the coordinator can invite somebody." if names else ""
    names = [each.name for each in silent if each.member_id not in board.voices]
    are = "is" if len(names) == 1 else "are"
    return f"{_listed(names)} {are} no longer among those who vote, and cannot answer." if names else ""


async def _answered_by_former(
    session: AsyncSession, agreement: Agreement, electors: Sequence[Elector], board: _Board
) -> str:
    """Answers whose giver no longer speaks for the organisation: they stand, and its people may change them."""
    answered = {each.stance_id: each for each in electors if each.stance_id is not None}
    if agreement.unit != "organisation" or not answered:
        return ""
    rows = await session.execute(select(Stance.id, Stance.member_id).where(Stance.id.in_(answered)))
    former = [answered[stance] for stance, member in rows.tuples() if not _speaks(board, member, answered[stance])]
    if not former:
        return ""
    names = [f"{each.said_by} for {each.name}" for each in sorted(former, key=lambda each: each.name)]
    speaks = "speaks" if len(names) == 1 else "speak"
    return f"{_listed(names)} answered and no longer {speaks} there; it stands until changed."


def _speaks(board: _Board, member: int, elector: Elector) -> bool:
    person = board.voices.get(member)
    return person is not None and person.organisation_id == elector.organisation_id


def _listed(names: Sequence[str]) -> str:
    if len(names) > NAMED:
        return f"{', '.join(names[:NAMED])} and {len(names) - NAMED} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
