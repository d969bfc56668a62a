"""While voting is open: stances, taking them back, interests, objections and amended texts."""

import datetime
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements import queries
from core.agreements.models import Agreement, Elector, Interest, Objection, Stance, Wording
from core.agreements.opening import announce_card
from core.agreements.receipts import receipt
from core.agreements.rules import OBJECTIONS, Position
from core.commands import Person, Role
from core.db import new_ref
from core.errors import Refused
from core.outbox import changed
from core.register.actions import append

REPRESENTATIVE, STAND_IN = 2, 1


def rank_of(person: Person) -> int:
    """How a stance weighs within its organisation: the representative's stands over a deputy's or the chair's."""
    return REPRESENTATIVE if person.role is Role.REPRESENTATIVE else STAND_IN


async def voter_for(session: AsyncSession, agreement: Agreement, person: Person) -> Elector:
    """The voter for whom this person may speak. Raises Refused with the reason why there is none."""
    elector = await queries.elector_of(session, agreement, person)
    if elector is not None:
        return elector
    if person.role is Role.OBSERVER:
        raise Refused("Observers can follow this vote but don't take part in it.")
    if person.role is Role.COORDINATOR:
        raise Refused("The coordinator serves the board and has no vote. A representative or deputy can answer.")
    if not person.votes:
        raise Refused(f"{person.organisation_name} has no vote on this board, so you can follow but not answer.")
    raise Refused("You were not among those entitled to vote when this was opened, so you can follow but not answer.")


@dataclass(frozen=True, slots=True)
class Cast:
    """What became of a stance: whether it counts, whose stands instead if not, and the receipt."""

    elector: Elector
    stance: Stance
    counts: bool


async def cast(
    session: AsyncSession,
    agreement: Agreement,
    person: Person,
    word: str,
    reason: str,
    now: datetime.datetime,
) -> Cast:
    """Record a stance; the agreement's row is locked by the caller. Raises Refused, and then nothing is recorded."""
    agreement.check_takes_stances(now)
    elector = await voter_for(session, agreement, person)
    if elector.recused_at is not None:
        raise Refused(f"{elector.name} has declared an interest, so it takes no part in this vote.")
    position = agreement.check_position(word, reason)
    if same := await _said_already(session, elector, person, position, reason):
        return Cast(elector, same, counts=True)
    stance = await _record(session, agreement, elector, person, position.value, reason, now)
    counts = elector.take(stance)
    if counts:
        await _follow_objection(session, agreement, elector, stance, now)
        await changed(session, agreement.ref)
    return Cast(elector, stance, counts)


async def _said_already(
    session: AsyncSession, elector: Elector, person: Person, position: Position, reason: str
) -> Stance | None:
    """The stance that counts, if this person says the very same again: a second click has no second effect."""
    if elector.stance_id is None or (elector.position, elector.reason) != (position.value, reason):
        return None
    stance = await session.get(Stance, elector.stance_id)
    return stance if stance is not None and stance.member_id == person.member else None


async def _record(
    session: AsyncSession,
    agreement: Agreement,
    elector: Elector,
    person: Person,
    position: str,
    reason: str,
    now: datetime.datetime,
) -> Stance:
    stance = Stance(
        partnership_id=agreement.partnership_id,
        agreement_id=agreement.id,
        elector_id=elector.id,
        member_id=person.member,
        member_name=person.name,
        rank=rank_of(person),
        round=agreement.round,
        position=position,
        reason=reason,
        receipt=receipt(
            agreement=agreement.ref,
            voter=elector.name,
            by=person.name,
            position=position,
            reason=reason,
            round_=agreement.round,
            at=now,
        ),
        at=now,
    )
    session.add(stance)
    await session.flush()
    return stance


async def _follow_objection(
    session: AsyncSession, agreement: Agreement, elector: Elector, stance: Stance, now: datetime.datetime
) -> None:
    """An objection follows its voter's stance: raised or reworded with it, withdrawn by any other."""
    if stance.position not in OBJECTIONS:
        await _withdraw_objections(session, elector, f"{stance.member_name} answered {stance.position}", now)
        return
    reworded = await session.execute(
        update(Objection)
        .where(Objection.elector_id == elector.id, Objection.state == "raised")
        .values(reason=stance.reason, said_by=stance.member_name)
        .returning(Objection.id)
    )
    if reworded.scalars().first() is None:
        session.add(
            Objection(
                partnership_id=agreement.partnership_id,
                ref=new_ref("obj"),
                agreement_id=agreement.id,
                elector_id=elector.id,
                round=agreement.round,
                reason=stance.reason,
                said_by=stance.member_name,
                raised_at=now,
            )
        )


async def _withdraw_objections(session: AsyncSession, elector: Elector, note: str, now: datetime.datetime) -> None:
    await session.execute(
        update(Objection)
        .where(
            Objection.partnership_id == elector.partnership_id,
            Objection.elector_id == elector.id,
            Objection.state == "raised",
        )
        .values(state="withdrawn", note=note, settled_at=now)
    )


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
    await _withdraw_objections(session, elector, f"{person.name} took it back", now)
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
    session.add(
        Interest(
            partnership_id=agreement.partnership_id,
            agreement_id=agreement.id,
            elector_id=elector.id,
            member_id=person.member,
            nature=nature,
            declared_at=now,
        )
    )
    elector.clear()
    elector.recused_at = now
    await session.flush()
    await _withdraw_objections(session, elector, "declared an interest", now)
    await _put_on_record(session, agreement, "interest", person, now, {"voter": elector.name, "nature": nature})
    await changed(session, agreement.ref)
    return elector


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
    person: Person,
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
