"""Stances, as many as come together: what is read is read once for all, what is written goes in one statement.

They are judged one after the other in the order in which they came, so that the result is the same as if each
had come alone. The agreements' rows are locked until the commit, which keeps a stance and a closing apart, and
two stances of one voter that reach two servers.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import BindParameter, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements import objecting
from core.agreements.models import Agreement, Elector, Stance
from core.agreements.queries import NOT_YOURS
from core.agreements.receipts import receipt
from core.agreements.rules import OBJECTIONS, POSITIONS, Position, Rule
from core.commands import VOICES, Person, Role
from core.db import table_of
from core.errors import Incomplete, Refused
from core.outbox import changed

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


def stance_of(
    agreement: Agreement, elector: Elector, person: Person, position: str, reason: str, now: datetime.datetime
) -> Stance:
    """What this person says for this voter, with its receipt."""
    return Stance(
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
            voter=elector.name if elector.member_id is None else person.ref,
            by=person.ref,
            position=position,
            reason=reason,
            round_=agreement.round,
            at=now,
        ),
        at=now,
    )


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


@dataclass(slots=True)
class _Voter:
    """A voter, and of the stance that counts now who said it and its receipt."""

    elector: Elector
    member: int | None
    receipt: str | None


@dataclass(frozen=True, slots=True)
class _Case:
    """A ballot that is to be recorded, what it is about, and what its sender hears."""

    ballot: Ballot
    agreement: Agreement
    elector: Elector
    stance: Stance
    taken: Taken


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
_OF_AGREEMENT = (
    select(*_ELECTOR_COLUMNS, _STANCE.c.member_id.label("said_member"), _STANCE.c.receipt.label("said_receipt"))
    .outerjoin(_STANCE, _STANCE.c.id == _ELECTOR.c.stance_id)
    .where(_ELECTOR.c.partnership_id == bindparam("board"), _ELECTOR.c.agreement_id == bindparam("agreement"))
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
    voters = await _voters(session, agreements, ballots)
    judged = [_judge(agreements.get(ballot.agreement), voters, ballot) for ballot in ballots]
    taken = [each.taken if isinstance(each, _Case) else each for each in judged]
    cases = [each for each in judged if isinstance(each, _Case)]
    if cases:
        await _write(session, cases)
    return taken


async def _locked(session: AsyncSession, refs: Iterable[str]) -> dict[str, Agreement]:
    rows = await session.execute(_LOCK, {"refs": sorted(refs)})
    return {row["ref"]: Agreement(**row) for row in rows.mappings()}


async def _voters(
    session: AsyncSession, agreements: dict[str, Agreement], ballots: Sequence[Ballot]
) -> dict[tuple[int, int], _Voter]:
    """The voters for whom these people may speak, by agreement and by organisation or member."""
    found: dict[tuple[int, int], _Voter] = {}
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
            columns = dict(row)
            member, said = columns.pop("said_member"), columns.pop("said_receipt")
            elector = Elector(**columns)
            key = elector.organisation_id if elector.member_id is None else elector.member_id
            found[agreement.id, key] = _Voter(elector, member, said)
    return found


def _voice(agreement: Agreement, person: Person) -> int:
    return person.member if agreement.unit == "member" else person.organisation


def _judge(
    agreement: Agreement | None, voters: dict[tuple[int, int], _Voter], ballot: Ballot
) -> _Case | Taken | Refused:
    person = ballot.person
    if agreement is None or agreement.partnership_id != person.board:
        return Refused(NOT_YOURS)
    voter = voters.get((agreement.id, _voice(agreement, person))) if person.role in VOICES else None
    try:
        agreement.check_takes_stances(ballot.now)
        if voter is None:
            return no_vote(person)
        position = _position(agreement, voter.elector, ballot)
    except Refused as refusal:
        return refusal
    elector = voter.elector
    said = (elector.position, elector.reason, voter.member)
    if voter.receipt is not None and said == (position.value, ballot.reason, person.member):
        return Taken(elector.id, elector.name, elector.said_by, voter.receipt, counts=True)  # the very same again
    stance = stance_of(agreement, elector, person, position.value, ballot.reason, ballot.now)
    counts = elector.take(stance)
    if counts:
        voter.member, voter.receipt = person.member, stance.receipt
    taken = Taken(elector.id, elector.name, elector.said_by, stance.receipt, counts)
    return _Case(ballot, agreement, elector, stance, taken)


def _position(agreement: Agreement, elector: Elector, ballot: Ballot) -> Position:
    unsaid = not ballot.reason and ballot.position in OBJECTIONS
    if unsaid and ballot.ask_why is not None and ballot.position in POSITIONS[Rule(agreement.rule)]:
        raise Incomplete({"reason": ballot.ask_why})
    if elector.recused_at is not None:
        raise Refused(f"{elector.name} has declared an interest, so it takes no part in this vote.")
    return agreement.check_position(ballot.position, ballot.reason)


async def _write(session: AsyncSession, cases: Sequence[_Case]) -> None:
    """The stances, the voters as they now stand, their objections, and one new version of each agreement."""
    said = await session.execute(_SAY, [{name: getattr(case.stance, name) for name in _SAID} for case in cases])
    for case, key in zip(cases, said.scalars(), strict=True):
        case.stance.id = key
        if case.taken.counts:
            case.elector.stance_id = key
    counting = [case for case in cases if case.taken.counts]
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
        said_by_voters = [(case.agreement, case.stance) for case in contested]
        await objecting.follow(session, said_by_voters)
    await changed(session, *{case.agreement.id: case.agreement.ref for case in counting}.values())
