"""Handlers: each way on for an item, by its card's buttons in either tool."""

from collections.abc import Mapping
from typing import Any

from core.actions.handling import in_form
from core.actions.making import Promise
from core.cards import Option, Params
from core.commands import STEERING, Context
from core.errors import Incomplete
from core.items import queries, triage
from core.items.params import (
    AnswerItem,
    DeclineItem,
    MergeItem,
    ParkItem,
    ReopenItem,
    ShowItem,
    SupportItem,
    ToAction,
    ToAgenda,
    ToPipeline,
    TriageItem,
    UnsupportItem,
    WithdrawItem,
)
from core.items.triage import Way
from core.partners import queries as partners
from core.priorities.making import Wish
from core.requests import Replace, Reply
from core.texts import number_in
from core.themes.queries import theme_options, themes


async def _way(context: Context, ref: str) -> Way:
    item = await queries.find(context.session, context.me, ref, to_change=True)
    return Way(context.session, item, context.me, context.now)


def _now(way: Way, note: str) -> Reply:
    ref = way.item.ref
    view: Params = TriageItem(ref) if way.by.role in STEERING else ShowItem(ref)
    return Replace(view, way.by.board, note)


def _told(way: Way) -> str:
    return "" if way.item.raiser_id in (None, way.by.member) else " Who raised it is told."


async def to_agenda(context: Context, params: ToAgenda) -> Reply:
    """For the next meeting."""
    way = await _way(context, params.item)
    await triage.to_agenda(way, params.why)
    return _now(way, f"It waits for the agenda of the next meeting; type items agenda to see them.{_told(way)}")


async def pipeline_choices(context: Context, _given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    """The board's themes and organisations."""
    session, board = context.session, context.me.board
    return {
        "theme": await theme_options(session, board),
        "sponsor": await partners.organisation_options(session, board),
    }


async def item_prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Its title and theme."""
    item = await queries.find(context.session, context.me, str(given.get("item", "")))
    by_key = {each.id: each.ref for each in await themes(context.session, context.me.board)}
    return {"title": item.title, "theme": by_key.get(item.theme_id or 0, "")}


async def to_pipeline(context: Context, params: ToPipeline) -> Reply:
    """Make it a priority."""
    session, board = context.session, context.me.board
    way = await _way(context, params.item)
    sponsors = {each.ref: each.id for each in await partners.organisations(session, board)}
    wish = Wish(
        title=params.title,
        detail="" if way.item.confidential else way.item.detail,  # what goes on is for all to see
        theme_id={each.ref: each.id for each in await themes(session, board)}.get(params.theme),
        sponsor_id=sponsors.get(params.sponsor),
        source=way.item.ref,
    )
    priority = await triage.to_pipeline(way, wish, params.why)
    return _now(way, f"It is priority {priority.number} now, to be scored and agreed.{_told(way)}")


async def action_choices(context: Context, _given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    """Who can do it."""
    return {"owner": await partners.member_options(context.session, context.me.board)}


async def to_action(context: Context, params: ToAction) -> Reply:
    """Make it an action."""
    way = await _way(context, params.item)
    listed = await partners.members(context.session, context.me.board)
    owner = next((each for each in listed if each.ref == params.owner), None)
    if owner is None or owner.role == "observer" or params.due is None:
        raise Incomplete({"owner": "Choose a partner, the chair or the coordinator; observers take no actions."})
    wanted = Promise(
        title=params.title,
        due_on=params.due,
        owner=owner,
        organisation_id=owner.organisation_id,
        detail="" if way.item.confidential else way.item.detail,  # what goes on is for all to see
        theme_id=way.item.theme_id,
        source=way.item.ref,
    )
    action = await triage.to_action(way, wanted, params.why)
    return _now(way, f"It is action {action.number} now, and {owner.name} is asked to do it.{_told(way)}")


async def answer(context: Context, params: AnswerItem) -> Reply:
    """Answer it."""
    way = await _way(context, params.item)
    await triage.answer(way, params.answer)
    return _now(way, f"Answered.{_told(way)}")


async def park(context: Context, params: ParkItem) -> Reply:
    """Let it rest."""
    way = await _way(context, params.item)
    if params.until is None:
        raise Incomplete({"until": ""})
    await in_form(triage.park(way, params.until, params.why))
    return _now(way, f"It rests, and waits again on that day.{_told(way)}")


async def decline(context: Context, params: DeclineItem) -> Reply:
    """Don't take it up."""
    way = await _way(context, params.item)
    await triage.decline(way, params.why)
    return _now(way, f"Declined, with your reason.{_told(way)}")


async def merge(context: Context, params: MergeItem) -> Reply:
    """Into another one."""
    way = await _way(context, params.item)
    other = await queries.by_number(context.session, context.me, number_in(params.into) or 0)
    if other is None:
        raise Incomplete({"into": "There is no item with that number. Type items to see them."})
    await in_form(triage.merge(way, other, params.why))
    return _now(way, f"It belongs to item {other.number} now.{_told(way)}")


async def reopen(context: Context, params: ReopenItem) -> Reply:
    """Look at it again."""
    way = await _way(context, params.item)
    await triage.reopen(way, params.why)
    return _now(way, f"It waits for its way on again.{_told(way)}")


async def withdraw(context: Context, params: WithdrawItem) -> Reply:
    """Take it back."""
    way = await _way(context, params.item)
    await triage.withdraw(way, params.why)
    return _now(way, "Taken back.")


async def support(context: Context, params: SupportItem) -> Reply:
    """We have this too."""
    way = await _way(context, params.item)
    await triage.support(way)
    return _now(way, f"Noted for {context.me.organisation_name}.")


async def unsupport(context: Context, params: UnsupportItem) -> Reply:
    """We don't after all."""
    way = await _way(context, params.item)
    await triage.unsupport(way)
    return _now(way, f"Taken back for {context.me.organisation_name}.")
