"""Agreements as plain data: how they are counted, who might vote, all that was said, and how they ended."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements.models import (
    Agreement,
    AgreementTheme,
    Elector,
    Interest,
    Objection,
    Stance,
    Wording,
)
from core.agreements.quorum import Quorum, say_quorum
from core.agreements.rules import Tally, needed, tally
from core.exchange.plain import utc
from core.partners.models import Member, Organisation
from core.themes.models import Theme

Row = dict[str, Any]
Part = TypeVar("Part", AgreementTheme, Elector, Interest, Objection, Stance, Wording)


@dataclass(frozen=True, slots=True)
class _Names:
    """What keys mean in words."""

    organisations: Mapping[int, Organisation]
    members: Mapping[int, str]
    references: Mapping[int, str]
    themes: Mapping[int, str]

    def member(self, key: int | None) -> str | None:
        """A member's name, or None for nobody."""
        return self.members.get(key) if key is not None else None


@dataclass(frozen=True, slots=True)
class _Parts:
    """All that belongs to a board's agreements, by the agreement's key."""

    themes: Mapping[int, list[AgreementTheme]]
    electors: Mapping[int, list[Elector]]
    stances: Mapping[int, list[Stance]]
    objections: Mapping[int, list[Objection]]
    interests: Mapping[int, list[Interest]]
    wordings: Mapping[int, list[Wording]]


async def export_agreements(session: AsyncSession, board: int, organisations: Mapping[int, Organisation]) -> list[Row]:
    """The board's agreements by number, read with one query for each table however many there are."""
    members = await session.execute(select(Member.id, Member.name, Member.ref).where(Member.partnership_id == board))
    themes = await session.execute(select(Theme.id, Theme.name).where(Theme.partnership_id == board))
    known = members.tuples().all()
    names = _Names(
        organisations=organisations,
        members={key: name for key, name, _ in known},
        references={key: ref for key, _, ref in known},
        themes=dict(themes.tuples().all()),
    )
    parts = _Parts(
        themes=await _by_agreement(session, board, AgreementTheme),
        electors=await _by_agreement(session, board, Elector),
        stances=await _by_agreement(session, board, Stance),
        objections=await _by_agreement(session, board, Objection),
        interests=await _by_agreement(session, board, Interest),
        wordings=await _by_agreement(session, board, Wording),
    )
    found = await session.execute(select(Agreement).where(Agreement.partnership_id == board).order_by(Agreement.number))
    return [_agreement(agreement, parts, names) for agreement in found.scalars()]


async def _by_agreement(session: AsyncSession, board: int, table: type[Part]) -> Mapping[int, list[Part]]:
    rows = await session.execute(
        select(table).where(table.partnership_id == board).order_by(*inspect(table).primary_key)
    )
    found: defaultdict[int, list[Part]] = defaultdict(list)
    for row in rows.scalars():
        found[row.agreement_id].append(row)
    return found


def _agreement(agreement: Agreement, parts: _Parts, names: _Names) -> Row:
    key = agreement.id
    electors = {elector.id: elector for elector in parts.electors.get(key, [])}
    count = tally(agreement.terms(), [elector.standing() for elector in electors.values()])
    return {
        "id": agreement.ref,
        "number": agreement.number,
        "title": agreement.title,
        "state": agreement.state,
        "text": agreement.text,
        "front": agreement.front,
        "proposer": names.member(agreement.proposer_id),
        "decider": names.member(agreement.decider_id),
        "rule": agreement.rule,
        "base": agreement.base,
        "unit": agreement.unit,
        "hidden": agreement.hidden,
        "round": agreement.round,
        "themes": [names.themes[each.theme_id] for each in parts.themes.get(key, [])],
        "quorum": _quorum(agreement, count if electors else None, names),
        "electorate": [_elector(elector, names) for elector in electors.values()],
        "stances": [_stance(stance, electors[stance.elector_id], names) for stance in parts.stances.get(key, [])],
        "objections": [_objection(each, electors[each.elector_id], names) for each in parts.objections.get(key, [])],
        "interests": [_interest(each, electors[each.elector_id], names) for each in parts.interests.get(key, [])],
        "wordings": [_wording(each, names) for each in parts.wordings.get(key, [])],
        "tally": _tally(agreement, count),
        "outcome": _outcome(agreement),
        "created_at": utc(agreement.created_at),
        "opened_at": utc(agreement.opened_at),
        "closes_at": utc(agreement.closes_at),
        "closed_at": utc(agreement.closed_at),
    }


