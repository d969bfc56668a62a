"""Stances, as many as come together: what is read is read once for all, what is written goes in one statement.

They are judged one after the other in the order in which they came, so that the result is the same as if each
had come alone. The agreements' rows are locked until the commit, which keeps a stance and a closing apart, and
two stances of one voter that reach two servers.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements.models import Agreement, Elector, Objection, Stance
from core.agreements.queries import NOT_YOURS
from core.agreements.rules import OBJECTIONS, POSITIONS, Position, Rule
from core.commands import VOICES, Person, Role
from core.db import new_ref, table_of
from core.errors import Incomplete, Refused
from core.outbox import changed
from core.register.actions import seal_of

REPRESENTATIVE, STAND_IN = 2, 1


def rank_of(person: Person) -> int:
    """How a stance weighs within its organisation: the representative's stands over a deputy's or the chair's."""
    return REPRESENTATIVE if person.role is Role.REPRESENTATIVE else STAND_IN


def no_vote(person: Person) -> Refused:
    """The reason why this person has no voter to speak for."""
    if person.role is Role.OBSERVER:
        return Refused("Observers can follow this vote but don't take part in it.")
    if person.role is Role.COORDINATOR:
        return Refused("The coordinator serves the board and has no vote. A representative or deputy can answer.")
    if not person.votes:
        return Refused(f"{person.organisation_name} has no vote on this board, so you can follow but not answer.")
    return Refused("You were not among those entitled to vote when this was opened, so you can follow but not answer.")


def receipt_content(
    agreement: Agreement, elector: Elector, person: Person, position: str, reason: str, now: datetime.datetime
) -> dict[str, Any]:
    """What a stance's receipt vouches for."""
    return {
        "agreement": agreement.ref,
        "voter": elector.name,
        "by": person.member,
        "position": position,
        "reason": reason,
        "round": agreement.round,
        "at": now.isoformat(),
    }


