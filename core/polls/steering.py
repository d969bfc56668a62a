"""Handlers: what who asked a poll, the chair and the coordinator can do with it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from core.cards import Card, Option, Text
from core.commands import STEERING, Context
from core.errors import Incomplete, Refused
from core.outbox import announce, changed
from core.partners import queries as partners
from core.polls import closing, electorate, pictures, queries
from core.polls.models import Poll, PollWords
from core.polls.params import Close, Delete, Group, Nudge, Reopen, Share
from core.polls.views import ShowPoll
from core.requests import Replace, Reply, Whisper
from core.texts import quoted
from core.times import say_moment


async def steered(context: Context, ref: str, what: str) -> Poll:
    """The poll, locked, for who may steer it. Raises Refused for anyone else."""
    poll = await queries.find(context.session, context.me.board, ref, to_change=True)
    if poll.author_id != context.me.member and context.me.role not in STEERING:
        raise Refused(f"Only who asked this poll, the chair or the coordinator can {what}.")
    return poll


async def close(context: Context, params: Close) -> Reply:
    """Close it now."""
    poll = await steered(context, params.poll, "close it")
    await closing.close(context.session, poll, context.me, context.now)
    return Replace(ShowPoll(poll.ref), context.me.board, f"Closed. {poll.statement}")


async def reopen(context: Context, params: Reopen) -> Reply:
    """Open it again, on the record."""
    poll = await steered(context, params.poll, "reopen it")
    try:
        await closing.reopen(context.session, poll, context.me, params.why, params.closes, context.now)
    except Refused as refusal:
        raise Incomplete(refusal.problems) if refusal.problems else refusal from None
    until = f" until {say_moment(params.closes, context.me.zone)}" if params.closes else ""
    return Replace(ShowPoll(poll.ref), context.me.board, f"Reopened{until}.")


async def delete(context: Context, params: Delete) -> Reply:
    """Delete it for everyone."""
    poll = await steered(context, params.poll, "delete it")
    await closing.delete_poll(context.session, poll, context.me, params.why, context.now)
    return Replace(ShowPoll(poll.ref), context.me.board, "The poll is deleted.")


async def share_choices(context: Context, _given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    """The board's rooms."""
    rooms = await partners.rooms(context.session, context.me.board)
    tools = {"slack": "Slack", "teams": "Teams"}
    return {"room": tuple(Option(f"{room.name or 'A room'} ({tools[room.tool]})", room.ref) for room in rooms)}


async def share(context: Context, params: Share) -> Reply:
    """Show it in a room: in one more, for a poll of certain rooms, else once more at the foot of this one."""
    poll = await steered(context, params.poll, "share it")
    rooms = await partners.rooms(context.session, context.me.board)
    room = next((each for each in rooms if each.ref == params.room), None)
    if room is None:
        raise Incomplete({"room": "That room is not connected any more. Please choose another one."})
    if poll.who == "room" and room.id not in poll.room_ids:
        poll.room_ids = [*poll.room_ids, room.id]
        await changed(context.session, poll.ref)
    key = f"poll:{poll.ref}:shared:{context.now.isoformat()}"
    await announce(
        context.session,
        context.me.board,
        ShowPoll(poll.ref),
        key=key,
        now=context.now,
        rooms=(room.id,),
        subject=poll.ref,
    )
    return Whisper(Card("Shared", (Text((f"It now stands in {room.name or 'that room'}, too.",)),), "Shared."))


async def nudge(context: Context, params: Nudge) -> Reply:
    """Send the poll to those who have not voted, once."""
    poll = await steered(context, params.poll, "remind people of it")
    poll.check_takes_votes(context.now)
    if poll.who == "room":
        raise Refused(
            "Who is in a room is not known to Folkmoot, so nobody can be reminded. Share the poll there again."
        )
    if poll.nudged_at is not None:
        moment = say_moment(poll.nudged_at, context.me.zone)
        raise Refused(f"They were reminded on {moment}, and once is enough.")
    members = await electorate.silent_members(context.session, poll)
    if not members:
        raise Refused("Everyone has voted, so there is nobody to remind.")
    poll.nudged_at = context.now
    await announce(
        context.session,
        poll.partnership_id,
        ShowPoll(poll.ref),
        key=f"nudge:{poll.ref}",
        now=context.now,
        members=tuple(members),
        subject=poll.ref,
        expires_at=poll.closes_at,
    )
    count = "1 person" if len(members) == 1 else f"{len(members):,} people"
    return Whisper(Card("Reminded", (Text((f"{count} get the poll as a direct message.",)),), f"{count} reminded."))


async def group_choices(context: Context, given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    """The answers in words, as far as they may be seen."""
    poll = await queries.find(context.session, context.me.board, str(given.get("poll", "")))
    if pictures.hides(poll):
        return {}
    found = await context.session.execute(
        select(PollWords.ref, PollWords.text, PollWords.heading)
        .where(
            PollWords.partnership_id == context.me.board,
            PollWords.poll_id == poll.id,
            PollWords.question_id.is_not(None),
        )
        .order_by(PollWords.heading, PollWords.text, PollWords.ref)
        .limit(100)
    )
    return {
        "answers": tuple(
            Option(f"{heading}: {text}" if heading else text, ref) for ref, text, heading in found.tuples()
        )
    }


async def group(context: Context, params: Group) -> Reply:
    """Put answers under one heading, or out of it."""
    poll = await steered(context, params.poll, "group its answers")
    await context.session.execute(
        update(PollWords)
        .where(PollWords.partnership_id == poll.partnership_id, PollWords.poll_id == poll.id)
        .where(PollWords.ref.in_(params.answers))
        .values(heading=params.heading)
        .execution_options(synchronize_session=False)
    )
    await changed(context.session, poll.ref)
    words = f"under {quoted(params.heading)}" if params.heading else "in no group"
    return Replace(ShowPoll(poll.ref), context.me.board, f"{len(params.answers)} answers now stand {words}.")
