"""From a proposal to an open vote: drafting, freezing the electorate, announcing."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements import queries
from core.agreements.models import Agreement, AgreementTheme, Elector, Wording
from core.agreements.rules import THRESHOLDS, Base, Rule
from core.agreements.views import ShowAgreement
from core.commands import VOICES, Person, Role
from core.db import new_ref
from core.errors import Refused
from core.outbox import announce, begin_subject, changed
from core.partners import queries as partners
from core.partners.actions import next_number
from core.partners.models import Member
from core.register.actions import append


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is put to the partners; see `Agreement` for the meaning of each."""

    title: str
    closes_at: datetime.datetime
    text: str = ""
    rule: Rule = Rule.CONSENT
    base: Base = Base.CAST
    quorum_number: int | None = None
    quorum_share: float | None = None
    required_organisations: Sequence[int] = ()
    required_sectors: Sequence[str] = ()
    hidden: str = "no"
    effect: str = "binding"
    effect_detail: str = ""
    review_on: datetime.date | None = None
    decider_id: int | None = None
    theme_ids: Sequence[int] = ()
    front: Mapping[str, Any] = field(default_factory=dict)
    about: str = ""


def check_draft(draft: Draft, now: datetime.datetime) -> None:
    """Refuse what could never be closed properly. Raises Refused at the field that is wrong."""
    if draft.closes_at <= now:
        raise Refused(
            'The closing time has already passed. Give one in the future, such as closes:"Fri 5pm".',
            field="closes",
        )
    if draft.rule is Rule.ADVICE and draft.decider_id is None:
        raise Refused("With the rule advice, name who decides after hearing the advice.", field="decider")
    if draft.rule is not Rule.ADVICE and draft.decider_id is not None:
        raise Refused(
            "Only the rule advice has a person who decides. Leave that empty, or choose advice.",
            field="decider",
        )
    if draft.base is Base.ENTITLED and draft.rule not in THRESHOLDS:
        raise Refused(
            f"The rule {draft.rule} has no threshold to count, so leave the base at votes cast.", field="base"
        )
    if draft.effect != "binding" and not draft.effect_detail:
        what = "which meeting is to ratify it" if draft.effect == "ratify" else "whose approval it is subject to"
        raise Refused(f"Please say {what}.", field="effect_detail")


async def write_draft(
    session: AsyncSession, board: int, draft: Draft, proposer: int | None, now: datetime.datetime
) -> Agreement:
    """Put a proposal on record, not yet open. Raises Refused, see `check_draft`."""
    check_draft(draft, now)
    partnership = await partners.partnership(session, board)
    agreement = Agreement(
        partnership_id=board,
        ref=new_ref("agr"),
        number=await next_number(session, board, "agreement"),
        title=draft.title,
        text=draft.text,
        front=dict(draft.front),
        proposer_id=proposer,
        decider_id=draft.decider_id,
        rule=draft.rule.value,
        base=draft.base.value,
        unit=partnership.voting_unit,
        quorum_number=draft.quorum_number,
        quorum_share=draft.quorum_share,
        required_organisations=list(draft.required_organisations),
        required_sectors=list(draft.required_sectors),
        hidden=draft.hidden,
        effect=draft.effect,
        effect_detail=draft.effect_detail,
        review_on=draft.review_on,
        closes_at=draft.closes_at,
        about=draft.about,
        created_at=now,
    )
    session.add(agreement)
    await session.flush()
    for theme in draft.theme_ids:
        session.add(AgreementTheme(partnership_id=board, agreement_id=agreement.id, theme_id=theme))
    session.add(
        Wording(
            partnership_id=board,
            agreement_id=agreement.id,
            round=1,
            text=draft.text,
            member_id=proposer,
            at=now,
        )
    )
    await session.flush()
    await begin_subject(session, board, agreement.ref)
    return agreement