def _quorum(agreement: Agreement, count: Tally | None, names: _Names) -> Row:
    """needed: how many must take part; None until the electorate is frozen at opening."""
    return {
        "number": agreement.quorum_number,
        "share": agreement.quorum_share,
        "words": say_quorum(Quorum(agreement.quorum_number, agreement.quorum_share)),
        "organisations": [names.organisations[key].name for key in agreement.required_organisations],
        "sectors": agreement.required_sectors,
        "needed": count.quorum if count else None,
    }


def _voter(elector: Elector, names: _Names) -> Row:
    """Whose voice it is: an organisation, or a member of one where members vote."""
    if elector.member_id is None:
        return {"organisation": elector.name}
    return {
        "organisation": names.organisations[elector.organisation_id].name,
        "voter": elector.name,
        "voter_id": names.references[elector.member_id],
    }


def _elector(elector: Elector, names: _Names) -> Row:
    return {
        "organisation": _voter(elector, names)["organisation"],
        "member": elector.name if elector.member_id is not None else None,
        "sector": elector.sector,
        "required": elector.required,
        "recused": elector.recused_at is not None,
        "position": elector.position,
        "reason": elector.reason,
        "by": elector.said_by or None,
    }


def _stance(stance: Stance, elector: Elector, names: _Names) -> Row:
    """superseded: it does not count, or no more; another one of its voter does, or none."""
    return {
        **_voter(elector, names),
        "member": stance.member_name,
        "member_id": names.references[stance.member_id],
        "position": stance.position,
        "reason": stance.reason,
        "at": utc(stance.at),
        "superseded": elector.stance_id != stance.id,
        "round": stance.round,
        "receipt": stance.receipt,
    }


def _objection(objection: Objection, elector: Elector, names: _Names) -> Row:
    return {
        "id": objection.ref,
        **_voter(elector, names),
        "member": objection.said_by,
        "state": objection.state,
        "reason": objection.reason,
        "note": objection.note,
        "round": objection.round,
        "raised_at": utc(objection.raised_at),
        "settled_at": utc(objection.settled_at),
    }


def _interest(interest: Interest, elector: Elector, names: _Names) -> Row:
    return {
        **_voter(elector, names),
        "member": names.member(interest.member_id),
        "nature": interest.nature,
        "declared_at": utc(interest.declared_at),
        "withdrawn_at": utc(interest.withdrawn_at),
    }


def _wording(wording: Wording, names: _Names) -> Row:
    return {
        "round": wording.round,
        "text": wording.text,
        "why": wording.why,
        "member": names.member(wording.member_id),
        "at": utc(wording.at),
    }


def _tally(agreement: Agreement, count: Tally) -> Row:
    """The count: of each position, and what it is measured against; `needed` in words while voting is open."""
    return {
        **{position.value: number for position, number in count.counts.items()},
        "entitled": count.entitled,
        "recused": count.recused,
        "took_part": count.took_part,
        "quorum": count.quorum,
        "quorate": count.quorate,
        "needed": needed(agreement.terms(), count) if agreement.state == "open" else [],
    }


def _outcome(agreement: Agreement) -> Row | None:
    if agreement.result is None:
        return None
    return {
        "result": agreement.result,
        "statement": agreement.statement,
        "effect": agreement.effect,
        "effect_detail": agreement.effect_detail,
        "confirmed": agreement.confirmed,
        "review_on": agreement.review_on.isoformat() if agreement.review_on else None,
        "decision": agreement.decision,
        "at": utc(agreement.closed_at),
    }