@dataclass(frozen=True, slots=True)
class Ballot:
    """A stance that somebody wants to take. ask_why: what to say at the field when its reason is missing."""

    person: Person
    agreement: str
    position: str
    reason: str
    now: datetime.datetime
    ask_why: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a ballot: for whom, the receipt, and whether it counts; if not, `said_by` tells whose does."""

    elector: int
    voter: str
    said_by: str
    receipt: str
    counts: bool


@dataclass(frozen=True, slots=True)
class _Case:
    """A ballot that is good, with whom and what it is about."""

    ballot: Ballot
    agreement: Agreement
    elector: Elector
    stance: Stance


_AGREEMENT, _ELECTOR, _STANCE = table_of(Agreement), table_of(Elector), table_of(Stance)
_AGREEMENT_COLUMNS = [
    _AGREEMENT.c[name] for name in ["id", "partnership_id", "ref", "state", "closes_at", "rule", "unit", "round"]
]
_LOCK = (
    select(*_AGREEMENT_COLUMNS)
    .where(_AGREEMENT.c.ref.in_(bindparam("refs", expanding=True)))
    .order_by(_AGREEMENT.c.id)  # two servers that lock several take them in the same order
    .with_for_update()
)
_ELECTOR_COLUMNS = [
    _ELECTOR.c[name]
    for name in [
        "id",
        "organisation_id",
        "member_id",
        "name",
        "recused_at",
        "position",
        "stance_id",
        "rank",
        "reason",
        "said_by",
    ]
]
_OF_AGREEMENT = select(*_ELECTOR_COLUMNS).where(
    _ELECTOR.c.partnership_id == bindparam("board"), _ELECTOR.c.agreement_id == bindparam("agreement")
)
_KEYS: BindParameter[int] = bindparam("keys", expanding=True)
_BY_ORGANISATION = _OF_AGREEMENT.where(_ELECTOR.c.organisation_id.in_(_KEYS), _ELECTOR.c.member_id.is_(None))
_BY_MEMBER = _OF_AGREEMENT.where(_ELECTOR.c.member_id.in_(_KEYS))
_STANDING = ("position", "stance_id", "rank", "reason", "said_by")
_STAND = (
    update(_ELECTOR)
    .where(_ELECTOR.c.id == bindparam("elector"))
    .values({name: bindparam(f"new_{name}") for name in _STANDING})
)
_SAY = insert(_STANCE).returning(_STANCE.c.id, sort_by_parameter_order=True)
_SAID = [
    "partnership_id",
    "agreement_id",
    "elector_id",
    "member_id",
    "member_name",
    "rank",
    "round",
    "position",
    "reason",
    "receipt",
    "at",
]


async def cast_all(session: AsyncSession, ballots: Sequence[Ballot]) -> list[Taken | Refused]:
    """Record these stances in their order; each becomes what was recorded, or the refusal and then nothing is."""
    await session.flush()  # what follows goes past the session's own books
    agreements = await _locked(session, {ballot.agreement for ballot in ballots})
    electors = await _voters(session, agreements, ballots)
    judged = [_judge(session, agreements.get(ballot.agreement), electors, ballot) for ballot in ballots]
    cases = [case for case in judged if isinstance(case, _Case)]
    if not cases:
        return [each for each in judged if isinstance(each, Refused)]
    said = await session.execute(_SAY, [{name: getattr(case.stance, name) for name in _SAID} for case in cases])
    for case, key in zip(cases, said.scalars(), strict=True):
        case.stance.id = key
    counting = [case for case in cases if case.elector.take(case.stance)]
    await _write(session, counting)
    counted = {case.stance.id for case in counting}
    return [_taken(each, each.stance.id in counted) if isinstance(each, _Case) else each for each in judged]


def _taken(case: _Case, counts: bool) -> Taken:
    elector = case.elector
    return Taken(elector.id, elector.name, elector.said_by, case.stance.receipt, counts)


async def _locked(session: AsyncSession, refs: Iterable[str]) -> dict[str, Agreement]:
    rows = await session.execute(_LOCK, {"refs": sorted(refs)})
    return {row["ref"]: Agreement(**row) for row in rows.mappings()}


async def _voters(
    session: AsyncSession, agreements: dict[str, Agreement], ballots: Sequence[Ballot]
) -> dict[tuple[int, int], Elector]:
    """The voters for whom these people may speak, by agreement and by organisation or member."""
    found: dict[tuple[int, int], Elector] = {}
    for agreement in agreements.values():
        voices = [
            ballot.person
            for ballot in ballots
            if ballot.agreement == agreement.ref
            and ballot.person.board == agreement.partnership_id
            and ballot.person.role in VOICES
        ]
        if not voices:
            continue
        query = _BY_MEMBER if agreement.unit == "member" else _BY_ORGANISATION
        keys = sorted({_voice(agreement, person) for person in voices})
        given = {"board": agreement.partnership_id, "agreement": agreement.id, "keys": keys}
        for row in (await session.execute(query, given)).mappings():
            elector = Elector(**row)
            key = elector.organisation_id if elector.member_id is None else elector.member_id
            found[agreement.id, key] = elector
    return found


def _voice(agreement: Agreement, person: Person) -> int:
    return person.member if agreement.unit == "member" else person.organisation


def _judge(
    session: AsyncSession, agreement: Agreement | None, electors: dict[tuple[int, int], Elector], ballot: Ballot
) -> _Case | Refused:
    person = ballot.person
    if agreement is None or agreement.partnership_id != person.board:
        return Refused(NOT_YOURS)
    try:
        agreement.check_takes_stances(ballot.now)
        elector = electors.get((agreement.id, _voice(agreement, person))) if person.role in VOICES else None
        if elector is None:
            return no_vote(person)
        unsaid = not ballot.reason and ballot.position in OBJECTIONS
        if unsaid and ballot.ask_why is not None and ballot.position in POSITIONS[Rule(agreement.rule)]:
            return Incomplete({"reason": ballot.ask_why})
        if elector.recused_at is not None:
            return Refused(f"{elector.name} has declared an interest, so it takes no part in this vote.")
        position = agreement.check_position(ballot.position, ballot.reason)
    except Refused as refusal:
        return refusal
    return _Case(ballot, agreement, elector, _stance(session, agreement, elector, ballot, position))


def _stance(
    session: AsyncSession, agreement: Agreement, elector: Elector, ballot: Ballot, position: Position
) -> Stance:
    person, reason = ballot.person, ballot.reason
    content = receipt_content(agreement, elector, person, position.value, reason, ballot.now)
    return Stance(
        partnership_id=agreement.partnership_id,
        agreement_id=agreement.id,
        elector_id=elector.id,
        member_id=person.member,
        member_name=person.name,
        rank=rank_of(person),
        round=agreement.round,
        position=position.value,
        reason=reason,
        receipt=seal_of(session).receipt(content),
        at=ballot.now,
    )


async def _write(session: AsyncSession, counting: Sequence[_Case]) -> None:
    """The voters as they now stand, their objections, and one new version of each agreement."""
    if not counting:
        return
    standing = {case.elector.id: case.elector for case in counting}
    rows = [
        {"elector": key, **{f"new_{name}": getattr(standing[key], name) for name in _STANDING}}
        for key in sorted(standing)
    ]
    await session.execute(_STAND, rows)
    contested = [case for case in counting if OBJECTIONS & set(POSITIONS[Rule(case.agreement.rule)])]
    if contested:
        await _follow_objections(session, contested)
    await changed(session, *{case.agreement.id: case.agreement.ref for case in counting}.values())


async def _follow_objections(session: AsyncSession, cases: Sequence[_Case]) -> None:
    """An objection follows its voter's stance: raised or reworded with it, withdrawn by any other."""
    found = await session.execute(
        select(Objection.elector_id).where(
            Objection.elector_id.in_({case.elector.id for case in cases}), Objection.state == "raised"
        )
    )
    raised = set(found.scalars())
    for case in cases:
        elector, stance, now = case.elector, case.stance, case.ballot.now
        objects = stance.position in OBJECTIONS
        if elector.id in raised:
            said = f"{stance.member_name} answered {stance.position}"
            await (
                _reword(session, elector.id, stance)
                if objects
                else withdraw_objections(session, case.agreement.partnership_id, elector.id, said, now)
            )
        elif objects:
            await _raise(session, case)
        (raised.add if objects else raised.discard)(elector.id)


async def _reword(session: AsyncSession, elector: int, stance: Stance) -> None:
    await session.execute(
        update(Objection)
        .where(Objection.elector_id == elector, Objection.state == "raised")
        .values(reason=stance.reason, said_by=stance.member_name)
    )


async def _raise(session: AsyncSession, case: _Case) -> None:
    session.add(
        Objection(
            partnership_id=case.agreement.partnership_id,
            ref=new_ref("obj"),
            agreement_id=case.agreement.id,
            elector_id=case.elector.id,
            round=case.agreement.round,
            reason=case.stance.reason,
            said_by=case.stance.member_name,
            state="raised",
            raised_at=case.ballot.now,
        )
    )
    await session.flush()


async def withdraw_objections(
    session: AsyncSession, board: int, elector: int, note: str, now: datetime.datetime
) -> None:
    """The voter objects no longer; `note` says why."""
    await session.execute(
        update(Objection)
        .where(Objection.partnership_id == board, Objection.elector_id == elector, Objection.state == "raised")
        .values(state="withdrawn", note=note, settled_at=now)
    )
