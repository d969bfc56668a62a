"""Handlers: proposing, seeing and changing priorities; the forms' choices."""

from collections.abc import Mapping
from typing import Any

from core.cards import Card, Option, Text
from core.commands import STEERING, VOICES, Context, Sight
from core.errors import Incomplete, Refused
from core.paging import Place
from core.partners import queries as partners
from core.priorities import making, queries
from core.priorities.cards import priority_card
from core.priorities.details import PAGE, pipeline_card, steps_card
from core.priorities.gates import check_may_move, read_places
from core.priorities.making import Wish
from core.priorities.params import AddPriority, EditPriority, ShowPipeline, ShowPriority, ShowSteps
from core.priorities.queries import ORDER
from core.requests import Replace, Reply, Whisper
from core.texts import number_in
from core.themes.queries import theme_options, themes
from core.trails import known


async def choices(context: Context, _given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    """What this board has to choose from."""
    session, board = context.session, context.me.board
    return {
        "theme": await theme_options(session, board),
        "sponsor": await partners.organisation_options(session, board),
        "lead": await partners.member_options(session, board),
    }


async def _wish(context: Context, params: AddPriority | EditPriority) -> Wish:
    session, board = context.session, context.me.board
    sponsors = {each.ref: each.id for each in await partners.organisations(session, board)}
    members = {each.ref: each for each in await partners.members(session, board)}
    lead = members.get(params.lead)
    if lead is not None and lead.role == "observer":
        raise Incomplete({"lead": "An observer reads and leads nothing. Choose somebody else."})
    return Wish(
        title=params.title,
        detail=params.detail,
        theme_id={each.ref: each.id for each in await themes(session, board)}.get(params.theme),
        sponsor_id=sponsors.get(params.sponsor),
        lead_id=lead.id if lead else None,
        places=read_places(params.places),
        source=await known(session, board, params.source) if isinstance(params, AddPriority) else "",
    )


async def add(context: Context, params: AddPriority) -> Reply:
    """Propose it to the board."""
    priority = await making.propose(context.session, await _wish(context, params), context.me, context.now)
    words = "It stands in the pipeline as proposed. Partners score it, and it goes on once they have agreed it."
    return Whisper(Card(f"Priority {priority.number}: {priority.title}", (Text((words,)),), words))


async def edit(context: Context, params: EditPriority) -> Reply:
    """Change what it is."""
    priority = await queries.find(context.session, context.me.board, params.priority, to_change=True)
    _check_may_edit(context, priority.proposer_id == context.me.member, priority)
    await making.edit(context.session, priority, await _wish(context, params), context.me, context.now)
    return Replace(ShowPriority(priority.ref), context.me.board, "Changed.")


def _check_may_edit(context: Context, own: bool, priority: Any) -> None:
    """Who may move it may change it; and who proposed it, while it is proposed."""
    if own and priority.stage == "proposed" and context.me.role in VOICES | STEERING:
        return
    check_may_move(priority, context.me)


async def edit_prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What it is now."""
    session, board = context.session, context.me.board
    priority = await queries.find(session, board, str(given.get("priority", "")))
    sponsors = {each.id: each.ref for each in await partners.organisations(session, board)}
    members = {each.id: each.ref for each in await partners.members(session, board)}
    by_key = {each.id: each.ref for each in await themes(session, board)}
    return {
        "title": priority.title,
        "theme": by_key.get(priority.theme_id or 0, ""),
        "sponsor": sponsors.get(priority.sponsor_id or 0, ""),
        "lead": members.get(priority.lead_id or 0, ""),
        "places": ", ".join(priority.places),
        "detail": priority.detail,
    }


async def draw_priority(sight: Sight, params: ShowPriority) -> Card | None:
    """The card as it stands."""
    shown = await queries.shown(sight.session, sight.board, params.priority)
    return priority_card(shown, params.say) if shown else None


async def show(context: Context, params: ShowPriority) -> Reply:
    """The card, for one person."""
    card = await draw_priority(context.sight, params)
    if card is None:
        raise Refused(queries.NOT_YOURS)
    return Whisper(card)


async def show_steps(context: Context, params: ShowSteps) -> Reply:
    """How it got where it is."""
    priority = await queries.find(context.session, context.me.board, params.priority)
    return Whisper(steps_card(priority, await queries.steps(context.session, priority), params.page))


async def show_pipeline(context: Context, params: ShowPipeline) -> Reply:
    """One page of the pipeline; a number shows that one."""
    session, board = context.session, context.me.board
    said = params.search.strip().lower()
    number = number_in(said)
    stage = said if said in ORDER else ""
    found = await queries.pipeline(
        session,
        board,
        stage=stage,
        words="" if stage or number is not None else said,
        theme={each.ref: each.id for each in await themes(session, board)}.get(params.theme),
        number=number,
        offset=(max(params.page, 1) - 1) * PAGE,
        limit=PAGE,
    )
    if number is not None and found.lines:
        return await show(context, ShowPriority(found.lines[0].ref))
    if found.total and not found.lines:
        last = Place(params.page, found.total, PAGE).last
        return await show_pipeline(context, ShowPipeline(params.search, params.theme, last))
    return Whisper(pipeline_card(found, params))
