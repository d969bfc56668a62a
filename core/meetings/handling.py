"""Handlers: planning meetings, moving and cancelling them, seeing them, and the calendar."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from core.cards import Card, Option, Text
from core.commands import STEERING, Context, Sight
from core.errors import Incomplete, Refused
from core.meetings import changing, planning, queries
from core.meetings.calendar import feed_of
from core.meetings.cards import calendar_card, list_card, meeting_card, planned_card
from core.meetings.params import (
    CancelMeeting,
    ListMeetings,
    MoveMeeting,
    PlanMeeting,
    RenewCalendar,
    ShowCalendar,
    ShowMeeting,
)
from core.meetings.planning import Plan
from core.meetings.rhythm import rule_for
from core.partners import queries as partners
from core.requests import Replace, Reply, Whisper
from core.texts import number_in

FILTERS = ("past", "all", "cancelled", "next")
NO_ADDRESS = (
    "This Folkmoot doesn't know its own public address, so there is nothing to subscribe to. "
    "Ask the operator to set PUBLIC_URL."
)


async def plan_choices(context: Context, _given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    """Who may chair, and which groups there are."""
    session, board = context.session, context.me.board
    people = await partners.member_options(session, board)
    groups = await queries.running_groups(session, board)
    return {"chair": people, "deputy": people, "group": tuple(Option(each.name, each.ref) for each in groups)}


async def plan(context: Context, params: PlanMeeting) -> Reply:
    """One meeting, or a series as far as the next thirteen months."""
    me, session = context.me, context.session
    members = {member.ref: member for member in await partners.members(session, me.board)}
    groups = {group.ref: group.id for group in await queries.running_groups(session, me.board)}
    chair = members[params.chair].id if params.chair in members else await planning.usual_chair(session, me.board)
    wanted = Plan(
        title=params.title,
        starts_at=params.when,
        minutes=params.minutes,
        way=params.way,
        place=params.place,
        link=params.link,
        chair_id=chair,
        deputy_id=members[params.deputy].id if params.deputy in members else None,
        group_id=groups.get(params.group),
        papers_days=params.papers,
        skips_holidays=params.skip_holidays,
    )
    day = params.when.astimezone(me.zone).date()
    if params.until is not None and params.until < day:
        raise Incomplete({"until": "The last one can't be before the first. Choose a later day."})
    try:
        rule = rule_for(params.repeats, params.rule, day, params.until)
        made = await planning.plan_meetings(session, dataclasses.replace(wanted, rule=rule), me, context.now)
    except Refused as refusal:
        raise Incomplete(refusal.problems) if refusal.problems else refusal from None
    everywhere = "Its card stands in the board's rooms." if wanted.group_id is None else "The group's members have it."
    return Whisper(planned_card(made, me.zone, everywhere))


async def draw_meeting(sight: Sight, params: ShowMeeting) -> Card | None:
    """The card as it stands."""
    shown = await queries.shown(sight.session, sight.board, params.meeting)
    if shown is None:
        return None
    zone = partners.zone_of((await partners.partnership(sight.session, sight.board)).timezone)
    return meeting_card(shown, zone, params.say)


async def show(context: Context, params: ShowMeeting) -> Reply:
    """The card, for one person."""
    meeting = await queries.find(context.session, context.me.board, params.meeting)
    await queries.check_sees(context.session, meeting, context.me)
    card = await draw_meeting(context.sight, params)
    if card is None:
        raise Refused(queries.NOT_YOURS)
    return Whisper(card)


async def show_list(context: Context, params: ListMeetings) -> Reply:
    """One page of meetings; a number shows that one."""
    me, said = context.me, params.search.split()
    filters = frozenset(word.lower() for word in said if word.lower() in FILTERS)
    words = " ".join(word for word in said if word.lower() not in FILTERS)
    number = number_in(words)
    page = await queries.page(
        context.session, me, context.now, filters=filters, words=words if number is None else "", number=number,
        at=params.at,
    )  # fmt: skip
    if number is not None and page.rows:
        return await show(context, ShowMeeting(page.rows[0].ref))
    title = "Past meetings" if "past" in filters else "Meetings cancelled" if "cancelled" in filters else "Meetings"
    if words:
        title += f" with “{words[:60]}”"

    def to(at: str) -> ListMeetings:
        return ListMeetings(params.search, at)

    return Whisper(list_card(page, title, to, me.zone, may_plan=me.role in STEERING, sought=bool(words)))


async def move_prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """How it is planned now."""
    meeting = await queries.find(context.session, context.me.board, str(given.get("meeting", "")))
    refs = {member.id: member.ref for member in await partners.members(context.session, context.me.board)}
    return {
        "when": meeting.starts_at,
        "minutes": meeting.minutes,
        "way": meeting.way,
        "place": meeting.place,
        "link": meeting.link,
        "chair": refs.get(meeting.chair_id or 0, ""),
        "deputy": refs.get(meeting.deputy_id or 0, ""),
    }


async def move(context: Context, params: MoveMeeting) -> Reply:
    """Another time or place; whom it concerns is told."""
    me, session = context.me, context.session
    meeting = await queries.find(session, me.board, params.meeting, to_change=True)
    members = {member.ref: member.id for member in await partners.members(session, me.board)}
    wanted = Plan(
        title=meeting.title,
        starts_at=params.when,
        minutes=params.minutes,
        way=params.way,
        place=params.place,
        link=params.link,
        chair_id=members.get(params.chair),
        deputy_id=members.get(params.deputy),
    )
    try:
        await changing.move(session, meeting, wanted, params.why, me, context.now)
    except Refused as refusal:
        raise Incomplete(refusal.problems) if refusal.problems else refusal from None
    note = "It is moved; whoever it concerns is told, and subscribed calendars follow."
    return Replace(ShowMeeting(meeting.ref), me.board, note)


async def cancel(context: Context, params: CancelMeeting) -> Reply:
    """It does not take place; whom it concerns is told."""
    me = context.me
    meeting = await queries.find(context.session, me.board, params.meeting, to_change=True)
    count = await changing.cancel(context.session, meeting, params.why, me, context.now, series=params.series)
    what = "It is cancelled" if count == 1 else f"{count} meetings are cancelled"
    note = f"{what}; whoever it concerns is told, and subscribed calendars follow."
    return Replace(ShowMeeting(meeting.ref), me.board, note)


async def show_calendar(context: Context, _params: ShowCalendar) -> Reply:
    """One's own address of the calendar."""
    return await _calendar(context, renew=False)


async def renew_calendar(context: Context, _params: RenewCalendar) -> Reply:
    """Another address; the old one leads nowhere."""
    return await _calendar(context, renew=True)


async def _calendar(context: Context, *, renew: bool) -> Reply:
    base = str(context.session.info.get("public_url", ""))
    if not base:
        return Whisper(Card("My calendar", (Text((NO_ADDRESS,)),), NO_ADDRESS))
    token = await feed_of(context.session, context.me, context.now, renew=renew)
    return Whisper(calendar_card(f"{base.rstrip('/')}/calendar/{token}.ics"))
