"""From a poll that found a time to the meeting at that time."""

from collections.abc import Mapping
from typing import Any

from core.commands import Context
from core.errors import Incomplete, Refused
from core.meetings import planning
from core.meetings.cards import planned_card
from core.meetings.params import check_link
from core.meetings.planning import Plan
from core.polls import pictures
from core.polls import queries as polls
from core.polls.winning import time_found
from core.requests import Reply, Whisper
from core.trails import MeetThen


async def prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The poll's question is the title."""
    poll = await polls.find(context.session, context.me.board, str(given.get("poll", "")))
    return {"title": poll.title[:200].rstrip("?")}


async def plan(context: Context, params: MeetThen) -> Reply:
    """Plan the meeting for the time that was found. Raises Refused where none was, or it has passed."""
    session, me = context.session, context.me
    poll = await polls.find(session, me.board, params.poll)
    picture = await pictures.picture(session, me.board, params.poll)
    number = time_found(picture) if picture else None
    found = [each for each in await polls.options(session, poll) if each.number == number]
    if not found or found[0].starts_at is None:
        raise Refused("This poll has found no time. Plan the meeting by typing meeting.")
    if found[0].starts_at <= context.now:
        raise Refused("The time that this poll found has passed. Plan the meeting by typing meeting.")
    online = bool(params.link)
    wanted = Plan(
        title=params.title,
        starts_at=found[0].starts_at,
        minutes=params.minutes,
        way="both" if online and params.place else "online" if online else "in person",
        place=params.place,
        link=check_link(params.link),
        chair_id=await planning.usual_chair(session, me.board),
    )
    try:
        made = await planning.plan_meetings(session, wanted, me, context.now)
    except Refused as refusal:
        raise Incomplete(refusal.problems) if refusal.problems else refusal from None
    return Whisper(planned_card(made, me.zone, "Its card stands in the board's rooms."))
