"""Handlers: what is done in a meeting from the chair's card."""

import datetime
from collections.abc import Mapping
from typing import Any

from core.actions.making import Promise
from core.actions.making import add as add_action
from core.agreements import opening
from core.agreements.proposing import said
from core.agreements.quorum import parse_quorum
from core.agreements.rules import Rule
from core.cards import Card, Option
from core.commands import Context, Sight
from core.errors import Incomplete, Refused
from core.meetings import queries as meetings
from core.meetings.attending import recuse_below, to_recuse, was_there
from core.meetings.params import ShowMeeting
from core.meetings.session_params import (
    BeginMeeting,
    EndMeeting,
    NextEntry,
    NoteDecision,
    ParkMatter,
    PromiseAction,
    PutAgreement,
    RecordPresent,
    ShowChair,
    ShowMinutes,
    StartPoll,
    TakeNote,
)
from core.minutes import recording, session
from core.minutes.cards import chair_card
from core.minutes.session import Sitting
from core.partners import queries as partners
from core.polls.counting import Shape
from core.polls.drafting import Draft, Question, options_for
from core.polls.opening import open_poll, write_poll
from core.requests import Replace, Reply, Whisper
from core.times import say_date

VOTING_LASTS = datetime.timedelta(minutes=15)


async def sitting_of(context: Context, ref: str) -> Sitting:
    """The meeting, locked, for who runs it. Raises Refused."""
    meeting = await meetings.find(context.session, context.me.board, ref, to_change=True)
    meetings.check_runs(meeting, context.me)
    return Sitting(context.session, meeting, context.me, context.now)


def _chair(sitting: Sitting, note: str) -> Reply:
    return Replace(ShowChair(sitting.meeting.ref), sitting.by.board, note)


async def draw_chair(sight: Sight, params: ShowChair) -> Card | None:
    """The chair's card as things stand."""
    shown = await meetings.shown(sight.session, sight.board, params.meeting)
    if shown is None:
        return None
    zone = partners.zone_of((await partners.partnership(sight.session, sight.board)).timezone)
    notes = await session.notes(sight.session, shown.meeting)
    last = await meetings.last_before(sight.session, shown.meeting)
    return chair_card(shown, notes, last, sight.now, zone)


async def show_chair(context: Context, params: ShowChair) -> Reply:
    """The chair's card, for who runs the meeting."""
    meeting = await meetings.find(context.session, context.me.board, params.meeting)
    meetings.check_runs(meeting, context.me)
    card = await draw_chair(context.sight, params)
    if card is None:
        raise Refused(meetings.NOT_YOURS)
    return Whisper(card)


async def begin(context: Context, params: BeginMeeting) -> Reply:
    """The meeting begins; who runs it gets the chair's card, which follows it, in the chat with the bot."""
    sitting = await sitting_of(context, params.meeting)
    await session.begin(sitting)
    note = "The meeting has begun. The chair's card is in our one-to-one chat; you can run everything from there."
    return Replace(ShowMeeting(params.meeting), context.me.board, note)


async def go_on(context: Context, params: NextEntry) -> Reply:
    """On to the next entry."""
    sitting = await sitting_of(context, params.meeting)
    entry = await session.go_on(sitting, params.done)
    return _chair(sitting, f"Now: {entry.position}. {entry.title}." if entry else "The agenda is through.")


async def take_note(context: Context, params: TakeNote) -> Reply:
    """Something for the minutes."""
    sitting = await sitting_of(context, params.meeting)
    sitting.meeting.check_open()
    await sitting.note("note", params.text)
    return _chair(sitting, "It is noted for the minutes.")


async def decide(context: Context, params: NoteDecision) -> Reply:
    """A decision of the meeting."""
    sitting = await sitting_of(context, params.meeting)
    number = await session.decide(sitting, params.text, params.reason, params.votes)
    return _chair(sitting, f"Noted as decision {number}, in the register.")


async def put(context: Context, params: PutAgreement) -> Reply:
    """Put an agreement to the partners; interests declared in the entry recuse in it at once."""
    sitting = await sitting_of(context, params.meeting)
    sitting.check_decides()
    current = await sitting.current()
    about = sitting.meeting.ref
    if current is not None:
        about = current.about if current.kind in ("item", "priority") else current.ref
    usual = parse_quorum((await partners.practice(context.session, context.me.board)).quorum)
    draft = opening.Draft(
        title=params.title,
        text=params.text,
        rule=Rule(params.rule),
        closes_at=params.closes or context.now + VOTING_LASTS,
        quorum_number=usual.number,
        quorum_share=usual.share,
        about=about,
    )
    agreement = await opening.write_draft(context.session, context.me.board, draft, context.me.member, context.now)
    await opening.open_voting(context.session, agreement, context.me, context.now)
    await sitting.note("agreement", params.title, about=agreement.ref)
    for board, ref in await to_recuse(context.session, context.now):
        if ref == agreement.ref:
            await recuse_below(context.session, board, ref, context.now)
    return _chair(sitting, f"Agreement {agreement.number} is open to the vote. Close it early from its own card.")


