"""While voting is open: stances, taking them back, interests, objections and amended texts."""

import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements import objecting, queries
from core.agreements.casting import (
    REPRESENTATIVE,
    Ballot,
    Taken,
    cast_all,
    no_vote,
    rank_of,
    stance_of,
)
from core.agreements.models import Agreement, Elector, Interest, Objection, Stance, Wording
from core.agreements.opening import announce_card
from core.commands import Person
from core.errors import Refused
from core.outbox import changed
from core.register.actions import CLOCK, append


async def voter_for(session: AsyncSession, agreement: Agreement, person: Person) -> Elector:
    """The voter for whom this person may speak. Raises Refused with the reason why there is none."""
    elector = await queries.elector_of(session, agreement, person)
    if elector is not None:
        return elector
    raise no_vote(person)


async def cast(
    session: AsyncSession,
    agreement: Agreement,
    person: Person,
    word: str,
    reason: str,
    now: datetime.datetime,
) -> Taken:
    """Record one stance, by the way of many. Raises Refused, and then nothing is recorded."""
    (taken,) = await cast_all(session, [Ballot(person, agreement.ref, word, reason, now)])
    if isinstance(taken, Refused):
        raise taken
    await session.get(Elector, taken.elector, populate_existing=True)  # the session may hold it as it was
    return taken


async def _record(
    session: AsyncSession,
    agreement: Agreement,
    elector: Elector,
    person: Person,
    position: str,
    reason: str,
    now: datetime.datetime,
) -> Stance:
    stance = stance_of(agreement, elector, person, position, reason, now)
    session.add(stance)
    await session.flush()
    return stance


async def take_back(session: AsyncSession, agreement: Agreement, person: Person, now: datetime.datetime) -> Elector:
    """Leave the question unanswered again; what was said stays on record. Raises Refused."""
    agreement.check_takes_stances(now)
    elector = await voter_for(session, agreement, person)
    if elector.position is None:
        raise Refused(f"{elector.name} has not answered yet, so there is nothing to take back.")
    if rank_of(person) < elector.rank:
        raise Refused(f"{elector.said_by} answered as representative, and only a representative can take that back.")
    await _record(session, agreement, elector, person, "taken back", "", now)
    elector.clear()
    await objecting.withdraw(session, agreement.partnership_id, elector.id, f"{person.name} took it back", now)
    await changed(session, agreement.ref)
    return elector


async def declare_interest(
    session: AsyncSession, agreement: Agreement, person: Person, nature: str, now: datetime.datetime
) -> Elector:
    """Recuse this person's voter: its stance counts no more and it leaves the quorum's base. Raises Refused."""
    agreement.check_takes_stances(now)
    elector = await voter_for(session, agreement, person)
    if elector.recused_at is not None:
        raise Refused(f"{elector.name} has already declared an interest here.")
    await recuse(session, agreement, elector, person.member, nature, now, by=person)
    return elector


async def recuse(
    session: AsyncSession,
    agreement: Agreement,
    elector: Elector,
    member: int,
    nature: str,
    now: datetime.datetime,
    *,
    by: Person | str = CLOCK,
) -> None:
    """Write down an interest that this member has declared for a voter, whose position then counts no more."""
    session.add(
        Interest(
            partnership_id=agreement.partnership_id,
            agreement_id=agreement.id,
            elector_id=elector.id,
            member_id=member,
            nature=nature,
            declared_at=now,
        )
    )
    elector.clear()
    elector.recused_at = now
    await session.flush()
    await objecting.withdraw(session, agreement.partnership_id, elector.id, "declared an interest", now)
    await _put_on_record(session, agreement, "interest", by, now, {"voter": elector.name, "nature": nature})
    await changed(session, agreement.ref)


async def withdraw_interest(
    session: AsyncSession, agreement: Agreement, person: Person, now: datetime.datetime
) -> Elector:
    """Undo a declaration made in error; the voter may answer again. Raises Refused."""
    agreement.check_takes_stances(now)
    elector = await voter_for(session, agreement, person)
    interest = await queries.open_interest(session, elector)
    if interest is None or elector.recused_at is None:
        raise Refused(f"{elector.name} has not declared an interest here.")
    if interest.member_id != person.member and rank_of(person) != REPRESENTATIVE:
        raise Refused("Only who declared this interest, or the representative, can withdraw it.")
    interest.withdrawn_at, elector.recused_at = now, None
    await _put_on_record(session, agreement, "interest withdrawn", person, now, {"voter": elector.name})
    await changed(session, agreement.ref)
    return elector


async def _put_on_record(
    session: AsyncSession,
    agreement: Agreement,
    kind: str,
    person: Person | str,
    now: datetime.datetime,
    detail: dict[str, Any],
) -> None:
    await append(
        session,
        agreement.partnership_id,
        kind,
        subject=agreement.ref,
        title=agreement.title,
        now=now,
        by=person,
        detail=detail,
    )


async def amend(
    session: AsyncSession,
    agreement: Agreement,
    person: Person,
    *,
    text: str,
    why: str,
    closes_at: datetime.datetime | None,
    now: datetime.datetime,
) -> int:
    """Put an amended text: objections so far are addressed by it, and everyone is asked anew.

    What was said of the earlier text stays on record but no longer counts: nobody agreed to words that
    they had not seen. Returns how many objections it addresses. Raises Refused.
    """
    agreement.check_takes_stances(now)
    if text == agreement.text:
        raise Refused("The text is the same as before. Change what the objection is about.", field="text")
    if closes_at is not None and closes_at <= now:
        raise Refused("The new closing time has already passed.", field="closes")
    agreement.text, agreement.round = text, agreement.round + 1
    agreement.closes_at = closes_at or agreement.closes_at
    addressed = await session.execute(
        update(Objection)
        .where(
            Objection.partnership_id == agreement.partnership_id,
            Objection.agreement_id == agreement.id,
            Objection.state == "raised",
        )
        .values(state="addressed", note=why, settled_at=now)
        .returning(Objection.id)
    )
    count = len(addressed.all())
    for elector in await queries.electors(session, agreement):
        elector.clear()
    session.add(
        Wording(
            partnership_id=agreement.partnership_id,
            agreement_id=agreement.id,
            round=agreement.round,
            text=text,
            why=why,
            member_id=person.member,
            at=now,
        )
    )
    await session.flush()
    detail = {"text": text, "why": why, "round": agreement.round, "closes": agreement.closes_at.isoformat()}
    await _put_on_record(session, agreement, "amended", person, now, detail)
    await changed(session, agreement.ref)
    await announce_card(session, agreement, now)
    return count


async def extend(
    session: AsyncSession,
    agreement: Agreement,
    person: Person,
    closes_at: datetime.datetime,
    why: str,
    now: datetime.datetime,
) -> None:
    """Move the deadline of a draft or an open vote, on record. Raises Refused."""
    if agreement.state != "draft":
        agreement.check_takes_stances(now)
    if closes_at <= now:
        raise Refused("That closing time has already passed. To close now, use Close early.", field="closes")
    before = agreement.closes_at
    agreement.closes_at = closes_at
    detail = {"from": before.isoformat(), "to": closes_at.isoformat(), "why": why}
    await _put_on_record(session, agreement, "deadline moved", person, now, detail)
    await changed(session, agreement.ref)
