"""Handlers: the agenda, its entries, and the forward plan."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from core.actions.params import ListActions
from core.agreements.views import ShowAgreement
from core.cards import Option, Params
from core.commands import Context
from core.errors import Incomplete, Refused
from core.items.params import ShowItem
from core.meetings import agenda, attending, gathering, queries
from core.meetings.agenda_cards import agenda_card, entry_card, forward_card
from core.meetings.agenda_models import AgendaEntry
from core.meetings.agenda_params import (
    AddEntry,
    DraftAgenda,
    EditEntry,
    ForwardPlan,
    LeaveToLater,
    PublishAgenda,
    RemoveEntry,
    ShowAgenda,
    ShowEntry,
)
from core.meetings.gathering import Wanted
from core.meetings.models import Meeting
from core.meetings.params import ShowMeeting
from core.partners import queries as partners
from core.priorities.params import ShowPriority
from core.requests import Replace, Reply, Whisper
from core.themes.queries import theme_options, themes
from core.times import say_moment

FORWARD = 4  # meetings


async def for_running(context: Context, ref: str) -> Meeting:
    """The meeting, locked, for who may run it. Raises Refused."""
    meeting = await queries.find(context.session, context.me.board, ref, to_change=True)
    queries.check_runs(meeting, context.me)
    return meeting


async def show(context: Context, params: ShowAgenda) -> Reply:
    """The whole agenda."""
    meeting = await queries.find(context.session, context.me.board, params.meeting)
    await queries.check_sees(context.session, meeting, context.me)
    return await _agenda(context, params.meeting, params.page)


async def _agenda(context: Context, ref: str, page: int = 1) -> Reply:
    shown = await queries.shown(context.session, context.me.board, ref)
    if shown is None:
        raise Refused(queries.NOT_YOURS)
    may = queries.may_run(shown.meeting, context.me)
    return Whisper(agenda_card(shown, context.me.zone, page, may_run=may))


async def draft(context: Context, params: DraftAgenda) -> Reply:
    """Put on it what waits."""
    meeting = await for_running(context, params.meeting)
    await agenda.draft(context.session, meeting, context.me, context.now)
    return await _agenda(context, meeting.ref)


async def entry_choices(context: Context, _given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    """Who leads, themes, and the meetings to come."""
    session, me = context.session, context.me
    ahead = await queries.upcoming(session, me.board, context.now, limit=20)
    named = tuple(
        Option(f"{each.number}. {each.title}, {say_moment(each.starts_at, me.zone)}", each.ref) for each in ahead
    )
    return {
        "lead": await partners.member_options(session, me.board),
        "theme": await theme_options(session, me.board),
        "meeting_to": named,
    }


async def _wanted(context: Context, params: AddEntry | EditEntry) -> Wanted:
    members = {each.ref: each.id for each in await partners.members(context.session, context.me.board)}
    by_ref = {each.ref: each.id for each in await themes(context.session, context.me.board)}
    return Wanted(
        title=params.title,
        wants=params.wants,
        minutes=params.minutes,
        lead_id=members.get(params.lead),
        theme_id=by_ref.get(params.theme),
        detail=params.detail,
    )


async def add(context: Context, params: AddEntry) -> Reply:
    """Another entry."""
    meeting = await for_running(context, params.meeting)
    try:
        await agenda.add(context.session, meeting, await _wanted(context, params), context.now)
    except Refused as refusal:
        raise Incomplete(refusal.problems) if refusal.problems else refusal from None
    return await _agenda(context, meeting.ref)


async def edit_prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """How it stands on the agenda."""
    session, board = context.session, context.me.board
    entry, _ = await agenda.find_entry(session, board, str(given.get("entry", "")))
    refs = {each.id: each.ref for each in await partners.members(session, board)}
    by_key = {each.id: each.ref for each in await themes(session, board)}
    return {
        "title": entry.title,
        "wants": entry.wants,
        "minutes": entry.minutes,
        "lead": refs.get(entry.lead_id or 0, ""),
        "theme": by_key.get(entry.theme_id or 0, ""),
        "place": entry.position,
        "detail": entry.detail,
    }


async def edit(context: Context, params: EditEntry) -> Reply:
    """Change an entry."""
    entry, meeting = await agenda.find_entry(context.session, context.me.board, params.entry, to_change=True)
    queries.check_runs(meeting, context.me)
    try:
        await agenda.change(context.session, meeting, entry, await _wanted(context, params), params.place)
    except Refused as refusal:
        raise Incomplete(refusal.problems) if refusal.problems else refusal from None
    return await _agenda(context, meeting.ref)


async def show_entry(context: Context, params: ShowEntry) -> Reply:
    """One entry."""
    session, me = context.session, context.me
    entry, meeting = await agenda.find_entry(session, me.board, params.entry)
    await queries.check_sees(session, meeting, me)
    theme = {each.id: each.name for each in await themes(session, me.board)}.get(entry.theme_id or 0, "")
    declared = [name for each, name, _ in await attending.interests(session, meeting) if each.id == entry.id]
    names = await queries.names_of(session, me.board)
    opens = await _opens(context, entry)
    may = queries.may_run(meeting, me)
    return Whisper(entry_card(entry, meeting, names, theme, opens, declared, may_run=may))


async def _opens(context: Context, entry: AgendaEntry) -> Params | None:
    match entry.kind:
        case "item":
            return ShowItem(entry.about)
        case "agreement":
            return ShowAgreement(entry.about)
        case "priority":
            return ShowPriority(entry.about)
        case "actions":
            return ListActions("overdue")
        case "standing" if entry.about == gathering.MINUTES:
            of = await context.session.execute(select(Meeting).where(Meeting.id == entry.meeting_id))
            last = await queries.last_before(context.session, of.scalar_one())
            return ShowMeeting(last.ref) if last else None
    return None


async def leave(context: Context, params: LeaveToLater) -> Reply:
    """It goes to another meeting."""
    session, me = context.session, context.me
    _, now_of = await agenda.find_entry(session, me.board, params.entry)
    await agenda.lock_both(session, me.board, now_of.ref, params.meeting_to)
    entry, meeting = await agenda.find_entry(session, me.board, params.entry, to_change=True)
    queries.check_runs(meeting, me)
    to = await queries.find(session, me.board, params.meeting_to, to_change=True)
    queries.check_runs(to, me)
    try:
        await agenda.leave_to(session, entry, meeting, to)
    except Refused as refusal:
        raise Incomplete(refusal.problems) if refusal.problems else refusal from None
    return await _agenda(context, to.ref)


async def remove(context: Context, params: RemoveEntry) -> Reply:
    """Off the agenda."""
    entry, meeting = await agenda.find_entry(context.session, context.me.board, params.entry, to_change=True)
    queries.check_runs(meeting, context.me)
    await agenda.remove(context.session, meeting, entry)
    return await _agenda(context, meeting.ref)


async def publish(context: Context, params: PublishAgenda) -> Reply:
    """The agenda goes out."""
    meeting = await for_running(context, params.meeting)
    count = await agenda.publish(context.session, meeting, context.me, context.now)
    word = "entry" if count == 1 else "entries"
    note = f"The agenda is out with {count} {word}; everyone invited is reminded in working hours."
    return Replace(ShowMeeting(meeting.ref), context.me.board, note)


async def forward(context: Context, _params: ForwardPlan) -> Reply:
    """What the next meetings deal with."""
    session, me = context.session, context.me
    ahead = await queries.upcoming(session, me.board, context.now, limit=FORWARD)
    plan = [(each, await queries.entries(session, each)) for each in ahead]
    unplaced = [each.title for each in await gathering.waiting(session, ahead[0], me, context.now)] if ahead else []
    return Whisper(forward_card(plan, unplaced, me.zone))