async def start_poll(context: Context, params: StartPoll) -> Reply:
    """Ask a quick question."""
    sitting = await sitting_of(context, params.meeting)
    sitting.meeting.check_open()
    try:
        options = options_for(Shape.ONE, params.options, context.me.zone, context.now)
    except Refused as refusal:
        raise Incomplete({"options": refusal.sentence}) from None
    group = sitting.meeting.group_id  # its polls are its members' alone
    asked = (Question(params.question, Shape.ONE, options),)
    draft = Draft(questions=asked, who="group" if group else "board", group_id=group)
    poll = await write_poll(context.session, context.me.board, draft, context.me.member, context.now)
    await open_poll(context.session, poll, context.now)
    await sitting.note("poll", params.question, about=poll.ref)
    return _chair(sitting, f"Poll {poll.number} stands in the board's rooms. Close it from its own card.")


async def people_choices(context: Context, given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    """The members, and those who may be here."""
    board = context.me.board
    meeting = await meetings.find(context.session, board, str(given.get("meeting", "")))
    names = await meetings.names_of(context.session, board)
    here = await session.expected(context.session, meeting)
    return {
        "owner": await partners.member_options(context.session, board),
        "present": tuple(Option(names[each.id], each.ref) for each in here),
    }


async def promise(context: Context, params: PromiseAction) -> Reply:
    """An action; whoever else is named accepts it first."""
    sitting = await sitting_of(context, params.meeting)
    sitting.meeting.check_open()
    me = context.me
    members = {each.ref: each for each in await partners.members(context.session, me.board)}
    owner = members.get(params.owner)
    if owner is None or owner.role == "observer":
        raise Incomplete(
            {"owner": "An observer takes no actions. Choose somebody else." if owner else "Choose who does it."}
        )
    if params.due is None:
        raise Incomplete({"due": ""})
    current = await sitting.current()
    wanted = Promise(
        title=params.title,
        due_on=params.due,
        owner=owner,
        organisation_id=owner.organisation_id,
        theme_id=current.theme_id if current else None,
        source=current.ref if current else sitting.meeting.ref,
    )
    action = await add_action(context.session, wanted, me, context.now)
    await sitting.note("action", params.title, about=action.ref)
    return _chair(sitting, f"Action {action.number} is asked of {owner.name}, due {say_date(params.due)}.")


async def park_prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The entry that is being dealt with, which is then parked itself."""
    meeting = await meetings.find(context.session, context.me.board, str(given.get("meeting", "")))
    current = await Sitting(context.session, meeting, context.me, context.now).current()
    return {"text": current.title} if current else {}


async def park(context: Context, params: ParkMatter) -> Reply:
    """Leave a matter to another meeting."""
    sitting = await sitting_of(context, params.meeting)
    gone_on = await session.park(sitting, params.text)
    now = " The meeting goes on to the next entry." if gone_on else ""
    return _chair(sitting, f"It is parked, and waits for the next agenda.{now}")


async def present_prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Who is recorded as here, else who said that he or she comes."""
    meeting = await meetings.find(context.session, context.me.board, str(given.get("meeting", "")))
    said = await meetings.replies(context.session, meeting)
    silent = {key for key, each in said.items() if each.present is None}
    here = {key for key, each in said.items() if was_there(each.present, each.reply)}
    here |= {each.substitute_id for key, each in said.items() if key in silent and each.substitute_id} - (
        set(said) - silent
    )
    people = await session.expected(context.session, meeting)
    return {"present": tuple(each.ref for each in people if each.id in here)}


async def record_present(context: Context, params: RecordPresent) -> Reply:
    """Who is here."""
    sitting = await sitting_of(context, params.meeting)
    if context.source != "form":
        raise Incomplete({"present": ""})
    by_ref = {each.ref: each.id for each in await session.expected(context.session, sitting.meeting)}
    count = await session.record_present(sitting, {by_ref[ref] for ref in params.present if ref in by_ref})
    people = "person is" if count == 1 else "people are"
    if sitting.meeting.state == "ended":
        return said("Recorded", f"{count} {people} recorded as present. Draft the minutes anew to have it in them.")
    return _chair(sitting, f"{count} {people} recorded as here.")


async def end(context: Context, params: EndMeeting) -> Reply:
    """The meeting is over, and its minutes are drafted."""
    sitting = await sitting_of(context, params.meeting)
    left = await recording.finish(sitting)
    words = "The meeting is over, and its minutes are drafted from what happened."
    if left:
        words += f" {left} {'entry' if left == 1 else 'entries'} it did not come to wait for the next agenda."
    return Replace(ShowMinutes(sitting.meeting.ref), context.me.board, words)