async def open_voting(session: AsyncSession, agreement: Agreement, by: Person | str, now: datetime.datetime) -> int:
    """Freeze the electorate, open the vote and announce it; the number of rooms that will show it.

    Raises Refused when it is not a draft, its deadline has passed, or nobody could vote.
    """
    if agreement.state != "draft":
        raise Refused(
            "This proposal has been opened already." if agreement.opened_at else "This proposal was withdrawn."
        )
    if agreement.closes_at <= now:
        raise Refused("Its closing time has passed. Set a new one before opening it.", field="closes")
    agreement.people_version = await partners.people_version(session, agreement.partnership_id)
    electors = await _electorate(session, agreement)
    if not electors:
        raise Refused("Nobody on this board has a vote yet. Add a voting organisation first.")
    session.add_all(electors)
    agreement.state, agreement.opened_at = "open", now
    await append(
        session,
        agreement.partnership_id,
        "opened",
        subject=agreement.ref,
        title=agreement.title,
        now=now,
        by=by,
        detail={
            "rule": agreement.rule,
            "text": agreement.text,
            "closes": agreement.closes_at.isoformat(),
            "electorate": [elector.name for elector in electors],  # where members vote, their references
        },
    )
    await changed(session, *agreement.shown_on())
    return await announce_card(session, agreement, now)


async def _electorate(session: AsyncSession, agreement: Agreement) -> list[Elector]:
    board = agreement.partnership_id
    required = set(agreement.required_organisations)
    voting = {partner.id: partner for partner in await partners.organisations(session, board) if partner.voting}
    if agreement.unit == "organisation":
        return [
            Elector(
                partnership_id=board,
                agreement_id=agreement.id,
                organisation_id=partner.id,
                name=partner.name,
                sector=partner.sector,
                required=partner.id in required,
            )
            for partner in voting.values()
        ]
    voices = [each for each in await partners.members(session, board, *VOICES) if each.organisation_id in voting]
    must = {member.id for key in required & set(voting) for member in _who_must(voting[key], voices)}
    return [
        Elector(
            partnership_id=board,
            agreement_id=agreement.id,
            organisation_id=member.organisation_id,
            member_id=member.id,
            name=member.name,
            sector=voting[member.organisation_id].sector,
            required=member.id in must,
        )
        for member in voices
    ]


def _who_must(partner: partners.Partner, voices: Sequence[Member]) -> list[Member]:
    """Where members vote, an organisation that must take part does so through its representative.

    While it has none, through one of those who may speak for it. Raises Refused where there is nobody at all,
    because the agreement could be neither passed nor honestly be said to have heard that partner.
    """
    own = [each for each in voices if each.organisation_id == partner.id]
    if not own:
        raise Refused(f"{partner.name} must take part, but nobody there can vote. Invite somebody, or leave it out.")
    return [each for each in own if each.role == Role.REPRESENTATIVE] or own[:1]


async def show_what_is_open(
    session: AsyncSession, board: int, now: datetime.datetime, *, room: int | None = None, member: int | None = None
) -> None:
    """Give a room or a person that came later the live cards of all that is still open."""
    for agreement in await queries.still_open(session, board):
        await announce(
            session,
            board,
            ShowAgreement(agreement.ref),
            key=f"card:{agreement.ref}:{agreement.round}:late:{now.isoformat()}",
            now=now,
            rooms=(room,) if room is not None else (),
            members=(member,) if member is not None else (),
            subject=agreement.ref,
        )


async def announce_card(session: AsyncSession, agreement: Agreement, now: datetime.datetime) -> int:
    """Post the live card in every room; on a board without rooms, to each person who may vote."""
    board = agreement.partnership_id
    rooms = tuple(room.id for room in await partners.rooms(session, board))
    voices = () if rooms else tuple(member.id for member in await partners.members(session, board, *VOICES))
    await announce(
        session,
        board,
        ShowAgreement(agreement.ref),
        key=f"card:{agreement.ref}:{agreement.round}:{now.isoformat()}",
        now=now,
        rooms=rooms,
        members=voices,
        subject=agreement.ref,
    )
    return len(rooms)
