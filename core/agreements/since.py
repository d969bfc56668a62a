"""What has changed among the voters since voting opened, one sentence each: the electorate itself is frozen."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements.models import Agreement, Elector, Stance
from core.commands import VOICES
from core.partners import queries as partners
from core.partners.models import Member, Organisation
from core.texts import listed, some

NAMED = 5


async def since_opened(session: AsyncSession, agreement: Agreement) -> tuple[str, ...]:
    """What cards of an open vote say of changes among the people; nothing once it has closed.

    Asked of the database, which finds the few that differ. Where thousands of members vote that still takes a while,
    so they are not compared before anybody has come or gone at all.
    """
    if agreement.state != "open" or agreement.opened_at is None:
        return ()
    if agreement.unit == "member":
        now = await partners.people_version(session, agreement.partnership_id)
        if now == agreement.people_version:
            return ()
    sentences = [await _newcomers(session, agreement), await _silenced(session, agreement)]
    if agreement.hidden == "no" and agreement.unit == "organisation":
        sentences.append(await _answered_by_former(session, agreement))
    return tuple(each for each in sentences if each)


def _voices(board: int) -> Select[tuple[int]]:
    """The members who may speak for their organisation now."""
    return select(Member.id).where(
        Member.partnership_id == board, Member.left_at.is_(None), Member.role.in_([role.value for role in VOICES])
    )


async def _names(session: AsyncSession, query: Select[tuple[str]]) -> list[str]:
    return list((await session.execute(query)).scalars().all())


async def _newcomers(session: AsyncSession, agreement: Agreement) -> str:
    voter = select(Elector.id).where(Elector.agreement_id == agreement.id)
    voting = (Organisation.partnership_id == agreement.partnership_id) & Organisation.voting.is_(True)
    if agreement.unit == "organisation":
        known = voter.where(Elector.organisation_id == Organisation.id).exists()
        query = select(Organisation.name).where(voting, ~known).order_by(Organisation.name)
    else:
        known = voter.where(Elector.member_id == Member.id).exists()
        query = (
            select(Member.name)
            .join(Organisation, Organisation.id == Member.organisation_id)
            .where(voting, Member.id.in_(_voices(agreement.partnership_id)), ~known)
            .order_by(Member.name)
        )
    names = await _names(session, query)
    has = "has" if len(names) == 1 else "have"
    return f"{_named(names)} came after voting opened and {has} no vote on this." if names else ""


async def _silenced(session: AsyncSession, agreement: Agreement) -> str:
    voices = _voices(agreement.partnership_id)
    silent = (
        select(Elector.name)
        .where(Elector.agreement_id == agreement.id, Elector.position.is_(None), Elector.recused_at.is_(None))
        .order_by(Elector.name)
    )
    if agreement.unit == "organisation":
        heard = voices.where(Member.organisation_id == Elector.organisation_id).exists()
        names = await _names(session, silent.where(~heard))
        return f"Nobody can answer for {_named(names)} just now; the coordinator can invite somebody." if names else ""
    names = await _names(session, silent.where(~voices.where(Member.id == Elector.member_id).exists()))
    are = "is" if len(names) == 1 else "are"
    return f"{_named(names)} {are} no longer among those who vote, and cannot answer." if names else ""


async def _answered_by_former(session: AsyncSession, agreement: Agreement) -> str:
    """Answers whose giver no longer speaks for the organisation: they stand, and its people may change them."""
    speaks = (
        _voices(agreement.partnership_id)
        .where(Member.id == Stance.member_id, Member.organisation_id == Elector.organisation_id)
        .exists()
    )
    rows = await session.execute(
        select(Elector.said_by, Elector.name)
        .join(Stance, Stance.id == Elector.stance_id)
        .where(Elector.agreement_id == agreement.id, ~speaks)
        .order_by(Elector.name)
    )
    names = [f"{said_by} for {name}" for said_by, name in rows.tuples()]
    speak = "speaks" if len(names) == 1 else "speak"
    return f"{_named(names)} answered and no longer {speak} there; it stands until changed." if names else ""


def _named(names: Sequence[str]) -> str:
    return some(names, NAMED) if len(names) > NAMED else listed(names)
