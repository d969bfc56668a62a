"""Handlers: putting something to the partners, and opening it to the vote."""

from collections.abc import Mapping
from typing import Any

from core.agreements import opening, queries
from core.agreements.cards import units
from core.agreements.models import Agreement
from core.agreements.params import (
    Open,
    Propose,
)
from core.agreements.quorum import parse_quorum
from core.agreements.rules import Base, Rule
from core.agreements.views import ShowAgreement
from core.cards import Card, Option, Text
from core.commands import STEERING, Context, Person
from core.errors import Incomplete, Refused
from core.outbox import announce, changed
from core.partners import queries as partners
from core.requests import Replace, Reply, Whisper
from core.themes.queries import theme_options, themes
from core.times import say_moment
from core.trails import known


def said(title: str, *sentences: str) -> Whisper:
    """A short answer for one person."""
    return Whisper(Card(title=title, blocks=tuple(Text((each,)) for each in sentences), summary=" ".join(sentences)))


async def propose_choices(context: Context, _given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    """What this board has to choose from: voting organisations, their sectors, themes and members."""
    board = context.me.board
    listed = await partners.organisations(context.session, board)
    sectors = sorted({partner.sector for partner in listed if partner.sector and partner.voting}, key=str.casefold)
    return {
        "must": tuple(Option(partner.name, partner.ref) for partner in listed if partner.voting),
        "sectors": tuple(Option(sector, sector) for sector in sectors),
        "themes": await theme_options(context.session, board),
        "decider": await partners.member_options(context.session, board),
    }


async def propose_prefill(context: Context, _given: Mapping[str, Any]) -> Mapping[str, Any]:
    """How the board usually decides."""
    usual = await partners.practice(context.session, context.me.board)
    return {"rule": usual.rule, "quorum": usual.quorum}


async def _draft_of(context: Context, params: Propose) -> opening.Draft:
    session, board = context.session, context.me.board
    by_ref = {partner.ref: partner.id for partner in await partners.organisations(session, board)}
    theme_by_ref = {theme.ref: theme.id for theme in await themes(session, board)}
    members = {member.ref: member.id for member in await partners.members(session, board)}
    usual = await partners.practice(session, board)
    # In the form the usual quorum stands already, so an emptied field means that there is to be none.
    quorum = parse_quorum(params.quorum or ("" if context.source == "form" else usual.quorum))
    return opening.Draft(
        title=params.title,
        text=params.text,
        closes_at=params.closes,
        rule=Rule(params.rule or usual.rule),
        base=Base(params.base),
        quorum_number=quorum.number,
        quorum_share=quorum.share,
        required_organisations=[by_ref[ref] for ref in params.must if ref in by_ref],
        required_sectors=list(params.sectors),
        hidden=params.hidden,
        effect=params.effect,
        effect_detail=params.effect_detail,
        review_on=params.review,
        decider_id=members.get(params.decider),
        theme_ids=[theme_by_ref[ref] for ref in params.themes if ref in theme_by_ref],
        about=await known(session, board, params.about),
    )


async def propose(context: Context, params: Propose) -> Reply:
    """The chair's and the coordinator's proposals open at once; a partner's goes to them to be opened."""
    me = context.me
    try:
        agreement = await opening.write_draft(
            context.session, me.board, await _draft_of(context, params), me.member, context.now
        )
    except Refused as refusal:
        # A mistake in one field of many: the form comes back with everything else as it was.
        raise Incomplete(refusal.problems) if refusal.problems else refusal from None
    await changed(context.session, *agreement.shown_on())
    if me.role in STEERING:
        rooms = await opening.open_voting(context.session, agreement, me, context.now)
        return said(f"Voting is open: {agreement.title}", _where(rooms), _until(agreement, me))
    steering = await partners.members(context.session, me.board, *STEERING)
    await announce(
        context.session,
        me.board,
        ShowAgreement(agreement.ref),
        key=f"draft:{agreement.ref}",
        now=context.now,
        members=tuple(member.id for member in steering),
        subject=agreement.ref,
    )
    return said(
        f"Sent to the chair: {agreement.title}",
        "The chair or the coordinator opens it to the vote, and you will see it in the board's rooms.",
    )


def _where(rooms: int) -> str:
    if not rooms:
        return "The board has no room yet, so everyone who may vote gets it as a direct message."
    return f"It now stands in {units(rooms, 'room')} of this board, in each partner's own tool."


def _until(agreement: Agreement, me: Person) -> str:
    return f"It closes by itself on {say_moment(agreement.closes_at, me.zone)}."


async def open_(context: Context, params: Open) -> Reply:
    """Open a draft to the vote."""
    agreement = await queries.find(context.session, context.me.board, params.agreement, to_change=True)
    await opening.open_voting(context.session, agreement, context.me, context.now)
    return Replace(ShowAgreement(agreement.ref), context.me.board, "Voting is open.")
